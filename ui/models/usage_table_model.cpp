// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/usage_table_model.h"

#include <algorithm>
#include <map>
#include <utility>

#include "models/csv.h"
#include "models/format.h"
#include "models/usage_text.h"

namespace ui {
namespace {

double okShare(const gateway::UsageRow& row)
{
    if (row.requests == 0) return -1;
    return 1.0 - static_cast<double>(row.failures) / static_cast<double>(row.requests);
}

// What a column is sorted by; Name has its own order.
double sortValue(const gateway::UsageRow& now, const gateway::UsageRow& before, int column)
{
    switch (column) {
    case UsageTableModel::Requests:
        return static_cast<double>(now.requests);
    case UsageTableModel::Ok:
        return okShare(now);
    case UsageTableModel::Input:
        return static_cast<double>(now.inputTokens);
    case UsageTableModel::Output:
        return static_cast<double>(now.outputTokens);
    case UsageTableModel::CacheRead:
        return static_cast<double>(now.cacheReadTokens);
    case UsageTableModel::CacheWrite:
        return static_cast<double>(now.cacheWriteTokens);
    case UsageTableModel::PerThousand:
        return static_cast<double>(perThousand(now.costNanos, now.requests).value_or(-1));
    case UsageTableModel::Change:
        return static_cast<double>(now.costNanos - before.costNanos);
    default:
        return static_cast<double>(now.costNanos);
    }
}

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

const UsageTableModel::Line& UsageTableModel::lineAt(int row) const
{
    const auto place = static_cast<std::size_t>(row);
    if (place < m_lines.size()) return m_lines[place];
    return m_others && place == m_lines.size() ? *m_others : m_total;
}

QVariant UsageTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Line& line = lineAt(index.row());
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

QString UsageTableModel::nameOf(const Line& line) const
{
    if (&line == &m_total) return tr("Together");
    if (line.now.others > 0) return tr("%Ln other(s)", nullptr, static_cast<int>(line.now.others));
    return rowName(m_by, line.now.name);
}

QString UsageTableModel::text(const Line& line, int column) const
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

QString UsageTableModel::toolTip(const Line& line, int column) const
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

QString UsageTableModel::changeToolTip(const Line& line) const
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
    if (section != m_sortColumn) return name;
    return name + (m_sortOrder == Qt::AscendingOrder ? QStringLiteral(" ↑") : QStringLiteral(" ↓"));
}

std::vector<UsageTableModel::Line> UsageTableModel::sorted(std::vector<Line> lines) const
{
    const auto less = [this](const Line& a, const Line& b) {
        if (m_sortColumn == Name)
            return QString::localeAwareCompare(rowName(m_by, a.now.name), rowName(m_by, b.now.name)) < 0;
        // A change that is not known is no change from nothing.
        if (m_sortColumn == Change && a.knowsBefore != b.knowsBefore) return b.knowsBefore;
        return sortValue(a.now, a.before, m_sortColumn) < sortValue(b.now, b.before, m_sortColumn);
    };
    std::stable_sort(lines.begin(), lines.end(), [this, &less](const Line& a, const Line& b) {
        return m_sortOrder == Qt::AscendingOrder ? less(a, b) : less(b, a);
    });
    return lines;
}

void UsageTableModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0) return sort(Spend, Qt::DescendingOrder);
    emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    m_sortColumn = column;
    m_sortOrder = order;
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
    m_lines = sorted(std::move(m_lines));
    QModelIndexList after;
    for (qsizetype i = 0; i < before.size(); ++i) {
        const auto place = static_cast<std::size_t>(i);
        after.append(groups[place] ? index(rowOf(names[place]), before[i].column()) : before[i]);
    }
    changePersistentIndexList(before, after);
    emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
    emit headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
}

std::vector<UsageTableModel::Line> UsageTableModel::linesOf(const UsageView& view)
{
    std::map<std::string, gateway::UsageRow> before;
    for (const gateway::UsageRow& row : view.priorRows) {
        if (row.others == 0) before[row.name] = row;
    }
    const bool knowsAll = before.size() == view.priorRows.size();
    std::vector<Line> lines;
    lines.reserve(view.rows.size());
    for (const gateway::UsageRow& row : view.rows) {
        const auto found = row.others == 0 ? before.find(row.name) : before.end();
        const bool known = found != before.end() || (knowsAll && row.others == 0);
        lines.push_back({row, found == before.end() ? gateway::UsageRow{} : found->second, known});
    }
    return lines;
}

void UsageTableModel::setView(const UsageView& view)
{
    std::vector<Line> lines = linesOf(view);
    std::optional<Line> others;
    if (!lines.empty() && lines.back().now.others > 0) {
        others = std::move(lines.back());
        lines.pop_back();
    }
    const bool sameGroup = view.by == m_by;
    m_by = view.by;
    m_compared = view.compared;
    lines = sorted(std::move(lines));
    const bool sameRows = sameGroup && others.has_value() == m_others.has_value() &&
                          std::equal(lines.begin(), lines.end(), m_lines.begin(), m_lines.end(),
                                     [](const Line& a, const Line& b) { return a.now.name == b.now.name; });
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
                                    [&name](const Line& line) { return line.now.name == name; });
    return found == m_lines.end() ? -1 : static_cast<int>(found - m_lines.begin());
}

QString UsageTableModel::csv(const UsageView& view) const
{
    QStringList head{QString::fromStdString(view.by)};
    head.append({QStringLiteral("requests"), QStringLiteral("failures"), QStringLiteral("input_tokens"),
                 QStringLiteral("output_tokens"), QStringLiteral("cache_read_tokens"),
                 QStringLiteral("cache_write_tokens"), QStringLiteral("reasoning_tokens"),
                 QStringLiteral("cost_usd"), QStringLiteral("unpriced_requests")});
    if (view.compared) head.append(QStringLiteral("cost_usd_before"));
    QString all = csvLine(head);
    for (const Line& line : sorted(linesOf(view))) {
        const gateway::UsageRow& now = line.now;
        QStringList cells{QString::fromStdString(now.name)};
        for (const std::uint64_t count : {now.requests, now.failures}) {
            cells.append(QString::number(count));
        }
        for (const std::int64_t tokens : {now.inputTokens, now.outputTokens, now.cacheReadTokens,
                                          now.cacheWriteTokens, now.reasoningTokens}) {
            cells.append(QString::number(tokens));
        }
        cells.append({plainDollars(now.costNanos), QString::number(now.unpriced)});
        if (view.compared) cells.append(plainDollars(line.before.costNanos));
        all += csvLine(cells);
    }
    return all;
}

} // namespace ui
