// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/rate_gate.h"
#include "access/virtual_keys.h"
#include "accounting/budget_table.h"
#include "base/json_scan.h"
#include "dialect/dialect.h"
#include "guardrail/personal_data.h"
#include "listener/request_handler.h"
#include "pipeline/admitted.h"
#include "pipeline/answer_recording.h"
#include "pipeline/away_time.h"
#include "pipeline/endpoints.h"
#include "pipeline/exchange_waits.h"
#include "pipeline/guarding.h"
#include "pipeline/inquiring.h"
#include "pipeline/limited_gate.h"
#include "pipeline/request_notes.h"
#include "pipeline/request_situation.h"
#include "pipeline/route_meaning.h"
#include "pipeline/spend_ask.h"
#include "pipeline/spend_desk.h"
#include "pipeline/thread_context.h"
#include "routing/next_target.h"
#include "routing/target_state.h"
#include "upstream/request_head.h"

namespace gateway::pipeline {

/// Why a body is no JSON, for the client.
[[nodiscard]] Error jsonError(const JsonProblem& problem);

/// What all requests to providers have in common, whatever they ask for: which targets there are, trying them
/// in order with retries and several keys, what is learned from failures, and the row in the log. IO thread
/// only.
class TargetExchange : public listener::Exchange {
public:
    TargetExchange(ThreadContext& context, const Admitted& admitted);
    ~TargetExchange() override;

    [[nodiscard]] std::optional<listener::Answer> earlyAnswer() override;
    [[nodiscard]] std::uint64_t bodyLimit() const override;
    [[nodiscard]] listener::Answer refuse(const Error& error) override;
    void cancel() override;
    /// Before it begins: a guardrail of the request `trace` asks it.
    void askForGuardrail(std::string_view trace);

protected:
    using Failure = std::optional<Error>; // nothing: the client has its answer
    static constexpr std::size_t kLongRead = std::size_t{8} << 10;

    /// A request that is under way at a target; ends with judge(), or unjudged when it goes away.
    class Flight {
    public:
        Flight() = default;
        Flight(const Flight&) = delete;
        Flight& operator=(const Flight&) = delete;
        ~Flight()
        {
            if (m_state) m_state->leave(m_probe);
        }
        void begin(routing::TargetState* state, std::int64_t now)
        {
            m_state = state;
            m_probe = state && state->begin(now);
        }
        [[nodiscard]] bool isProbe() const { return m_probe; }
        /// Null where nothing is known of the target, or it has been judged.
        [[nodiscard]] routing::TargetState* end() { return std::exchange(m_state, nullptr); }

    private:
        routing::TargetState* m_state = nullptr;
        bool m_probe = false;
    };

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
        bool anyError = false; // the client reads its provider's errors, whatever their shape
        Flight flight = {};
        Flight ownFlight = {};             // where a circuit came with the request
        std::size_t place = 0;             // of its row among the exchange's
        upstream::Call* call = nullptr;    // while it is under way
        bool received = false;             // all of its reply, which is settled next
        dialect::ToolNames toolNames = {}; // of the provider, where its dialect is another
        std::vector<std::string> dropped = {};
        std::string rewritesJson = {};                   // what was added to its request, as LogRow has it
        std::unique_ptr<AnswerRecording> recording = {}; // of its stream; null: it is not kept
    };

    /// A call to a provider but for what its kind and configuration add.
    struct CallHead {
        std::string_view method;
        std::string target; // path and query
        upstream::RequestFields fields;
        std::string_view body; // all of it, for kinds that sign it
    };

