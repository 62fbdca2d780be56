// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <QString>

#include "gateway/config.h"
#include "gateway/snapshot.h"

#include "models/gateway_link.h"

/// What the user says of a model, as text while it is typed and as the entry of the configuration.
namespace ui {

enum class ModelField : std::uint8_t { Undecided, Alias, Context, Input, Output, CacheRead, CacheWrite };

/// What stands in the fields; an empty one says nothing, so that the catalog holds.
struct ModelDraft {
    QString alias, context, input, output, cacheRead, cacheWrite;
    bool exposed = true;
    bool operator==(const ModelDraft&) const = default;
};

/// What is wrong with a field, in words.
using FieldProblems = std::map<ModelField, QString>;

/// An entry of a provider's `models`; none: it is to go, or was not there.
struct ModelEntry {
    gateway::ProviderId provider;
    std::string model;
    std::optional<gateway::ModelConfig> entry;
};

[[nodiscard]] ModelDraft draftOf(const gateway::ModelConfig& entry);
[[nodiscard]] FieldProblems problemsOf(const ModelDraft& draft, const gateway::ModelRow& row,
                                       const gateway::Config& config);
/// The entry that a draft without problems stands for.
[[nodiscard]] gateway::ModelConfig configOf(const ModelDraft& draft, const std::string& model);
/// What `config` says of the model now.
[[nodiscard]] ModelEntry entryNow(const gateway::Config& config, const gateway::ProviderId& provider,
                                  const std::string& model);
/// `wanted` as an entry; none where it says nothing and the model is known without it.
[[nodiscard]] ModelEntry entryFor(const gateway::ModelRow& row, const gateway::ModelConfig& wanted);
[[nodiscard]] gateway::Config withEntries(gateway::Config config, const std::vector<ModelEntry>& entries);
/// The engine's problems by the field they are about; others under Undecided.
[[nodiscard]] FieldProblems byField(const GatewayLink::Problems& problems);

} // namespace ui
