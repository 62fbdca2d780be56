// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <random>
#include <utility>

#include "pipeline/data_rules.h"
#include "pipeline/generate_exchange.h"
#include "pipeline/shadow.h"

namespace gateway::pipeline {

const RouteConfig* GenerateExchange::shadowedRoute() const
{
    // Where the routes came with the request, or something is kept by one provider, a second one is not
    // meant.
    if (m_apart || m_forGuardrail || m_readsAlong || !m_wentWell || m_endpoint.operation != Operation::Chat ||
        !m_wishes.config.empty() || !m_fileHolder.empty() || m_facts.isEmpty || goesOnFromKept() ||
        m_plan.route.empty())
        return nullptr;
    const RouteRuntime* const runtime = m_runtime->findRoute(m_plan.route.text);
    if (!runtime || runtime->shadowShare <= 0 || m_context.shared.paused.load(std::memory_order_relaxed))
        return nullptr;
    const double draw = std::uniform_real_distribution<double>(0, 1)(m_context.random);
    return draw < runtime->shadowShare ? m_runtime->config->findRoute(m_plan.route.text) : nullptr;
}

void GenerateExchange::castShadow()
{
    const RouteConfig* const route = shadowedRoute();
    if (!route) return;
    std::vector<routing::Target> targets{shadowTarget(*m_runtime, *route)};
    targets.front().dataRules.push_back(&route->dataPolicy);
    if (keepMeeting(targets, *m_runtime, m_wishes.data, routedRequest().isPersonal())) return;
    auto shadow = std::make_unique<Shadow>(m_head);
    shadow->endpoint = m_endpoint;
    shadow->runtime = m_runtime;
    shadow->key = m_key;
    shadow->target = std::move(targets.front());
    shadow->route = m_plan.route;
    shadow->body = std::move(m_body); // nobody needs it here any more
    shadow->origin = m_origin;
    shadow->originalId = m_idText;
    sendShadow(m_context, std::move(shadow));
}

net::Task<void> GenerateExchange::runShadow(Shadow& shadow, listener::Responder& nobody)
{
    m_apart = true;
    m_row.tags.emplace_back("shadow");
    m_row.trace = std::move(shadow.originalId);
    m_row.route = shadow.route.text;
    m_body = std::move(shadow.body);
    m_responder = &nobody;
    Failure problem = parse();
    m_turn.reset(); // what nobody got is not kept
    m_plan.targets.push_back(std::move(shadow.target));
    if (!problem) {
        beginPlan();
        problem = co_await tryTargets();
    }
    if (problem) co_await answerError(*problem);
}

} // namespace gateway::pipeline
