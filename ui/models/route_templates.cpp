// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/route_templates.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>

#include <QCoreApplication>

#include "models/condition_draft.h"

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::RouteTemplates)
};

using gateway::ModelRow;
using gateway::TargetConfig;

// Above this, nano-dollars per million tokens, a model is a luxury that nobody wants by default.
constexpr std::int64_t kDearest = 30'000'000'000;

/// Chooses targets among the models that can hold a conversation, provider by provider.
class Picker {
public:
    Picker(const gateway::Config& config, const gateway::ModelTable& models) : m_config(config)
    {
        for (const ModelRow& row : models.rows) {
            const bool talks = row.mode == "chat" || row.mode.empty();
            if (talks && !row.hidden && row.deprecated.empty()) m_rows.push_back(&row);
        }
    }

    /// The `place`th provider's most able model, told by its price; where there are fewer, the last one's.
    [[nodiscard]] TargetConfig strong(std::size_t place) const
    {
        return at(place, [](const ModelRow& row) { return price(row) > kDearest ? -1 : price(row); });
    }
    [[nodiscard]] TargetConfig cheap(std::size_t place) const
    {
        return at(place, [](const ModelRow& row) { return row.prices.output ? -price(row) : -kDearest; });
    }
    /// Of all providers, the greatest by `rank` among those that `fits`; else a target to be chosen.
    [[nodiscard]] TargetConfig best(const std::function<bool(const ModelRow&)>& fits,
                                    const std::function<std::int64_t(const ModelRow&)>& rank) const
    {
        const ModelRow* chosen = nullptr;
        for (const ModelRow* row : m_rows) {
            if (fits(*row) && (chosen == nullptr || rank(*row) > rank(*chosen))) chosen = row;
        }
        return chosen == nullptr ? TargetConfig{} : targetOf(*chosen);
    }
    [[nodiscard]] TargetConfig local() const
    {
        const auto found =
            std::find_if(m_config.providers.begin(), m_config.providers.end(),
                         [](const gateway::ProviderConfig& provider) { return provider.local; });
        if (found == m_config.providers.end()) return {};
        return in(found->id, [](const ModelRow& row) { return row.tools ? 1 : 0; });
    }
    [[nodiscard]] static std::int64_t price(const ModelRow& row) { return row.prices.output.value_or(0); }

private:
    using Rank = std::function<std::int64_t(const ModelRow&)>;
    [[nodiscard]] static TargetConfig targetOf(const ModelRow& row)
    {
        TargetConfig target;
        target.provider = row.provider;
        target.model = row.model;
        return target;
    }
    /// Models that call tools come before others: most clients are agents.
    [[nodiscard]] TargetConfig in(const gateway::ProviderId& provider, const Rank& rank) const
    {
        const ModelRow* chosen = nullptr;
        const auto better = [&rank](const ModelRow& a, const ModelRow& b) {
            return a.tools != b.tools ? a.tools : rank(a) > rank(b);
        };
        for (const ModelRow* row : m_rows) {
            if (row->provider == provider && (chosen == nullptr || better(*row, *chosen))) chosen = row;
        }
        if (chosen != nullptr) return targetOf(*chosen);
        TargetConfig target; // Its models are not known: they are left to be chosen.
        target.provider = provider;
        return target;
    }
    [[nodiscard]] TargetConfig at(std::size_t place, const Rank& rank) const
    {
        std::vector<gateway::ProviderId> remote, all;
        for (const gateway::ProviderConfig& provider : m_config.providers) {
            if (!provider.local) remote.push_back(provider.id);
            all.push_back(provider.id);
        }
        const auto& providers = remote.size() > place ? remote : all;
        return place < providers.size() ? in(providers[place], rank) : TargetConfig{};
    }

    const gateway::Config& m_config;
    std::vector<const ModelRow*> m_rows;
};

/// All of the lines have to hold.
TargetConfig when(TargetConfig target, const std::vector<ConditionRow>& lines)
{
    ConditionDraft condition;
    for (const ConditionRow& line : lines) {
        condition.parts.push_back(ConditionDraft::line(line));
    }
    target.whenJson = conditionJson(condition);
    return target;
}

TargetConfig weighing(TargetConfig target, std::uint32_t weight)
{
    target.weight = weight;
    return target;
}

ConditionRow is(const char* field, const char* op, const char* value)
{
    return {QLatin1String(field), QLatin1String(op), QLatin1String(value)};
}

std::int64_t contextOf(const ModelRow& row)
{
    return row.context.value_or(0);
}

bool sees(const ModelRow& row)
{
    return std::find(row.inputs.begin(), row.inputs.end(), "image") != row.inputs.end();
}

using Targets = std::vector<TargetConfig>;

Targets claudeTargets(const Picker& pick)
{
    return {when(pick.strong(0), {is("model", "$glob", "*opus*")}),
            when(pick.cheap(2), {is("model", "$glob", "*haiku*")}), pick.strong(1)};
}

Targets officeTargets(const Picker& pick)
{
    return {
        when(pick.strong(0), {is("weekday", "$lte", "5"), is("hour", "$gte", "9"), is("hour", "$lt", "18")}),
        pick.cheap(1)};
}

