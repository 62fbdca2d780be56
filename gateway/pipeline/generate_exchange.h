// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "dialect/dialect.h"
#include "pipeline/provider_wishes.h"
#include "pipeline/response_turn.h"
#include "pipeline/stream_pass.h"
#include "pipeline/target_exchange.h"

namespace gateway::pipeline {

struct Shadow;

/// A request to a model, from its body to its row in the log: parse, resolve, try the targets in order,
/// answer. IO thread only.
class GenerateExchange : public TargetExchange {
public:
    GenerateExchange(ThreadContext& context, const Admitted& admitted);

    net::Task<void> run(std::string body, listener::Responder& responder) override;
    /// In place of run(): goes to one target alone, of which nothing is learned for routing
    /// (shadow_turn.cpp).
    net::Task<void> runShadow(Shadow& shadow, listener::Responder& nobody);

private:
    net::Task<Failure> callProvider(Attempt& attempt) override;
    net::Task<Failure> tryTarget(const routing::Target& target) override;
    [[nodiscard]] RoutedRequest routedRequest() override;
    net::Task<void> readForRules() override;
    [[nodiscard]] Failure parse();
    /// Puts a provider's own ids of files in place of ours; only that provider has them.
    [[nodiscard]] Failure readFileIds();
    /// A body may leave its model to the routes that came with it.
    [[nodiscard]] Failure leaveModelOpen();
    [[nodiscard]] Failure keepHolders();
    [[nodiscard]] bool mayGoTo(const routing::Target& target) const override
    {
        return m_fileHolder.empty() || target.provider.text == m_fileHolder;
    }
    [[nodiscard]] bool mayRepeat() const override { return !m_apart; }
    [[nodiscard]] bool goesOnFromKept() const { return m_turn && m_turn->refersHere(); }

    // shadow_turn.cpp: the same request to a second model
    /// The route whose shadow this request goes to, too; null: to none.
    [[nodiscard]] const RouteConfig* shadowedRoute() const;
    void castShadow();

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
    [[nodiscard]] CallHead callHead(const Attempt& attempt, std::string_view body) const;
    net::Task<Failure> answerWhole(upstream::Call& call, Attempt& attempt, const upstream::ReplyHead& reply);
    [[nodiscard]] Result<std::string> clientBody(Attempt& attempt, std::string body);
    [[nodiscard]] Result<std::string> translatedAnswer(const Attempt& attempt, std::string_view body) const;
    [[nodiscard]] const dialect::Dialect& dialectFor(const Attempt& attempt) const;

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

    /// Where nothing was counted, what the texts suggest.
    void settleOrEstimate(const Attempt& attempt, Usage usage, std::size_t answerChars);
    net::Task<Failure> answerCountEstimate();
    net::Task<Failure> answerLoaded();

    dialect::PathFacts m_path;
    JsonDocument m_document;
    std::string m_fileHolder; // the provider that keeps what the conversation refers to; empty: none does
    dialect::RequestFacts m_facts;
    std::optional<ResponseTurn> m_turn; // of the Responses dialect only
    std::optional<Request> m_request;   // made when a translation or the sandbox needs it
    std::optional<EmbedRequest> m_embedRequest;
    dialect::ToolNames m_toolNames; // of the current attempt, where its dialect is another
};

} // namespace gateway::pipeline
