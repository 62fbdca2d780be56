// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include <QDateTime>
#include <QString>

#include "gateway/snapshot.h"

/// Virtual keys in words, and the times that the configuration says of them. They are read as the engine
/// reads them: a time without an offset is UTC, and a bare date lasts to the end of that day in UTC.
namespace ui {

/// What "2026-12-31", "2026-12-31T18:00:00Z" or "2026-12-31 18:00+01:00" names; of a bare date its first
/// moment. Nothing where it is neither.
[[nodiscard]] std::optional<QDateTime> configTime(const std::string& text);
/// From then on it is over; nothing: never.
[[nodiscard]] std::optional<QDateTime> endOf(const std::string& text);
[[nodiscard]] bool isExpired(const gateway::VirtualKeyConfig& key, const QDateTime& now);
/// Until when what the key was before is good as well; nothing: it is not.
[[nodiscard]] std::optional<QDateTime> overlapEnd(const gateway::VirtualKeyConfig& key, const QDateTime& now);

/// "tp-AbC…", or "—".
[[nodiscard]] QString prefixText(const gateway::VirtualKeyConfig& key);
/// "Nov 27, 2026", or "—".
[[nodiscard]] QString createdText(const gateway::VirtualKeyConfig& key);
/// "Jan 31, 2027", "Nov 27, 18:00" of a time within the next days, "Never".
[[nodiscard]] QString expiresText(const gateway::VirtualKeyConfig& key, const QDateTime& now);
/// "gpt-*, claude-*; route team-*", or "All".
[[nodiscard]] QString allowedText(const gateway::VirtualKeyConfig& key);
/// "5 min ago"; "Never" where no use is known.
[[nodiscard]] QString lastUsedText(const gateway::KeyUse* use, const QDateTime& now);
/// When, and by which client and program; empty where no use is known.
[[nodiscard]] QString lastUseStory(const gateway::KeyUse* use);
/// "Old key good until Sat 14:00"; empty without an overlap.
[[nodiscard]] QString overlapText(const gateway::VirtualKeyConfig& key, const QDateTime& now);
/// All of it, one thing a line.
[[nodiscard]] QString keyStory(const gateway::VirtualKeyConfig& key, const gateway::KeyUse* use,
                               const QDateTime& now);

/// "Sat 14:00" within the next days, else with the date. In local time.
[[nodiscard]] QString momentText(const QDateTime& when, const QDateTime& now);

} // namespace ui
