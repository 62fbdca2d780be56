// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cctype>
#include <chrono>
#include <map>
#include <utility>

#include "gateway/prompts.h"

#include "base/condition.h"
#include "base/json_scan.h"
#include "base/money.h"
#include "base/nearest_name.h"
#include "base/strings.h"
#include "config/config_limits.h"
#include "config/config_rules.h"

namespace gateway::config {

namespace {

constexpr std::size_t kMaxRoutes = 1000;
constexpr std::size_t kMaxTargets = 100;
constexpr std::size_t kMaxAliases = 1000;
constexpr std::size_t kMaxRegions = 20;
constexpr std::uint32_t kMaxWeight = 1'000'000;
constexpr std::size_t kMaxExamples = 100; // each takes a millisecond or two
constexpr std::size_t kMaxExampleBytes = 2000;

std::vector<std::string> routeNames(const Config& config)
{
    std::vector<std::string> names;
    for (const RouteConfig& route : config.routes)
        names.push_back(route.id.text);
    return names;
}

void checkStrategy(const std::string& path, const std::string& strategy, ProblemList& problems)
{
    const std::vector<std::string> known = strategyNames();
    if (!contains(known, strategy))
        problems.error(path, "Found " + quotedName(strategy) + ", allowed is " + alternatives(known) + "." +
                                 didYouMean(strategy, known));
}

void checkOverride(const std::string& path, const std::string& json, ProblemList& problems)
{
    if (json.empty()) return;
    JsonDocument document;
    if (scanJson(json, document, kMaxDepth) || document.root != JsonKind::Object) {
        problems.error(path, "Needs a JSON object.");
        return;
    }
    // The model is the target's own, and whether an answer is streamed is the client's choice.
    for (const std::string_view key : {"model", "stream"}) {
        if (document.find(key) != nullptr) problems.error(memberPath(path, key), "Must not be overridden.");
    }
}

void checkCondition(const std::string& path, const std::string& json, ProblemList& problems)
{
    if (json.empty()) return;
    const auto condition = Condition::parse(json);
    if (condition) return;
    // "$.a.b is wrong." tells the place within.
    std::string_view said = condition.error().message;
    std::string at = path;
    if (said.starts_with('$')) {
        const std::size_t space = said.find(' ');
        at += said.substr(1, space - 1);
        said.remove_prefix(space + 1);
    }
    std::string text(said);
    text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
    problems.error(at, text);
}

void checkShare(const std::string& path, const TargetConfig& target, ProblemList& problems)
{
    if (target.weight > kMaxWeight)
        problems.error(path + ".weight",
                       "Needs a whole number from 0 to " + std::to_string(kMaxWeight) + ".");
    checkCondition(path + ".when", target.whenJson, problems);
    if (target.limits.rpm == 0U) problems.error(path + ".limits.rpm", "Needs at least 1.");
    if (target.limits.tpm == 0U) problems.error(path + ".limits.tpm", "Needs at least 1.");
}

void checkCircuit(const std::string& path, const CircuitConfig& circuit, ProblemList& problems)
{
    const auto within = [&](const char* key, const std::optional<std::uint32_t>& value, std::uint32_t most) {
        if (value && (*value < 1 || *value > most))
            problems.error(memberPath(path, key),
                           "Needs a whole number from 1 to " + std::to_string(most) + ".");
    };
    within("failures", circuit.failures, 1000);
    within("error_percent", circuit.errorPercent, 100);
    // Older requests count less and less: all of them together never count for more than fifty.
    within("minimum_requests", circuit.minimum, 40);
    within("recover", circuit.recover, 100);
    if (circuit.wait && *circuit.wait > std::chrono::hours(24))
        problems.error(memberPath(path, "wait_ms"), "Needs a whole number from 0 to 86400000.");
}

void checkHedge(const std::string& path, const HedgeConfig& hedge, ProblemList& problems)
{
    if (hedge.after < milliseconds(1) || hedge.after > std::chrono::minutes(10))
        problems.error(memberPath(path, "after_ms"), "Needs a whole number from 1 to 600000.");
    if (hedge.extra < 1 || hedge.extra > 3)
        problems.error(memberPath(path, "extra"), "Needs a whole number from 1 to 3.");
}

void checkMeaning(const std::string& path, const TargetConfig& target, ProblemList& problems)
{
    const std::string most = std::to_string(kMaxExampleBytes);
    if (target.description.size() > kMaxExampleBytes)
        problems.error(path + ".description", "Needs a text of at most " + most + " bytes.");
    const std::string at = path + ".examples";
    if (!checkCount(at, target.examples.size(), kMaxExamples, problems)) return;
    for (std::size_t i = 0; i < target.examples.size(); ++i) {
        const std::string& example = target.examples[i];
        if (trimmed(example).empty() || example.size() > kMaxExampleBytes)
            problems.error(elementPath(at, i), "Needs a text of 1 to " + most + " bytes.");
    }
}

void checkSemantic(const std::string& path, const RouteConfig& route, ProblemList& problems)
{
    const auto isShare = [](const std::optional<std::string>& text) {
        if (!text) return true;
        const auto share = Money::parse(*text);
        return share && share->nanos() >= 0 && share->nanos() <= Money::kNanosPerDollar;
    };
    for (const auto& [key, value] :
         {std::pair("threshold", &route.semantic.threshold), std::pair("margin", &route.semantic.margin)}) {
        if (!isShare(*value))
            problems.error(path + ".semantic." + key,
                           "Needs a number from 0 to 1 with at most nine decimals.");
    }
    const bool isDescribed = std::any_of(route.targets.begin(), route.targets.end(),
                                         [](const TargetConfig& target) { return target.isDescribed(); });
    if (route.strategy == "semantic" && !isDescribed)
        problems.warn(path + ".targets", "None of them has examples or a description, by which the strategy "
                                         "\"semantic\" could tell what belongs there.");
}

void checkTarget(const std::string& path, const TargetConfig& target, const Config& config,
                 ProblemList& problems)
{
    checkShare(path, target, problems);
    checkMeaning(path, target, problems);
    if (!target.route.empty()) {
        if (!target.provider.empty() || !target.model.empty() || !target.overrideJson.empty())
            problems.error(path, "Needs either a route, or a provider and a model.");
        else if (!config.findRoute(target.route.text))
            problems.error(path + ".route", "There is no route " + quotedName(target.route.text) + "." +
                                                didYouMean(target.route.text, routeNames(config)));
        return;
    }
    if (target.provider.empty() && target.model.empty()) {
        problems.error(path, "Needs a provider and a model, or a route.");
        return;
    }
    if (target.provider.empty())
        problems.error(path + ".provider", "Is missing.");
    else if (!isProvider(config, target.provider.text))
        problems.error(path + ".provider", "There is no provider " + quotedName(target.provider.text) + "." +
                                               didYouMean(target.provider.text, providerNames(config)));
    if (!isModelName(target.model)) problems.error(path + ".model", "Needs a model name of 1 to 256 bytes.");
    checkOverride(path + ".override", target.overrideJson, problems);
}

void checkShadow(const std::string& path, const ShadowConfig& shadow, const Config& config,
                 ProblemList& problems)
{
    TargetConfig target;
    target.provider = shadow.provider;
    target.model = shadow.model;
    checkTarget(path, target, config, problems);
    if (!shadow.share) return;
    const auto share = Money::parse(*shadow.share);
    if (!share || share->nanos() < 0 || share->nanos() > Money::kNanosPerDollar)
        problems.error(path + ".share", "Needs a number from 0 to 1 with at most nine decimals.");
}

/// What an alias or a fallback stands for: a route, or provider/model.
void checkGoal(const std::string& path, const std::string& goal, const Config& config, ProblemList& problems)
{
    if (config.findRoute(goal)) return;
    const auto slash = goal.find('/');
    const std::string provider = goal.substr(0, slash);
    if (slash == std::string::npos)
        problems.error(path, "There is no route " + quotedName(goal) + "; needs a route, or provider/model." +
                                 didYouMean(goal, routeNames(config)));
    else if (!isProvider(config, provider))
        problems.error(path, "There is no provider " + quotedName(provider) + "." +
                                 didYouMean(provider, providerNames(config)));
    else if (!isModelName(goal.substr(slash + 1)))
        problems.error(path, "Needs a model name after the slash.");
}

void checkFallbacks(const std::string& path, const RouteConfig& route, const Config& config,
                    ProblemList& problems)
{
    const std::vector<std::string> known = failureKinds();
    for (const auto& [kind, goal] : route.fallbacks) {
        const std::string at = memberPath(path, kind);
        if (!contains(known, kind))
            problems.error(at, "Found " + quotedName(kind) + ", allowed is " + alternatives(known) + "." +
                                   didYouMean(kind, known));
        else if (goal == route.id.text)
            problems.error(at, "Needs another route than its own.");
        else
            checkGoal(at, goal, config, problems);
    }
}

void checkDataRules(const std::string& path, const DataRules& rules, ProblemList& problems)
{
    const std::string at = path + ".regions";
    if (!checkCount(at, rules.regions.size(), kMaxRegions, problems)) return;
    for (std::size_t i = 0; i < rules.regions.size(); ++i) {
        const std::string& region = rules.regions[i];
        if (region.empty() || region.size() > 64 || hasControlByte(region))
            problems.error(elementPath(at, i), "Needs a text of 1 to 64 bytes.");
    }
}

/// Walks from route to route, depth first and without recursion: the nesting is as deep as the file is long.
class CycleSearch {
public:
    CycleSearch(const Config& config, ProblemList& problems) : m_config(config), m_problems(problems) {}