    /// Keeps a call in the list of those under way for as long as it runs, so that cancel() finds it.
    class CallGuard {
    public:
        CallGuard(CallGuard*& list, Attempt& attempt, upstream::Call& call)
            : m_list(list), m_attempt(attempt), m_next(list)
        {
            m_list = this;
            m_attempt.call = &call;
        }
        CallGuard(const CallGuard&) = delete;
        CallGuard& operator=(const CallGuard&) = delete;
        ~CallGuard()
        {
            m_attempt.call = nullptr;
            CallGuard** at = &m_list;
            while (*at != this)
                at = &(*at)->m_next;
            *at = m_next;
        }
        void cancel() const { m_attempt.call->cancel(); }
        [[nodiscard]] const Attempt& attempt() const { return m_attempt; }
        [[nodiscard]] const CallGuard* next() const { return m_next; }

    private:
        CallGuard*& m_list;
        Attempt& m_attempt;
        CallGuard* m_next;
    };

    /// Targets that are asked at the same time: the first that has something for the client gives it, the
    /// others are left. Lives in the frame of race().
    struct Race {
        const Attempt* winner = nullptr;
        std::vector<Attempt*> running;
    };

    /// The call of one attempt, with the answer to the client.
    virtual net::Task<Failure> callProvider(Attempt& attempt) = 0;
    /// False once a part of the body is gone, so that nobody can get the whole of it any more.
    [[nodiscard]] virtual bool mayRepeat() const { return true; }
    /// False where something that only another provider keeps is part of the request.
    [[nodiscard]] virtual bool mayGoTo(const routing::Target&) const { return true; }
    /// The route of a target names where a failure of this kind leads, and it was not gone there yet.
    [[nodiscard]] bool hasFallback(const routing::Target& target, std::string_view kind) const;
    /// All tries on one target.
    virtual net::Task<Failure> tryTarget(const routing::Target& target);
    /// What a target's budgets have put aside for it, and its provider's leave to ask.
    struct Spending {
        accounting::BudgetHold hold;
        access::RatePass pass, modelPass;
    };
    /// Whether routes that come with the request have a say, as they have in resolve().
    [[nodiscard]] virtual bool obeysConfig() const { return true; }
    /// Why a provider cannot do what is asked, so that the next target has to.
    [[nodiscard]] virtual Failure unfit(const ProviderRuntime& provider, std::string_view model) const;

    /// What routing may know of the request, beside its head.
    [[nodiscard]] virtual RoutedRequest routedRequest();
    /// Fills the plan from what the client named, or from the route that its headers name.
    net::Task<Failure> resolve(std::vector<std::string> names);
    [[nodiscard]] Failure applyDataPolicy(routing::Plan& plan) const;
    [[nodiscard]] bool mayUse(std::string_view model, std::string_view route = {}) const;
    [[nodiscard]] Error mayNotUse(std::string_view model) const;
    void beginPlan();
    net::Task<Failure> tryTargets();
    /// Whether a second target may be asked while the first has not answered.
    [[nodiscard]] virtual bool mayHedge() const { return false; }
    /// What targets used that gave the beginning of the answer.
    [[nodiscard]] virtual Usage earlierUsage() const { return {}; }
    /// This attempt is the one that answers the client. False: another one was faster.
    [[nodiscard]] bool claim(Attempt& attempt);
    [[nodiscard]] bool isLost(const Attempt& attempt) const
    {
        return m_race && m_race->winner && m_race->winner != &attempt;
    }
    [[nodiscard]] bool isOver(const Attempt& attempt) const { return m_cancelled || isLost(attempt); }
    void note(const Attempt& attempt)
    {
        AttemptRow& row = m_row.attempts[attempt.place];
        const std::int64_t cost = row.costNanos; // settle() has written it there
        row = attempt.row;
        row.costNanos = cost;
    }
    void learn(Attempt& attempt, const Failure& failure);
    /// Waits, a moment at most, until it is known which process asks.
    net::Task<void> knowOrigin();
    /// Makes ready what rules about the conversation's text will ask for, and what attempts at the same time
    /// would make twice, off the IO thread where that is long.
    virtual net::Task<void> readForRules() { co_return; }
    /// In all that the target would get. A worker's call, unless it is quick.
    [[nodiscard]] virtual guardrail::EntitySet lookForPersonal() const;
    [[nodiscard]] virtual bool isQuickToRead() const;
    /// False when it is over before: the client has left, or another attempt than this one answers.
    net::Task<bool> pause(milliseconds time, const Attempt* attempt = nullptr);
    /// For waits that end once it is over, or another attempt answers.
    [[nodiscard]] ExchangeWaits waits();

