// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/reconcile_model.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <QCoreApplication>
#include <QLocale>

#include "models/csv.h"
#include "models/format.h"

namespace ui {
namespace {

constexpr double kSmallPercent = 1.0; // What clocks and rounding make.

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::Reconcile)
};

bool isMoney(const gateway::ReconcileRow& row)
{
    return row.kind == "cost";
}

QString valueOf(const gateway::ReconcileRow& row, std::int64_t value)
{
    return isMoney(row) ? formatMoney(value) : formatCount(value);
}

double differencePercent(const gateway::ReconcileRow& row)
{
    const double base = std::max(std::abs(static_cast<double>(row.ours)), 1.0);
    return 100.0 * (static_cast<double>(row.theirs) - static_cast<double>(row.ours)) / base;
}

QString toneOf(const gateway::ReconcileRow& row)
{
    if (row.theirs == row.ours) return QStringLiteral("good");
    return std::abs(differencePercent(row)) < kSmallPercent ? QStringLiteral("warn") : QStringLiteral("bad");
}

int kindPlace(const std::string& kind)
{
    constexpr const char* kOrder[] = {"requests", "input", "output", "cache_read", "cache_write", "cost"};
    const auto* found = std::find(std::begin(kOrder), std::end(kOrder), kind);
    return static_cast<int>(found - std::begin(kOrder));
}

std::vector<gateway::ReconcileRow> summedUp(const std::vector<gateway::ReconcileRow>& rows)
{
    std::map<std::pair<std::string, int>, gateway::ReconcileRow> sums;
    for (const gateway::ReconcileRow& row : rows) {
        gateway::ReconcileRow& sum = sums[{row.model, kindPlace(row.kind)}];
        sum.model = row.model;
        sum.kind = row.kind;
        sum.theirs += row.theirs;
        sum.ours += row.ours;
    }
    std::vector<gateway::ReconcileRow> result;
    result.reserve(sums.size());
    for (const auto& [key, sum] : sums) {
        result.push_back(sum);
    }
    return result;
}

} // namespace

QString kindName(const std::string& kind)
{
    if (kind == "requests") return Text::tr("Requests");
    if (kind == "input") return Text::tr("Tokens in");
    if (kind == "output") return Text::tr("Tokens out");
    if (kind == "cache_read") return Text::tr("Cache read");
    if (kind == "cache_write") return Text::tr("Cache write");
    return kind == "cost" ? Text::tr("Cost") : QString::fromStdString(kind);
}

QString differenceText(const gateway::ReconcileRow& row)
{
    if (row.theirs == row.ours) return Text::tr("equal");
    const std::int64_t apart = row.theirs - row.ours;
    const QString sign = apart > 0 ? QStringLiteral("+") : QStringLiteral("−");
    const QString size = valueOf(row, apart > 0 ? apart : -apart);
    if (row.ours == 0) return Text::tr("%1%2 (not in the log)").arg(sign, size);
    if (row.theirs == 0) return Text::tr("%1%2 (not in the file)").arg(sign, size);
    const double percent = std::abs(differencePercent(row));
    const QString written =
        percent < 0.05 ? Text::tr("under 0.1%")
                       : sign + QLocale().toString(percent, 'f', percent < 100 ? 1 : 0) + QLatin1Char('%');
    return QStringLiteral("%1%2 (%3)").arg(sign, size, written);
}

int ReconcileModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int ReconcileModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ReconcileModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const gateway::ReconcileRow& row = m_shown[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole)
        return QVariant(index.column() >= Theirs ? Qt::AlignRight | Qt::AlignVCenter
                                                 : Qt::AlignLeft | Qt::AlignVCenter);
    if (role == ToneRole) return index.column() == Difference ? toneOf(row) : QString();
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
    case Day:
        return row.day.empty() ? tr("All days") : QString::fromStdString(row.day);
    case Model:
        return row.model.empty() ? tr("(no model)") : QString::fromStdString(row.model);
    case Kind:
        return kindName(row.kind);
    case Theirs:
        return valueOf(row, row.theirs);
    case Ours:
        return valueOf(row, row.ours);
    default:
        return differenceText(row);
    }
}

QVariant ReconcileModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section >= Theirs ? Qt::AlignRight | Qt::AlignVCenter
                                          : Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    const QString names[] = {tr("Day (UTC)"), tr("Model"),    tr("Kind"),
                             tr("Provider"),  tr("Turnpike"), tr("Difference")};
    return names[section];
}

void ReconcileModel::setRows(std::vector<gateway::ReconcileRow> rows)
{
    m_rows = std::move(rows);
    show();
}

void ReconcileModel::setLook(bool summed, bool differencesOnly)
{
    if (summed == m_summed && differencesOnly == m_differencesOnly) return;
    m_summed = summed;
    m_differencesOnly = differencesOnly;
    show();
}

void ReconcileModel::show()
{
    beginResetModel();
    m_shown = m_summed ? summedUp(m_rows) : m_rows;
    if (m_differencesOnly)
        std::erase_if(m_shown, [](const gateway::ReconcileRow& row) { return row.theirs == row.ours; });
    endResetModel();
}

int ReconcileModel::differences() const
{
    return static_cast<int>(std::count_if(m_rows.begin(), m_rows.end(), [](const gateway::ReconcileRow& row) {
        return row.theirs != row.ours;
    }));
}

QString ReconcileModel::csv() const
{
    QString all =
        csvLine({QStringLiteral("day"), QStringLiteral("model"), QStringLiteral("kind"),
                 QStringLiteral("provider"), QStringLiteral("turnpike"), QStringLiteral("difference")});
    for (const gateway::ReconcileRow& row : m_shown) {
        const auto value = [&row](std::int64_t number) {
            return isMoney(row) ? plainDollars(number) : QString::number(number);
        };
        all += csvLine({QString::fromStdString(row.day), QString::fromStdString(row.model),
                        QString::fromStdString(row.kind), value(row.theirs), value(row.ours),
                        value(row.theirs - row.ours)});
    }
    return all;
}

} // namespace ui
