// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "pipeline/cache_wishes.h"
#include "pipeline/fresh_texts.h"
#include "pipeline/loop_watch.h"
#include "pipeline/mended_stream.h"
#include "pipeline/own_body.h"
#include "pipeline/provider_wishes.h"
#include "pipeline/response_turn.h"
#include "pipeline/stream_pass.h"
#include "pipeline/target_exchange.h"
#include "provider/sandbox.h"

namespace gateway::pipeline {

struct Shadow;

/// A request to a model, from its body to its row in the log: parse, resolve, try the targets in order,
/// answer. IO thread only.
class GenerateExchange : public TargetExchange {
public:
    GenerateExchange(ThreadContext& context, const Admitted& admitted);
    ~GenerateExchange() override;

    net::Task<void> run(std::string body, listener::Responder& responder) override;
    void cancel() override;
    /// In place of run(): goes to one target alone, of which nothing is learned for routing
    /// (shadow_turn.cpp).
    net::Task<void> runShadow(Shadow& shadow, listener::Responder& nobody);

private:
    net::Task<Failure> callProvider(Attempt& attempt) override;
    net::Task<Failure> tryTarget(const routing::Target& target) override;
    [[nodiscard]] RoutedRequest routedRequest() override;
    net::Task<void> readForRules() override;
    [[nodiscard]] guardrail::EntitySet lookForPersonal() const override;
    [[nodiscard]] bool isQuickToRead() const override;
    [[nodiscard]] Usage earlierUsage() const override { return m_mended ? m_mended->earlier() : Usage(); }
    [[nodiscard]] bool mayHedge() const override
    {
        return m_endpoint.operation == Operation::Chat && !m_facts.isEmpty && !m_mended &&
               !(m_guarding && (m_guarding->looksAtAnswers() || !m_row.metadataJson.empty()));
    }
    [[nodiscard]] Failure parse();
    net::Task<Failure> answer();
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

    // guarded_exchange.cpp: agents that go round in circles
    [[nodiscard]] bool mayLoop() const;
    /// What the conversation belongs to, where it is not named yet; by its mark, where the client says
    /// nothing.
    void nameSession(std::uint64_t mark);
    void nameSession();
    /// The session's name beside those of other keys.
    [[nodiscard]] std::string sessionOfKey() const { return m_loopKey + "/" + m_session; }
    /// Why the request goes nowhere; asks the user where the configuration says so.
    net::Task<Failure> guardLoop();
    /// Of the whole conversation, wherever its parts are kept. Any thread; nothing where it cannot be done.
    [[nodiscard]] LoopSight wholeSight() const;
    net::Task<Failure> heldBack(const LoopSigns& signs);
    void startLoopWatch();
    void noteInRow() override;
    bool loopSeen();
    net::Task<void> endLoopWatch();
    void tellLoop(const LoopVerdict& verdict);

    // guardrail_exchange.cpp: what the configuration's guardrails make of the request and its answer
    /// Looks at the request; what providers get is then the body as it may go on. Error: it may not.
    net::Task<Failure> guardRequest();
    /// By rules that only look on: at what they have not seen before.
    net::Task<Failure> lookOn(std::vector<const guardrail::Rule*> rules);
    void readFresh(const std::vector<const guardrail::Rule*>& rules, FreshTexts& fresh);
    void readRequest();
    void takeBody(std::string body);
    /// A whole answer as the client may have it.
    [[nodiscard]] Result<std::string> guardedAnswer(std::string body);
    /// Asks whom the rules ask about the whole answer that guardedAnswer() had, which may get another text of
    /// them. Error: one refuses it.
    net::Task<Failure> askAboutAnswer(std::string& body);
    [[nodiscard]] bool guardsAnswers() const { return m_guarding && m_guarding->caresForAnswers(); }
    [[nodiscard]] bool changesAnswers() const { return m_guarding && m_guarding->changesAnswers(); }
    /// The whole conversation, wherever its parts are kept, as a provider may have it.
    [[nodiscard]] Result<std::string> wholeBody() const;

    // decorated_exchange.cpp: what routes and presets add to the request
    /// The body for that target is not the client's.
    [[nodiscard]] bool changesBody(const routing::Target& target) const;
    /// The client's body as the target is to have it, in the client's dialect. `document` is that of `body`.
    [[nodiscard]] Failure makeBodyFor(Attempt& attempt, std::string_view body, const JsonDocument& document,
                                      OwnBody& into);
    [[nodiscard]] std::string valueInPrompt(std::string_view name);

    // shadow_turn.cpp: the same request to a second model
    /// The route whose shadow this request goes to, too; null: to none.
    [[nodiscard]] const RouteConfig* shadowedRoute() const;
    void castShadow();

