// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/usage_table_model.h"

#include <algorithm>
#include <utility>

#include "models/format.h"
#include "models/usage_text.h"

namespace ui {
namespace {

QString columnName(int column)
{
    const QString names[] = {{},
                             UsageTableModel::tr("Requests"),
                             UsageTableModel::tr("OK"),
                             UsageTableModel::tr("In"),
                             UsageTableModel::tr("Out"),
                             UsageTableModel::tr("Cache read"),
                             UsageTableModel::tr("Cache write"),
                             UsageTableModel::tr("Spend"),
                             UsageTableModel::tr("$ per 1k"),
                             UsageTableModel::tr("Change")};
    return names[column];
}

QString columnHint(int column)
{
    switch (column) {
    case UsageTableModel::Ok:
        return UsageTableModel::tr("Requests that were answered well");
    case UsageTableModel::Input:
        return UsageTableModel::tr("Tokens that were sent, cached or not");
    case UsageTableModel::Output:
        return UsageTableModel::tr("Tokens that were answered, reasoning too");
    case UsageTableModel::PerThousand:
        return UsageTableModel::tr("What a thousand such requests cost");
    case UsageTableModel::Change:
        return UsageTableModel::tr("Spend against the time before");
    default:
        return {};
    }
}

} // namespace

int UsageTableModel::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid() || m_lines.empty()) return 0;
    return static_cast<int>(m_lines.size()) + (m_others ? 2 : 1);
}

int UsageTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

const UsageLine& UsageTableModel::lineAt(int row) const
{
    const auto place = static_cast<std::size_t>(row);
    if (place < m_lines.size()) return m_lines[place];
    return m_others && place == m_lines.size() ? *m_others : m_total;
}

QVariant UsageTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const UsageLine& line = lineAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(line, index.column());
    case Qt::ToolTipRole:
        return toolTip(line, index.column());
    case Qt::TextAlignmentRole:
        return QVariant(index.column() == Name ? Qt::AlignLeft | Qt::AlignVCenter
                                               : Qt::AlignRight | Qt::AlignVCenter);
    case StrongRole:
        return &line == &m_total;
    default:
        return {};
    }
}

QString UsageTableModel::nameOf(const UsageLine& line) const
{
    if (&line == &m_total) return tr("Together");
    if (line.now.others > 0) return tr("%Ln other(s)", nullptr, static_cast<int>(line.now.others));
    return rowName(m_by, line.now.name);
}

QString UsageTableModel::text(const UsageLine& line, int column) const
{
    const gateway::UsageRow& now = line.now;
    switch (column) {
    case Name:
        return nameOf(line);
    case Requests:
        return formatCount(static_cast<std::int64_t>(now.requests));
    case Ok:
        return okText(now.requests, now.failures);
    case Input:
        return formatTokens(now.inputTokens);
    case Output:
        return formatTokens(now.outputTokens);
    case CacheRead:
        return formatTokens(now.cacheReadTokens);
    case CacheWrite:
        return formatTokens(now.cacheWriteTokens);
    case Spend:
        // Nothing of a sum that nobody knows.
        return now.unpriced > 0 && now.costNanos == 0 ? QStringLiteral("—") : formatMoney(now.costNanos);
    case PerThousand: {
        const auto nanos = perThousand(now.costNanos, now.requests);
        const bool known = nanos && !(now.unpriced > 0 && now.costNanos == 0);
        return known ? formatMoney(*nanos) : QStringLiteral("—");
    }
    case Change: {
        const bool known = m_compared && line.knowsBefore;
        const QString change = known ? changeText(now.costNanos, line.before.costNanos) : QString();
        return change.isEmpty() ? QStringLiteral("—") : change;
    }
    default:
        return {};
    }
}