    // target_guardrails.cpp: what the configuration's guardrails make of the request
    /// Asks whom rules ask, one after the other, and notes what they think of it.
    net::Task<void> askFor(std::vector<Guarding::Ask> asks, bool isAnswer);
    /// A guardrail refused the answer, and may have another one of the same target.
    [[nodiscard]] bool asksAnew(const Error& failure);
    /// The guardrails that hold for the plan; they live as long as the runtime.
    [[nodiscard]] std::vector<const guardrail::Rule*> rulesInForce() const;
    /// Some target wants the client's metadata in its prompt.
    [[nodiscard]] bool addsMetadata() const;
    /// Makes m_guarding where a guardrail holds for the plan. False: none does.
    [[nodiscard]] bool beginGuarding() { return beginGuarding(rulesInForce()); }
    [[nodiscard]] bool beginGuarding(const std::vector<const guardrail::Rule*>& rules);
    [[nodiscard]] Guarding::About aboutRequest() const;
    /// To read the body would hold the IO thread up: a worker has to.
    [[nodiscard]] bool isLongRead() const { return m_body.size() >= kLongRead; }
    /// Where nobody reads what is said: asks by rules over who says it. Makes m_guarding where there is one.
    net::Task<void> askAboutHead();
    /// Refuses, asks or keeps to local targets as the rules want it that found something.
    net::Task<Failure> obeyVerdicts();

    // target_head.cpp: what every call to a provider needs
    net::Task<Failure> prove(Attempt& attempt);
    [[nodiscard]] upstream::CallTimeouts timeoutsOf(const Attempt& attempt, bool streamed) const;
    /// The head's bytes; they hold the provider's key, so the caller wipes them.
    [[nodiscard]] std::string headFor(const Attempt& attempt, CallHead call) const;
    [[nodiscard]] std::vector<std::string_view> secretsOf(const Attempt& attempt) const;
    /// What a reply's head says, whatever it is.
    static void noteReply(Attempt& attempt, const upstream::ReplyHead& reply);
    net::Task<Failure> readRefusal(upstream::Call& call, Attempt& attempt, const upstream::ReplyHead& reply);

    // target_spending.cpp: rate limits and budgets
    /// What the key and the route allow. Waits for its turn where they say so.
    net::Task<Failure> admit();
    /// What the provider allows and budgets have left, for one target. A refusal leads on to the next one.
    net::Task<Failure> spendOn(const routing::Target& target, const ProviderRuntime& provider,
                               Spending& spending);
    void settleLimits();
    // target_asking.cpp: the user's word
    /// Undecided: the request is over before.
    net::Task<SpendWord> askUser(SpendAsking asking);
    void addRateHeaders(listener::Headers& headers) const;

    // asked_use.cpp: what a request tells of its use before it is answered
    /// A member of the body, or a field of its form, as it stands there; empty: it has none.
    [[nodiscard]] virtual std::string_view asked(std::string_view name);
    [[nodiscard]] Usage askedUse();
    /// The same with an answer as long as it may be.
    [[nodiscard]] Usage mostUse(const TargetFacts& facts);
    /// Providers take their price for what they were asked, whoever listens: a call that is under way when
    /// the client leaves is noted, and charged where nothing better is known at the end.
    void leaveCall(const Attempt& attempt);
    void noteLeftCalls();
    /// A call that its client left.
    struct LeftCall {
        std::size_t place = 0; // of its row among the attempts
        Usage use = {};
        Cost cost = {};
    };

