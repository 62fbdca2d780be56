// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gateway::pipeline {

/// What a path of the administration is about.
enum class AdminTopic : std::uint8_t {
    Undecided,
    Status,
    Config,
    Keys,
    Key,
    KeyRotation,
    Budgets,
    Budget,
    BudgetAllowance,
    Routes,
    Route,
    Providers,
    Provider,
    Questions,
    Question,
    Alerts,
    Spending,
    Usage,
    Logs,
    Reload,
    Pause,
    Resume,
};

/// One row of the table of its paths. `{name}` in a pattern stands for one segment.
struct AdminPathRow {
    std::string_view pattern; // below /admin/v1
    AdminTopic topic;
    std::string_view allow; // as the Allow header has it
};

struct AdminPath {
    AdminTopic topic = AdminTopic::Undecided;
    std::string_view allow;
    std::string name; // what stands for {name}, decoded
};

[[nodiscard]] std::span<const AdminPathRow> adminPaths();
/// Nothing for a path that is not there.
[[nodiscard]] std::optional<AdminPath> findAdminPath(std::string_view path);

} // namespace gateway::pipeline
