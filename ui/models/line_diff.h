// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QString>
#include <QStringList>

namespace ui {

struct DiffLine {
    enum class Kind : std::uint8_t { Undecided, Same, Removed, Added };
    Kind kind = Kind::Undecided;
    QString text;
    bool operator==(const DiffLine&) const = default;
};

/// How `before` becomes `after`, with the fewest lines removed and added. What differs in very large texts is
/// told as one block removed and one added.
[[nodiscard]] std::vector<DiffLine> lineDiff(const QStringList& before, const QStringList& after);
/// The line with its mark in front: "+ ", "- ", or two blanks.
[[nodiscard]] QString markedLine(const DiffLine& line);

} // namespace ui
