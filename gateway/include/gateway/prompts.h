// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// What `{{…}}` may name in a text that is added to prompts: "date", "time", "weekday", "model", "route",
/// "key", "client", "session", and "metadata.NAME" for each NAME that the client sends.
[[nodiscard]] const std::vector<std::string>& promptVariableNames();
[[nodiscard]] bool isPromptVariable(std::string_view name);
/// The names that stand in `{{…}}` in a text, in order.
[[nodiscard]] std::vector<std::string> promptVariables(std::string_view text);
/// The text with each `{{name}}` exchanged for what `valueOf` says.
[[nodiscard]] std::string withPromptVariables(std::string_view text,
                                              const std::function<std::string(std::string_view)>& valueOf);

/// The preset that a model's name means: "preset/NAME" or OpenRouter's "@preset/NAME"; nothing for others.
[[nodiscard]] std::optional<std::string_view> presetName(std::string_view model);

} // namespace gateway
