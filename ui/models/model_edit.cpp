// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/model_edit.h"

#include <algorithm>
#include <array>
#include <utility>

#include <QCoreApplication>
#include <QLocale>

#include "models/model_text.h"

namespace ui {
namespace {

constexpr std::int64_t kMostContext = 1'000'000'000;
constexpr qsizetype kMostNameBytes = 256;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::ModelEdit)
};

QString qs(const std::string& text)
{
    return QString::fromStdString(text);
}

// The number as it is typed here: 0.075, or 0,075 where a comma is the point.
QString typedText(const std::optional<std::string>& price)
{
    return price ? qs(*price).replace(QLatin1Char('.'), QLocale().decimalPoint()) : QString();
}

std::optional<std::int64_t> parseTokens(const QString& typed)
{
    QString text = typed.trimmed();
    text.remove(QLocale().groupSeparator());
    bool good = false;
    const qlonglong tokens = text.toLongLong(&good);
    if (!good || tokens < 1 || tokens > kMostContext) return std::nullopt;
    return tokens;
}

std::optional<std::string> configPrice(const QString& typed)
{
    const auto nanos = parseDollars(typed);
    if (!nanos) return std::nullopt;
    return configDollars(*nanos);
}

QString takenBy(const std::string& alias, const gateway::ModelRow& row, const gateway::Config& config)
{
    if (config.findRoute(alias) != nullptr) return Text::tr("A route has this name already.");
    for (const auto& [pattern, target] : config.aliases) {
        if (pattern == alias)
            return Text::tr("The configuration has this alias for %1 already.").arg(qs(target));
    }
    const auto slash = alias.find('/');
    if (slash != std::string::npos && config.findProvider(alias.substr(0, slash)) != nullptr)
        return Text::tr("It begins with a provider's name and would never be looked up.");
    // Models of several providers may share one: then the cheapest of them answers to it.
    const gateway::ProviderConfig* provider = config.findProvider(row.provider.text);
    if (!provider) return {};
    for (const gateway::ModelConfig& model : provider->models) {
        if (model.name != row.model && model.alias == alias)
            return Text::tr("%1 has this alias already.").arg(qs(provider->id.text + "/" + model.name));
    }
    return {};
}

QString aliasProblem(const QString& typed, const gateway::ModelRow& row, const gateway::Config& config)
{
    const QString alias = typed.trimmed();
    if (alias.isEmpty()) return {};
    const bool control = std::any_of(alias.begin(), alias.end(), [](QChar c) { return c.unicode() < 0x20; });
    if (control || alias.toUtf8().size() > kMostNameBytes)
        return Text::tr("Write a name of at most 256 letters.");
    if (alias == qs(row.model)) return Text::tr("That is its name already.");
    return takenBy(alias.toStdString(), row, config);
}

bool saysNothing(const gateway::ModelConfig& entry)
{
    gateway::ModelConfig bare;
    bare.name = entry.name;
    return entry == bare;
}

} // namespace

ModelDraft draftOf(const gateway::ModelConfig& entry)
{
    ModelDraft draft;
    draft.alias = qs(entry.alias);
    if (entry.context) draft.context = QString::number(*entry.context);
    draft.exposed = !entry.hidden;
    if (!entry.price) return draft;
    draft.input = typedText(entry.price->input);
    draft.output = typedText(entry.price->output);
    draft.cacheRead = typedText(entry.price->cacheRead);
    draft.cacheWrite = typedText(entry.price->cacheWrite);
    return draft;
}

FieldProblems problemsOf(const ModelDraft& draft, const gateway::ModelRow& row, const gateway::Config& config)
{
    FieldProblems problems;
    if (const QString text = aliasProblem(draft.alias, row, config); !text.isEmpty())
        problems[ModelField::Alias] = text;
    if (!draft.context.trimmed().isEmpty() && !parseTokens(draft.context))
        problems[ModelField::Context] = Text::tr("Write a number of tokens, such as 128000.");
    for (const auto& [field, typed] : {std::pair{ModelField::Input, draft.input},
                                       {ModelField::Output, draft.output},
                                       {ModelField::CacheRead, draft.cacheRead},
                                       {ModelField::CacheWrite, draft.cacheWrite}}) {
        if (!typed.trimmed().isEmpty() && !parseDollars(typed))
            problems[field] =
                Text::tr("Write dollars per million tokens, such as 2.50; at most nine decimals.");
    }
    return problems;
}

gateway::ModelConfig configOf(const ModelDraft& draft, const std::string& model)
{
    gateway::ModelConfig entry;
    entry.name = model;
    entry.alias = draft.alias.trimmed().toStdString();
    entry.hidden = !draft.exposed;
    if (!draft.context.trimmed().isEmpty()) entry.context = parseTokens(draft.context);
    const gateway::PriceOverride price{configPrice(draft.input), configPrice(draft.output),
                                       configPrice(draft.cacheRead), configPrice(draft.cacheWrite)};
    if (price != gateway::PriceOverride{}) entry.price = price;
    return entry;
}

ModelEntry entryNow(const gateway::Config& config, const gateway::ProviderId& provider,
                    const std::string& model)
{
    ModelEntry now{provider, model, std::nullopt};
    if (const gateway::ProviderConfig* found = config.findProvider(provider.text)) {
        for (const gateway::ModelConfig& entry : found->models) {
            if (entry.name == model) now.entry = entry;
        }
    }
    return now;
}

ModelEntry entryFor(const gateway::ModelRow& row, const gateway::ModelConfig& wanted)
{
    // Where nobody else speaks of the model, its bare entry is what makes the provider serve it.
    const bool needless = saysNothing(wanted) && (row.listed || row.known);
    if (needless) return {row.provider, row.model, std::nullopt};
    return {row.provider, row.model, wanted};
}

gateway::Config withEntries(gateway::Config config, const std::vector<ModelEntry>& entries)
{
    for (const ModelEntry& change : entries) {
        for (gateway::ProviderConfig& provider : config.providers) {
            if (provider.id != change.provider) continue;
            auto& models = provider.models;
            const auto found =
                std::find_if(models.begin(), models.end(),
                             [&](const gateway::ModelConfig& model) { return model.name == change.model; });
            if (found == models.end()) {
                if (change.entry) models.push_back(*change.entry);
            } else if (change.entry) {
                *found = *change.entry;
            } else {
                models.erase(found);
            }
        }
    }
    return config;
}

FieldProblems byField(const GatewayLink::Problems& problems)
{
    static const std::array<std::pair<const char*, ModelField>, 6> kPaths{
        {{".alias", ModelField::Alias},
         {".context", ModelField::Context},
         {".price.input", ModelField::Input},
         {".price.output", ModelField::Output},
         {".price.cache_read", ModelField::CacheRead},
         {".price.cache_write", ModelField::CacheWrite}}};
    FieldProblems result;
    for (const gateway::ConfigProblem& problem : problems) {
        if (problem.weight != gateway::ConfigProblem::Weight::Error) continue;
        ModelField field = ModelField::Undecided;
        for (const auto& [ending, candidate] : kPaths) {
            if (qs(problem.path).endsWith(QLatin1String(ending))) field = candidate;
        }
        QString& text = result[field];
        if (!text.isEmpty()) text += QLatin1Char('\n');
        if (field == ModelField::Undecided && !problem.path.empty())
            text += qs(problem.path) + QStringLiteral(": ");
        text += qs(problem.message);
    }
    return result;
}

} // namespace ui
