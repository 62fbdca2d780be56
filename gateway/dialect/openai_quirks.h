// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/json_scan.h"
#include "dialect/span_edit.h"
#include "exchange/quirks.h"

/// Bodies of OpenAI's chat API for servers that differ from it.
namespace gateway::dialect::openai {

/// False where `fit` would change something.
[[nodiscard]] bool suits(const JsonDocument& body, const Quirks& quirks);
/// Renames what has another name there, says what can be said otherwise, and takes out what would be refused,
/// which is named in `dropped`.
void fit(SpanEdit& body, const Quirks& quirks, std::vector<std::string>& dropped);

} // namespace gateway::dialect::openai
