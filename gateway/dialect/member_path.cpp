// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/member_path.h"

#include <algorithm>

#include "base/json_cursor.h"
#include "base/json_scan.h"
#include "base/strings.h"
#include "dialect/span_edit.h"

namespace gateway::dialect {

namespace {

constexpr std::size_t kMaxSteps = 8; // each looks through what is left of the body
constexpr std::string_view kEvery = "[*]";

std::string listWithout(std::string_view list, std::string_view path)
{
    std::string out = "[";
    forEachElement(list, [&](std::string_view element, JsonKind kind) {
        if (out.size() > 1) out += ',';
        out += kind == JsonKind::Object ? withoutPath(element, path) : std::string(element);
    });
    return out + ']';
}

} // namespace

bool isMemberPath(std::string_view path)
{
    std::size_t steps = 0;
    for (std::string_view step : splitAt(path, '.')) {
        if (step.ends_with(kEvery)) step.remove_suffix(kEvery.size());
        const bool plain = std::none_of(step.begin(), step.end(), [](unsigned char byte) {
            return byte <= ' ' || byte == '"' || byte == '\\' || byte == '[' || byte == ']' || byte == '*';
        });
        if (step.empty() || !plain || ++steps > kMaxSteps) return false;
    }
    // What is left of a list whose elements are all gone nobody can tell.
    return steps > 0 && !path.ends_with(kEvery);
}

std::string withoutPath(std::string_view object, std::string_view path)
{
    const std::size_t end = std::min(path.find('.'), path.size());
    std::string_view name = path.substr(0, end);
    if (end == path.size()) return withoutMember(object, name);
    const std::string_view rest = path.substr(end + 1);
    const bool every = name.ends_with(kEvery);
    if (every) name.remove_suffix(kEvery.size());
    const std::string_view value = memberValue(object, name);
    if (value.empty() || jsonKindOf(value) != (every ? JsonKind::Array : JsonKind::Object))
        return std::string(object);
    return withMember(object, name, every ? listWithout(value, rest) : withoutPath(value, rest));
}

} // namespace gateway::dialect
