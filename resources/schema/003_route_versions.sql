-- SPDX-License-Identifier: GPL-3.0-or-later
-- Routes as they were in force: a row for every change of one, `json` as the configuration writes a route and
-- empty where it was deleted. Times are microseconds since 1970. The newest row of a route is never deleted, so ids
-- only grow.
CREATE TABLE route_versions (
    id INTEGER PRIMARY KEY,
    route TEXT NOT NULL,
    time INTEGER NOT NULL,
    source TEXT NOT NULL,
    json TEXT NOT NULL
);

CREATE INDEX route_versions_by_route ON route_versions(route, id);
