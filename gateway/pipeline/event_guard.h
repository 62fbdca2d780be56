// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "exchange/canonical.h"
#include "pipeline/guarding.h"

namespace gateway::pipeline {

/// Puts a streamed answer through the guardrails, event by event: texts and arguments come later by what is
/// held back of them. Thoughts go as they come, since many are signed. Where a rule may want another answer,
/// all of it waits for its end. IO thread only.
class EventGuard {
public:
    /// `guarding` outlives this.
    explicit EventGuard(Guarding& guarding) : m_guarding(guarding) {}

    /// Appends what may go on. A refusal is a Failed, behind which nothing comes.
    void pass(Event event, std::vector<Event>& out);

    /// Rules ask about the answer, of which all has come: what is left of it waits until goOn().
    [[nodiscard]] bool waits() const { return m_waits; }
    [[nodiscard]] std::vector<Guarding::Ask> asks() const { return m_guarding.answerAsks(m_said, m_calls); }
    void goOn(std::vector<Event>& out);

private:
    void take(Event event, std::vector<Event>& out);
    void release(std::vector<Event>& out);
    void begin(const BlockStarted& block);
    void say(TextDelta delta, std::vector<Event>& out);
    void call(const ArgumentsDelta& delta, std::vector<Event>& out);
    void endText(std::vector<Event>& out);
    void judge(std::vector<Event>& out);
    [[nodiscard]] bool mend(const std::string& better, std::vector<Event>& events) const;
    void refuse(std::vector<Event>& out);

    Guarding& m_guarding;
    std::optional<guardrail::StreamGuard> m_text; // of the open block
    BlockKind m_kind = BlockKind::Undecided;
    std::uint32_t m_blocks = 0;
    std::string m_said;
    std::vector<ToolCallPart> m_calls;
    std::vector<Event> m_held; // of an answer that waits
    bool m_judged = false, m_refused = false, m_waits = false;
};

} // namespace gateway::pipeline
