// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/config_reader.h"

#include <algorithm>

#include "gateway/config_io.h"

#include "base/json_text.h"
#include "base/nearest_name.h"
#include "base/strings.h"
#include "config/json_tree.h"

namespace gateway::config {

namespace {

std::string_view kindName(JsonKind kind)
{
    switch (kind) {
    case JsonKind::Object:
        return "an object";
    case JsonKind::Array:
        return "a list";
    case JsonKind::String:
        return "a text";
    case JsonKind::Number:
        return "a number";
    case JsonKind::True:
        return "true";
    case JsonKind::False:
        return "false";
    case JsonKind::Null:
        return "null";
    case JsonKind::Undecided:
        break;
    }
    return "nothing";
}

} // namespace

ConfigReader::ConfigReader(std::string_view text) : m_text(text), m_lineStarts{0}
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n') m_lineStarts.push_back(i + 1);
    }
}

std::size_t ConfigReader::lineOf(std::string_view path) const
{
    auto found = m_offsets.find(path);
    while (found == m_offsets.end() && !path.empty()) {
        path = parentPath(path);
        found = m_offsets.find(path);
    }
    const std::size_t offset = found == m_offsets.end() ? 0 : found->second;
    const auto next = std::upper_bound(m_lineStarts.begin(), m_lineStarts.end(), offset);
    return static_cast<std::size_t>(next - m_lineStarts.begin());
}

void ConfigReader::remember(const Place& place)
{
    m_offsets.try_emplace(place.path, static_cast<std::size_t>(place.json.data() - m_text.data()));
}

void ConfigReader::wrongType(const Place& place, std::string_view allowed)
{
    // The value itself is not repeated: it may be a key that was pasted into the wrong place.
    m_problems.error(place.path, "Needs " + std::string(allowed) + ", found " +
                                     std::string(kindName(jsonKindOf(place.json))) + ".");
}

std::optional<std::string> ConfigReader::readText(const Place& place, std::string_view allowed)
{
    remember(place);
    auto text = decodeJsonString(place.json);
    if (!text) wrongType(place, allowed);
    return text;
}

void ConfigReader::read(const Place& place, std::string& into)
{
    if (auto text = readText(place, "a text")) into = std::move(*text);
}

void ConfigReader::read(const Place& place, bool& into)
{
    remember(place);
    const JsonKind kind = jsonKindOf(place.json);
    if (kind != JsonKind::True && kind != JsonKind::False) return wrongType(place, "true or false");
    into = kind == JsonKind::True;
}

std::optional<std::int64_t> ConfigReader::readInteger(const Place& place, std::int64_t least,
                                                      std::int64_t most)
{
    remember(place);
    if (jsonKindOf(place.json) != JsonKind::Number) {
        wrongType(place, "a whole number");
        return std::nullopt;
    }
    const auto value = jsonInteger(place.json);
    if (value && *value >= least && *value <= most) return value;
    m_problems.error(place.path, "Needs a whole number from " + std::to_string(least) + " to " +
                                     std::to_string(most) + ", found " + shortened(place.json, 40) + ".");
    return std::nullopt;
}

std::optional<std::string> ConfigReader::readWord(const Place& place, const std::vector<std::string>& words)
{
    const auto list = [&words](std::string_view last) {
        std::string text;
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (i > 0) text.append(i + 1 < words.size() ? std::string_view(", ") : last);
            text.append(1, '"').append(words[i]).append(1, '"');
        }
        return text;
    };
    auto text = readText(place, list(" or "));
    if (!text || std::find(words.begin(), words.end(), *text) != words.end()) return text;
    m_problems.error(place.path, "Found " + quotedName(*text) + ", allowed are " + list(" and ") + "." +
                                     didYouMean(*text, words));
    return std::nullopt;
}

void ConfigReader::read(const Place& place, LogBodies& into)
{
    const auto word = readWord(place, {"off", "errors", "all"});
    if (word) into = *word == "off" ? LogBodies::Off : *word == "all" ? LogBodies::All : LogBodies::Errors;
}

void ConfigReader::read(const Place& place, Unsupported& into)
{
    const auto word = readWord(place, {"drop", "error"});
    if (word) into = *word == "drop" ? Unsupported::Drop : Unsupported::Error;
}

void ConfigReader::read(const Place& place, KeyOrder& into)
{
    const auto word = readWord(place, {"weight", "listed"});
    if (word) into = *word == "weight" ? KeyOrder::Weight : KeyOrder::Listed;
}