    void run()
    {
        for (const RouteConfig& route : m_config.routes) {
            if (m_state[&route] == State::New) visit(route);
        }
    }

private:
    enum class State { New, Open, Done };
    struct Step {
        const RouteConfig* route;
        std::size_t next; // index of the target to look at
    };

    void visit(const RouteConfig& start)
    {
        m_trail = {{&start, 0}};
        m_state[&start] = State::Open;
        while (!m_trail.empty()) {
            Step& step = m_trail.back();
            if (step.next == step.route->targets.size()) {
                m_state[step.route] = State::Done;
                m_trail.pop_back();
                continue;
            }
            const std::size_t index = step.next++;
            const RouteConfig* to = m_config.findRoute(step.route->targets[index].route.text);
            if (!to) continue;
            if (m_state[to] == State::Open) {
                report(*to, *step.route, index);
            } else if (m_state[to] == State::New) {
                m_state[to] = State::Open;
                m_trail.push_back({to, 0});
            }
        }
    }

    void report(const RouteConfig& again, const RouteConfig& at, std::size_t index)
    {
        std::string circle;
        auto first = std::find_if(m_trail.begin(), m_trail.end(),
                                  [&](const Step& step) { return step.route == &again; });
        for (; first != m_trail.end(); ++first)
            circle += first->route->id.text + " → ";
        m_problems.error(elementPath(memberPath("routes", at.id.text) + ".targets", index) + ".route",
                         "The routes lead in a circle: " + shortened(circle, 400) + again.id.text + ".");
    }

