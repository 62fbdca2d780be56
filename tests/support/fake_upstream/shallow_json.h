// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fake {

/// Finds things in JSON text without building a tree, so that a 1 MB prompt costs the benchmark next to
/// nothing. It does not validate: on broken text it finds nothing or stops early, and never reads out of
/// bounds.

/// The raw value of the root object's member `key`; empty when there is none.
std::string_view memberOf(std::string_view object, std::string_view key);
/// The raw first and last element of an array; empty when it has none.
std::string_view firstElement(std::string_view array);
std::string_view lastElement(std::string_view array);
/// The text of a raw JSON string; empty for anything else. \u escapes outside ASCII become '?'.
std::string stringValue(std::string_view raw);

/// Calls `each(rawKey, rawValue)` per member until it returns false.
template <typename Each>
void eachMember(std::string_view object, Each each);
template <typename Each>
void eachElement(std::string_view array, Each each);

namespace detail {
size_t skipSpace(std::string_view text, size_t at);
/// The index behind the value that begins at `at`; npos when the text ends inside it.
size_t skipValue(std::string_view text, size_t at);
} // namespace detail

template <typename Each>
void eachMember(std::string_view object, Each each)
{
    size_t at = detail::skipSpace(object, 0);
    if (at >= object.size() || object[at] != '{') return;
    ++at;
    while (true) {
        size_t keyAt = detail::skipSpace(object, at);
        if (keyAt >= object.size() || object[keyAt] != '"') return;
        size_t keyEnd = detail::skipValue(object, keyAt);
        if (keyEnd == object.npos) return;
        size_t colon = detail::skipSpace(object, keyEnd);
        if (colon >= object.size() || object[colon] != ':') return;
        size_t valueAt = detail::skipSpace(object, colon + 1);
        size_t valueEnd = detail::skipValue(object, valueAt);
        if (valueEnd == object.npos) return;
        if (!each(object.substr(keyAt + 1, keyEnd - keyAt - 2), object.substr(valueAt, valueEnd - valueAt)))
            return;
        at = detail::skipSpace(object, valueEnd);
        if (at >= object.size() || object[at] != ',') return;
        ++at;
    }
}

template <typename Each>
void eachElement(std::string_view array, Each each)
{
    size_t at = detail::skipSpace(array, 0);
    if (at >= array.size() || array[at] != '[') return;
    ++at;
    while (true) {
        size_t valueAt = detail::skipSpace(array, at);
        if (valueAt >= array.size() || array[valueAt] == ']') return;
        size_t valueEnd = detail::skipValue(array, valueAt);
        if (valueEnd == array.npos) return;
        if (!each(array.substr(valueAt, valueEnd - valueAt))) return;
        at = detail::skipSpace(array, valueEnd);
        if (at >= array.size() || array[at] != ',') return;
        ++at;
    }
}

} // namespace fake
