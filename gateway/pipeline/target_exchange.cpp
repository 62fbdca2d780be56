// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/target_exchange.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <span>

#include "base/wall_clock.h"
#include "net/offload.h"
#include "pipeline/answers.h"
#include "pipeline/data_rules.h"
#include "pipeline/decision_text.h"
#include "pipeline/inline_plan.h"
#include "pipeline/key_rights.h"
#include "pipeline/model_lists.h"
#include "pipeline/personal_text.h"
#include "pipeline/plan_limits.h"
#include "pipeline/provider_health.h"
#include "pipeline/request_situation.h"
#include "pipeline/target_fitness.h"
#include "pipeline/token_estimate.h"
#include "pipeline/upstream_status.h"
#include "routing/next_target.h"

namespace gateway::pipeline {

namespace {

constexpr std::chrono::seconds kListAge{60}; // for a name that nobody is known to serve

} // namespace

Error jsonError(const JsonProblem& problem)
{
    const std::string where =
        " (line " + std::to_string(problem.line) + ", column " + std::to_string(problem.column) + ")";
    if (problem.fault == JsonFault::DuplicateKey)
        return clientError(Code::DuplicateKey, "The body repeats a key: " + problem.message + where + ".");
    return clientError(Code::InvalidJson, "The body is not valid JSON: " + problem.message + where + ".");
}

TargetExchange::TargetExchange(ThreadContext& context, const Admitted& admitted)
    : m_context(context)
    , m_head(admitted.head)
    , m_endpoint(admitted.endpoint)
    , m_runtime(admitted.runtime)
    , m_key(admitted.key)
    , m_origin(admitted.origin)
    , m_dialect(dialect::dialectOf(admitted.endpoint.dialect))
    , m_id(admitted.id)
    , m_idText(admitted.id.text())
{
    m_context.shared.active.fetch_add(1, std::memory_order_relaxed);
    m_row.id = m_id;
    m_row.dialect = dialectName(m_dialect.id());
    noteKey(m_key, m_row);
    m_row.cache = "bypass";
    noteClient(m_head, m_row);
}

TargetExchange::~TargetExchange()
{
    m_context.shared.active.fetch_sub(1, std::memory_order_relaxed);
}

std::optional<listener::Answer> TargetExchange::earlyAnswer()
{
    std::optional<Error> problem;
    if (m_context.shared.paused.load(std::memory_order_relaxed))
        problem =
            gatewayError(Code::GatewayPaused, "Turnpike is paused. Resume it in its window or tray menu.");
    if (!problem) problem = readWishes(m_head, m_wishes);
    if (!problem) problem = placeConfig(m_wishes, *m_runtime->config, obeysConfig());
    if (!problem) return std::nullopt;
    return refuse(*problem);
}

std::uint64_t TargetExchange::bodyLimit() const
{
    return m_runtime->config->server.maxBodyBytes;
}

listener::Answer TargetExchange::refuse(const Error& error)
{
    record(m_dialect.errorStatus(error), &error);
    return errorAnswer(m_dialect, error, m_idText);
}

void TargetExchange::cancel()
{
    m_cancelled = true;
    for (const CallGuard* each = m_calls; each; each = each->next()) {
        leaveCall(each->attempt());
        each->cancel();
    }
    if (m_inquiry.cancel) std::exchange(m_inquiry.cancel, nullptr)();
    wakeSleepers(m_context, m_sleeps);
}

bool TargetExchange::mayUse(std::string_view model, std::string_view route) const
{
    if (mayAsk(m_key, model, route)) return true;
    // Who may use what a preset stands for may use the preset.
    std::string served;
    return routing::presetOf(*m_runtime->config, model, served) && mayAsk(m_key, served, route);
}

Error TargetExchange::mayNotUse(std::string_view model) const
{
    return clientError(Code::ModelNotAllowed,
                       "The key `" + m_row.key + "` may not use `" + std::string(model) +
                           "`. Allow it in the key's models or routes.",
                       "model");
}

TargetExchange::Failure TargetExchange::planFor(const std::vector<std::string>& names)
{
    if (!m_wishes.config.empty()) return planInline(names.front());
    Failure first;
    m_steps.clear();
    const RequestSituation situation(*m_runtime, routedRequest(), m_context.random, nowMicros());
    for (auto each = names.begin(); each != names.end(); ++each) {
        const std::string& name = *each;
        if (std::find(names.begin(), each, name) != each) continue;
        // Asked first where it can be: nobody learns what else there is.
        if (m_key && m_key->routes.empty() && !mayUse(name)) {
            if (!first) first = mayNotUse(name);
            continue;
        }
        auto plan = routing::planFor(*m_runtime->config, *m_runtime, name, m_preferences,
                                     routing::PlanContext{&situation, &m_steps});
        if (!plan) {
            if (!first) first = plan.error();
            continue;
        }
        if (!mayUse(name, plan.value().route.text)) {
            if (!first) first = mayNotUse(name);
            continue;
        }
        if (m_plan.route.empty()) m_plan.route = plan.value().route;
        for (auto& target : plan.value().targets)
            m_plan.targets.push_back(std::move(target));
    }
    if (!m_plan.targets.empty()) return std::nullopt;
    return first ? first
                 : gatewayError(Code::NoProviderConfigured,
                                "The route `" + names.front() + "` has no targets.");
}

net::Task<TargetExchange::Failure> TargetExchange::resolve(std::vector<std::string> names)
{
    if (!m_wishes.route.empty()) {
        names.assign(1, m_wishes.route);
        if (!m_runtime->config->findRoute(m_wishes.route))
            co_return clientError(Code::ModelNotFound,
                                  "There is no route `" + m_wishes.route + "` (x-turnpike-route).",
                                  "x-turnpike-route");
    }
    if (m_runtime->readsOrigin || m_wishes.config.find("program") != std::string::npos ||
        m_wishes.config.find("repository") != std::string::npos)
        co_await knowOrigin();
    if (m_runtime->readsText || m_wishes.config.find("text.") != std::string::npos ||
        m_wishes.config.find("complexity") != std::string::npos)
        co_await readForRules();
    if (m_runtime->readsPersonal || m_wishes.config.find("pii") != std::string::npos) co_await findPersonal();
    if (m_runtime->readsMeaning) co_await compare(reachedFrom(names));
    Failure problem = planFor(names);
    if (problem && (problem->code == Code::ModelNotFound || problem->code == Code::NoProviderConfigured)) {
        // A provider may serve what neither the configuration nor the catalog lists.
        AwayTime::Wait wait(m_away);
        const bool came = co_await refreshModelLists(m_context, m_runtime, kListAge);
        wait.end();
        if (m_cancelled) co_return goneError();
        if (came) problem = planFor(names);
    }
    if (problem) co_return problem;
    m_row.route = m_plan.route.text;
    if (auto refused = applyDataPolicy(m_plan)) co_return refused;
    beginPlan();
    co_return limitToAble(m_plan.targets, m_preferences);
}

RoutedRequest TargetExchange::routedRequest()
{
    RoutedRequest request;
    request.head = &m_head;
    request.row = &m_row;
    request.bytes = m_body;
    request.personal = m_personal;
    request.likenesses = &m_likenesses;
    return request;
}

guardrail::EntitySet TargetExchange::lookForPersonal() const
{
    return personalIn(m_body);
}

bool TargetExchange::isQuickToRead() const
{
    constexpr std::size_t kQuick = std::size_t{16} << 10; // below a millisecond
    return m_body.size() < kQuick;
}

net::Task<void> TargetExchange::findPersonal()
{
    const auto find = [this] { return lookForPersonal(); };
    if (isQuickToRead())
        m_personal = find();
    else
        m_personal = co_await net::offload(m_context.pool, m_context.context, find);
}

void TargetExchange::beginPlan()
{
    const bool isChoice = m_plan.targets.size() > 1;
    if (isChoice || m_preferences.requireAbilities || !m_plan.route.empty()) {
        // Only of conversations: other models take each of their inputs by itself.
        std::optional<Demands> demands;
        if ((isChoice || m_preferences.requireAbilities) && m_endpoint.operation == Operation::Chat)
            demands = demandsOf(m_dialect, routedRequest());
        moveSetBackToEnd(m_plan.targets, *m_runtime, demands, nowMicros());
        m_row.decisionJson = decisionJson(m_steps, m_plan.targets);
    }
    std::optional<milliseconds> total = m_plan.targets.front().timeout.total;
    if (m_wishes.totalTimeoutMs) total = milliseconds(*m_wishes.totalTimeoutMs);
    m_totalEnd = total ? m_start + *total : net::Clock::time_point::max();
}

TargetExchange::Failure TargetExchange::applyDataPolicy(routing::Plan& plan) const
{
    return keepMeeting(plan.targets, *m_runtime, m_wishes.data, m_personal && isPersonal(*m_personal));
}

net::Task<TargetExchange::Failure> TargetExchange::tryTargets()
{
    if (Failure refused = co_await admit()) {
        refused->retry = Retry::Never;
        co_return refused;
    }
    std::vector<Error> failures;
    routing::NextTarget next;
    for (std::size_t place = 0; place < m_plan.targets.size(); ++place) {
        if (next.skips(m_plan.targets[place])) continue;
        const std::size_t tried = m_row.attempts.size();
        Failure failure;
        const std::vector<std::size_t> rivals = rivalsOf(place, next);
        if (rivals.empty())
            failure = co_await tryTarget(m_plan.targets[place]);
        else
            failure = co_await raceAgainst(rivals, place, failures);
        if (!failure) co_return std::nullopt;
        const int status = m_row.attempts.size() > tried ? m_row.attempts.back().status : 0;
        const bool over = m_cancelled || failure->code == Code::ClientCancelled || !mayRepeat();
        if (!over && m_runtime->readsMeaning) {
            std::vector<std::string> goal(1, goalAfter(*failure, place));
            co_await compare(std::move(goal));
        }
        // Turned to first: it changes what is left.
        const bool turned = !over && turnToFallback(*failure, place);
        const auto rest = std::span<const routing::Target>(m_plan.targets).subspan(place + 1);
        const bool last = over || (!turned && !next.goesOn(m_plan.targets[place], rest, *failure, status));
        // What others would be asked after is not to be summed up with what was said before.
        if (last && !rest.empty()) failure->retry = Retry::Never;
        failures.push_back(std::move(*failure));
        if (last) break;
    }
    co_return finalError(std::move(failures));
}

TargetExchange::Failure TargetExchange::unfit(const ProviderRuntime& provider, std::string_view) const
{
    if (provider.kind->supports(m_endpoint.operation)) return std::nullopt;
    return gatewayError(Code::InvalidRequest, "`" + provider.config.id.text +
                                                  "` cannot do this. Name a model of a provider that can.");
}

net::Task<TargetExchange::Failure> TargetExchange::tryTarget(const routing::Target& target)
{
    const ProviderRuntime* provider = m_runtime->findProvider(target.provider.text);
    if (!provider) {
        Error error = gatewayError(Code::NoProviderConfigured, "The provider `" + target.provider.text +
                                                                   "` is not in the configuration.");
        error.retry = Retry::NextTarget;
        co_return error;
    }
    if (Failure reason = unfit(*provider, target.model)) {
        reason->retry = Retry::NextTarget;
        co_return reason;
    }
    // Counted only where it makes a difference: a large body takes its time.
    const bool counts = m_endpoint.operation == Operation::Chat && tokensMatter(*provider, nowMicros());
    const std::int64_t tokens = counts ? estimatedTokens(m_body) : 0;
    auto keys = usableKeys(*m_runtime, *provider, m_row.session, {tokens, RateNeed::markOf(target.model)},
                           m_context.random);
    if (!keys) co_return keys.error();
    for (;;) {
        Spending spending;
        if (Failure refused = co_await spendOn(target, *provider, spending)) co_return refused;
        const std::int64_t unused = m_unusedNanos;
        Failure failure = co_await tryKeys(target, *provider, keys.value());
        spending.pass.leave(failure ? 0 : m_usedTokens);
        spending.modelPass.leave(failure ? 0 : m_usedTokens);
        // What was spent here although another one answers stays set aside until the row tells of it.
        if (failure && m_unusedNanos > unused) m_holds.push_back(std::move(spending.hold));
        // Another answer is another call, for budgets and limits, too.
        if (!failure || m_cancelled || !asksAnew(*failure)) co_return failure;
    }
}

net::Task<TargetExchange::Failure> TargetExchange::tryKeys(const routing::Target& target,
                                                           const ProviderRuntime& provider,
                                                           const std::vector<const ProviderKeyRuntime*>& keys)
{
    routing::RetryRules rules = target.retry;
    if (m_wishes.attempts) rules.attempts = *m_wishes.attempts;
    std::size_t keyPlace = 0;
    std::uint32_t failed = 0;
    for (;;) {
        if (m_cancelled || (m_race && m_race->winner)) co_return goneError();
        Attempt attempt{target, provider, keys[keyPlace], {}, {}, net::Clock::now(), false, nullptr};
        Failure failure = co_await tryOnce(attempt);
        if (!failure) co_return std::nullopt;
        if (isOver(attempt)) co_return goneError();
        if (!mayRepeat()) {
            failure->retry = Retry::Never;
            co_return failure;
        }
        if (m_race && m_race->winner) {
            // It was the fastest, and failed all the same: the others were left for it.
            if (failure->retry == Retry::SameTarget) failure->retry = Retry::NextTarget;
            co_return failure;
        }
        if (isKeysFault(*failure, attempt.row.status) && keyPlace + 1 < keys.size()) {
            ++keyPlace;
            continue;
        }
        const double random = std::uniform_real_distribution<double>(0, 1)(m_context.random);
        const auto wait = routing::nextTry(rules, *failure, failed, random);
        // Where another target is under way already, there is nothing to wait for.
        if (!wait || m_race || net::Clock::now() + *wait >= m_totalEnd) {
            if (failure->retry == Retry::SameTarget) failure->retry = Retry::NextTarget;
            co_return failure;
        }
        ++failed;
        if (!co_await pause(*wait)) co_return goneError();
    }
}

net::Task<TargetExchange::Failure> TargetExchange::tryOnce(Attempt& attempt)
{
    attempt.row.provider = attempt.provider.config.id.text;
    attempt.row.model = attempt.target.model;
    if (attempt.key) attempt.row.keyId = attempt.key->id.text;
    attempt.row.startedAfter = micros();
    m_row.provider = attempt.row.provider;
    m_row.model = attempt.row.model;
    attempt.place = m_row.attempts.size();
    m_row.attempts.push_back(attempt.row);
    if (m_race) m_race->running.push_back(&attempt);
    if (!m_apart)
        attempt.flight.begin(m_runtime->stateOf(attempt.row.provider, attempt.target.model), nowMicros());
    if (attempt.target.own) attempt.ownFlight.begin(attempt.target.own->circuit.get(), nowMicros());
    Failure failure = co_await callProvider(attempt);
    // What an answer took was noted when it was over, before its last bytes went to the client.
    if (attempt.row.total == 0) attempt.row.total = micros() - attempt.row.startedAfter;
    if (m_race) std::erase(m_race->running, &attempt);
    if (failure && !m_race) m_row.rewritesJson = attempt.rewritesJson;
    if (failure && !isLost(attempt)) {
        attempt.row.error = codeName(failure->code);
        if (attempt.row.status == 0 && failure->status != 0) attempt.row.status = failure->status;
        learn(attempt, failure);
    }
    judge(attempt, failure);
    if (!m_recorded) note(attempt);
    co_return failure;
}

/// Adds what came of an attempt to what is known of its target. A stream that broke has been judged when it
/// did: the client has its answer then, however it ended.
void TargetExchange::judge(Attempt& attempt, const Failure& failure)
{
    judgeOwn(attempt, failure);
    const bool probe = attempt.flight.isProbe();
    routing::TargetState* const state = attempt.flight.end();
    if (!state) return;
    const std::int64_t now = nowMicros();
    const bool hasOwn = attempt.target.own && attempt.target.own->circuit;
    const auto* rules = attempt.target.breaker && !hasOwn ? &*attempt.target.breaker : nullptr;
    if (isOver(attempt) || (failure && !isTargetsFault(*failure, attempt.row.status))) {
        // One that lost is at least as slow as it was until then.
        const std::int64_t waited = micros() - attempt.row.startedAfter;
        if (isLost(attempt) && static_cast<double>(waited) > state->firstTokenMicros(now))
            state->firstToken(waited, now);
        state->leave(probe);
    } else if (failure) {
        state->fail(now, probe, rules);
    } else {
        if (m_endpoint.operation == Operation::Chat) noteTimes(*state, attempt, now);
        const Usage earlier = earlierUsage();
        state->succeed(m_row.inputTokens - earlier.inputTokens + m_row.outputTokens - earlier.outputTokens,
                       now, probe, rules);
    }
}

/// By the rules that came with the request, for the requests that bring the same.
void TargetExchange::judgeOwn(Attempt& attempt, const Failure& failure)
{
    const bool probe = attempt.ownFlight.isProbe();
    routing::TargetState* const state = attempt.ownFlight.end();
    if (!state) return;
    const std::int64_t now = nowMicros();
    const auto* rules = attempt.target.breaker ? &*attempt.target.breaker : nullptr;
    const bool over = isOver(attempt);
    if (!over && !failure)
        state->succeed(0, now, probe, rules);
    else if (!over && routing::opensCircuit(attempt.target.own->failures, *failure, attempt.row.status))
        state->fail(now, probe, rules);
    else
        state->leave(probe);
}

/// Of an answer that came whole nobody knows when it began: its time is shared out to its tokens, so that it
/// compares with a stream's of the same length.
void TargetExchange::noteTimes(routing::TargetState& state, const Attempt& attempt, std::int64_t now) const
{
    const auto tokens = static_cast<double>(m_row.outputTokens - earlierUsage().outputTokens);
    if (m_begun) {
        state.firstToken(attempt.row.firstByte, now);
        if (tokens > 1)
            state.tokenTime(static_cast<double>(attempt.row.total - attempt.row.firstByte) / (tokens - 1),
                            now);
    } else if (tokens > 0) {
        state.tokenTime(static_cast<double>(attempt.row.total) / tokens, now);
    }
}

/// Whether others would have seen the same of this target: it could not be reached, answered too late or not
/// what it should, or refused for its load or its key. Not what the request itself was refused for, nor a
/// time that its client set.
bool TargetExchange::isTargetsFault(const Error& failure, int status) const
{
    if (failure.source != Source::Upstream || failure.contentRefused) return false;
    if (failure.code == Code::UpstreamTimeout && (m_wishes.totalTimeoutMs || !m_wishes.config.empty()))
        return false;
    return status < 400 || status == 408 || status >= 500 || isKeysFault(failure, status);
}

void TargetExchange::learn(Attempt& attempt, const Failure& failure)
{
    if (!failure || failure->source != Source::Upstream) return;
    judge(attempt, failure);
    if (failure->contentRefused) return;
    if (attempt.provider.state)
        attempt.provider.state->failuresInARow.fetch_add(1, std::memory_order_relaxed);
    if (attempt.key) learnOfKey(*attempt.key->health, *failure, attempt.row.status);
}

ExchangeWaits TargetExchange::waits()
{
    return {m_context, m_sleeps, [this] { return m_cancelled || (m_race && m_race->winner); }};
}

net::Task<void> TargetExchange::knowOrigin()
{
    const ExchangeWaits own = waits();
    co_await waitForOrigin(own, m_origin);
    noteOrigin(m_origin, m_row);
}

net::Task<bool> TargetExchange::pause(milliseconds time, const Attempt* attempt)
{
    const ExchangeWaits own{m_context, m_sleeps,
                            [this, attempt] { return attempt ? isOver(*attempt) : m_cancelled; }};
    AwayTime::Wait wait(m_away);
    const bool goesOn = co_await waitFor(own, time);
    wait.end();
    co_return goesOn;
}

} // namespace gateway::pipeline
