// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "pipeline/decorating.h"
#include "pipeline/guard_scope.h"
#include "pipeline/target_exchange.h"

namespace gateway::pipeline {

std::vector<const guardrail::Rule*> TargetExchange::rulesInForce() const
{
    const guardrail::RuleSet& rules = m_runtime->guardrails;
    // A shadow gets what was guarded already, and so does who is asked for a guardrail.
    if (rules.empty() || m_apart || m_forGuardrail) return {};
    return rules.rulesFor(guardAsker(*m_runtime->config, m_plan, m_steps, m_row, m_dialect.clientName()));
}

bool TargetExchange::addsMetadata() const
{
    return !m_row.metadataJson.empty() &&
           std::any_of(m_plan.targets.begin(), m_plan.targets.end(),
                       [](const routing::Target& target) { return asksForMetadata(target.decorations); });
}

bool TargetExchange::beginGuarding(const std::vector<const guardrail::Rule*>& rules)
{
    // Most requests meet only rules that look on, and hold nothing for them: that must cost nearly nothing.
    const bool mayMatter = std::any_of(rules.begin(), rules.end(),
                                       [this](const guardrail::Rule* rule) {
                                           return isLongRead() || !rule->observes || rule->looksAtAnswers() ||
                                                  !rule->kind->places || rule->check->mayFind(m_body);
                                       }) ||
                           (!rules.empty() && addsMetadata());
    if (!mayMatter) return false;
    m_guarding = std::make_unique<Guarding>(rules, m_context.shared.maskSalt, m_context.shared.found);
    return true;
}

void TargetExchange::askForGuardrail(std::string_view trace)
{
    m_forGuardrail = true;
    m_row.tags.emplace_back("guardrail");
    m_row.trace = trace;
}

net::Task<void> TargetExchange::askFor(std::vector<Guarding::Ask> asks, bool isAnswer)
{
    m_inquiry.trace = m_idText;
    for (const Guarding::Ask& ask : asks) {
        if (m_cancelled) co_return;
        const net::Clock::time_point begun = net::Clock::now();
        AwayTime::Wait wait(m_away);
        auto opinion = co_await opinionOf(m_context, m_runtime, *ask.rule, ask.inquiry, m_inquiry);
        wait.end();
        const auto took = std::chrono::duration_cast<std::chrono::nanoseconds>(net::Clock::now() - begun);
        m_guarding->take(ask, std::move(opinion), took.count(), isAnswer);
    }
}

bool TargetExchange::asksAnew(const Error& failure)
{
    return failure.code == Code::GuardrailBlocked && m_guarding && m_guarding->asksAnew();
}

Guarding::About TargetExchange::aboutRequest() const
{
    Guarding::About about;
    about.model = m_row.requestedModel;
    about.metadataJson = m_row.metadataJson;
    about.requestType = requestTypeName(m_endpoint.operation, m_dialect.id());
    about.isStream = m_row.stream;
    about.tokens = roughTokens(m_body.size());
    about.field = [this](std::string_view name) { return m_head.onlyField(name); };
    return about;
}

net::Task<void> TargetExchange::askAboutHead()
{
    auto rules = rulesInForce();
    std::erase_if(rules,
                  [](const guardrail::Rule* rule) { return !rule->kind->ofHead || !rule->kind->asks; });
    if (rules.empty()) co_return;
    m_guarding = std::make_unique<Guarding>(rules, m_context.shared.maskSalt, m_context.shared.found);
    auto asks = m_guarding->headAsks(aboutRequest());
    co_await askFor(std::move(asks), false);
}

net::Task<TargetExchange::Failure> TargetExchange::obeyVerdicts()
{
    using guardrail::Action;
    if (const auto* blocks = m_guarding->requestThat(Action::Block))
        co_return guardrailBlocked(*blocks, false);
    if (const auto* asks = m_guarding->requestThat(Action::Ask)) {
        if (Failure refused = co_await askAbout(*asks)) co_return refused;
    }
    if (const auto* reroutes = m_guarding->requestThat(Action::Reroute))
        co_return co_await stayLocal(*reroutes);
    co_return std::nullopt;
}

net::Task<TargetExchange::Failure> TargetExchange::stayLocal(const guardrail::Verdict& verdict)
{
    m_wishes.data.local = true;
    Failure refused = applyDataPolicy(m_plan);
    const std::string& route = verdict.rule->config.route.text;
    if (refused && !route.empty()) {
        m_wishes.route = route;
        std::vector<std::string> names(1, route);
        refused = co_await resolve(std::move(names));
    } else if (!refused) {
        beginPlan();
    }
    if (refused) co_return localOnly(verdict, *std::move(refused));
    co_return std::nullopt;
}

net::Task<TargetExchange::Failure> TargetExchange::askAbout(const guardrail::Verdict& verdict)
{
    const SpendWord word = co_await askUser(askingAbout(verdict, m_idText, m_row.requestedModel));
    co_return refusedBy(verdict, word);
}

} // namespace gateway::pipeline
