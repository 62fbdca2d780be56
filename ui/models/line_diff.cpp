// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/line_diff.h"

#include <algorithm>
#include <cstddef>

namespace ui {
namespace {

/// Of the table of lengths: 4 MiB, filled in some milliseconds.
constexpr std::size_t kMostCells = std::size_t{2} << 20;

using Kind = DiffLine::Kind;

/// The lines between the common beginning and the common end of both.
struct Middle {
    const QStringList& before;
    const QStringList& after;
    qsizetype from = 0, beforeEnd = 0, afterEnd = 0;

    [[nodiscard]] std::size_t rows() const { return static_cast<std::size_t>(beforeEnd - from); }
    [[nodiscard]] std::size_t columns() const { return static_cast<std::size_t>(afterEnd - from); }
    [[nodiscard]] const QString& beforeAt(std::size_t i) const
    {
        return before[from + static_cast<qsizetype>(i)];
    }
    [[nodiscard]] const QString& afterAt(std::size_t i) const
    {
        return after[from + static_cast<qsizetype>(i)];
    }
};

Middle middleOf(const QStringList& before, const QStringList& after)
{
    Middle middle{before, after, 0, before.size(), after.size()};
    while (middle.from < middle.beforeEnd && middle.from < middle.afterEnd &&
           before[middle.from] == after[middle.from]) {
        ++middle.from;
    }
    while (middle.beforeEnd > middle.from && middle.afterEnd > middle.from &&
           before[middle.beforeEnd - 1] == after[middle.afterEnd - 1]) {
        --middle.beforeEnd;
        --middle.afterEnd;
    }
    return middle;
}

/// Both sides are below 65,536 lines here, as the table would be too large else.
void addCompared(const Middle& middle, std::vector<DiffLine>& lines)
{
    const std::size_t rows = middle.rows(), columns = middle.columns(), width = columns + 1;
    // The longest common subsequence of what is left from each pair of places on.
    std::vector<std::uint16_t> longest((rows + 1) * width, 0);
    for (std::size_t i = rows; i-- > 0;) {
        for (std::size_t k = columns; k-- > 0;) {
            longest[i * width + k] = middle.beforeAt(i) == middle.afterAt(k)
                                         ? static_cast<std::uint16_t>(longest[(i + 1) * width + k + 1] + 1)
                                         : std::max(longest[(i + 1) * width + k], longest[i * width + k + 1]);
        }
    }
    std::size_t i = 0, k = 0;
    while (i < rows || k < columns) {
        if (i < rows && k < columns && middle.beforeAt(i) == middle.afterAt(k)) {
            lines.push_back({Kind::Same, middle.beforeAt(i)});
            ++i;
            ++k;
        } else if (k == columns || (i < rows && longest[(i + 1) * width + k] >= longest[i * width + k + 1])) {
            lines.push_back({Kind::Removed, middle.beforeAt(i++)});
        } else {
            lines.push_back({Kind::Added, middle.afterAt(k++)});
        }
    }
}

void addBlocks(const Middle& middle, std::vector<DiffLine>& lines)
{
    for (std::size_t i = 0; i < middle.rows(); ++i) {
        lines.push_back({Kind::Removed, middle.beforeAt(i)});
    }
    for (std::size_t i = 0; i < middle.columns(); ++i) {
        lines.push_back({Kind::Added, middle.afterAt(i)});
    }
}

} // namespace

std::vector<DiffLine> lineDiff(const QStringList& before, const QStringList& after)
{
    const Middle middle = middleOf(before, after);
    std::vector<DiffLine> lines;
    for (qsizetype i = 0; i < middle.from; ++i) {
        lines.push_back({Kind::Same, before[i]});
    }
    if ((middle.rows() + 1) * (middle.columns() + 1) <= kMostCells &&
        std::min(middle.rows(), middle.columns()) < 65'536) {
        addCompared(middle, lines);
    } else {
        addBlocks(middle, lines);
    }
    for (qsizetype i = middle.beforeEnd; i < before.size(); ++i) {
        lines.push_back({Kind::Same, before[i]});
    }
    return lines;
}

QString markedLine(const DiffLine& line)
{
    const char* mark = line.kind == Kind::Added ? "+ " : line.kind == Kind::Removed ? "- " : "  ";
    return QLatin1String(mark) + line.text;
}

} // namespace ui
