// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "import/draft.h"

/// The parts of a LiteLLM config.yaml: https://docs.litellm.ai/docs/proxy/config_settings
namespace gateway::imports {

/// A row of model_list.
struct Deployment {
    const FileValue* row = nullptr;
    TargetConfig target;
    std::optional<double> weight;
    std::optional<std::int64_t> order;
    std::optional<milliseconds> firstByte;
    std::optional<std::uint32_t> attempts;
};

/// Nothing, and a line, where the row's provider or model cannot be.
[[nodiscard]] std::optional<Deployment> readDeployment(const FileValue& row, const FileValue& root,
                                                       Draft& draft);

/// Where a group goes after failures of one kind.
struct KindFallback {
    std::string kind, group; // "*": every group without its own
    const FileValue* others = nullptr;
};

struct LiteLlmSettings {
    std::string strategy = "weighted";
    RetryConfig retry;
    TimeoutConfig timeout;
    CircuitConfig circuit;
    Unsupported unsupported = Unsupported::Drop;
    std::vector<std::pair<std::string, const FileValue*>> fallbacks; // of a group: the list of others
    const FileValue* defaultFallbacks = nullptr;
    std::vector<KindFallback> kindFallbacks;
    const FileValue* groupAliases = nullptr;
};

[[nodiscard]] LiteLlmSettings readLiteLlmSettings(const FileValue& root, Draft& draft);

} // namespace gateway::imports