    const Config& m_config;
    ProblemList& m_problems;
    std::map<const RouteConfig*, State> m_state;
    std::vector<Step> m_trail;
};

} // namespace

void checkRoutes(const Config& config, ProblemList& problems)
{
    if (!checkCount("routes", config.routes.size(), kMaxRoutes, problems)) return;
    for (std::size_t i = 0; i < config.routes.size(); ++i) {
        const RouteConfig& route = config.routes[i];
        const std::string path = memberPath("routes", route.id.text);
        checkName(path, route.id.text, problems);
        if (route.id.text == kSandbox)
            problems.error(path, "The name sandbox belongs to the built-in provider.");
        for (std::size_t k = 0; k < i; ++k) {
            if (config.routes[k].id == route.id) problems.error(path, "There are two routes of this name.");
        }
        checkStrategy(path + ".strategy", route.strategy, problems);
        if (route.targets.empty()) problems.error(path + ".targets", "Needs at least one target.");
        const bool fewTargets = checkCount(path + ".targets", route.targets.size(), kMaxTargets, problems);
        for (std::size_t t = 0; fewTargets && t < route.targets.size(); ++t)
            checkTarget(elementPath(path + ".targets", t), route.targets[t], config, problems);
        checkRetry(path + ".retry", route.retry, problems);
        checkTimeout(path + ".timeout", route.timeout, problems);
        if (route.unsupported == Unsupported::Undecided)
            problems.error(path + ".unsupported", "Allowed are \"drop\" and \"error\".");
        for (const std::string_view part : splitAt(route.stickyBy, ',')) {
            const std::string_view name = trimmed(part);
            if (name == "session" || Condition::isField(name)) continue;
            problems.error(path + ".sticky_by", "Needs \"session\", or fields of the request such as " +
                                                    quotedName("metadata.user") +
                                                    ", with commas between them.");
            break;
        }
        checkSemantic(path, route, problems);
        checkCircuit(path + ".circuit", route.circuit, problems);
        if (route.shadow) checkShadow(path + ".shadow", *route.shadow, config, problems);
        checkFallbacks(path + ".fallbacks", route, config, problems);
        if (route.hedge) checkHedge(path + ".hedge", *route.hedge, problems);
        if (route.onBreak == OnBreak::Undecided)
            problems.error(path + ".on_break", "Allowed are \"error\" and \"continue\".");
        checkRateLimits(path + ".limits", route.limits, problems);
        checkDataRules(path + ".data_policy", route.dataPolicy, problems);
        checkRouteTests(path + ".tests", route, config, problems);
    }
    checkTestSizes(config, problems);
    CycleSearch(config, problems).run();
}

void checkAliases(const Config& config, ProblemList& problems)
{
    if (!checkCount("aliases", config.aliases.size(), kMaxAliases, problems)) return;
    for (std::size_t i = 0; i < config.aliases.size(); ++i) {
        const auto& [pattern, goal] = config.aliases[i];
        const std::string path = memberPath("aliases", pattern);
        if (!isModelName(pattern)) problems.error(path, "Needs a model name or a pattern of 1 to 256 bytes.");
        for (std::size_t k = 0; k < i; ++k) {
            if (config.aliases[k].first == pattern)
                problems.error(path, "There are two aliases of this name.");
        }
        const auto preset = presetName(goal);
        if (!preset)
            checkGoal(path, goal, config, problems);
        else if (!config.findPreset(*preset))
            problems.error(path, "There is no preset " + quotedName(std::string(*preset)) + ".");
    }
}

} // namespace gateway::config

namespace gateway {

std::vector<ConfigProblem> validate(const Config& config)
{
    config::ProblemList problems;
    if (config.version != 1)
        problems.error("version",
                       "Found " + std::to_string(config.version) +
                           ", this version of Turnpike reads 1; a newer one may have written the file.");
    config::checkServer(config.server, problems);
    config::checkNetwork(config.network, problems);
    config::checkProviders(config, problems);
    config::checkRoutes(config, problems);
    config::checkAliases(config, problems);
    config::checkKeys(config, problems);
    config::checkBudgets(config, problems);
    config::checkLoopGuard(config.loopGuard, problems);
    config::checkGuardrails(config, problems);
    config::checkPrompts(config, problems);
    config::checkCaches(config, problems);
    return std::move(problems.rows());
}

} // namespace gateway
