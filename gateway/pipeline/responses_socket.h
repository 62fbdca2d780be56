// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/json_scan.h"
#include "listener/request_handler.h"
#include "net/deadline.h"
#include "pipeline/frame_responder.h"
#include "pipeline/thread_context.h"
#include "pipeline/turn_history.h"

namespace gateway::pipeline {

/// The Responses dialect on a WebSocket: every `response.create` is one turn and becomes an exchange like
/// that of a POST, whose events go back as messages. Turns run one after the other; the next few wait. The
/// connection remembers its last answers. IO thread only.
class ResponsesSocket : public listener::Exchange, public listener::SocketExchange {
public:
    /// Makes the exchange of one turn, with the configuration and the keys that are in force by then.
    using BeginTurn = std::function<std::unique_ptr<listener::Exchange>()>;

    struct Admitted {
        std::shared_ptr<const Runtime> runtime;
        std::string keeper; // whose stored answers it may go on from
        RequestId id;
        BeginTurn beginTurn;
    };

    ResponsesSocket(ThreadContext& context, Admitted admitted);

    [[nodiscard]] std::optional<listener::Answer> earlyAnswer() override { return std::nullopt; }
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
    struct Goodbye {
        std::uint16_t code = 0;
        std::string_view reason;
    };
    /// A message, ready to be sent on as the body of a request.
    struct Turn {
        std::string body;
        TurnHistory::Items items; // the conversation up to the answer to come
        bool whole = true;        // false: the provider alone knows what came before
        bool generate = true;
    };

    net::Detached readAll(net::WebSocket& client);
    net::Task<Goodbye> serveAll(net::WebSocket& client);
    net::Task<void> serve(net::WebSocket& client, std::string message);
    net::Task<void> answer(FrameResponder& responder, Turn turn);
    net::Task<void> answerWarmUp(FrameResponder& responder, const Turn& turn);
    /// Else the error message to send.
    [[nodiscard]] std::optional<std::string> readTurn(const std::string& message, Turn& into) const;
    [[nodiscard]] std::optional<TurnHistory::Items> findEarlier(const std::string& answerId) const;
    [[nodiscard]] std::optional<std::string> goOn(const JsonDocument& request, Turn& into) const;
    void remember(const FrameResponder& responder, TurnHistory::Items items);
    void wake();

    ThreadContext& m_context;
    Admitted m_admitted;
    TurnHistory m_history;
    std::deque<std::string> m_waiting;
    std::size_t m_waitingBytes = 0;
    listener::Exchange* m_turn = nullptr; // the one that runs
    std::shared_ptr<net::Signal> m_wake = std::make_shared<net::Signal>();
    std::optional<Goodbye> m_fault; // of the client
    bool m_reading = false;
    bool m_gone = false; // the client closed, or its connection broke
    bool m_idle = false;
    bool m_draining = false;
};

} // namespace gateway::pipeline
