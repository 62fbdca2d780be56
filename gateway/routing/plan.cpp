// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/plan.h"

#include <algorithm>

#include "base/glob.h"
#include "routing/strategy.h"

namespace gateway::routing {

namespace {

constexpr int kMaxRouteDepth =
    16; // cycles are refused when the configuration is read; this is the second line
constexpr std::size_t kMaxTargets = 64;

Target targetFor(const ProviderConfig* provider, ProviderId id, std::string model, const RouteConfig* route)
{
    Target target;
    target.provider = std::move(id);
    target.model = std::move(model);
    target.retry = retryRules(route ? &route->retry : nullptr, provider ? &provider->retry : nullptr);
    target.timeout = timeoutRules(route ? &route->timeout : nullptr, provider ? &provider->timeout : nullptr);
    if (route) target.unsupported = route->unsupported;
    return target;
}

/// A model's alias in its provider's list stands for the listed name.
std::string listedName(const ProviderConfig& provider, std::string_view model)
{
    for (const ModelConfig& listed : provider.models) {
        if (!listed.alias.empty() && listed.alias == model) return listed.name;
    }
    return std::string(model);
}

void addRoute(const Config& config, const RouteConfig& route, int depth, std::vector<Target>& into)
{
    const Strategy* strategy = findStrategy(route.strategy);
    if (!strategy || depth > kMaxRouteDepth) return;
    for (const std::size_t place : strategy->order(route)) {
        if (into.size() >= kMaxTargets) return;
        const TargetConfig& each = route.targets[place];
        if (!each.route.empty()) {
            if (const RouteConfig* inner = config.findRoute(each.route.text))
                addRoute(config, *inner, depth + 1, into);
            continue;
        }
        const ProviderConfig* provider = config.findProvider(each.provider.text);
        Target target = targetFor(provider, each.provider,
                                  provider ? listedName(*provider, each.model) : each.model, &route);
        target.overrideJson = each.overrideJson;
        into.push_back(std::move(target));
    }
}

Plan routePlan(const Config& config, const RouteConfig& route)
{
    Plan plan;
    plan.route = route.id;
    addRoute(config, route, 0, plan.targets);
    return plan;
}

std::optional<Plan> providerPlan(const Config& config, std::string_view name)
{
    const auto slash = name.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const std::string_view id = name.substr(0, slash);
    const std::string_view model = name.substr(slash + 1);
    const ProviderConfig* provider = config.findProvider(id);
    if (model.empty() || (!provider && id != "sandbox")) return std::nullopt;
    Plan plan;
    plan.targets.push_back(targetFor(provider, ProviderId(id),
                                     provider ? listedName(*provider, model) : std::string(model), nullptr));
    return plan;
}

std::optional<Plan> barePlan(const Config& config, const ModelDirectory& directory, std::string_view name)
{
    std::vector<const ProviderConfig*> serving;
    for (const ProviderConfig& provider : config.providers) {
        if (provider.kind != "sandbox" && directory.serves(provider, name)) serving.push_back(&provider);
    }
    if (serving.empty()) {
        const std::string_view kind = directory.kindByName(name);
        for (const ProviderConfig& provider : config.providers) {
            if (!kind.empty() && provider.kind == kind) serving.push_back(&provider);
        }
    }
    if (serving.empty()) return std::nullopt;
    const auto better = [&](const ProviderConfig* a, const ProviderConfig* b) {
        const bool aHealthy = directory.healthy(*a);
        const bool bHealthy = directory.healthy(*b);
        if (aHealthy != bHealthy) return aHealthy;
        const auto aPrice = directory.price(*a, name);
        const auto bPrice = directory.price(*b, name);
        if (aPrice && bPrice) return *aPrice < *bPrice;
        return aPrice.has_value() && !bPrice.has_value();
    };
    // No sort: health changes on other threads meanwhile, and a sort may leave the list when the order does.
    const ProviderConfig& best = **std::min_element(serving.begin(), serving.end(), better);
    Plan plan;
    plan.targets.push_back(targetFor(&best, best.id, listedName(best, name), nullptr));
    return plan;
}

const std::string* aliasTarget(const Config& config, std::string_view name)
{
    for (const auto& [pattern, target] : config.aliases) {
        if (pattern == name) return &target;
    }
    for (const auto& [pattern, target] : config.aliases) {
        if (isGlob(pattern) && globMatches(pattern, name)) return &target;
    }
    return nullptr;
}

Error notFound(const Config& config, const ModelDirectory& directory, std::string_view name)
{
    if (directory.known(name)) {
        return gatewayError(Code::NoProviderConfigured,
                            "No provider is set up that serves `" + std::string(name) +
                                "`. Add one in the window (Providers) or in the configuration.");
    }
    std::string message = "Nothing serves the model `" + std::string(name) + "`.";
    std::vector<std::string> near = directory.nearNames(name);
    if (near.empty() && !config.routes.empty()) near.push_back(config.routes.front().id.text);
    for (std::size_t i = 0; i < near.size(); ++i)
        message += (i == 0 ? " Did you mean `" : i + 1 == near.size() ? "` or `" : "`, `") + near[i];
    message += near.empty() ? " Use provider/model, a route's name, or see GET /v1/models." : "`?";
    return clientError(Code::ModelNotFound, message, "model");
}

} // namespace

Result<Plan> planFor(const Config& config, const ModelDirectory& directory, std::string_view name)
{
    if (const RouteConfig* route = config.findRoute(name)) return routePlan(config, *route);
    std::string_view wanted = name;
    if (const std::string* target = aliasTarget(config, name)) {
        wanted = *target;
        if (const RouteConfig* route = config.findRoute(wanted)) return routePlan(config, *route);
    }
    if (auto plan = providerPlan(config, wanted)) return std::move(*plan);
    if (auto plan = barePlan(config, directory, wanted)) return std::move(*plan);
    return notFound(config, directory, wanted);
}

} // namespace gateway::routing