Targets longTargets(const Picker& pick)
{
    const TargetConfig widest = pick.best([](const ModelRow& row) { return contextOf(row) > 0; }, contextOf);
    return {when(widest, {is("input_tokens", "$gt", "100000")}), pick.strong(0)};
}

Targets visionTargets(const Picker& pick)
{
    const TargetConfig seeing = pick.best(
        sees, [](const ModelRow& row) { return Picker::price(row) > kDearest ? 0 : Picker::price(row); });
    return {when(seeing, {is("images", "$eq", "true")}), pick.cheap(0)};
}

Targets targetsOf(const QString& id, const Picker& pick)
{
    static const std::map<QString, std::function<Targets(const Picker&)>> kTargets{
        {QStringLiteral("failover"),
         [](const Picker& p) {
             return Targets{p.strong(0), p.strong(1)};
         }},
        {QStringLiteral("by-size"),
         [](const Picker& p) {
             return Targets{when(p.cheap(0), {is("input_tokens", "$lt", "4000")}), p.strong(0)};
         }},
        {QStringLiteral("claude"), claudeTargets},
        {QStringLiteral("local-first"),
         [](const Picker& p) {
             return Targets{p.local(), p.strong(0)};
         }},
        {QStringLiteral("long-context"), longTargets},
        {QStringLiteral("vision"), visionTargets},
        {QStringLiteral("split"),
         [](const Picker& p) {
             return Targets{weighing(p.strong(0), 90), weighing(p.strong(1), 10)};
         }},
        {QStringLiteral("offline"),
         [](const Picker& p) {
             return Targets{when(p.local(), {is("machine.online", "$eq", "false")}), p.strong(0)};
         }},
        {QStringLiteral("office-hours"), officeTargets},
        {QStringLiteral("sensitive-local"), [](const Picker& p) {
             return Targets{when(p.local(), {is("pii", "$eq", "true")}), p.strong(0)};
         }}};
    const auto found = kTargets.find(id);
    return found == kTargets.end() ? Targets{TargetConfig{}} : found->second(pick);
}

std::string strategyOf(const QString& id)
{
    static const std::map<QString, std::string> kStrategies{
        {QStringLiteral("by-size"), "conditional"},      {QStringLiteral("claude"), "conditional"},
        {QStringLiteral("long-context"), "conditional"}, {QStringLiteral("vision"), "conditional"},
        {QStringLiteral("split"), "weighted"},           {QStringLiteral("office-hours"), "conditional"},
        {QStringLiteral("offline"), "conditional"},      {QStringLiteral("sensitive-local"), "conditional"}};
    const auto found = kStrategies.find(id);
    return found == kStrategies.end() ? "priority" : found->second;
}

} // namespace

const std::vector<RouteTemplate>& routeTemplates()
{
    static const std::vector<RouteTemplate> kTemplates{
        {QStringLiteral("failover"), Text::tr("Failover pair"),
         Text::tr("One provider answers; another one takes over when it fails.")},
        {QStringLiteral("by-size"), Text::tr("Cheap for small, strong for big"),
         Text::tr("Short requests go to a cheap model, long ones to a strong one.")},
        {QStringLiteral("claude"), Text::tr("Opus, Sonnet, Haiku to three vendors"),
         Text::tr("Claude's model names, as Claude Code asks for them, lead to models of your choice.")},
        {QStringLiteral("local-first"), Text::tr("Local first"),
         Text::tr("A model on this computer answers; a provider takes over when it cannot.")},
        {QStringLiteral("long-context"), Text::tr("Long context"),
         Text::tr("Requests of more than 100,000 tokens go to the model with the most room.")},
        {QStringLiteral("vision"), Text::tr("Vision"),
         Text::tr("Requests with pictures go to a model that sees, others to a cheap one.")},
        {QStringLiteral("split"), Text::tr("A/B 90/10"),
         Text::tr("One request in ten tries another model, so that both can be compared.")},
        {QStringLiteral("office-hours"), Text::tr("Office hours"),
         Text::tr("From Monday to Friday, 9 to 18, a strong model; a cheap one otherwise.")},
        {QStringLiteral("offline"), Text::tr("Offline: local model"),
         Text::tr("Without a way out of this computer a model on it answers; a provider otherwise.")},
        {QStringLiteral("sensitive-local"), Text::tr("Sensitive stays local"),
         Text::tr("What holds personal data goes to a model on this computer and nowhere else.")}};
    return kTemplates;
}

NewRoute fromTemplate(const QString& templateId, const gateway::RouteId& id, const gateway::Config& config,
                      const gateway::ModelTable& models)
{
    NewRoute made;
    made.route.id = id;
    made.route.strategy = strategyOf(templateId);
    made.route.targets = targetsOf(templateId, Picker(config, models));
    // The order alone would let it out when the model here fails.
    made.route.dataPolicy.personalLocal = templateId == QLatin1String("sensitive-local");
    if (templateId == QLatin1String("claude")) {
        for (const char* pattern : {"claude-*opus*", "claude-*sonnet*", "claude-*haiku*"}) {
            made.aliases.emplace_back(pattern, id.text);
        }
    }
    return made;
}

} // namespace ui
