// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/result.h"

#include "catalog/newer_list.h"
#include "catalog/presets.h"

namespace gateway::catalog {

/// What was read of a public list of models. Its rows are hostile until each was looked at: one that cannot
/// be right is left out and counted, the rest is kept.
struct PublicList {
    std::vector<ModelFacts> models; // Each name of a kind once.
    std::size_t refused = 0;        // Rows that cannot be right.
    std::size_t foreign = 0;        // Rows of providers that have no place in our catalog.
};

/// OpenRouter's list of models (`GET /api/v1/models`): rows of kind `openrouter`, prices in dollars by the
/// token. Error: it is no such list.
Result<PublicList> readOpenRouterList(std::string_view text);
/// The list of models.dev (`/api.json`): the rows of those of its providers that we have as a kind or a
/// preset, prices in dollars by the million tokens.
Result<PublicList> readModelsDevList(std::string_view text, const Presets& presets);

/// The preset under whose id the catalog keeps the models of a provider of models.dev; empty: none.
std::string_view kindOfModelsDev(std::string_view provider, const Presets& presets);

// What both readers are made of. Each takes a raw JSON value, empty where there is none; a value that is
// absent or null says nothing; false for one that cannot be right.

enum class Variable : std::uint8_t { Undecided, Refused, Unknown }; // what a price of -1 is
/// An amount of dollars, as number or text, times ten to the `shift`. Exact to the nano-dollar.
bool readAmount(std::string_view value, int shift, Variable variable, std::optional<Money>& into);
bool readPrice(std::string_view value, int shift, Variable variable, std::optional<Price>& into);
/// A count of tokens; 0 says nothing.
bool readTokens(std::string_view value, std::optional<std::int64_t>& into);
bool readAnswer(std::string_view value, std::optional<bool>& into);
/// Words that are no modality are passed over.
bool readKindsOfContent(std::string_view value, Modalities& into);
/// A name that can be asked for: neither empty nor endless, and without control bytes.
bool readModelName(std::string_view value, std::string& into);

/// Steps are few, and each size has one.
inline constexpr std::size_t kMaxTiers = 8;
/// Orders them by size; false where two are of the same.
bool orderTiers(PriceTiers& tiers);

/// What a model is called for, by what it gives and how it is named.
ModelMode guessedMode(std::string_view name, const Modalities& outputs);
/// Leaves out, as refused, every row after the first of a name.
void dropRepeated(PublicList& list);

} // namespace gateway::catalog
