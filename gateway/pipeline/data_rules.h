// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"
#include "gateway/error.h"

#include "provider/kind.h"
#include "routing/plan.h"

namespace gateway::pipeline {

class Runtime;

/// The rules that a provider does not meet, in the words of x-turnpike-data-policy. What it does with data
/// counts as the worst until its policy says otherwise; a local one gives nothing away, but where it stands
/// only its policy tells. The built-in sandbox meets all. `personal`: the request holds personal data, or
/// may.
[[nodiscard]] std::vector<std::string> unmet(const ProviderConfig& provider, const provider::Kind& kind,
                                             const DataRules& rules, bool personal);
[[nodiscard]] bool meets(const ProviderConfig& provider, const provider::Kind& kind, const DataRules& rules);

/// Takes targets away that do not meet what the request asks for, or the routes that led to them. Error
/// (403): none is left; it names the rules.
[[nodiscard]] std::optional<Error> keepMeeting(std::vector<routing::Target>& targets, const Runtime& runtime,
                                               const DataRules& wishes, bool personal);

/// Reads "local, no-training, region=eu|us". Error (400): a word that is none of these.
[[nodiscard]] std::optional<Error> readDataRules(std::string_view text, DataRules& into);

} // namespace gateway::pipeline
