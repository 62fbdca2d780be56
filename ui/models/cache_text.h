// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include <QString>

#include "gateway/answer_cache.h"

#include "models/home_model.h"

/// Kept answers, and what they save, in words.
namespace ui {

/// Hits, money, time, and what is kept.
[[nodiscard]] std::array<TileText, 4> cacheTiles(const gateway::CacheFigures& figures);
/// "45 s", "5 min", "2 h", "3 days": the greatest unit alone.
[[nodiscard]] QString timeText(std::int64_t seconds);
[[nodiscard]] QString sizeText(std::int64_t bytes);
/// "12 min", "pinned", "ended".
[[nodiscard]] QString timeLeftText(const gateway::CacheEntry& entry, std::int64_t now);
/// How the digits of its key begin.
[[nodiscard]] QString keyPrefix(const gateway::CacheEntry& entry);
[[nodiscard]] QString ownerText(const gateway::CacheEntry& entry);
/// The beginning of its question on one line.
[[nodiscard]] QString promptText(const gateway::CacheEntry& entry);
[[nodiscard]] std::vector<std::pair<QString, QString>> cachedFacts(const gateway::CacheEntry& entry,
                                                                   std::int64_t now);

} // namespace ui
