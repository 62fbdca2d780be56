// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/inline_plan.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "base/wall_clock.h"
#include "pipeline/inline_config.h"
#include "pipeline/inline_members.h"
#include "pipeline/target_exchange.h"

namespace gateway::pipeline {

namespace {

Error headerError(std::string message)
{
    return clientError(Code::InvalidRequest, std::move(message), std::string(kInlineRoute));
}

bool hasRules(const RouteConfig& route)
{
    return route.retry != RetryConfig() || route.timeout != TimeoutConfig() ||
           !route.targets.front().overrideJson.empty();
}

/// Gives targets with circuits of their own what is known of those.
void placeCircuits(InlineAsk& ask, InlineRoutes& inlined)
{
    if (!ask.circuits) return;
    for (std::size_t place = 0; place < inlined.routes.size(); ++place) {
        const auto& own = inlined.rules[place].own;
        if (own && own->circuit)
            own->circuit = ask.circuits->of(ask.request.row->key, ask.config, inlined.routes[place].id.text);
    }
}

/// Finds who serves a target that names only a model, as if a client had asked for that.
std::optional<Error> findServer(const Runtime& runtime, const routing::Preferences& preferences,
                                RouteConfig& route, bool hasOwn)
{
    TargetConfig& target = route.targets.front();
    auto plan = routing::planFor(*runtime.config, runtime, target.model, preferences);
    if (!plan) return std::move(plan.error());
    if (plan->route.empty()) {
        if (plan->targets.empty())
            return gatewayError(Code::NoProviderConfigured, "Nobody serves `" + target.model + "`.");
        target.provider = plan->targets.front().provider;
        target.model = plan->targets.front().model;
        return std::nullopt;
    }
    if (hasOwn || hasRules(route))
        return headerError("`" + (route.id.text == kInlineRoute ? "config" : route.id.text) +
                           "` leads to the route `" + plan->route.text +
                           "`, which has rules of its own. Leave out retry, request_timeout, "
                           "override_params, default_params, drop_params and cb_config, or name a provider.");
    target.route = plan->route;
    target.model.clear();
    return std::nullopt;
}

} // namespace

Result<routing::Plan> planByInlined(InlineAsk ask, InlineRoutes& inlined)
{
    for (std::size_t place = 0; place < inlined.routes.size(); ++place) {
        RouteConfig& route = inlined.routes[place];
        const bool open = route.targets.front().provider.empty() && route.targets.front().route.empty();
        const bool own = inlined.rules[place].own != nullptr;
        if (auto lost = open ? findServer(ask.runtime, ask.preferences, route, own) : std::nullopt)
            return *std::move(lost);
    }
    placeCircuits(ask, inlined);
    const RequestSituation situation(ask.runtime, std::move(ask.request), ask.random, ask.nowMicros,
                                     &inlined);
    inlined.choose(situation.fields());
    auto plan = routing::planForRoute(*ask.runtime.config, ask.runtime, inlined.routes.front(),
                                      ask.preferences, routing::PlanContext{&situation, ask.steps});
    if (plan && plan->targets.empty())
        return headerError(
            "No condition of `x-portkey-config` holds for this request, and it has no default.");
    return plan;
}

std::optional<Error> placeConfig(RequestWishes& wishes, const Config& config, bool obeyed)
{
    if (wishes.config.empty()) return std::nullopt;
    if (!wishes.route.empty())
        return headerError(
            "`x-portkey-config` and `x-turnpike-route` both say where to go. Send one of them.");
    if (wishes.config.front() == '{') {
        if (obeyed) return std::nullopt;
        return headerError("`x-portkey-config` is not obeyed at this URL. Leave it out.");
    }
    if (!config.findRoute(wishes.config))
        return headerError(
            "There is no route `" + shortened(wishes.config, 80) +
            "`: a saved configuration has to be a route of that name here. Add it, or send the "
            "configuration itself, as JSON.");
    wishes.route = std::exchange(wishes.config, {});
    return std::nullopt;
}

TargetExchange::Failure TargetExchange::planInline(std::string_view name)
{
    auto read = readPortkeyConfig(m_wishes.config, *m_runtime->config,
                                  name == kInlineRoute ? std::string_view() : name);
    if (!read) return std::move(read.error());
    InlineRoutes& inlined = *read;
    m_steps.clear();
    for (const std::string& each : inlined.names) {
        std::string route;
        if (m_key && !m_key->routes.empty()) {
            // A model's name may lead to a route, which the key has to allow.
            auto led = routing::planFor(*m_runtime->config, *m_runtime, each);
            if (led) route = std::move(led.value().route.text);
        }
        if (!mayUse(each, route)) return mayNotUse(each);
    }
    auto plan = planByInlined({*m_runtime, routedRequest(), m_preferences, m_context.random, nowMicros(),
                               m_wishes.config, &m_context.shared.circuits, &m_steps},
                              inlined);
    if (!plan) return std::move(plan.error());
    m_plan = std::move(*plan);
    return std::nullopt;
}

} // namespace gateway::pipeline
