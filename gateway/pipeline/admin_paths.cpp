// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/admin_paths.h"

#include <array>

#include "base/strings.h"

namespace gateway::pipeline {

namespace {

constexpr std::string_view kAdminRoot = "/admin/v1";
constexpr std::string_view kName = "{name}";
constexpr std::string_view kReadOnly = "GET, HEAD";
constexpr std::string_view kEntry = "GET, HEAD, PUT, DELETE";

constexpr std::array kAdminPaths{
    AdminPathRow{"/status", AdminTopic::Status, kReadOnly},
    AdminPathRow{"/config", AdminTopic::Config, "GET, HEAD, PUT"},
    AdminPathRow{"/keys", AdminTopic::Keys, "GET, HEAD, POST"},
    AdminPathRow{"/keys/{name}", AdminTopic::Key, "GET, HEAD, PATCH, DELETE"},
    AdminPathRow{"/keys/{name}/rotate", AdminTopic::KeyRotation, "POST"},
    AdminPathRow{"/budgets", AdminTopic::Budgets, kReadOnly},
    AdminPathRow{"/budgets/{name}", AdminTopic::Budget, kEntry},
    AdminPathRow{"/budgets/{name}/allow", AdminTopic::BudgetAllowance, "POST"},
    AdminPathRow{"/routes", AdminTopic::Routes, kReadOnly},
    AdminPathRow{"/routes/{name}", AdminTopic::Route, kEntry},
    AdminPathRow{"/providers", AdminTopic::Providers, kReadOnly},
    AdminPathRow{"/providers/{name}", AdminTopic::Provider, kEntry},
    AdminPathRow{"/questions", AdminTopic::Questions, kReadOnly},
    AdminPathRow{"/questions/{name}", AdminTopic::Question, "POST"},
    AdminPathRow{"/alerts", AdminTopic::Alerts, kReadOnly},
    AdminPathRow{"/spending", AdminTopic::Spending, "POST"},
    AdminPathRow{"/usage", AdminTopic::Usage, kReadOnly},
    AdminPathRow{"/logs", AdminTopic::Logs, kReadOnly},
    AdminPathRow{"/reload", AdminTopic::Reload, "POST"},
    AdminPathRow{"/pause", AdminTopic::Pause, "POST"},
    AdminPathRow{"/resume", AdminTopic::Resume, "POST"},
};

/// Takes the text up to the next slash, or to the end, off the front.
std::string_view takeSegment(std::string_view& path)
{
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

/// The segment that stands for the name; a view of nothing where the pattern has none.
std::optional<std::string_view> matchPath(std::string_view pattern, std::string_view path)
{
    std::string_view name;
    while (!pattern.empty() && !path.empty()) {
        const std::string_view wanted = takeSegment(pattern);
        const std::string_view found = takeSegment(path);
        if (wanted == kName && !found.empty())
            name = found;
        else if (wanted != found)
            return std::nullopt;
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return name;
}

} // namespace

std::span<const AdminPathRow> adminPaths()
{
    return kAdminPaths;
}

std::optional<AdminPath> findAdminPath(std::string_view path)
{
    if (!path.starts_with(kAdminRoot)) return std::nullopt;
    path.remove_prefix(kAdminRoot.size());
    if (!path.starts_with('/')) return std::nullopt;
    for (const AdminPathRow& row : kAdminPaths) {
        if (const auto name = matchPath(row.pattern, path))
            return AdminPath{row.topic, row.allow, percentDecoded(*name)};
    }
    return std::nullopt;
}

} // namespace gateway::pipeline