    // ledger.cpp
    [[nodiscard]] Cost priceOf(const Attempt& attempt, const Usage& usage) const;
    [[nodiscard]] std::optional<Money> priced(const Attempt& attempt, const Usage& usage) const;
    void settle(const Attempt& attempt, const Usage& usage);
    void record(int status, const Error* error);
    /// The same where the next thing is to send() the answer: rows of one turn go into the journal together.
    void recordWithAnswer(int status, const Error* error);
    void finishRow(int status, const Error* error);
    /// What else is known of the exchange when its row is finished.
    virtual void noteInRow() {}
    void keepBodies(bool failed);
    /// So that it can be rated.
    void noteRecent() const;
    /// What each target was paid, where there are several of them.
    void noteShares();
    /// So much more the route's dearest target would have cost.
    [[nodiscard]] std::int64_t savedByRoute() const;
    [[nodiscard]] listener::Headers answerHeaders(bool withCost) const;
    [[nodiscard]] std::int64_t micros() const;
    net::Task<void> answerError(const Error& error);

    ThreadContext& m_context;
    const listener::RequestHead& m_head;
    Endpoint m_endpoint;
    std::shared_ptr<const Runtime> m_runtime;
    const access::VirtualKey* m_key;
    std::shared_ptr<ClientOrigin> m_origin; // null where none is known to be asked for
    const dialect::Dialect& m_dialect;      // the client's
    RequestId m_id;
    std::string m_idText;
    net::Clock::time_point m_start = net::Clock::now();
    net::Clock::time_point m_totalEnd = net::Clock::time_point::max();

    std::string m_body;
    std::optional<guardrail::EntitySet> m_personal; // nothing: nobody asks
    FoundLikenesses m_likenesses;
    RequestWishes m_wishes;
    routing::Preferences m_preferences;
    routing::Plan m_plan;
    std::vector<routing::RouteStep> m_steps; // how the plan came about
    std::vector<std::string> m_fallbacks;    // that were turned to; none is twice
    access::RatePass m_keyPass, m_routePass;
    std::vector<accounting::BudgetHold> m_holds; // of targets that were left, but have cost something
    std::int64_t m_usedTokens = 0;               // once it is recorded
    std::string m_budgetRoute;                   // where the last budget that was used up leads
    std::int64_t m_unusedNanos = 0;              // cost of answers that went to nobody: refusals, lost races
    bool m_guessed = false;                      // a part of that is an estimate
    Usage m_settled;                             // of the target that answered
    bool m_unpriced = false;                     // nobody knows what that costs
    std::optional<std::size_t> m_settledPlace;   // of its attempt
    std::vector<LeftCall> m_leftCalls;
    SpendAsk m_ask;

