// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/virtual_keys.h"
#include "dialect/dialect.h"
#include "listener/request_handler.h"
#include "pipeline/admitted.h"
#include "pipeline/endpoints.h"
#include "pipeline/provider_wishes.h"
#include "pipeline/request_notes.h"
#include "pipeline/response_turn.h"
#include "pipeline/stream_pass.h"
#include "pipeline/thread_context.h"

namespace gateway::pipeline {

/// A request to a model, from its body to its row in the log: parse, resolve, try the targets in order,
/// answer. IO thread only.
class GenerateExchange : public listener::Exchange {
public:
    GenerateExchange(ThreadContext& context, const Admitted& admitted);
    ~GenerateExchange() override;

    [[nodiscard]] std::optional<listener::Answer> earlyAnswer() override;
    [[nodiscard]] std::uint64_t bodyLimit() const override;
    net::Task<void> run(std::string body, listener::Responder& responder) override;
    [[nodiscard]] listener::Answer refuse(const Error& error) override;
    void cancel() override;

private:
    using Failure = std::optional<Error>; // nothing: the client has its answer

    /// One try on one target.
    struct Attempt {
        const routing::Target& target;
        const ProviderRuntime& provider;
        const ProviderKeyRuntime* key = nullptr;
        Secret proof; // the key, or the token it was exchanged for
        AttemptRow row;
        net::Clock::time_point start;
        bool sameDialect = false;
        const dialect::Dialect* dialect = nullptr; // of the call to the provider; null for the sandbox
    };

    [[nodiscard]] Failure parse();
    [[nodiscard]] bool goesOnFromKept() const { return m_turn && m_turn->refersHere(); }
    net::Task<Failure> resolve();
    [[nodiscard]] Failure planFor(const std::vector<std::string>& names);
    [[nodiscard]] Failure applyDataPolicy(routing::Plan& plan) const;
    [[nodiscard]] bool mayUse(std::string_view model) const;
    net::Task<Failure> tryTargets();
    net::Task<Failure> tryTarget(const routing::Target& target);
    net::Task<Failure> tryOnce(Attempt& attempt);
    void learn(const Attempt& attempt, const Failure& failure);
    net::Task<bool> pause(milliseconds time);

    // target_call.cpp: one try on a provider's server
    net::Task<Failure> callUpstream(Attempt& attempt);
    net::Task<Result<std::string>> bodyFor(const Attempt& attempt, const dialect::BodyEdit& edit);
    [[nodiscard]] Result<std::string> translatedBody(const Attempt& attempt, const dialect::BodyEdit& edit);
    /// The refusal of an attempt that could not say all, where its route wants it to.
    [[nodiscard]] Failure refusedDrop(const Attempt& attempt) const;
    [[nodiscard]] Result<std::string> encodedRequest(const Attempt& attempt);
    [[nodiscard]] Result<std::string> encodedEmbedRequest(const Attempt& attempt);
    [[nodiscard]] Result<const Request*> canonical();
    [[nodiscard]] provider::CallShape shapeOf(const Attempt& attempt) const;
    [[nodiscard]] dialect::BodyEdit editFor(const Attempt& attempt) const;
    [[nodiscard]] bool asItCame(const Attempt& attempt, const dialect::BodyEdit& edit) const;
    [[nodiscard]] std::string headFor(const Attempt& attempt, std::string_view body) const;
    net::Task<Failure> answerWhole(upstream::Call& call, Attempt& attempt, const upstream::ReplyHead& reply);
    [[nodiscard]] Result<std::string> clientBody(Attempt& attempt, std::string body);
    [[nodiscard]] Result<std::string> translatedAnswer(const Attempt& attempt, std::string_view body) const;
    [[nodiscard]] const dialect::Dialect& dialectFor(const Attempt& attempt) const;
    net::Task<Failure> readRefusal(upstream::Call& call, Attempt& attempt, const upstream::ReplyHead& reply);
    [[nodiscard]] std::vector<std::string_view> secretsOf(const Attempt& attempt) const;

    // stream_relay.cpp
    net::Task<Failure> relayStream(upstream::Call& call, Attempt& attempt, const upstream::ReplyHead& reply);
    net::Task<Failure> drainReady(upstream::Call& call, FrameScanner& scanner, StreamPass& pass,
                                  std::string& out);
    net::Task<void> endStream(const Failure& failure, std::string out, Attempt& attempt);
    [[nodiscard]] std::unique_ptr<StreamPass> passFor(const Attempt& attempt);
    [[nodiscard]] dialect::CompletionContext completionContext(std::string_view model) const;
    net::Task<bool> sendBytes(std::string_view bytes, Attempt& attempt);

    // sandbox_call.cpp
    net::Task<Failure> callSandbox(Attempt& attempt);

    // ledger.cpp
    [[nodiscard]] std::optional<Money> priced(const Attempt& attempt, const Usage& usage) const;
    void settle(const Attempt& attempt, Usage usage, std::size_t answerChars);
    void record(int status, const Error* error);
    void keepBodies(bool failed);
    [[nodiscard]] listener::Headers answerHeaders(bool withCost) const;
    [[nodiscard]] std::int64_t micros() const;
    net::Task<void> answerError(const Error& error);
    net::Task<void> answerCountEstimate();

    ThreadContext& m_context;
    const listener::RequestHead& m_head;
    Endpoint m_endpoint;
    dialect::PathFacts m_path;
    std::shared_ptr<const Runtime> m_runtime;
    const access::VirtualKey* m_key;
    const dialect::Dialect& m_dialect; // the client's
    RequestId m_id;
    std::string m_idText;
    net::Clock::time_point m_start = net::Clock::now();
    net::Clock::time_point m_totalEnd = net::Clock::time_point::max();

    std::string m_body;
    JsonDocument m_document;
    dialect::RequestFacts m_facts;
    RequestWishes m_wishes;
    std::optional<ResponseTurn> m_turn; // of the Responses dialect only
    std::optional<Request> m_request;   // made when a translation or the sandbox needs it
    std::optional<EmbedRequest> m_embedRequest;
    routing::Preferences m_preferences;
    routing::Plan m_plan;

    listener::Responder* m_responder = nullptr;
    upstream::Call* m_call = nullptr;
    std::shared_ptr<net::Signal> m_sleep;
    LogRow m_row;
    std::string m_answerBody;     // kept only where bodies are logged
    std::int64_t m_awaySince = 0; // waiting for a provider since then, in microseconds from the start
    std::int64_t m_away = 0;      // and in sum
    bool m_cancelled = false;
    bool m_begun = false; // the head of a stream went to the client
    bool m_recorded = false;
};

} // namespace gateway::pipeline
