// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"
#include "gateway/error.h"
#include "gateway/snapshot.h"

#include "exchange/dialect_id.h"
#include "guardrail/rule_set.h"
#include "guardrail/text_guard.h"
#include "pipeline/spend_ask.h"
#include "routing/plan.h"

namespace gateway::pipeline {

/// Whose guardrails hold for a request: those of its key, its program and all routes that it goes through, or
/// that a failure may lead to. Views into what is given.
[[nodiscard]] guardrail::Asker guardAsker(const Config& config, const routing::Plan& plan,
                                          const std::vector<routing::RouteStep>& steps, const LogRow& row,
                                          std::string_view dialect);

/// What an endpoint is for, as checks name it.
[[nodiscard]] std::string_view requestTypeName(Operation operation, DialectId dialect);

/// Why nobody gets a request that a rule lets go to local models only.
[[nodiscard]] Error localOnly(const guardrail::Verdict& verdict, Error refused);

/// The question whether a request may go on although a rule has found something.
[[nodiscard]] SpendAsking askingAbout(const guardrail::Verdict& verdict, const std::string& id,
                                      const std::string& model);
/// What a word about that refuses; nothing where it allows it.
[[nodiscard]] std::optional<Error> refusedBy(const guardrail::Verdict& verdict, SpendWord word);

} // namespace gateway::pipeline
