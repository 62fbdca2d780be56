// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/rate_gate.h"
#include "accounting/budget_table.h"
#include "base/json_scan.h"
#include "dialect/realtime_usage.h"
#include "listener/request_handler.h"
#include "net/deadline.h"
#include "pipeline/admitted.h"
#include "pipeline/exchange_waits.h"
#include "pipeline/inquiring.h"
#include "pipeline/realtime_guard.h"
#include "pipeline/request_notes.h"
#include "pipeline/spend_ask.h"
#include "pipeline/thread_context.h"
#include "routing/plan.h"
#include "upstream/socket_call.h"

namespace gateway::pipeline {

/// An `error` event of the Realtime API.
[[nodiscard]] std::string errorEvent(const Error& error);

/// OpenAI's Realtime API: a WebSocket whose messages pass both ways as they are, to the first target that
/// opens one. Each answer of the model, and each transcript that is charged beside them, is one row of the
/// log, written before its last message goes on; a connection without any has one row for itself. Budgets,
/// pauses and limits are asked when it is opened, after each answer that is paid for, before the client has
/// another one, and at most once a second while it is heard: where nothing may be spent any more it is
/// ended, after the answer that is under way. Guardrails read what is said in text: they refuse or change
/// events of the client's, and end the connection where they refuse an answer. IO thread only.
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

    /// What has been let in for as long as it is open.
    struct Passes {
        access::RatePass provider, model;
    };

    net::Task<Failure> openAny();
    /// Until when some target has to have opened one.
    [[nodiscard]] net::Clock::time_point openedBy(const routing::Plan& plan) const;
    net::Task<Failure> openTarget(const routing::Target& target);
    net::Task<Failure> tryKeys(const routing::Target& target, const ProviderRuntime& provider,
                               const std::vector<const ProviderKeyRuntime*>& keys);
    net::Task<Failure> openOnce(const routing::Target& target, const ProviderRuntime& provider,
                                const ProviderKeyRuntime* key);
    [[nodiscard]] Result<routing::Plan> plan(std::vector<routing::RouteStep>& steps) const;
    [[nodiscard]] net::WebSocket::Fields fieldsFor(const ProviderRuntime& provider) const;
    [[nodiscard]] std::string targetFor(const ProviderRuntime& provider, const std::string& model) const;

    net::Detached sendUp(net::WebSocket& client);
    net::Task<void> sendDown(net::WebSocket& client);
    net::Detached end(net::WebSocket& client);
    void moved();
    void wake();

    // realtime_spending.cpp
    [[nodiscard]] ExchangeWaits waits();
    net::Task<void> knowOrigin();
    /// What the key and the route allow.
    net::Task<Failure> admit();
    /// What budgets have left for one target, and what its provider allows. A refusal leads on to the next
    /// one.
    net::Task<Failure> spendOn(const routing::Target& target, const ProviderRuntime& provider,
                               Passes& passes);
    net::Task<SpendWord> askUser(SpendAsking asking);
    /// Counts an answer's tokens, and looks whether there may be another one.
    void countAnswer(const LogRow& row);
    /// Why there may be none, by what is in force now; `row` names who was paid.
    [[nodiscard]] Failure nothingLeft(const LogRow& row) const;
    /// False where the client asks for an answer that it must not have.
    [[nodiscard]] bool mayPass(std::string_view message);
    /// Ends it where nothing may be spent any more and no answer is under way.
    net::Task<void> endWhereOver(net::WebSocket& client);

    // realtime_guarding.cpp
    [[nodiscard]] Failure beginGuarding(const routing::Plan& plan,
                                        const std::vector<routing::RouteStep>& steps);
    net::Task<Failure> askAboutHead();
    /// False: the client was told why its event does not go on.
    net::Task<bool> guardUp(net::WebSocket& client, std::string& event);
    net::Task<Failure> obeyVerdicts();
    net::Task<void> askRules(std::string_view event);
    void recordFound();
    /// A guardrail refuses an answer.
    [[nodiscard]] bool isRefused() const { return m_over && m_over->code == Code::GuardrailBlocked; }
    net::Task<RealtimeGuard::Passed> guardDown(std::string_view event);
    /// One after the other, whoever sends.
    net::Task<bool> toClient(net::WebSocket& client, std::string_view bytes, bool binary);
    /// Both ways of a message of the provider's: what is read of it, and what goes on. False: the client has
    /// gone.
    net::Task<bool> passDown(net::WebSocket& client, net::WebSocket::Message message);

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
    access::RatePass m_keyPass, m_routePass;
    Passes m_passes;
    SpendAsk m_ask;
    Failure m_over;                         // why there may be no further answer
    std::unique_ptr<RealtimeGuard> m_guard; // null: no guardrail has anything to do here
    net::Turn m_guardTurn, m_sendTurn;
    InquiryUnderWay m_inquiry;
    std::vector<std::shared_ptr<net::Signal>> m_sleeps;
    net::Clock::time_point m_lookAgain{}; // whether there may be, although nobody asks for one
    bool m_toldOver = false;              // and is ended with that
    bool m_sending = false;               // a message to the client
    bool m_open = false;                  // the provider's socket
    bool m_ending = false;                // we end it
    bool m_clientLeft = false;
    bool m_providerLeft = false; // and first
    bool m_draining = false;
    bool m_cancelled = false;
    bool m_recorded = false;
};

} // namespace gateway::pipeline
