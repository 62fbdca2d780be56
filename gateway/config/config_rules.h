// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"

#include "config/problem_list.h"

/// What must hold of a configuration's values beyond their types, one function per part of it.
namespace gateway::config {

void checkServer(const ServerConfig& server, ProblemList& problems);
void checkNetwork(const NetworkConfig& network, ProblemList& problems);
void checkProviders(const Config& config, ProblemList& problems);
void checkRoutes(const Config& config, ProblemList& problems);
void checkRouteTests(const std::string& path, const RouteConfig& route, const Config& config,
                     ProblemList& problems);
/// A file that is written has to be one that is read again.
void checkTestSizes(const Config& config, ProblemList& problems);
void checkAliases(const Config& config, ProblemList& problems);
void checkKeys(const Config& config, ProblemList& problems);

void checkBudgets(const Config& config, ProblemList& problems);
void checkLoopGuard(const LoopGuardConfig& guard, ProblemList& problems);
void checkPrompts(const Config& config, ProblemList& problems);
void checkCaches(const Config& config, ProblemList& problems);
void checkGuardrails(const Config& config, ProblemList& problems);
void checkKeyBudget(const std::string& path, const KeyBudget& budget, ProblemList& problems);
void checkRateLimits(const std::string& path, const RateLimits& limits, ProblemList& problems);

void checkRetry(const std::string& path, const RetryConfig& retry, ProblemList& problems);
void checkTimeout(const std::string& path, const TimeoutConfig& timeout, ProblemList& problems);
void checkProxy(const std::string& path, const std::string& proxy, ProblemList& problems);
/// Names of providers, routes and keys; of keys inside a provider too.
void checkName(const std::string& path, const std::string& name, ProblemList& problems);
inline constexpr std::string_view kSandbox = "sandbox"; // a provider that is always there
bool isProvider(const Config& config, std::string_view name);
std::vector<std::string> providerNames(const Config& config);
/// The name of a model as a provider knows it.
bool isModelName(std::string_view name);

/// False, and a problem, where there are more entries than checks between them can bear.
bool checkCount(const std::string& path, std::size_t count, std::size_t most, ProblemList& problems);
void checkRange(const std::string& path, std::int64_t value, std::int64_t least, std::int64_t most,
                ProblemList& problems);

} // namespace gateway::config
