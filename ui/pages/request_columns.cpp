// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/request_columns.h"

#include <algorithm>
#include <array>

#include <QEvent>
#include <QHeaderView>
#include <QTableView>

#include "models/request_table_model.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

struct ColumnWidth {
    RequestTableModel::Column column;
    int width;
    int share;     // of the room that is left over
    int neededFor; // The table must be this wide for the column to be shown.
};

constexpr std::array<ColumnWidth, RequestTableModel::ColumnCount> kWidths{{
    {RequestTableModel::Time, 104, 0, 0},
    {RequestTableModel::Status, 104, 1, 0},
    {RequestTableModel::Client, 110, 1, 860},
    {RequestTableModel::Model, 150, 4, 0},
    {RequestTableModel::Provider, 104, 1, 640},
    {RequestTableModel::Latency, 92, 0, 470},
    {RequestTableModel::Tokens, 84, 0, 780},
    {RequestTableModel::Cost, 100, 0, 560},
}};

} // namespace

RequestColumns::RequestColumns(QTableView* table) : QObject(table), m_table(table)
{
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->setItemDelegateForColumn(RequestTableModel::Status,
                                    new StatusPillDelegate(RequestTableModel::OutcomeRole, table));
    table->viewport()->installEventFilter(this);
    fit(table->viewport()->width());
}

bool RequestColumns::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize) fit(m_table->viewport()->width());
    return QObject::eventFilter(watched, event);
}

void RequestColumns::fit(int width)
{
    int taken = 0;
    int shares = 0;
    int modelWidth = 0;
    for (const ColumnWidth& column : kWidths) {
        const bool shown = width >= column.neededFor;
        m_table->setColumnHidden(column.column, !shown);
        if (!shown) continue;
        taken += column.width;
        shares += column.share;
        if (column.column == RequestTableModel::Model) modelWidth = column.width;
    }
    const int left = std::max(0, width - taken);
    int given = 0;
    for (const ColumnWidth& column : kWidths) {
        if (width < column.neededFor) continue;
        const int extra = column.column == RequestTableModel::Model ? 0 : left * column.share / shares;
        given += extra;
        m_table->setColumnWidth(column.column, column.width + extra);
    }
    // The model's name takes the rest, rounding included, and gives where even the least does not fit.
    const int rest = width < taken ? width - taken : left - given;
    m_table->setColumnWidth(RequestTableModel::Model, modelWidth + rest);
}

} // namespace ui
