// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/told.h"

namespace matrix {

using nlohmann::json;

namespace {

const json& memberOf(const json& parent, std::string_view key)
{
    static const json none;
    if (!parent.is_object()) return none;
    const auto found = parent.find(key);
    return found == parent.end() ? none : *found;
}

std::string missing(const json& parent, std::string_view key, const char* type)
{
    return "no " + std::string(type) + " `" + std::string(key) + "` in " + parent.dump().substr(0, 200);
}

} // namespace

const json& Told::object(const json& parent, std::string_view key)
{
    static const json empty = json::object();
    const json& found = memberOf(parent, key);
    if (found.is_object()) return found;
    fault(missing(parent, key, "object"));
    return empty;
}

const json& Told::array(const json& parent, std::string_view key)
{
    static const json empty = json::array();
    const json& found = memberOf(parent, key);
    if (found.is_array()) return found;
    fault(missing(parent, key, "array"));
    return empty;
}

std::string Told::string(const json& parent, std::string_view key)
{
    const json& found = memberOf(parent, key);
    if (found.is_string()) return found;
    fault(missing(parent, key, "string"));
    return {};
}

std::int64_t Told::number(const json& parent, std::string_view key)
{
    const json& found = memberOf(parent, key);
    if (found.is_number_integer()) return found;
    fault(missing(parent, key, "whole number"));
    return 0;
}

std::string Told::stringOrNull(const json& parent, std::string_view key)
{
    return memberOf(parent, key).is_null() ? std::string() : string(parent, key);
}

void Told::finishFrom(std::string_view word,
                      const std::vector<std::pair<std::string_view, std::string_view>>& names)
{
    for (const auto& [name, meaning] : names) {
        if (name == word) finish = meaning;
    }
    if (finish.empty()) fault("it finished with `" + std::string(word) + "`");
}

json Told::parsed(std::string_view bytes)
{
    json value = json::parse(bytes, nullptr, false);
    if (!value.is_discarded()) return value;
    fault("no JSON: " + std::string(bytes.substr(0, 200)));
    return {};
}

std::vector<std::string> linesOf(std::string_view body)
{
    std::vector<std::string> lines;
    while (!body.empty()) {
        const std::size_t end = body.find('\n');
        std::string_view line = body.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.emplace_back(line);
        if (end == std::string_view::npos) break;
        body.remove_prefix(end + 1);
    }
    return lines;
}

std::vector<StreamEvent> eventsOf(std::string_view body, Told& told)
{
    std::vector<StreamEvent> events;
    StreamEvent open;
    bool any = false;
    for (const std::string& line : linesOf(body)) {
        if (line.empty()) {
            if (any) events.push_back(std::exchange(open, {}));
            any = false;
        } else if (line.starts_with("event: ")) {
            open.name = line.substr(7);
        } else if (line.starts_with("data: ")) {
            open.data += line.substr(6);
            any = true;
        } else if (!line.starts_with(":")) {
            told.fault("a line that belongs to no event: " + line.substr(0, 100));
        }
    }
    if (any) told.fault("an event without its end");
    return events;
}

} // namespace matrix