    // target_call.cpp: one try on a provider's server
    net::Task<Failure> callUpstream(Attempt& attempt);
    net::Task<Result<std::string>> bodyFor(Attempt& attempt, const dialect::BodyEdit& edit);
    /// Of a target that speaks the client's dialect.
    [[nodiscard]] Result<std::string> editedBody(Attempt& attempt, const dialect::BodyEdit& edit);
    [[nodiscard]] Result<std::string> translatedBody(Attempt& attempt, const dialect::BodyEdit& edit);
    /// The refusal of an attempt that could not say all, where its route wants it to.
    [[nodiscard]] Failure refusedDrop(const Attempt& attempt) const;
    [[nodiscard]] Result<std::string> encodedRequest(Attempt& attempt);
    /// What the client asks of that target, by its dialect.
    [[nodiscard]] Result<Request> requestFor(Attempt& attempt);
    [[nodiscard]] Result<EmbedRequest> embedRequestFor(Attempt& attempt);
    [[nodiscard]] Result<std::string> encodedEmbedRequest(Attempt& attempt);
    [[nodiscard]] Result<const Request*> canonical();
    [[nodiscard]] provider::CallShape shapeOf(const Attempt& attempt) const;
    [[nodiscard]] dialect::BodyEdit editFor(const Attempt& attempt) const;
    [[nodiscard]] bool asItCame(const Attempt& attempt, const dialect::BodyEdit& edit) const;
    [[nodiscard]] CallHead callHead(const Attempt& attempt, std::string_view body) const;
    net::Task<Failure> answerWhole(upstream::Call& call, Attempt& attempt, const upstream::ReplyHead& reply);
    [[nodiscard]] Result<std::string> clientBody(Attempt& attempt, std::string body);
    /// Where an answer comes from that is to be said in the client's dialect.
    struct AnswerSource {
        const dialect::Dialect& dialect;
        const dialect::ToolNames& toolNames;
        std::string_view provider, model;
    };
    [[nodiscard]] Result<std::string> translatedAnswer(const AnswerSource& from, std::string_view body) const;
    [[nodiscard]] const dialect::Dialect& dialectFor(const Attempt& attempt) const;

    // stream_relay.cpp
    net::Task<Failure> relayStream(upstream::Call& call, Attempt& attempt, const upstream::ReplyHead& reply);
    net::Task<Failure> drainReady(upstream::Call& call, const Attempt& attempt, FrameScanner& scanner,
                                  StreamPass& pass, std::string& out);
    net::Task<void> endStream(const Failure& failure, std::string out, Attempt& attempt);
    [[nodiscard]] std::unique_ptr<StreamPass> passFor(const Attempt& attempt,
                                                      const std::shared_ptr<MendedStream>& mended);
    /// Of a stream that is the client's alone. `same`: it is in the client's dialect.
    [[nodiscard]] std::unique_ptr<StreamPass> passFrom(const AnswerSource& from, bool same,
                                                       dialect::CostOf costOf);
    /// Null where a break ends the stream.
    [[nodiscard]] std::shared_ptr<MendedStream> mendedFor(const Attempt& attempt);
    /// Whether a break of this stream may be mended.
    [[nodiscard]] bool mends(const Attempt& attempt) const;
    static net::Task<Failure> cannotGoOn(const Attempt& attempt);
    /// The client got a part of an answer that another target may go on with.
    [[nodiscard]] bool mayMend(const Error& failure) const;
    /// Whether the client sees nothing of a stream before it is plain that the provider does not refuse.
    [[nodiscard]] bool holdsRefusals(const Attempt& attempt) const;
    [[nodiscard]] Failure unseen(Error failure, const StreamPass& pass, Attempt& attempt);
    void leaveClient();
    net::Task<Failure> leaveToNext(Error failure, const Usage& used, std::string out, Attempt& attempt);
    /// No target is left that could go on.
    net::Task<void> endMended(const Error& error);
    [[nodiscard]] dialect::CompletionContext completionContext(std::string_view model) const;
    net::Task<bool> sendBytes(std::string_view bytes, Attempt& attempt);

    // sandbox_call.cpp
    net::Task<Failure> callSandbox(Attempt& attempt);
    net::Task<Failure> sendSandbox(const std::vector<provider::SandboxStep>& steps, Attempt& attempt);
    net::Task<Failure> streamSandbox(const std::vector<provider::SandboxStep>& steps, Attempt& attempt);
    /// Settles what was said until the client left.
    [[nodiscard]] Error leaveSandbox(Usage whole, std::size_t said, const Attempt& attempt);

    // joined_exchange.cpp: what is under way already
    /// Nothing where the route does not join requests.
    [[nodiscard]] std::optional<Sha256> joinKey() const;
    /// The head's fields that may change the answer.
    [[nodiscard]] std::string fieldsWithSay() const;
    net::Task<Failure> answerShared(const Sha256& key);
    net::Task<void> readAlong(std::shared_ptr<SharedAnswer> shared);
    net::Task<bool> passOn(const SharedAnswer& shared, std::string_view bytes);
    net::Task<void> endAlong(const SharedAnswer& shared, std::string last);
    void noteShared(const SharedAnswer& shared);
    [[nodiscard]] listener::Answer ownHead(const listener::Answer& shared) const;
    /// The end of a request that no target has answered; nothing where one has.
    net::Task<void> endWith(const Failure& problem);

