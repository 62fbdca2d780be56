// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/error.h"
#include "gateway/result.h"

#include "base/json_scan.h"
#include "guardrail/stream_guard.h"
#include "pipeline/guarding.h"
#include "pipeline/runtime.h"

namespace gateway::pipeline {

/// The guardrails of one Realtime connection, event by event: what the client's say in text before the
/// provider has it, and the texts, transcripts and arguments of the provider's before the client has them.
/// Sound is not looked at. What is masked is put back for as long as the connection lasts. Used by one thread
/// at a time.
class RealtimeGuard {
public:
    /// `rules` live as long as the runtime, which the connection keeps; `shared` outlives this.
    RealtimeGuard(const std::vector<const guardrail::Rule*>& rules, Shared& shared, std::string model,
                  std::string metadataJson);

    /// Why such a connection is not opened: a rule over who asks for what refuses it, or one over its answers
    /// asks somebody, which is no longer of use there.
    [[nodiscard]] std::optional<Error> refusedToOpen();

    /// What rules over who asks have to ask before it is opened.
    [[nodiscard]] std::vector<Guarding::Ask>
    headAsks(std::function<std::string_view(std::string_view name)> field);
    /// What they think of it then.
    void takeHead(const Guarding::Ask& ask, Result<guardrail::Opinion> opinion, std::int64_t nanos);
    [[nodiscard]] std::optional<Error> refusedByHead();

    /// An event of the client's: nothing where it stays as it is, else what it says then. A worker's call
    /// where it is long. Error: nobody can read it, and a rule would do something about what it says.
    [[nodiscard]] Result<std::optional<std::string>> client(std::string_view event);
    /// Of the event that client() had last, as the provider may have it.
    [[nodiscard]] std::vector<Guarding::Ask> asks(std::string_view event);
    [[nodiscard]] Guarding& guarding() { return m_guarding; }
    /// Notes what the rules have found in that event, once they are done with it.
    void endClientEvent() { note(m_guarding.takeVerdicts(false)); }

    /// What becomes of an event of the provider's.
    struct Passed {
        std::vector<std::string> before;       // events that go first
        std::optional<std::string> other = {}; // what it says then
        bool held = false;                     // it does not go on
        std::optional<Error> refused = {};     // nothing does
    };
    [[nodiscard]] Passed provider(std::string_view event);

    /// More of what was found than waits well for the next answer's row.
    [[nodiscard]] bool hasMuchToTell() const { return m_noted.size() > kMuch; }
    [[nodiscard]] bool hasToTell() const { return !m_noted.empty(); }
    /// All that was found since it was asked last, as LogRow::guardrailsJson.
    [[nodiscard]] std::string takeNoted() { return std::exchange(m_noted, {}); }

private:
    static constexpr std::size_t kMuch = std::size_t{16} << 10;

    /// A text of an answer that comes in parts.
    struct Open {
        guardrail::StreamGuard guard;
        std::string event; // the last one with a part
    };

    [[nodiscard]] Guarding::About about(std::string_view event) const;
    void note(const std::string& verdictsJson);
    void part(std::string_view event, const JsonDocument& document, bool isArguments, Passed& passed);
    void endText(const JsonDocument& document, Passed& passed);
    void judge(std::string_view event);

    Guarding m_head, m_guarding;
    std::string m_model, m_metadataJson;
    std::vector<const guardrail::Rule*> m_unable;
    std::map<std::string, Open> m_open; // by item and place in it
    std::uint32_t m_texts = 0;
    std::string m_noted;
    bool m_acts = false; // some rule does more than look at what the client says
};

} // namespace gateway::pipeline
