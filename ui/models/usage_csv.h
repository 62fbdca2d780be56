// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QFuture>
#include <QString>

#include "models/usage_lines.h"

namespace ui {

/// The groups of a view with exact figures, a line each, under the names of the columns.
[[nodiscard]] QString usageCsv(const UsageView& view, const UsageOrder& order);
/// The same, made on another thread: there may be many thousands of groups.
[[nodiscard]] QFuture<QString> makeUsageCsv(std::shared_ptr<const UsageView> view, const UsageOrder& order);
/// Writes it to a file on another thread. Why that failed; empty: it is written.
[[nodiscard]] QFuture<QString> writeUsageCsv(std::shared_ptr<const UsageView> view, const UsageOrder& order,
                                             const QString& path);

} // namespace ui