    // cached_exchange.cpp: answers that are kept
    /// What a request has to do with them.
    struct CacheTurn {
        CacheWishes wishes;
        const CacheConfig* config = nullptr; // of its route; null: it has none
        std::string scope;                   // what else than the body tells questions apart
        Sha256 raw = {};                     // of the question byte for byte
        Sha256 key = {};                     // of what it means
        std::int64_t ttlSeconds = 0;
    };
    /// False: it has nothing to do with them.
    [[nodiscard]] bool beginCache();
    [[nodiscard]] bool isNeverKept(const CacheConfig& config) const;
    [[nodiscard]] std::string cacheScope(const CacheTurn& turn) const;
    /// Makes `key` of what the body means. A worker's call, unless it is short.
    [[nodiscard]] Sha256 cacheKey() const;
    /// True: the client has its answer, or its error.
    net::Task<Result<bool>> answerFromCache();
    net::Task<std::shared_ptr<const cache::CachedAnswer>> findCached(const Sha256& key);
    net::Task<Failure> giveCached(std::shared_ptr<const cache::CachedAnswer> answer,
                                  std::shared_ptr<const cache::ReadyAnswer> ready);
    net::Task<Failure> giveWhole(const std::shared_ptr<const cache::CachedAnswer>& answer);
    net::Task<Failure> giveStream(const std::shared_ptr<const cache::CachedAnswer>& answer);
    net::Task<void> giveReady(const cache::CachedAnswer& answer, const std::string& bytes);
    net::Task<bool> feedCached(const cache::CachedAnswer& answer, std::string_view bytes, StreamPass& pass,
                               const dialect::Dialect& from, std::string& out);
    [[nodiscard]] Result<std::string> cachedBody(const cache::CachedAnswer& answer);
    [[nodiscard]] Result<std::string> cachedStream(const cache::CachedAnswer& answer);
    [[nodiscard]] dialect::ToolNames toolNamesOf(const dialect::Dialect& dialect);
    void noteReady(const std::shared_ptr<const cache::CachedAnswer>& answer, const std::string& bytes);
    [[nodiscard]] listener::Answer cachedHead(const cache::CachedAnswer& answer) const;
    [[nodiscard]] bool keepsAnswers() const { return m_cacheTurn && m_cacheTurn->wishes.mayKeep; }
    /// The same of a stream, all of which was recorded.
    net::Task<void> keepStream(const Attempt& attempt);
    /// Keeps what the provider has answered, where it is complete and good.
    net::Task<void> keepAnswer(const Attempt& attempt, std::string reply,
                               std::vector<cache::CachedAnswer::Step> steps);

    // uncounted_usage.cpp: tokens that the provider did not count
    struct Uncounted {
        std::string text;            // of the answer
        std::size_t answerChars = 0; // where `text` is only the begin of it
        bool input = false;          // nor did it count those of the request
    };
    /// Counts on the pool; `usage` is what the provider told, `said` what it had said by then.
    net::Task<Usage> countedFor(std::string model, Usage usage, Uncounted said);
    /// Of a stream, which may have been cut.
    net::Task<Usage> countedStream(const Attempt& attempt, const StreamPass& pass);
    /// Puts a count in the place of the estimate that clientBody() has settled for a silent provider.
    net::Task<void> countWhole(const Attempt& attempt, std::string_view clientBody);
    /// Of the request, on the pool.
    [[nodiscard]] std::int64_t requestTokens(std::string_view model, const Request* request) const;

    /// Where nothing was counted, what the sizes suggest.
    /// What was settled for the attempt alone.
    Usage settleOrEstimate(const Attempt& attempt, Usage usage, std::size_t answerChars);
    net::Task<Failure> answerCountEstimate(std::string model);
    net::Task<Failure> answerLoaded();

    dialect::PathFacts m_path;
    JsonDocument m_document;
    std::string m_fileHolder; // the provider that keeps what the conversation refers to; empty: none does
    dialect::RequestFacts m_facts;
    std::optional<ResponseTurn> m_turn; // of the Responses dialect only
    std::optional<Request> m_request;   // made when a translation or the sandbox needs it
    std::optional<EmbedRequest> m_embedRequest;
    std::shared_ptr<MendedStream> m_mended;    // once a part of it went to the client
    const Attempt* m_speaking = nullptr;       // whose part it is now
    bool m_silent = false;                     // the provider counted nothing of a whole answer
    std::shared_ptr<LoopWatch> m_loopWatch;    // null: nobody looks
    bool m_looksLater = false;                 // at a conversation that has to be put together first
    std::string m_session;                     // as the loop guard calls it, once it has to
    std::string m_asker;                       // KEY/CLIENT of the request
    std::string m_loopKey;                     // KEY
    std::int64_t m_chargesLater = 0;           // nano-dollars, to the session that has no name yet
    std::optional<std::string> m_guardedWhole; // of a conversation whose beginning is kept
    /// The body as it came, where it was changed: answers that are kept go on from that.
    struct Asked {
        std::string body;
        JsonDocument document;
    };
    std::unique_ptr<Asked> m_asked;
    bool m_readsAlong = false; // another exchange makes the answer, or has made it
    std::optional<CacheTurn> m_cacheTurn;
};

} // namespace gateway::pipeline