QString UsageTableModel::toolTip(const UsageLine& line, int column) const
{
    switch (column) {
    case Name:
        if (line.now.others == 0) return {};
        return tr("Those that cost less. Each of them is in the CSV.");
    case Ok:
        return tr("%Ln failed", nullptr, static_cast<int>(line.now.failures));
    case Input:
        return tr("%1, of which %2 read from a cache and %3 written to one")
            .arg(formatCount(line.now.inputTokens), formatCount(line.now.cacheReadTokens),
                 formatCount(line.now.cacheWriteTokens));
    case Output:
        return tr("%1, of which %2 reasoning")
            .arg(formatCount(line.now.outputTokens), formatCount(line.now.reasoningTokens));
    case CacheRead:
        return formatCount(line.now.cacheReadTokens);
    case CacheWrite:
        return formatCount(line.now.cacheWriteTokens);
    case Spend:
        if (line.now.unpriced == 0) return {};
        return tr("%Ln request(s) without a known price are not in it", nullptr,
                  static_cast<int>(line.now.unpriced));
    case Change:
        return changeToolTip(line);
    default:
        return {};
    }
}

QString UsageTableModel::changeToolTip(const UsageLine& line) const
{
    if (!m_compared) return tr("Switch on \"Compare\" to see it");
    if (line.now.others > 0) return {};
    if (!line.knowsBefore)
        return tr("Not among the %1 that cost most before; the CSV has it.").arg(kMostGroups);
    return tr("%1 before").arg(formatMoney(line.before.costNanos));
}

QVariant UsageTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == Name ? Qt::AlignLeft | Qt::AlignVCenter
                                        : Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole) return columnHint(section);
    if (role != Qt::DisplayRole) return {};
    const QString name = section == Name ? groupName(m_by) : columnName(section);
    if (section != m_order.column) return name;
    return name + (m_order.direction == Qt::AscendingOrder ? QStringLiteral(" ↑") : QStringLiteral(" ↓"));
}

void UsageTableModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0) return sort(Spend, Qt::DescendingOrder);
    emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    m_order = {column, order};
    const QModelIndexList before = persistentIndexList();
    std::vector<std::string> names;
    names.reserve(static_cast<std::size_t>(before.size()));
    for (const QModelIndex& index : before) {
        const gateway::UsageRow* row = rowAt(index.row());
        names.push_back(row == nullptr ? std::string() : row->name);
    }
    std::vector<bool> groups;
    groups.reserve(static_cast<std::size_t>(before.size()));
    for (const QModelIndex& index : before) {
        groups.push_back(rowAt(index.row()) != nullptr);
    }
    m_lines = sortedLines(std::move(m_lines), m_by, m_order);
    QModelIndexList after;
    for (qsizetype i = 0; i < before.size(); ++i) {
        const auto place = static_cast<std::size_t>(i);
        after.append(groups[place] ? index(rowOf(names[place]), before[i].column()) : before[i]);
    }
    changePersistentIndexList(before, after);
    emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
    emit headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
}

void UsageTableModel::setView(const UsageView& view)
{
    std::vector<UsageLine> lines = usageLines(view);
    std::optional<UsageLine> others;
    if (!lines.empty() && lines.back().now.others > 0) {
        others = std::move(lines.back());
        lines.pop_back();
    }
    const bool sameGroup = view.by == m_by;
    m_by = view.by;
    m_compared = view.compared;
    lines = sortedLines(std::move(lines), m_by, m_order);
    const bool sameRows =
        sameGroup && others.has_value() == m_others.has_value() &&
        std::equal(lines.begin(), lines.end(), m_lines.begin(), m_lines.end(),
                   [](const UsageLine& a, const UsageLine& b) { return a.now.name == b.now.name; });
    if (!sameRows) beginResetModel();
    m_lines = std::move(lines);
    m_others = std::move(others);
    m_total = {view.total, view.priorTotal};
    if (!sameRows) {
        endResetModel();
    } else if (!m_lines.empty()) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    }
}

const gateway::UsageRow* UsageTableModel::rowAt(int row) const
{
    if (row < 0 || row >= static_cast<int>(m_lines.size())) return nullptr;
    return &m_lines[static_cast<std::size_t>(row)].now;
}

int UsageTableModel::rowOf(const std::string& name) const
{
    const auto found = std::find_if(m_lines.begin(), m_lines.end(),
                                    [&name](const UsageLine& line) { return line.now.name == name; });
    return found == m_lines.end() ? -1 : static_cast<int>(found - m_lines.begin());
}

} // namespace ui
