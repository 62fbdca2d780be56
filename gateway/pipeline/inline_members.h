// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/config.h"
#include "gateway/result.h"

#include "base/json_cursor.h"

/// The values of a Portkey configuration that came in a header. `at` is where a value stands, for the client:
/// "config.targets[0].retry".
namespace gateway::pipeline {

/// 400, about what stands at that place.
[[nodiscard]] Error configError(const std::string& at, std::string_view what);

using InlineVisit =
    std::function<Outcome(const std::string& key, const JsonMember& member, const std::string& at)>;
/// Visits each member until one is refused; error: it is no object. A null counts as absent.
[[nodiscard]] Outcome readObject(std::string_view json, const std::string& at, const InlineVisit& visit);
/// The refusal of a member that nobody here obeys.
[[nodiscard]] Error strayMember(std::string_view key, const std::string& at);

/// What a target changes in the body.
struct InlineOverride {
    std::string model;                                        // empty: the request's
    std::vector<std::pair<std::string, std::string>> members; // names and raw values

    /// An object; empty where nothing is changed.
    [[nodiscard]] std::string json() const;
};

[[nodiscard]] Result<std::string> readText(std::string_view json, const std::string& at);
[[nodiscard]] Result<std::string_view> readList(std::string_view json, const std::string& at);
/// At least one status.
[[nodiscard]] Result<std::vector<int>> readStatuses(std::string_view json, const std::string& at);
[[nodiscard]] Result<double> readWeight(std::string_view json, const std::string& at);
[[nodiscard]] Result<RetryConfig> readRetry(std::string_view json, const std::string& at);
[[nodiscard]] Result<TimeoutConfig> readRequestTimeout(std::string_view json, const std::string& at);
[[nodiscard]] Outcome checkCache(std::string_view json, const std::string& at);
/// Puts its members over those that are there.
[[nodiscard]] Outcome readOverride(std::string_view json, const std::string& at, InlineOverride& into);
/// Names of members and paths to some within them, added to those that are there.
[[nodiscard]] Outcome readDropped(std::string_view json, const std::string& at,
                                  std::vector<std::string>& into);
/// When a target of the strategy is set aside for failing.
struct InlineCircuit {
    CircuitConfig rules;
    std::vector<int> failures; // statuses; empty: those of servers
};
[[nodiscard]] Result<InlineCircuit> readCircuit(std::string_view json, const std::string& at);

} // namespace gateway::pipeline
