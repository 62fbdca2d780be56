// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalog/presets.h"

namespace gateway::imports {

/// The presets built into the program; immutable.
[[nodiscard]] const catalog::Presets& presets();

/// The preset that LiteLLM, Portkey or Cloudflare means by its name of a provider ("together_ai",
/// "google-ai-studio", "x-ai"); null where there is none.
[[nodiscard]] const catalog::Preset* presetNamed(std::string_view foreign);
/// The preset of a provider that somebody saved under a name of their own ("openai-prod").
[[nodiscard]] const catalog::Preset* presetGuessed(std::string_view name);
/// The preset of the company that makes the model, where its name tells.
[[nodiscard]] const catalog::Preset* presetOfModel(std::string_view model);

} // namespace gateway::imports
