-- SPDX-License-Identifier: GPL-3.0-or-later
-- The request log. `id` is microseconds since 1970 shifted by 12 bits plus a counter: primary key and time index
-- in one, so a row costs one insertion at the end of one tree. Times are microseconds, money is nano-dollars,
-- an empty text is NULL. `detail` holds what no query looks at, in the encoding of the journal.
CREATE TABLE requests (
    id INTEGER PRIMARY KEY,
    key TEXT,
    client TEXT,
    dialect TEXT,
    requested_model TEXT,
    route TEXT,
    provider TEXT,
    model TEXT,
    cost_source TEXT,
    cache TEXT,
    error_code TEXT,
    error_message TEXT,
    tags TEXT,
    stream INTEGER NOT NULL,
    status INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_nanos INTEGER NOT NULL,
    first_token INTEGER NOT NULL,
    total INTEGER NOT NULL,
    overhead INTEGER NOT NULL,
    detail BLOB
);

CREATE TABLE bodies (
    id INTEGER PRIMARY KEY,
    request BLOB,
    response BLOB
);
