// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/error.h"

#include "dialect/gemini_model.h"
#include "exchange/canonical.h"

/// A conversation as Gemini writes it, both directions.
namespace gateway::dialect::gemini {

/// Reads `contents`. Calls and results without an id, as older clients send them, are paired by name and
/// order. Error: there is no turn, or one of an unknown role.
[[nodiscard]] std::optional<Error> readTurns(std::string_view contents, Request& into);

/// The inside of `contents`, without brackets, as the model takes it: where calls have to be signed, one that
/// no signature came for gets the documented stand-in; where they have no ids, results stand in their order.
[[nodiscard]] std::string writtenTurns(const std::vector<Message>& messages, const ModelTraits& model);
/// The parts of `systemInstruction`: all system text, wherever it stood; empty where there is none.
[[nodiscard]] std::string writtenSystem(const std::vector<Message>& messages);

} // namespace gateway::dialect::gemini