    std::unique_ptr<Guarding> m_guarding; // null: no guardrail holds
    InquiryUnderWay m_inquiry;
    listener::Responder* m_responder = nullptr;
    CallGuard* m_calls = nullptr;
    std::vector<std::shared_ptr<net::Signal>> m_sleeps;
    Race* m_race = nullptr;
    std::shared_ptr<SharedAnswer> m_shared; // where others may read this answer along
    LogRow m_row;
    std::string m_answerBody;                  // kept only where bodies are logged
    std::optional<std::string> m_loggedAnswer; // the same of a whole answer
    std::optional<std::string>
        m_loggedBody; // in place of the request's, where that holds what nobody should read
    AwayTime m_away;  // waiting for providers
    bool m_cancelled = false;
    bool m_begun = false; // the head of a stream went to the client
    bool m_recorded = false;
    bool m_wentWell = false;     // the client has its answer, whole
    bool m_admitted = false;     // by the limits of its key and its route
    bool m_forGuardrail = false; // what a guardrail asks of a model
    bool m_apart = false;        // a shadow: targets are not judged by it, and nothing is tried twice

private:
    net::Task<Failure> stayLocal(const guardrail::Verdict& verdict);
    net::Task<Failure> askAbout(const guardrail::Verdict& verdict);
    [[nodiscard]] Failure planFor(const std::vector<std::string>& names);
    /// Off the IO thread where there is much to be read.
    net::Task<void> findPersonal();
    /// Finds on a worker what routes want to know that go by meaning, of those that these names lead to.
    net::Task<void> compare(std::vector<std::string> names);
    /// The names that have a say in it: those, and what a configuration of the request names.
    [[nodiscard]] std::vector<std::string> reachedFrom(std::vector<std::string> names) const;
    /// Where a failure leads; empty: nowhere of its own.
    [[nodiscard]] std::string goalAfter(const Error& failure, std::size_t place) const;
    [[nodiscard]] bool isPaidFor() const;
    [[nodiscard]] bool countsTokens() const;
    [[nodiscard]] std::int64_t expectedTokens();
    net::Task<Failure> enter(LimitedGate gate, access::RatePass& pass);
    [[nodiscard]] Money mostCost(const TargetFacts& facts);
    [[nodiscard]] Failure reserveFor(const routing::Target& target, const ProviderRuntime& provider,
                                     accounting::BudgetHold& hold, const accounting::BudgetRule*& full);
    /// What may cost something while nothing may be spent.
    [[nodiscard]] Failure pausedFor(const routing::Target& target, const ProviderRuntime& provider) const;
    /// As reserveFor(), but waits for the user where the budget says so.
    net::Task<Failure> reserveOrAsk(const routing::Target& target, const ProviderRuntime& provider,
                                    accounting::BudgetHold& hold);
    /// Puts what the route names for such a failure behind the target that failed; of a request that is too
    /// long, leaves those behind it that take more. True: the next one may do what this could not.
    [[nodiscard]] bool turnToFallback(const Error& failure, std::size_t place);
    [[nodiscard]] bool leaveLargerOnes(std::size_t place);
    /// Puts the targets of such a goal behind that place.
    [[nodiscard]] bool turnTo(std::string goal, std::size_t place, bool byBudget);
    /// By the routes that came with the request (inline_plan.cpp). `name`: the body's model.
    [[nodiscard]] Failure planInline(std::string_view name);
    // target_race.cpp: asking further targets before the first has answered
    /// The places of those that may be asked while that target has not answered.
    [[nodiscard]] std::vector<std::size_t> rivalsOf(std::size_t place, const routing::NextTarget& next) const;
    struct Lost {
        std::size_t place = 0;
        Error error;
    };
    struct Raced {
        bool answered = false;  // the client has its answer
        std::vector<Lost> lost; // places that failed; not those that another one was faster than
    };
    /// Asks the first of these places, and the others as time goes by.
    net::Task<Raced> race(std::vector<std::size_t> places, milliseconds rhythm);
    /// The same, with the failure that decides what comes next; those before it go to `failures`. `place`
    /// becomes the last one asked.
    net::Task<Failure> raceAgainst(const std::vector<std::size_t>& rivals, std::size_t& place,
                                   std::vector<Error>& failures);
    struct Leg;
    net::Detached runLeg(Leg& leg, net::Signal& changed);
    void startLeg(Leg& leg, net::Signal& changed);
    void leaveLosers(const Attempt& winner);
    void judge(Attempt& attempt, const Failure& failure);
    void judgeOwn(Attempt& attempt, const Failure& failure);
    void noteTimes(routing::TargetState& state, const Attempt& attempt, std::int64_t now) const;
    [[nodiscard]] bool isTargetsFault(const Error& failure, int status) const;
    /// With one key after the other, and again where that may help.
    net::Task<Failure> tryKeys(const routing::Target& target, const ProviderRuntime& provider,
                               const std::vector<const ProviderKeyRuntime*>& keys);
    net::Task<Failure> tryOnce(Attempt& attempt);
};

} // namespace gateway::pipeline
