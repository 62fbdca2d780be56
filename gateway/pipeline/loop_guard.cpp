// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/loop_guard.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/json_text.h"
#include "base/money.h"
#include "base/strings.h"
#include "pipeline/tool_steps.h"

namespace gateway::pipeline {

namespace {

using Marks = std::vector<std::uint64_t>;
using VerdictKind = LoopVerdict::Kind;

constexpr std::size_t kLongestTool = 80;

/// What a model called together, and what came of it.
struct ToolTurn {
    Marks calls, results;
    std::vector<std::string_view> names; // of the calls
    bool isIdle = false;
};

bool allSeen(const std::unordered_set<std::uint64_t>& seen, const Marks& marks)
{
    return std::all_of(marks.begin(), marks.end(),
                       [&seen](std::uint64_t mark) { return seen.find(mark) != seen.end(); });
}

/// Those since the user spoke last, compared with all of the conversation.
std::vector<ToolTurn> turnsOf(const std::vector<ToolStep>& steps)
{
    std::vector<ToolTurn> turns;
    std::unordered_set<std::uint64_t> seen;
    const auto close = [&] {
        if (turns.empty()) return;
        ToolTurn& last = turns.back();
        last.isIdle = !last.results.empty() && allSeen(seen, last.calls) && allSeen(seen, last.results);
        seen.insert(last.calls.begin(), last.calls.end());
        seen.insert(last.results.begin(), last.results.end());
    };
    ToolStep::Kind before = ToolStep::Kind::User;
    for (const ToolStep& step : steps) {
        if (step.kind == ToolStep::Kind::User) {
            close();
            turns.clear();
        } else if (step.kind == ToolStep::Kind::Call) {
            if (before != ToolStep::Kind::Call) {
                close();
                turns.emplace_back();
            }
            turns.back().calls.push_back(step.mark);
            turns.back().names.push_back(step.name);
        } else if (!turns.empty()) {
            turns.back().results.push_back(step.mark);
        }
        before = step.kind;
    }
    close();
    return turns;
}

using Times = std::unordered_map<std::uint64_t, std::uint32_t>;

/// How often the last turns, one after the other, made each call of the last one. `turns` is not empty.
Times timesInARow(const std::vector<ToolTurn>& turns)
{
    Times times;
    for (const std::uint64_t call : turns.back().calls)
        ++times[call];
    Times still = times; // made by every turn back to this one; no more than it has calls
    for (auto turn = turns.rbegin() + 1; turn != turns.rend() && !still.empty(); ++turn) {
        Times here;
        for (const std::uint64_t call : turn->calls) {
            if (still.contains(call)) ++here[call];
        }
        for (const auto& [call, count] : here)
            times[call] += count;
        still = std::move(here);
    }
    return times;
}

std::string toolNameText(std::string_view raw)
{
    return shortened(unescapeJson(raw).value_or(std::string()), kLongestTool);
}

} // namespace

LoopSigns loopSigns(DialectId dialect, std::string_view body)
{
    LoopSigns signs;
    const std::vector<ToolStep> steps = toolSteps(dialect, body);
    if (steps.empty() || steps.size() > kMostToolSteps || steps.back().kind != ToolStep::Kind::Result)
        return signs;
    const std::vector<ToolTurn> turns = turnsOf(steps);
    if (turns.empty()) return signs;
    signs.goesOn = true;
    const ToolTurn& last = turns.back();
    const Times times = timesInARow(turns);
    std::string_view tool;
    for (std::size_t i = 0; i < last.calls.size(); ++i) {
        const std::uint32_t count = times.at(last.calls[i]);
        if (count <= signs.sameCalls) continue;
        signs.sameCalls = count;
        tool = last.names[i];
    }
    signs.tool = toolNameText(tool);
    for (auto turn = turns.rbegin(); turn != turns.rend() && turn->isIdle; ++turn)
        ++signs.idleTurns;
    return signs;
}

std::uint64_t conversationMark(DialectId dialect, std::string_view body)
{
    const std::vector<ToolStep> steps = toolSteps(dialect, body, true);
    if (steps.empty()) return 0;
    const ToolStep& first = steps.back().kind == ToolStep::Kind::User ? steps.back() : steps.front();
    return first.mark;
}

LoopVerdict loopVerdict(const LoopSigns& signs, const LoopGuardConfig& limits,
                        const LoopSessions::Session& session)
{
    if (!signs.goesOn) return {};
    const auto reached = [](std::uint32_t count, std::uint32_t limit, std::uint32_t granted) {
        return limit > 0 && count >= std::max(limit, granted);
    };
    if (reached(signs.sameCalls, limits.sameCalls, session.sameCalls))
        return {VerdictKind::SameCalls, "The tool `" + signs.tool + "` was called " +
                                            std::to_string(signs.sameCalls) +
                                            " times in a row with the same arguments."};
    if (reached(signs.idleTurns, limits.idleTurns, session.idleTurns))
        return {VerdictKind::IdleTurns, "In the last " + std::to_string(signs.idleTurns) +
                                            " turns no tool call and no result was new."};
    const auto most = limits.sessionUsd ? Money::parse(*limits.sessionUsd) : std::nullopt;
    if (most && session.spent >= std::max(most->nanos(), session.spend))
        return {VerdictKind::SessionSpend,
                "The session has spent $" + Money::fromNanos(session.spent).toString() + "."};
    return {};
}

LoopSessions::Session goneOn(const LoopVerdict& verdict, const LoopSigns& signs,
                             const LoopGuardConfig& limits, const LoopSessions::Session& session)
{
    LoopSessions::Session upTo;
    if (verdict.kind == VerdictKind::SameCalls) upTo.sameCalls = 2 * signs.sameCalls;
    if (verdict.kind == VerdictKind::IdleTurns) upTo.idleTurns = 2 * signs.idleTurns;
    const auto more = limits.sessionUsd ? Money::parse(*limits.sessionUsd) : std::nullopt;
    if (verdict.kind == VerdictKind::SessionSpend && more) upTo.spend = session.spent + more->nanos();
    return upTo;
}

} // namespace gateway::pipeline
