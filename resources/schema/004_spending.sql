-- SPDX-License-Identifier: GPL-3.0-or-later
-- What spending is divided by and summed up to. Of rows from before, these things stand in `detail` alone.
ALTER TABLE requests ADD COLUMN session TEXT;
ALTER TABLE requests ADD COLUMN program TEXT;
ALTER TABLE requests ADD COLUMN repository TEXT;
ALTER TABLE requests ADD COLUMN reasoning_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN saved_nanos INTEGER NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN routed_nanos INTEGER NOT NULL DEFAULT 0;

-- What the user was to know of. Times are microseconds since 1970; ids only grow.
CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL,
    kind TEXT NOT NULL,
    level TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL
);
