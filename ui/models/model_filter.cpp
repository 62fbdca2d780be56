// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/model_filter.h"

#include <algorithm>

#include "models/model_text.h"

namespace ui {
namespace {

bool hasWords(const gateway::ModelRow& row, const QString& text)
{
    const QStringList words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (words.isEmpty()) return true;
    const QString all = fullName(row) + QLatin1Char(' ') + QString::fromStdString(row.alias);
    return std::all_of(words.begin(), words.end(),
                       [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}

bool isText(int column)
{
    return column == ModelTableModel::Name || column == ModelTableModel::Provider ||
           column == ModelTableModel::Source;
}

QString textOf(const gateway::ModelRow& row, int column)
{
    if (column == ModelTableModel::Name) return clientName(row);
    if (column == ModelTableModel::Provider) return QString::fromStdString(row.provider.text);
    // By the day, where there is one: what is oldest is what one looks for.
    return sourceText(row.priceSource) + QString::fromStdString(row.date);
}

} // namespace

bool ModelFilter::matches(const gateway::ModelRow& row) const
{
    if (shown == Shown::Exposed && row.hidden) return false;
    if (shown == Shown::Hidden && !row.hidden) return false;
    if (freeOnly && !row.free) return false;
    if (localOnly && !row.local) return false;
    if (mostInput && (!row.prices.input || *row.prices.input > *mostInput)) return false;
    if (leastContext > 0 && row.context.value_or(0) < leastContext) return false;
    if ((abilitiesOf(row) & abilities) != abilities) return false;
    if (!provider.isEmpty() && provider.toStdString() != row.provider.text) return false;
    if (!mode.isEmpty() && mode.toStdString() != row.mode) return false;
    return hasWords(row, text);
}

FilteredModels::FilteredModels(ModelTableModel& source, QObject* parent)
    : QSortFilterProxyModel(parent), m_source(source)
{
    setSourceModel(&source);
    setDynamicSortFilter(true);
}

void FilteredModels::setFilter(const ModelFilter& filter)
{
    if (filter == m_filter) return;
    m_filter = filter;
    invalidateFilter();
}

const gateway::ModelRow* FilteredModels::rowAt(int row) const
{
    return m_source.rowAt(mapToSource(index(row, 0)).row());
}

int FilteredModels::rowOf(const gateway::ProviderId& provider, const std::string& model) const
{
    return mapFromSource(m_source.index(m_source.rowOf(provider, model), 0)).row();
}

QVariant FilteredModels::headerData(int section, Qt::Orientation orientation, int role) const
{
    const QVariant name = QSortFilterProxyModel::headerData(section, orientation, role);
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal || section != sortColumn()) return name;
    return name.toString() +
           (sortOrder() == Qt::AscendingOrder ? QStringLiteral(" ↑") : QStringLiteral(" ↓"));
}

void FilteredModels::sort(int column, Qt::SortOrder order)
{
    QSortFilterProxyModel::sort(column, order);
    emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
}

bool FilteredModels::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    Q_UNUSED(parent)
    const gateway::ModelRow* model = m_source.rowAt(row);
    return model != nullptr && m_filter.matches(*model);
}

std::optional<std::int64_t> FilteredModels::figureOf(const gateway::ModelRow& row, int column) const
{
    switch (column) {
    case ModelTableModel::Context:
        return row.context;
    case ModelTableModel::MaxOutput:
        return row.maxOutput;
    case ModelTableModel::Input:
        return row.prices.input;
    case ModelTableModel::Output:
        return row.prices.output;
    case ModelTableModel::Cache:
        return row.prices.cacheRead ? row.prices.cacheRead : row.prices.cacheWrite;
    case ModelTableModel::Abilities: {
        const int can = abilitiesOf(row);
        const auto& all = abilityTexts();
        return std::count_if(all.begin(), all.end(),
                             [can](const AbilityText& text) { return (can & text.ability) != 0; });
    }
    case ModelTableModel::Exposed:
        return row.hidden ? 0 : 1;
    case ModelTableModel::Requests:
        return m_source.requestsOf(row);
    default:
        return std::nullopt;
    }
}

bool FilteredModels::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const gateway::ModelRow* a = m_source.rowAt(left.row());
    const gateway::ModelRow* b = m_source.rowAt(right.row());
    if (a == nullptr || b == nullptr) return false;
    const int column = left.column();
    if (isText(column)) {
        const int order = textOf(*a, column).compare(textOf(*b, column), Qt::CaseInsensitive);
        return order != 0 ? order < 0 : left.row() < right.row();
    }
    const auto first = figureOf(*a, column);
    const auto second = figureOf(*b, column);
    if (first && second) return *first < *second;
    // The other way round the arguments are, too: what is not known must end up last again.
    return sortOrder() == Qt::AscendingOrder ? first.has_value() && !second : second.has_value() && !first;
}

} // namespace ui
