// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <QString>

#include "models/home_model.h"
#include "models/usage_model.h"

/// The page Usage in words.
namespace ui {

/// What usage can be grouped by, as UsageQuery has it, and what people call it.
[[nodiscard]] const std::vector<std::pair<QString, QString>>& usageGroups();
[[nodiscard]] QString groupName(const std::string& by); // "Model"
/// A row's name, or in words that it has none.
[[nodiscard]] QString rowName(const std::string& by, const std::string& name);
/// The filter of the page Requests for what is in a row; empty where no filter can say it.
[[nodiscard]] QString rowFilter(const std::string& by, const std::string& name, const UsageSpan& span);

/// "9,120", "48.2k", "1.23M", "4.5B".
[[nodiscard]] QString formatTokens(std::int64_t tokens);
/// How many answers were good: never "100%" where one was not.
[[nodiscard]] QString okText(std::uint64_t requests, std::uint64_t failures);
/// "↑ 12.5%", "new", "gone"; empty where there is nothing to tell.
[[nodiscard]] QString changeText(std::int64_t now, std::int64_t before);
/// Nano-dollars for a thousand requests; nothing of none.
[[nodiscard]] std::optional<std::int64_t> perThousand(std::int64_t nanos, std::uint64_t requests);

[[nodiscard]] TileText usageSpendTile(const UsageView& view);
[[nodiscard]] TileText usageRequestsTile(const UsageView& view);
[[nodiscard]] TileText usageSuccessTile(const UsageView& view);
[[nodiscard]] TileText cacheSavedTile(const UsageView& view);
[[nodiscard]] TileText routeSavedTile(const UsageView& view);

/// "reported", "computed", … as people call it.
[[nodiscard]] QString sourceName(const std::string& source);
/// What each way of knowing a cost has in the whole, a line each.
[[nodiscard]] QString sourceShares(const UsageView& view);

/// A kind of token with its sum, in the order of the page; `hint` tells what it is part of.
struct TokenFigure {
    QString key, name, hint;
    std::int64_t tokens = 0, prior = 0;
};
[[nodiscard]] std::vector<TokenFigure> tokenFigures(const UsageView& view);

} // namespace ui
