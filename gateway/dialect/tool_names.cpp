// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/tool_names.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>

#include "base/sha256.h"
#include "base/strings.h"

namespace gateway::dialect {

namespace {

constexpr std::size_t kMarkLength = 8;

bool fits(char c, const ToolNameRule& rule)
{
    return isAsciiAlnum(c) || rule.signs.find(c) != std::string_view::npos;
}

bool beginsWell(std::string_view name, const ToolNameRule& rule)
{
    return rule.digitFirst || (isAsciiAlnum(name.front()) && !isAsciiDigit(name.front())) ||
           name.front() == '_';
}

bool fits(std::string_view name, const ToolNameRule& rule)
{
    return !name.empty() && name.size() <= rule.longest && beginsWell(name, rule) &&
           std::all_of(name.begin(), name.end(), [&rule](char c) { return fits(c, rule); });
}

/// The same wherever the program runs.
std::string markOf(std::string_view name, std::uint32_t round)
{
    return hexText(sha256(std::string(name) + '\0' + std::to_string(round))).substr(0, kMarkLength);
}

/// With the mark always: two names that differ only in what is replaced or cut off stay two.
std::string fitted(std::string_view name, const ToolNameRule& rule, std::uint32_t round)
{
    std::string made(name.substr(0, rule.longest - kMarkLength - 1));
    for (char& c : made) {
        if (!fits(c, rule)) c = '_';
    }
    if (made.empty() || !beginsWell(made, rule)) made.insert(0, 1, '_');
    made.resize(std::min(made.size(), rule.longest - kMarkLength - 1));
    return made.append(1, '_').append(markOf(name, round));
}

} // namespace

ToolNames::ToolNames(Request& request, const ToolNameRule& rule)
{
    std::vector<std::string*> places;
    for (Tool& tool : request.tools)
        places.push_back(&tool.name);
    if (request.toolChoice.mode == ToolChoice::Mode::Named) places.push_back(&request.toolChoice.name);
    for (Message& message : request.messages) {
        for (Part& part : message.parts) {
            if (auto* call = std::get_if<ToolCallPart>(&part)) places.push_back(&call->name);
        }
    }
    // As with nearly every request.
    if (std::all_of(places.begin(), places.end(), [&rule](const auto* name) { return fits(*name, rule); }))
        return;
    std::unordered_set<std::string> taken;
    for (const std::string* name : places) {
        if (fits(*name, rule)) taken.insert(*name);
    }
    std::unordered_map<std::string, std::string> made;
    for (std::string* name : places) {
        if (fits(*name, rule)) continue;
        const auto [entry, isNew] = made.try_emplace(*name);
        for (std::uint32_t round = 0; entry->second.empty(); ++round) {
            std::string candidate = fitted(*name, rule, round);
            if (taken.insert(candidate).second) entry->second = std::move(candidate);
        }
        if (isNew) m_names.emplace(entry->second, *name);
        *name = entry->second;
    }
}

void ToolNames::restore(std::string& name) const
{
    if (const auto found = m_names.find(name); found != m_names.end()) name = found->second;
}

void ToolNames::restore(Completion& completion) const
{
    for (Part& part : completion.parts) {
        if (auto* call = std::get_if<ToolCallPart>(&part)) restore(call->name);
    }
}

void ToolNames::restore(Event& event) const
{
    if (auto* started = std::get_if<BlockStarted>(&event)) restore(started->toolName);
}

} // namespace gateway::dialect
