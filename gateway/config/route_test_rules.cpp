// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>

#include "base/glob.h"
#include "base/json_scan.h"
#include "base/money.h"
#include "base/nearest_name.h"
#include "base/strings.h"
#include "config/config_limits.h"
#include "config/config_rules.h"

namespace gateway::config {

namespace {

constexpr std::size_t kMaxTests = 100;
constexpr std::size_t kMaxNames = 100;
constexpr std::size_t kMaxTestNameBytes = 100;
constexpr std::size_t kRequestDepth = kMaxDepth - 5; // so deep does it stand in the file
constexpr std::size_t kMaxRequestBytes = std::size_t{256} * 1024;
constexpr std::size_t kMaxBytes = std::size_t{512} * 1024; // of all tests: half of what the file may have

/// By its model's name, and by its alias.
void addNames(const TargetConfig& target, const Config& config, std::vector<std::string>& names)
{
    names.push_back(target.provider.text + '/' + target.model);
    const ProviderConfig* provider = config.findProvider(target.provider.text);
    if (!provider) return;
    for (const ModelConfig& model : provider->models) {
        if (model.alias.empty()) continue;
        if (model.alias == target.model) names.push_back(target.provider.text + '/' + model.name);
        if (model.name == target.model) names.push_back(target.provider.text + '/' + model.alias);
    }
}

/// "provider/model" of all targets that the route may lead to, by the routes in it too.
std::vector<std::string> reachable(const RouteConfig& route, const Config& config)
{
    std::vector<const RouteConfig*> open{&route};
    std::set<const RouteConfig*> seen{&route};
    std::vector<std::string> targets;
    for (std::size_t next = 0; next < open.size(); ++next) {
        for (const TargetConfig& target : open[next]->targets) {
            const RouteConfig* inner = config.findRoute(target.route.text);
            if (target.route.empty())
                addNames(target, config, targets);
            else if (inner && seen.insert(inner).second)
                open.push_back(inner);
        }
    }
    return targets;
}

/// Checks names of targets in the tests of one route. A name that leads nowhere is only a warning: the test
/// fails then, and says so, but the gateway need not refuse to start for it.
class NameCheck {
public:
    NameCheck(const RouteConfig& route, const Config& config, ProblemList& problems)
        : m_config(config), m_problems(problems), m_targets(reachable(route, config))
    {
    }

    /// `mayBePattern`: what a target is compared with, not the name of one.
    void check(const std::string& path, const std::string& name, bool mayBePattern)
    {
        const std::string provider = name.substr(0, name.find('/'));
        const bool alone = provider.size() == name.size();
        if (name.empty() || (!alone && provider.size() + 1 == name.size())) {
            m_problems.error(path, "Needs a provider, or provider/model.");
        } else if (mayBePattern && isGlob(name)) {
            if (!leadsTo(name))
                m_problems.warn(path, "No target of this route matches " + quotedName(name) + ".");
        } else if (!isProvider(m_config, provider)) {
            m_problems.warn(path, "There is no provider " + quotedName(provider) + "." +
                                      didYouMean(provider, providerNames(m_config)));
        } else if (!alone && std::find(m_targets.begin(), m_targets.end(), name) == m_targets.end()) {
            m_problems.warn(path, "This route never leads to " + quotedName(name) + "." +
                                      didYouMean(name, m_targets));
        }
    }

    void checkAll(const std::string& path, const std::vector<std::string>& names, bool mayBePattern)
    {
        if (!checkCount(path, names.size(), kMaxNames, m_problems)) return;
        for (std::size_t i = 0; i < names.size(); ++i)
            check(elementPath(path, i), names[i], mayBePattern);
    }

private:
    [[nodiscard]] bool leadsTo(const std::string& pattern) const
    {
        return std::any_of(m_targets.begin(), m_targets.end(), [&pattern](const std::string& target) {
            return globMatches(pattern, target) || globMatches(pattern, target.substr(0, target.find('/')));
        });
    }

    const Config& m_config;
    ProblemList& m_problems;
    const std::vector<std::string> m_targets;
};

void checkExpectation(const std::string& path, const RouteExpectation& expect, NameCheck& names,
                      ProblemList& problems)
{
    if (expect.target.empty() && expect.never.empty() && !expect.maxCost)
        problems.error(path, "Needs target, not or max_cost_usd.");
    if (!expect.target.empty()) names.check(path + ".target", expect.target, true);
    names.checkAll(path + ".not", expect.never, true);
    if (!expect.maxCost) return;
    const auto most = Money::parse(*expect.maxCost);
    if (!most || *most < Money()) problems.error(path + ".max_cost_usd", "Needs US dollars, 0 or more.");
}

void checkRequest(const std::string& path, const std::string& json, ProblemList& problems)
{
    JsonDocument document;
    if (json.empty())
        problems.error(path, "Is missing.");
    else if (json.size() > kMaxRequestBytes)
        problems.error(path, "Needs at most 262144 bytes.");
    else if (scanJson(json, document, kRequestDepth) || document.root != JsonKind::Object)
        problems.error(path, "Needs a JSON object of at most " + std::to_string(kRequestDepth) + " levels.");
}

} // namespace

void checkRouteTests(const std::string& path, const RouteConfig& route, const Config& config,
                     ProblemList& problems)
{
    if (route.tests.empty() || !checkCount(path, route.tests.size(), kMaxTests, problems)) return;
    NameCheck names(route, config, problems);
    for (std::size_t i = 0; i < route.tests.size(); ++i) {
        const RouteTest& test = route.tests[i];
        const std::string at = elementPath(path, i);
        if (test.name.empty() || test.name.size() > kMaxTestNameBytes || hasControlByte(test.name))
            problems.error(at + ".name", "Needs a text of 1 to 100 bytes.");
        const auto same = [&test](const RouteTest& other) { return other.name == test.name; };
        if (std::any_of(route.tests.begin(), route.tests.begin() + static_cast<std::ptrdiff_t>(i), same))
            problems.error(at + ".name", "There are two tests of this name.");
        checkRequest(at + ".request", test.requestJson, problems);
        checkExpectation(at + ".expect", test.expect, names, problems);
        names.checkAll(at + ".down", test.down, false);
        names.checkAll(at + ".limited", test.limited, false);
        names.checkAll(at + ".slow", test.slow, false);
    }
}

void checkTestSizes(const Config& config, ProblemList& problems)
{
    std::size_t bytes = 0;
    for (const RouteConfig& route : config.routes) {
        for (const RouteTest& test : route.tests)
            bytes += test.requestJson.size();
    }
    if (bytes > kMaxBytes) problems.error("routes", "The requests of all tests have more than 524288 bytes.");
}

} // namespace gateway::config
