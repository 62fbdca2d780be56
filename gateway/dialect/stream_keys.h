// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "base/byte_search.h"

namespace gateway::dialect {

/// The end of the JSON string whose text begins at `at`: its closing quote, or `end`.
inline const char* stringEnd(const char* at, const char* end)
{
    for (;;) {
        at = findEither<'"', '\\'>(at, end);
        if (at == end || *at == '"') return at;
        at = end - at < 2 ? end : at + 2;
    }
}

/// Calls visit(key, rest) for every key at any depth of one event's JSON; `rest` begins with the key's value.
/// One pass over the bytes, for the hot path: an event that nothing has to be done with costs little more
/// than a copy. The text need not be valid; what is found is looked at properly before anything depends on
/// it.
template <class F>
void forEachKey(std::string_view json, F&& visit)
{
    const char* at = json.data();
    const char* const end = at + json.size();
    while (at != end) {
        const void* quote = std::memchr(at, '"', static_cast<std::size_t>(end - at));
        if (!quote) return;
        const char* const begin = static_cast<const char*>(quote) + 1;
        const char* const close = stringEnd(begin, end);
        if (close == end) return;
        at = skipJsonSpace(close + 1, end);
        if (at == end || *at != ':') continue;
        at = skipJsonSpace(at + 1, end);
        visit(std::string_view(begin, static_cast<std::size_t>(close - begin)),
              std::string_view(at, static_cast<std::size_t>(end - at)));
    }
}

/// The inside of the string that `rest` begins with, empty when it begins with something else.
inline std::string_view stringInside(std::string_view rest)
{
    if (rest.empty() || rest.front() != '"') return {};
    const char* const begin = rest.data() + 1;
    return {begin, static_cast<std::size_t>(stringEnd(begin, rest.data() + rest.size()) - begin)};
}

} // namespace gateway::dialect
