-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the user allowed beyond a budget's amount, in nano-dollars, from `since` up to `until`, in microseconds since
-- 1970. `amount` is the budget's own then. The last one of each budget; `of_key`: of a key's own, `name` is the key's.
CREATE TABLE allowances (
    name TEXT NOT NULL,
    of_key INTEGER NOT NULL,
    per TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    nanos INTEGER NOT NULL,
    PRIMARY KEY (name, of_key)
) WITHOUT ROWID;
