// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/request_columns.h"

#include <algorithm>
#include <numeric>

#include <QEvent>
#include <QHeaderView>
#include <QTableView>

#include "widgets/table_look.h"

namespace ui {
namespace {

using Model = RequestTableModel;

constexpr int kMostMeasured = 200; // rows of one page; later ones rarely hold anything wider
constexpr int kLeastModel = 150;
constexpr int kComfortableModel = 250;
constexpr int kLeastStatus = 84; // "200" in its pill
constexpr int kNarrowestModel = 60;

// No column grows beyond this for the sake of one long text.
constexpr std::array<int, Model::ColumnCount> kMost{140, 240, 150, 460, 140, 120, 110, 120};

} // namespace

RequestColumns::RequestColumns(QTableView* table) : QObject(table), m_table(table)
{
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->setItemDelegateForColumn(Model::Status, new StatusPillDelegate(Model::OutcomeRole, table));
    table->viewport()->installEventFilter(this);
    connect(table->model(), &QAbstractItemModel::modelReset, this, &RequestColumns::measureAll);
    connect(table->model(), &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex&, int first, int last) { measure(first, last); });
    measureAll();
}

bool RequestColumns::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize) fit();
    return QObject::eventFilter(watched, event);
}

void RequestColumns::measureAll()
{
    for (int column = 0; column < Model::ColumnCount; ++column) {
        m_wanted[static_cast<std::size_t>(column)] = m_table->horizontalHeader()->sectionSizeHint(column);
    }
    measure(0, m_table->model()->rowCount() - 1);
}

void RequestColumns::measure(int firstRow, int lastRow)
{
    for (int row = firstRow; row <= std::min(lastRow, firstRow + kMostMeasured); ++row) {
        for (int column = 0; column < Model::ColumnCount; ++column) {
            const auto place = static_cast<std::size_t>(column);
            const QModelIndex index = m_table->model()->index(row, column);
            const int needed = column == Model::Status
                                   ? StatusPillDelegate::neededWidth(*m_table, index.data().toString())
                                   : neededCellWidth(*m_table, index);
            m_wanted[place] = std::clamp(needed, m_wanted[place], std::max(m_wanted[place], kMost[place]));
        }
    }
    fit();
}

RequestColumns::Widths RequestColumns::leastWidths(int room) const
{
    Widths least{};
    least[Model::Time] = m_wanted[Model::Time];
    least[Model::Status] = kLeastStatus;
    int taken = least[Model::Time] + least[Model::Status];
    for (const Model::Column column :
         {Model::Latency, Model::Cost, Model::Provider, Model::Tokens, Model::Client}) {
        const bool luxury = column == Model::Tokens || column == Model::Client;
        const int model =
            luxury ? std::clamp(m_wanted[Model::Model], kLeastModel, kComfortableModel) : kLeastModel;
        if (taken + m_wanted[column] + model > room) break;
        least[column] = m_wanted[column];
        taken += least[column];
    }
    least[Model::Model] = std::max(kNarrowestModel, std::min(kLeastModel, room - taken));
    return least;
}

void RequestColumns::fit()
{
    const int room = m_table->viewport()->width();
    Widths widths = leastWidths(room);
    int left = room - std::accumulate(widths.begin(), widths.end(), 0);
    const auto grow = [&](Model::Column column, int wanted) {
        const int more = std::clamp(wanted - widths[column], 0, std::max(0, left));
        widths[column] += more;
        left -= more;
    };
    grow(Model::Model, std::min(kComfortableModel, m_wanted[Model::Model]));
    // The code and its name, or the code alone: half a name helps nobody.
    if (m_wanted[Model::Status] - widths[Model::Status] <= left) grow(Model::Status, m_wanted[Model::Status]);
    grow(Model::Model, m_wanted[Model::Model]);
    const auto shown =
        static_cast<int>(std::count_if(widths.begin(), widths.end(), [](int w) { return w > 0; }));
    for (int& width : widths) {
        if (width > 0 && left > 0) width += left / shown;
    }
    if (left > 0) widths[Model::Model] += left % shown;
    setWidths(widths);
}

void RequestColumns::setWidths(const Widths& widths)
{
    for (int column = 0; column < Model::ColumnCount; ++column) {
        const int width = widths[static_cast<std::size_t>(column)];
        m_table->setColumnHidden(column, width == 0);
        if (width > 0) m_table->setColumnWidth(column, width);
    }
}

} // namespace ui
