// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/virtual_keys.h"
#include "pipeline/runtime.h"

namespace gateway::pipeline {

enum class ListShape : std::uint8_t { Undecided, OpenAi, Anthropic, OpenRouter, Codex, Gemini, Cohere };

/// What a client may name as a model: routes, aliases, models of the configured providers, the sandbox.
struct ListedModel {
    std::string id;
    std::string owner;
    std::optional<std::int64_t> context = {};
    std::optional<std::int64_t> maxOutput = {};
    PriceList prices = {};
    bool reasoning = true; // where nothing is known of it
    bool images = true;
    bool embeds = false;
};
[[nodiscard]] std::vector<ListedModel> listModels(const Runtime& runtime, const access::VirtualKey* key);

/// `GET /v1/models` in one of its shapes.
[[nodiscard]] std::string modelListBody(const std::vector<ListedModel>& models, ListShape shape);
/// `GET /v1/models/{id}`; nothing when there is no such model.
[[nodiscard]] std::optional<std::string> modelBody(const std::vector<ListedModel>& models,
                                                   std::string_view id, ListShape shape);

} // namespace gateway::pipeline
