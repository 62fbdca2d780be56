// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"

/// The two forms in which embeddings travel: an array of numbers, and base64 of little-endian 32-bit floats.
namespace gateway::dialect {

/// Nothing when an element is no number, or one that no float can hold.
[[nodiscard]] std::optional<std::vector<float>> readNumbers(std::string_view array);
/// Nothing for what is no base64 of whole floats.
[[nodiscard]] std::optional<std::vector<float>> readPacked(std::string_view base64);
/// Whichever of the two `value` is.
[[nodiscard]] std::optional<std::vector<float>> readVector(std::string_view value);

void writeNumbers(JsonWriter& json, const std::vector<float>& vector);
[[nodiscard]] std::string packed(const std::vector<float>& vector);

} // namespace gateway::dialect
