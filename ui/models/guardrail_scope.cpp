// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/guardrail_scope.h"

#include <algorithm>

#include <QRegularExpression>

namespace ui {
namespace {

/// As the engine reads them: `*` and `?`, all else for itself.
bool matches(const std::string& glob, const std::string& text)
{
    QString pattern = QRegularExpression::escape(QString::fromStdString(glob));
    pattern.replace(QLatin1String("\\*"), QLatin1String(".*"));
    pattern.replace(QLatin1String("\\?"), QLatin1String("."));
    const QRegularExpression whole(QRegularExpression::anchoredPattern(pattern),
                                   QRegularExpression::DotMatchesEverythingOption);
    return whole.match(QString::fromStdString(text)).hasMatch();
}

std::ptrdiff_t placeOf(const std::vector<gateway::GuardrailConfig>& rules, const std::string& name)
{
    return std::find_if(rules.begin(), rules.end(),
                        [&name](const gateway::GuardrailConfig& rule) { return rule.id.text == name; }) -
           rules.begin();
}

} // namespace

ScopeReach scopeReach(const gateway::GuardrailConfig& rule, const std::string& route)
{
    if (!rule.scope) return ScopeReach::None;
    const gateway::GuardrailScope& scope = *rule.scope;
    const bool here =
        scope.routes.empty() || std::any_of(scope.routes.begin(), scope.routes.end(),
                                            [&route](const auto& glob) { return matches(glob, route); });
    if (!here) return ScopeReach::None;
    const bool all = scope.keys.empty() && scope.dialects.empty() && scope.clients.empty();
    return all ? ScopeReach::All : ScopeReach::Some;
}

gateway::RouteConfig withRouteGuardrail(gateway::RouteConfig route,
                                        const std::vector<gateway::GuardrailConfig>& rules,
                                        const std::string& name, bool on)
{
    std::erase(route.guardrails, name);
    if (!on) return route;
    const auto later = std::find_if(route.guardrails.begin(), route.guardrails.end(), [&](const auto& other) {
        return placeOf(rules, other) > placeOf(rules, name);
    });
    route.guardrails.insert(later, name);
    return route;
}

} // namespace ui
