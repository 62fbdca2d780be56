// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/model_columns.h"

#include <algorithm>
#include <numeric>

#include <QEvent>
#include <QHeaderView>
#include <QTableView>

#include "widgets/ability_delegate.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

using Model = ModelTableModel;

constexpr int kMostMeasured = 300; // rows; later ones rarely hold anything wider
constexpr int kLeastName = 150;
constexpr int kComfortableName = 230;
constexpr int kNarrowestName = 60;

// No column grows beyond this for the sake of one long text.
constexpr std::array<int, Model::ColumnCount> kMost{420, 150, 100, 100, 130, 130, 190, 160, 100, 190, 100};

// What is shown first where there is little room; the name is always there.
constexpr std::array kRank{Model::Exposed, Model::Input,     Model::Output,   Model::Provider,
                           Model::Context, Model::Abilities, Model::Requests, Model::Source,
                           Model::Cache,   Model::MaxOutput};

} // namespace

ModelColumns::ModelColumns(QTableView* table) : QObject(table), m_table(table)
{
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->viewport()->installEventFilter(this);
    const QAbstractItemModel* model = table->model();
    connect(model, &QAbstractItemModel::modelReset, this, &ModelColumns::measureAll);
    connect(model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex&, int first, int last) { measure(first, last); });
    connect(model, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& first, const QModelIndex& last) { measure(first.row(), last.row()); });
    connect(model, &QAbstractItemModel::headerDataChanged, this, &ModelColumns::measureAll);
    measureAll();
}

bool ModelColumns::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize) fit();
    return QObject::eventFilter(watched, event);
}

void ModelColumns::measureAll()
{
    for (int column = 0; column < Model::ColumnCount; ++column) {
        m_wanted[static_cast<std::size_t>(column)] = m_table->horizontalHeader()->sectionSizeHint(column);
    }
    measure(0, m_table->model()->rowCount() - 1);
}

void ModelColumns::measure(int firstRow, int lastRow)
{
    for (int row = firstRow; row <= std::min(lastRow, firstRow + kMostMeasured); ++row) {
        for (int column = 0; column < Model::ColumnCount; ++column) {
            const auto place = static_cast<std::size_t>(column);
            const int needed = column == Model::Abilities
                                   ? AbilityDelegate::neededWidth()
                                   : neededCellWidth(*m_table, m_table->model()->index(row, column));
            m_wanted[place] = std::clamp(needed, m_wanted[place], std::max(m_wanted[place], kMost[place]));
        }
    }
    fit();
}

void ModelColumns::fit()
{
    const int room = m_table->viewport()->width();
    Widths widths{};
    int taken = 0;
    for (const Model::Column column : kRank) {
        const bool basic = column == Model::Exposed || column == Model::Input || column == Model::Output;
        const int name = basic ? kLeastName : std::clamp(m_wanted[Model::Name], kLeastName, kComfortableName);
        if (taken + m_wanted[column] + name > room) break;
        widths[column] = m_wanted[column];
        taken += widths[column];
    }
    widths[Model::Name] = std::max(kNarrowestName, std::min(m_wanted[Model::Name], room - taken));
    spread(widths, room - taken - widths[Model::Name]);
    for (int column = 0; column < Model::ColumnCount; ++column) {
        const int width = widths[static_cast<std::size_t>(column)];
        m_table->setColumnHidden(column, width == 0);
        if (width > 0) m_table->setColumnWidth(column, width);
    }
}

void ModelColumns::spread(Widths& widths, int left) const
{
    if (left <= 0) return;
    const auto shown =
        static_cast<int>(std::count_if(widths.begin(), widths.end(), [](int width) { return width > 0; }));
    for (int& width : widths) {
        if (width > 0) width += left / shown;
    }
    widths[Model::Name] += left % shown;
}

} // namespace ui
