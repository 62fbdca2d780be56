-- SPDX-License-Identifier: GPL-3.0-or-later
-- Names of what was counted in a row of its own and is counted no second time, however often it is told: what
-- a batch used is in every answer about it.
CREATE TABLE counted (
    name TEXT PRIMARY KEY
) WITHOUT ROWID;