void ConfigReader::read(const Place& place, OnBreak& into)
{
    const auto word = readWord(place, {"error", "continue"});
    if (word) into = *word == "error" ? OnBreak::Error : OnBreak::Continue;
}

void ConfigReader::read(const Place& place, BudgetPeriod& into)
{
    if (const auto word = readWord(place, budgetPeriodNames())) into = *budgetPeriod(*word);
}

void ConfigReader::read(const Place& place, AtLimit& into)
{
    if (const auto word = readWord(place, atLimitNames())) into = *atLimit(*word);
}

void ConfigReader::read(const Place& place, LoopAction& into)
{
    const auto word = readWord(place, {"off", "warn", "ask", "stop"});
    if (word)
        into = *word == "off"    ? LoopAction::Off
               : *word == "ask"  ? LoopAction::Ask
               : *word == "stop" ? LoopAction::Stop
                                 : LoopAction::Warn;
}

void ConfigReader::read(const Place& place, SecretRef& into)
{
    const auto text = readText(place, "keychain:NAME, env:VARIABLE or file:PATH");
    if (!text) return;
    auto ref = parseSecretRef(*text);
    if (ref)
        into = std::move(*ref);
    else
        m_problems.error(place.path, ref.error().message);
}

void ConfigReader::read(const Place& place, std::vector<std::string>& into)
{
    into.clear();
    for (const std::string_view value : elements(place)) {
        const std::size_t index = into.size();
        read(Place{elementPath(place.path, index), value}, into.emplace_back());
    }
}

void ConfigReader::read(const Place& place, std::vector<int>& into)
{
    into.clear(); // of its default
    for (const std::string_view value : elements(place)) {
        const std::size_t index = into.size();
        read(Place{elementPath(place.path, index), value}, into.emplace_back());
    }
}

void ConfigReader::read(const Place& place, std::vector<std::pair<std::string, std::string>>& into)
{
    for (const auto& [name, value] : members(place)) {
        auto text = readText(Place{memberPath(place.path, name), value}, "a text");
        if (text) into.emplace_back(name, std::move(*text));
    }
}

void ConfigReader::readDecimal(const Place& place, std::optional<std::string>& into)
{
    remember(place);
    if (jsonKindOf(place.json) != JsonKind::Number) return wrongType(place, "a number");
    into = std::string(place.json);
}

void ConfigReader::readJsonObject(const Place& place, std::string& into)
{
    if (isObject(place)) into = JsonTree::parse(place.json).compact();
}

void ConfigReader::readJsonList(const Place& place, std::string& into)
{
    remember(place);
    if (jsonKindOf(place.json) == JsonKind::Array)
        into = JsonTree::parse(place.json).compact();
    else
        wrongType(place, "a list");
}

bool ConfigReader::isObject(const Place& place)
{
    remember(place);
    if (jsonKindOf(place.json) == JsonKind::Object) return true;
    wrongType(place, "an object");
    return false;
}

std::vector<ConfigReader::Member> ConfigReader::members(const Place& place)
{
    std::vector<Member> found;
    if (!isObject(place)) return found;
    forEachMember(place.json, [&found](const JsonMember& member) {
        found.emplace_back(unescapeJson(member.key).value_or(std::string(member.key)), member.value);
    });
    return found;
}

std::vector<std::string_view> ConfigReader::elements(const Place& place)
{
    std::vector<std::string_view> found;
    remember(place);
    if (jsonKindOf(place.json) != JsonKind::Array)
        wrongType(place, "a list");
    else
        forEachElement(place.json, [&found](std::string_view value, JsonKind) { found.push_back(value); });
    return found;
}

void ConfigReader::checkKeys(const std::vector<Member>& found, const Place& place, const KnownKeys& known)
{
    for (const auto& [name, value] : found) {
        if (m_problems.full()) return;
        if (isOwnerKey(name) || contains(known.current, name)) continue;
        const Place at{memberPath(place.path, name), value};
        remember(at);
        if (contains(known.notYet, name)) {
            m_problems.error(at.path, notInThisVersion(name));
            continue;
        }
        std::string hint = didYouMean(name, known.current);
        if (hint.empty()) hint = " Known here: " + alternatives(known.current) + ".";
        m_problems.error(at.path, "Unknown key " + quotedName(name) + "." + hint);
    }
}

} // namespace gateway::config
