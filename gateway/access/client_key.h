// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "gateway/result.h"

#include "access/access_fields.h"

namespace gateway::access {

/// True for the paths of the Gemini dialect, where a key may come as `?key=`.
bool takesKeyInQuery(std::string_view path);

/// The key that a request presents; empty when it brings none. The view points into the header or the query.
/// Error (401): two Authorization fields, or keys that disagree. `path` is without the query, `query` without
/// its question mark; the query's key is taken as it stands, since a virtual key needs no escapes in a URL.
[[nodiscard]] Result<std::string_view> presentedKey(AccessFields fields, std::string_view path,
                                                    std::string_view query);

} // namespace gateway::access
