// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/rule_set.h"

#include <algorithm>
#include <array>
#include <atomic>

#include "base/glob.h"
#include "base/strings.h"

namespace gateway::guardrail {

namespace {

struct ActionRow {
    std::string_view name;
    Action action;
};
// `log` is what `flag` was called first.
constexpr std::array kActions{ActionRow{"flag", Action::Flag},       ActionRow{"mask", Action::Mask},
                              ActionRow{"block", Action::Block},     ActionRow{"rewrite", Action::Rewrite},
                              ActionRow{"reroute", Action::Reroute}, ActionRow{"ask", Action::Ask},
                              ActionRow{"log", Action::Flag}};

struct StyleRow {
    std::string_view name;
    MaskStyle style;
};
constexpr std::array kStyles{StyleRow{"placeholder", MaskStyle::Placeholder},
                             StyleRow{"hash", MaskStyle::Hash}, StyleRow{"last4", MaskStyle::LastFour},
                             StyleRow{"synthetic", MaskStyle::Synthetic}};

bool matchesAny(const std::vector<std::string>& globs, std::string_view text)
{
    return globs.empty() || std::any_of(globs.begin(), globs.end(),
                                        [&](const std::string& glob) { return globMatches(glob, text); });
}

bool matchesRoute(const std::vector<std::string>& globs, const std::vector<std::string_view>& routes)
{
    if (routes.empty()) return matchesAny(globs, {});
    return std::any_of(routes.begin(), routes.end(),
                       [&](std::string_view route) { return matchesAny(globs, route); });
}

std::uint64_t nextSetNumber()
{
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

} // namespace

std::string_view actionName(Action action)
{
    for (const ActionRow& row : kActions) {
        if (row.action == action) return row.name;
    }
    return {};
}

std::vector<std::string> actionNames()
{
    std::vector<std::string> names;
    for (const ActionRow& row : kActions)
        names.emplace_back(row.name);
    return names;
}

std::vector<std::string> maskStyleNames()
{
    std::vector<std::string> names;
    for (const StyleRow& row : kStyles)
        names.emplace_back(row.name);
    return names;
}

bool Rule::covers(Stage stage) const
{
    switch (stage) {
    case Stage::Request:
        return ofRequest;
    case Stage::ToolResult:
        return ofToolResults;
    case Stage::Response:
        return ofResponse;
    case Stage::ToolCall:
        return ofToolCalls;
    case Stage::Undecided:
        break;
    }
    return false;
}

MaskStyle Rule::styleOf(std::string_view kindOfPlace) const
{
    std::string_view name = "placeholder";
    for (const auto& [kindName, style] : config.maskAs) {
        if (kindName == kindOfPlace) {
            name = style;
            break;
        }
        if (kindName == "*") name = style;
    }
    const auto row = std::find_if(kStyles.begin(), kStyles.end(),
                                  [name](const StyleRow& each) { return each.name == name; });
    return row == kStyles.end() ? MaskStyle::Placeholder : row->style;
}

bool Rule::isException(std::string_view text) const
{
    return !exceptions.empty() && exceptions.contains(sha256(text));
}

RuleSet::RuleSet(const Config& config) : m_number(nextSetNumber())
{
    for (const GuardrailConfig& each : config.guardrails)
        add(each);
    const auto isSecrets = [](const GuardrailConfig& each) { return each.check == kSecretsRule; };
    if (std::none_of(config.guardrails.begin(), config.guardrails.end(), isSecrets)) {
        GuardrailConfig secrets;
        secrets.id = GuardrailId(kSecretsRule);
        secrets.check = kSecretsRule;
        secrets.mode = "observe";
        secrets.scope = GuardrailScope{{"*"}, {}, {}, {}};
        add(secrets);
    }
    for (const RouteConfig& route : config.routes) {
        if (route.guardrails.empty()) continue;
        std::vector<bool>& named = m_ofRoutes[route.id.text];
        for (const Rule& rule : m_rules)
            named.push_back(contains(route.guardrails, rule.config.id.text));
    }
}

void RuleSet::add(const GuardrailConfig& config)
{
    Rule rule{config, findCheckKind(config.check), {}};
    if (!config.enabled || !rule.kind) return;
    auto made = makeCheck(*rule.kind, config.paramsJson);
    if (!made) return; // The configuration was checked before.
    rule.check = std::move(made.value());
    for (const ActionRow& row : kActions) {
        if (row.name == config.action) rule.action = row.action;
    }
    rule.observes = config.mode == "observe" || rule.action == Action::Flag || rule.kind->tells;
    rule.failsOpen = rule.kind->tells || (config.onError.empty() ? rule.observes : config.onError == "open");
    for (const std::string_view part : splitAt(config.on, ',')) {
        const std::string_view word = trimmed(part);
        const bool both = word == "both";
        rule.ofRequest = rule.ofRequest || both || word == "request";
        rule.ofToolResults = rule.ofToolResults || rule.ofRequest || word == "tool_results";
        rule.ofResponse = rule.ofResponse || both || word == "response";
        rule.ofToolCalls = rule.ofToolCalls || rule.ofResponse || word == "tool_calls";
    }
    for (const std::string& hash : config.exceptions) {
        if (const auto digest = parseSha256(hash)) rule.exceptions.insert(*digest);
    }
    rule.looker = {m_number, m_rules.size()};
    m_rules.push_back(std::move(rule));
}

std::vector<const Rule*> RuleSet::rulesFor(const Asker& asker) const
{
    std::vector<const Rule*> found;
    std::vector<const std::vector<bool>*> named;
    for (const std::string_view route : asker.routes) {
        if (const auto row = m_ofRoutes.find(route); row != m_ofRoutes.end()) named.push_back(&row->second);
    }
    const auto isNamed = [&named](std::size_t place) {
        return std::any_of(named.begin(), named.end(), [place](const auto* row) { return (*row)[place]; });
    };
    for (const Rule& rule : m_rules) {
        const auto& scope = rule.config.scope;
        const bool inScope =
            scope && matchesRoute(scope->routes, asker.routes) && matchesAny(scope->keys, asker.key) &&
            matchesAny(scope->dialects, asker.dialect) && matchesAny(scope->clients, asker.client);
        if (inScope || isNamed(rule.looker.rule)) found.push_back(&rule);
    }
    return found;
}

} // namespace gateway::guardrail
