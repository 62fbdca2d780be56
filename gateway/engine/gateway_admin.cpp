// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "base/wall_clock.h"
#include "engine/gateway_private.h"
#include "engine/health_report.h"

namespace gateway {

namespace {

std::size_t knownModels(const ProviderConfig& provider, const pipeline::ModelList& list)
{
    const auto names = list.names();
    if (!names) return provider.models.size();
    const auto isNew = [&names](const ModelConfig& model) {
        return !std::binary_search(names->begin(), names->end(), model.name);
    };
    return names->size() +
           static_cast<std::size_t>(std::count_if(provider.models.begin(), provider.models.end(), isNew));
}

} // namespace

engine::AdminDesk::Means Gateway::Private::adminMeans()
{
    return {
        q,
        mailbox,
        file,
        files,
        log,
        shared,
        [this](std::string text, std::shared_ptr<const Config> config, std::vector<ConfigProblem> warnings) {
            changedFrom = kFromApi;
            file.adopt(std::move(text), std::move(config), std::move(warnings));
            changedFrom = kFromWindow;
        },
        [this] { return spend.states(nowMicros()); },
        [this](const ProviderConfig& provider) { return engine::healthOf(provider, secrets); },
        [this](const ProviderConfig& provider) {
            return knownModels(provider, secrets.stateOf(provider.id)->list);
        }};
}

} // namespace gateway
