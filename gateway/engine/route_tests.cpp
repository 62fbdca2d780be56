// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/route_tests.h"

#include <algorithm>
#include <utility>

#include "gateway/dry_run.h"

#include "base/glob.h"
#include "base/money.h"
#include "routing/plan.h"

namespace gateway {

namespace {

// Enough that a target which has a twentieth of the weight is missed once in 170 times.
constexpr int kDraws = 100;

std::vector<DrySimulation> simulationsOf(const RouteTest& test)
{
    using Kind = DrySimulation::Kind;
    std::vector<DrySimulation> simulations;
    for (const auto& [names, kind] :
         {std::pair(&test.down, Kind::Down), std::pair(&test.limited, Kind::Limited),
          std::pair(&test.slow, Kind::Slow)}) {
        for (const std::string& name : *names)
            simulations.push_back({name, kind});
    }
    return simulations;
}

/// Whether a test means this target. A model's alias stands for its listed name.
bool means(const std::string& wanted, const DryChoice& choice, const Config& config)
{
    const std::string name = choice.provider + '/' + choice.model;
    if (isGlob(wanted)) return globMatches(wanted, name) || globMatches(wanted, choice.provider);
    const auto slash = wanted.find('/');
    if (wanted.substr(0, slash) != choice.provider) return false;
    if (slash == std::string::npos) return true;
    const std::string_view model = std::string_view(wanted).substr(slash + 1);
    const ProviderConfig* provider = config.findProvider(choice.provider);
    return model == choice.model || (provider && routing::listedName(*provider, model) == choice.model);
}

/// Why a run is not as it should be; empty: it is.
std::string fault(const RouteExpectation& expect, const DryChoice* choice, const Config& config)
{
    if (!choice) return "Nobody would answer.";
    const std::string name = '`' + choice->provider + '/' + choice->model + '`';
    if (!expect.target.empty() && !means(expect.target, *choice, config))
        return name + " would answer instead of `" + expect.target + "`.";
    for (const std::string& never : expect.never) {
        if (means(never, *choice, config))
            return std::string(name).append(" would answer, which `").append(never).append("` must not.");
    }
    const auto most = expect.maxCost ? Money::parse(*expect.maxCost) : std::nullopt;
    if (!most) return {};
    if (!choice->costNanos) return "What " + name + " costs is not known.";
    if (*choice->costNanos <= most->nanos()) return {};
    return "At " + name + " it would cost about $" + Money::fromNanos(*choice->costNanos).toString() +
           ", more than $" + most->toString() + '.';
}

RouteTestResult runTest(DryExplainer& explainer, const Config& config, const RouteConfig& route,
                        const RouteTest& test)
{
    RouteTestResult result{route.id.text, test.name, false, {}, {}, {}};
    if (auto good = explainer.simulate(simulationsOf(test)); !good) {
        result.why = good.error().message;
        return result;
    }
    explainer.seed(1);
    int faults = 0;
    for (int draw = 0; draw < kDraws; ++draw) {
        const auto run = explainer.run({test.requestJson, route.id.text});
        if (!run) {
            result.why = run.error().message;
            return result;
        }
        const DryChoice* choice = run->answering();
        const std::string wrong = fault(test.expect, choice, config);
        if (!wrong.empty()) ++faults;
        // The first run that is wrong tells what is, else the first of all.
        if (draw > 0 && (wrong.empty() || faults > 1)) continue;
        result.why = wrong;
        result.answers = choice ? choice->provider + '/' + choice->model : std::string();
        result.costNanos = choice ? choice->costNanos : std::nullopt;
    }
    result.passed = faults == 0;
    if (faults > 0 && faults < kDraws)
        result.why += " (In " + std::to_string(faults) + " of " + std::to_string(kDraws) + " runs.)";
    return result;
}

} // namespace

std::vector<RouteTestResult> runRouteTests(const Config& config, const std::string& dataDir,
                                           std::string_view route, const RouteTestProgress& progress)
{
    std::vector<std::pair<const RouteConfig*, const RouteTest*>> tests;
    for (const RouteConfig& each : config.routes) {
        if (!route.empty() && each.id.text != route) continue;
        for (const RouteTest& test : each.tests)
            tests.emplace_back(&each, &test);
    }
    std::vector<RouteTestResult> results;
    if (tests.empty()) return results;
    auto explainer = DryExplainer::make(config, dataDir);
    for (const auto& [at, test] : tests) {
        if (explainer)
            results.push_back(runTest(*explainer, config, *at, *test));
        else
            results.push_back({at->id.text, test->name, false, explainer.error().message, {}, {}});
        if (progress && !progress(results.size(), tests.size())) break;
    }
    return results;
}

} // namespace gateway
