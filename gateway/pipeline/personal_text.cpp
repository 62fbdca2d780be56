// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/personal_text.h"

#include <algorithm>
#include <string>

#include "base/json_text.h"
#include "base/strings.h"

namespace gateway::pipeline {

namespace {

using guardrail::EntitySet;

/// A text that is JSON once more, as tools are called and answer, without its escapes: none of their letters
/// sticks to a number that they stand before.
std::string withoutEscapes(std::string_view text)
{
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\' || at + 1 >= text.size()) {
            plain.push_back(text[at]);
            continue;
        }
        const char escaped = text[++at];
        const std::string_view code = text.substr(std::min(at + 1, text.size()), 4);
        const bool isAscii = escaped == 'u' && code.size() == 4 && code.starts_with("00") &&
                             hexValue(code[2]) >= 0 && hexValue(code[3]) >= 0;
        if (isAscii)
            plain.push_back(static_cast<char>(hexValue(code[2]) * 16 + hexValue(code[3])));
        else
            plain.push_back(escaped == '"' || escaped == '\\' || escaped == '/' ? escaped : ' ');
        if (escaped == 'u') at += std::min<std::size_t>(4, text.size() - at - 1);
    }
    return plain;
}

bool isNobodys(std::string_view address)
{
    return startsWithIgnoreCase(address, "noreply@") || startsWithIgnoreCase(address, "no-reply@");
}

EntitySet kindsIn(std::string_view text)
{
    EntitySet kinds = 0;
    for (const guardrail::Finding& each : guardrail::findAllSorts(text)) {
        const bool none =
            each.entity == guardrail::Entity::Email && isNobodys(text.substr(each.start, each.size));
        if (!none) kinds |= guardrail::bitOf(each.entity);
    }
    return kinds;
}

/// The end of the string that begins behind `start`: the place of its second quote.
std::size_t stringEnd(std::string_view json, std::size_t start)
{
    for (std::size_t at = start; at < json.size(); ++at) {
        if (json[at] == '\\')
            ++at;
        else if (json[at] == '"')
            return at;
    }
    return json.size();
}

} // namespace

bool isEncodedFile(std::string_view text)
{
    constexpr std::size_t kLong = 512;
    if (text.size() < kLong) return false;
    if (text.starts_with("data:")) text.remove_prefix(std::min(text.find(',') + 1, text.size()));
    return std::all_of(text.begin(), text.end(), [](char c) {
        return isAsciiAlnum(c) || c == '+' || c == '/' || c == '=' || c == '-' || c == '_';
    });
}

EntitySet personalInText(std::string_view text)
{
    const EntitySet kinds = kindsIn(text);
    return text.find('\\') == std::string_view::npos ? kinds : kinds | kindsIn(withoutEscapes(text));
}

EntitySet personalIn(std::string_view json)
{
    EntitySet kinds = 0;
    for (std::size_t quote = json.find('"'); quote < json.size();) {
        const std::size_t end = stringEnd(json, quote + 1);
        const std::string_view raw = json.substr(quote + 1, end - quote - 1);
        if (!isEncodedFile(raw)) {
            const auto text = raw.find('\\') == std::string_view::npos ? std::nullopt : unescapeJson(raw);
            kinds |= personalInText(text ? std::string_view(*text) : raw);
        }
        quote = json.find('"', std::min(end + 1, json.size()));
    }
    return kinds;
}

} // namespace gateway::pipeline
