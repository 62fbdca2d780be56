// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <QString>
#include <QStringList>

namespace ui {

/// One line of a CSV file with its line end. What a spreadsheet would take for a formula gets an apostrophe
/// before it: names of clients and models are chosen by others.
[[nodiscard]] QString csvLine(const QStringList& cells);
/// Nano-dollars as a plain decimal number without loss: "0.00042".
[[nodiscard]] QString plainDollars(std::int64_t nanos);

} // namespace ui
