// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/event_guard.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMostJudged = std::size_t{64} << 20; // as much as an answer may have

} // namespace

void EventGuard::pass(Event event, std::vector<Event>& out)
{
    if (m_refused) return;
    if (m_waits) {
        m_held.push_back(std::move(event));
        return;
    }
    if (m_judged) return take(std::move(event), out);
    const bool holds = m_guarding.holdsAnswers();
    if (holds && std::holds_alternative<Failed>(event)) {
        out.push_back(std::move(event)); // nobody has seen anything of it
        return;
    }
    take(std::move(event), holds ? m_held : out);
    if (m_refused && holds) return release(out);
    if (m_refused || !m_judged) return;
    m_waits = m_guarding.asksAboutAnswers();
    if (!m_waits) {
        if (holds) release(out);
    } else if (!holds) {
        // How it ended is the last that waits.
        m_held.push_back(std::move(out.back()));
        out.pop_back();
    }
}

void EventGuard::goOn(std::vector<Event>& out)
{
    m_waits = false;
    const auto better = m_guarding.betterAnswer();
    if (better && mend(*better, m_held)) m_guarding.putIn();
    refuse(m_held);
    release(out);
}

/// What waited goes on, or the refusal alone.
void EventGuard::release(std::vector<Event>& out)
{
    if (m_refused)
        out.push_back(std::move(m_held.back()));
    else
        std::move(m_held.begin(), m_held.end(), std::back_inserter(out));
    m_held.clear();
}

void EventGuard::take(Event event, std::vector<Event>& out)
{
    if (auto* text = std::get_if<TextDelta>(&event)) {
        say(std::move(*text), out);
        return;
    }
    if (const auto* arguments = std::get_if<ArgumentsDelta>(&event)) {
        call(*arguments, out);
        return;
    }
    if (std::holds_alternative<BlockEnded>(event) || std::holds_alternative<Finished>(event)) endText(out);
    if (std::holds_alternative<Finished>(event) || std::holds_alternative<Ended>(event)) judge(out);
    if (m_refused) return;
    if (const auto* block = std::get_if<BlockStarted>(&event)) begin(*block);
    out.push_back(std::move(event));
}

void EventGuard::begin(const BlockStarted& block)
{
    m_kind = block.kind;
    ++m_blocks;
    if (m_kind == BlockKind::ToolCall && m_guarding.judgesAnswers())
        m_calls.push_back({block.toolId, block.toolName, {}});
    m_text.reset();
    if (m_kind == BlockKind::Text)
        m_text.emplace(m_guarding.streamed(guardrail::Stage::Response, m_blocks, false));
    else if (m_kind == BlockKind::ToolCall)
        m_text.emplace(m_guarding.streamed(guardrail::Stage::ToolCall, m_blocks, true));
}

void EventGuard::say(TextDelta delta, std::vector<Event>& out)
{
    if (m_kind != BlockKind::Text || !m_text) {
        out.emplace_back(std::move(delta));
        return;
    }
    if (m_guarding.judgesAnswers() && m_said.size() < kMostJudged) m_said += delta.text;
    std::string text = m_text->feed(delta.text);
    // They tell the tokens, also of what is masked or held back.
    if (m_guarding.changesAnswers()) delta.logprobs.clear();
    delta.text = std::move(text);
    if (!delta.text.empty() || !delta.logprobs.empty()) out.emplace_back(std::move(delta));
    if (m_text->blocked()) refuse(out);
}

void EventGuard::call(const ArgumentsDelta& delta, std::vector<Event>& out)
{
    if (m_kind != BlockKind::ToolCall || !m_text) {
        out.emplace_back(delta);
        return;
    }
    if (!m_calls.empty() && m_calls.back().argumentsJson.size() < kMostJudged)
        m_calls.back().argumentsJson += delta.json;
    std::string json = m_text->feed(delta.json);
    if (!json.empty()) out.emplace_back(ArgumentsDelta{std::move(json)});
    if (m_text->blocked()) refuse(out);
}

void EventGuard::endText(std::vector<Event>& out)
{
    if (!m_text) return;
    std::string rest = m_text->finish();
    const bool blocked = m_text->blocked();
    m_text.reset();
    if (!rest.empty() && m_kind == BlockKind::ToolCall)
        out.emplace_back(ArgumentsDelta{std::move(rest)});
    else if (!rest.empty())
        out.emplace_back(TextDelta{std::move(rest)});
    if (blocked) refuse(out);
}

void EventGuard::judge(std::vector<Event>& out)
{
    if (std::exchange(m_judged, true) || m_refused) return;
    const auto better = m_guarding.judgeAnswer(m_said, m_calls);
    if (better && !mend(*better, out)) m_guarding.giveUpMended();
    refuse(out);
}

/// Puts a text in the place of the answer's. False where it has several, or is on its way already.
bool EventGuard::mend(const std::string& better, std::vector<Event>& events) const
{
    if (!m_guarding.holdsAnswers()) return false;
    std::size_t blocks = 0;
    BlockKind kind = BlockKind::Undecided;
    bool isFirst = true;
    for (const Event& event : events) {
        const auto* block = std::get_if<BlockStarted>(&event);
        if (block && block->kind == BlockKind::Text) ++blocks;
    }
    if (blocks != 1) return false;
    for (Event& event : events) {
        if (const auto* block = std::get_if<BlockStarted>(&event)) kind = block->kind;
        auto* delta = std::get_if<TextDelta>(&event);
        if (!delta || kind != BlockKind::Text) continue;
        delta->text = std::exchange(isFirst, false) ? better : std::string();
        delta->logprobs.clear();
    }
    std::erase_if(events, [&kind](const Event& event) {
        if (const auto* block = std::get_if<BlockStarted>(&event)) kind = block->kind;
        const auto* delta = std::get_if<TextDelta>(&event);
        // Places that are cited are those of the former text.
        return (delta && kind == BlockKind::Text && delta->text.empty()) ||
               std::holds_alternative<Cited>(event);
    });
    return !isFirst;
}

void EventGuard::refuse(std::vector<Event>& out)
{
    if (m_refused) return;
    auto refused = m_guarding.answerRefused();
    if (!refused) return;
    m_refused = true;
    out.emplace_back(Failed{*std::move(refused)});
}

} // namespace gateway::pipeline
