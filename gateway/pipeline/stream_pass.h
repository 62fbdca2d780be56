// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/error.h"

#include "dialect/dialect.h"
#include "pipeline/event_guard.h"

namespace gateway::pipeline {

/// Takes a provider's stream event by event and appends what the client gets. Either the dialects are the
/// same and the bytes pass, or they are decoded and encoded anew. IO thread only.
class StreamPass {
public:
    virtual ~StreamPass() = default;
    virtual void take(const SseEvent& event, std::string& out) = 0;
    /// The provider has closed: completes the client's stream, or sets failure().
    virtual void close(std::string& out) = 0;
    /// The stream cannot go on: the dialect's error event, after which it ends.
    virtual void fail(const Error& error, std::string& out) = 0;

    /// Guardrails ask about the answer, of which all has come: goOn() once they know, or do not.
    [[nodiscard]] virtual bool waits() const { return false; }
    [[nodiscard]] virtual std::vector<Guarding::Ask> asks() const { return {}; }
    virtual void goOn(std::string&) {}

    /// Something was appended that a client would take for an answer: from here no other target can take
    /// over.
    [[nodiscard]] bool committed() const { return m_committed; }
    /// The provider has begun to answer, whether the client gets to see that yet or not.
    [[nodiscard]] virtual bool heard() const { return m_committed; }
    /// The end marker went out.
    [[nodiscard]] bool ended() const { return m_ended; }
    [[nodiscard]] const std::optional<Error>& failure() const { return m_failure; }
    [[nodiscard]] virtual Usage usage() const = 0;
    /// The provider's own count so far.
    [[nodiscard]] virtual Usage reported() const = 0;
    [[nodiscard]] virtual std::size_t answerChars() const = 0;
    /// What was answered so far, for those who count it; of a very long answer the begin.
    [[nodiscard]] virtual std::string answerText() const = 0;

protected:
    std::optional<Error> m_failure;
    bool m_committed = false;
    bool m_ended = false;
};

[[nodiscard]] std::unique_ptr<StreamPass> passThrough(const dialect::Dialect& dialect,
                                                      dialect::MeterOptions options,
                                                      dialect::CompletionContext context);
[[nodiscard]] std::unique_ptr<StreamPass> translation(const dialect::Dialect& provider,
                                                      std::unique_ptr<dialect::EventEncoder> encoder,
                                                      dialect::ToolNames toolNames,
                                                      const dialect::Dialect& client,
                                                      std::unique_ptr<EventGuard> guard = nullptr);
/// Lets a guard see a stream whose bytes pass by, and change nothing.
[[nodiscard]] std::unique_ptr<StreamPass> watched(std::unique_ptr<StreamPass> pass,
                                                  const dialect::Dialect& provider,
                                                  std::unique_ptr<EventGuard> guard);

} // namespace gateway::pipeline
