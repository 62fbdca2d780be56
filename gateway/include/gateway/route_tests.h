// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"

namespace gateway {

/// What came of a test of a route.
struct RouteTestResult {
    std::string route, name;
    bool passed = false;
    std::string why;                       // a sentence; empty: it passed
    std::string answers;                   // "provider/model" that would answer; empty: nobody
    std::optional<std::int64_t> costNanos; // by estimate; nothing: no price is known
    bool operator==(const RouteTestResult&) const = default;
};

/// Told after each test. False: the rest is left out.
using RouteTestProgress = std::function<bool(std::size_t done, std::size_t all)>;

/// Runs the tests that the configuration has for a route, those of all routes where it is empty, as dry runs
/// (gateway/dry_run.h). Where chance or turns have a say a test is run again and again, and passes only if
/// each run does; the chances are the same each time. Takes milliseconds a test: not for the GUI thread.
[[nodiscard]] std::vector<RouteTestResult> runRouteTests(const Config& config, const std::string& dataDir,
                                                         std::string_view route,
                                                         const RouteTestProgress& progress = {});

} // namespace gateway
