// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "exchange/canonical.h"

namespace gateway::dialect {

/// The texts of a tool's result, a line each.
[[nodiscard]] std::string resultText(const ToolResultPart& result);

/// A tool's result for dialects that have no flag for a failed one: its texts, and where it failed an object
/// with an `error`, as OpenAI's clients say it.
[[nodiscard]] std::string toolResultText(const ToolResultPart& result);

/// The images in the results among `parts`: they follow in a user message where a tool's message holds text
/// only. Each text says to which call the image after it belongs.
[[nodiscard]] std::vector<Part> toolResultImages(const std::vector<Part>& parts);

} // namespace gateway::dialect
