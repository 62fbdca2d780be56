// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/provider_models.h"

#include <algorithm>
#include <unordered_set>

namespace gateway::pipeline {

namespace {

bool converses(const ProviderRuntime& provider, const catalog::CatalogModel& row)
{
    return row.mode == catalog::ModelMode::Chat ||
           (row.mode == catalog::ModelMode::Responses &&
            provider.kind->speaks(DialectId::OpenAiResponses, row.id));
}

} // namespace

std::vector<ProviderModel> modelsOf(const Runtime& runtime, const ProviderRuntime& provider, CatalogRows rows)
{
    std::vector<ProviderModel> models;
    std::unordered_set<std::string_view> entries;
    for (const ModelConfig& each : provider.config.models) {
        if (entries.insert(each.name).second) models.push_back({each.name, &each});
    }
    const auto add = [&](const std::string& name) {
        if (!entries.contains(name)) models.push_back({name, nullptr});
    };
    if (const auto names = provider.state ? provider.state->list.names() : nullptr;
        names && !names->empty()) {
        for (const std::string& name : *names)
            add(name);
        return models;
    }
    // What is deployed under which name only the owner knows, where a provider tells no list.
    if (!provider.kind->listsItsModels() && !models.empty()) return models;
    for (const auto& row : runtime.catalog.models()) {
        if (row.kind == provider.catalogKind && (rows == CatalogRows::All || converses(provider, row)))
            add(row.id);
    }
    return models;
}

std::vector<ProviderModel> offeredBy(const Runtime& runtime, const ProviderRuntime& provider)
{
    std::vector<ProviderModel> models = modelsOf(runtime, provider, CatalogRows::Conversing);
    std::erase_if(models, [](const ProviderModel& model) { return model.entry && model.entry->hidden; });
    // An alias that is another model's name as well leads to what the configuration says.
    std::unordered_set<std::string> shown;
    std::erase_if(models,
                  [&shown](const ProviderModel& model) { return !shown.insert(shownName(model)).second; });
    return models;
}

const std::string& shownName(const ProviderModel& model)
{
    return model.entry && !model.entry->alias.empty() ? model.entry->alias : model.name;
}

} // namespace gateway::pipeline
