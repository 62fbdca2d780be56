// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/result.h"

#include "listener/request_handler.h"
#include "pipeline/recent_requests.h"
#include "pipeline/thread_context.h"

namespace gateway::pipeline {

/// What somebody thinks of an answer.
struct Feedback {
    std::string id;    // ours ("req_…"); empty: `trace` says which
    std::string trace; // the client's
    double value = 0;  // -1 to 1, its weight in it
};

/// Reads Portkey's shape, one object or a list of them; `id` may stand in place of `trace_id`. Error (400).
[[nodiscard]] Result<std::vector<Feedback>> readFeedback(std::string_view body);

/// POST /v1/feedback: rates the targets that answered earlier requests of the same key, all that it names or
/// none. IO thread only.
class FeedbackExchange : public listener::Exchange {
public:
    /// `key`: the name of the virtual key; empty where none is needed.
    FeedbackExchange(ThreadContext& context, std::string key, RequestId id)
        : m_context(context), m_key(std::move(key)), m_id(id)
    {
    }
    [[nodiscard]] std::optional<listener::Answer> earlyAnswer() override { return std::nullopt; }
    [[nodiscard]] std::uint64_t bodyLimit() const override { return std::uint64_t{256} << 10; }
    net::Task<void> run(std::string body, listener::Responder& responder) override;
    [[nodiscard]] listener::Answer refuse(const Error& error) override;
    void cancel() override {}

private:
    [[nodiscard]] Result<std::string> rated(std::string_view body) const;

    ThreadContext& m_context;
    std::string m_key;
    RequestId m_id;
};

} // namespace gateway::pipeline
