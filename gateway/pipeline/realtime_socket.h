// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/json_scan.h"
#include "dialect/realtime_usage.h"
#include "listener/request_handler.h"
#include "net/deadline.h"
#include "pipeline/admitted.h"
#include "pipeline/request_notes.h"
#include "pipeline/thread_context.h"
#include "routing/plan.h"
#include "upstream/socket_call.h"

namespace gateway::pipeline {

/// OpenAI's Realtime API: a WebSocket whose messages pass both ways as they are, to the first target that
/// opens one. Each answer of the model, and each transcript that is charged beside them, is one row of the
/// log, written before its last message goes on; a connection without any has one row for itself. IO thread
/// only.
class RealtimeSocket : public listener::Exchange, public listener::SocketExchange {
public:
    RealtimeSocket(ThreadContext& context, const Admitted& admitted);

    [[nodiscard]] std::optional<listener::Answer> earlyAnswer() override;
    [[nodiscard]] std::uint64_t bodyLimit() const override { return 0; }
    net::Task<void> run(std::string body, listener::Responder& responder) override;
    [[nodiscard]] listener::Answer refuse(const Error& error) override;
    void cancel() override;
    [[nodiscard]] listener::SocketExchange* socket() override { return this; }

    net::Task<std::optional<listener::Answer>> prepare() override;
    [[nodiscard]] listener::SocketTerms terms() const override;
    net::Task<void> talk(net::WebSocket& client) override;
    void drain() override;

private:
    using Failure = std::optional<Error>;

    /// An answer that the model has begun.
    struct Response {
        RequestId id;
        net::Clock::time_point start;
        std::int64_t firstToken = 0;
    };

    net::Task<Failure> openAny();
    /// Until when some target has to have opened one.
    [[nodiscard]] net::Clock::time_point openedBy(const routing::Plan& plan) const;
    net::Task<Failure> openTarget(const routing::Target& target);
    net::Task<Failure> openOnce(const routing::Target& target, const ProviderRuntime& provider,
                                const ProviderKeyRuntime* key);
    [[nodiscard]] Result<routing::Plan> plan() const;
    [[nodiscard]] net::WebSocket::Fields fieldsFor(const ProviderRuntime& provider) const;
    [[nodiscard]] std::string targetFor(const ProviderRuntime& provider, const std::string& model) const;

    net::Detached sendUp(net::WebSocket& client);
    net::Task<void> sendDown(net::WebSocket& client);
    net::Detached end(net::WebSocket& client);
    void moved();
    void wake();

    // realtime_rows.cpp
    void look(std::string_view message);
    void finish(std::string_view response);
    void noteTranscriber(std::string_view session);
    void finishHearing(const JsonDocument& event);
    /// The row of an answer that one of the sides left. Nothing where none is under way.
    void recordUnfinished();
    void record(LogRow row, const Error* error);
    void recordSession(const Error* error);
    [[nodiscard]] LogRow rowOf(const Response& response) const;
    void price(const Usage& usage, LogRow& row) const;

    ThreadContext& m_context;
    const Admitted m_admitted;
    const net::Clock::time_point m_start = net::Clock::now();
    net::Clock::time_point m_openedBy = net::Clock::time_point::max();
    std::string m_model; // as the client names it
    std::string m_query; // what else it said there
    RequestWishes m_wishes;
    LogRow m_row; // what the rows of all answers have alike
    const ProviderRuntime* m_provider = nullptr;
    std::unique_ptr<upstream::SocketCall> m_call;
    net::WebSocket* m_client = nullptr;
    net::Deadline m_idle;
    std::shared_ptr<net::Signal> m_wake = std::make_shared<net::Signal>();
    std::optional<Response> m_response;
    std::string m_transcriber;  // as the session names it
    std::string_view m_goodbye; // why we end it
    int m_running = 0;          // coroutines that talk() waits for
    bool m_open = false;        // the provider's socket
    bool m_ending = false;      // we end it
    bool m_clientLeft = false;
    bool m_providerLeft = false; // and first
    bool m_draining = false;
    bool m_cancelled = false;
    bool m_recorded = false;
};

} // namespace gateway::pipeline
