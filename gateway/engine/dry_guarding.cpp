// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dry_guarding.h"

#include <algorithm>

#include "pipeline/guard_scope.h"
#include "pipeline/token_estimate.h"

namespace gateway::engine {

DryGuarding::DryGuarding(const pipeline::Runtime& runtime, const ReadRequest& read, const routing::Plan& plan,
                         const std::vector<routing::RouteStep>& steps, DryMasks& masks)
    : m_guarding(runtime.guardrails.rulesFor(
                     pipeline::guardAsker(*runtime.config, plan, steps, read.row, read.spoken->clientName())),
                 masks.salt, masks.found)
{
    pipeline::Guarding::About about;
    about.model = read.row.requestedModel;
    about.metadataJson = read.row.metadataJson;
    about.requestType = pipeline::requestTypeName(read.path.operation, read.spoken->id());
    about.isStream = read.row.stream;
    about.tokens = roughTokens(read.bytes.size());
    const auto masked = m_guarding.request(read.spoken->id(), read.bytes, about);
    const std::string_view body = masked ? std::string_view(*masked) : std::string_view(read.bytes);
    for (const auto& ask : m_guarding.ponder(m_guarding.requestAsks(read.spoken->id(), body, about), false))
        m_asking.push_back(ask.rule);
}

std::optional<Error> DryGuarding::refused() const
{
    const auto* blocks = m_guarding.requestThat(guardrail::Action::Block);
    return blocks ? std::optional(pipeline::guardrailBlocked(*blocks, false)) : std::nullopt;
}

const guardrail::Verdict* DryGuarding::keepsIn() const
{
    return m_guarding.requestThat(guardrail::Action::Reroute);
}

std::vector<DryGuardrail> DryGuarding::told() const
{
    std::vector<DryGuardrail> told;
    for (const guardrail::Verdict& verdict : m_guarding.requestVerdicts()) {
        const guardrail::Rule& rule = *verdict.rule;
        const bool asks = std::find(m_asking.begin(), m_asking.end(), &rule) != m_asking.end();
        if (!asks && !verdict.alarm()) continue;
        DryGuardrail& each = told.emplace_back();
        each.id = rule.config.id.text;
        each.check = rule.config.check;
        each.action = guardrail::actionName(rule.action);
        each.observes = rule.observes;
        each.asks = asks;
        each.fails = verdict.failed;
        if (verdict.alarm()) each.found = foundText(verdict);
    }
    return told;
}

} // namespace gateway::engine
