// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include <QString>

class QSpinBox;

/// Fields for whole numbers that need not be said: below 0 they read "default".
namespace ui {

[[nodiscard]] QSpinBox* makeOptionalBox(const QString& name, const char* objectName, int most);
/// The same in milliseconds, up to a day.
[[nodiscard]] QSpinBox* makeMillisBox(const QString& name, const char* objectName);

[[nodiscard]] std::optional<std::uint32_t> numberIn(const QSpinBox& box);
[[nodiscard]] std::optional<std::chrono::milliseconds> millisIn(const QSpinBox& box);
void showNumber(QSpinBox& box, const std::optional<std::uint32_t>& number);
void showMillis(QSpinBox& box, const std::optional<std::chrono::milliseconds>& time);

} // namespace ui
