// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/runtime.h"

namespace gateway::pipeline {

/// A model of one provider. `entry` points into the runtime's configuration.
struct ProviderModel {
    std::string name;                   // as the provider calls it
    const ModelConfig* entry = nullptr; // what the configuration says of it; null: nothing
};

/// Which rows of the catalog stand in for the list of a provider that has not told its own.
enum class CatalogRows : std::uint8_t { Undecided, Conversing, All };

/// What a provider has, each name once: the entries of its configuration in their order, then what its own
/// list, or else the catalog, names besides. Hidden ones are among them.
[[nodiscard]] std::vector<ProviderModel> modelsOf(const Runtime& runtime, const ProviderRuntime& provider,
                                                  CatalogRows rows);

/// The names under which clients are offered the provider's models: an alias in place of the name it stands
/// for, nothing that is hidden.
[[nodiscard]] std::vector<ProviderModel> offeredBy(const Runtime& runtime, const ProviderRuntime& provider);
/// What clients call it.
[[nodiscard]] const std::string& shownName(const ProviderModel& model);

} // namespace gateway::pipeline
