// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/usage_table.h"

#include <algorithm>

#include <QAction>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include "models/usage_csv.h"
#include "models/usage_text.h"
#include "models/when_done.h"
#include "pages/tab_layout.h"
#include "widgets/build.h"
#include "widgets/clipboard.h"
#include "widgets/column_fit.h"
#include "widgets/table_look.h"
#include "widgets/tone_delegate.h"

namespace ui {
namespace {

constexpr int kNarrow = 880;
constexpr int kMostShownRows = 12; // below that many rows the table does not scroll

} // namespace

UsageTable::UsageTable(UsageModel& usage, QWidget* parent) : QFrame(parent), m_usage(usage)
{
    setProperty("role", QStringLiteral("card"));
    buildHead();
    buildTable();
    buildMenu();
}

void UsageTable::buildHead()
{
    auto* all = column(this, {4, 12, 4, 6}, 4);
    QHBoxLayout* head = row(8);
    head->setContentsMargins(kTabIndent - 4, 0, kTabIndent - 8, 0);
    m_title = makeLabel({}, "h2");
    m_unpriced = makeButton(QStringLiteral("-"), "link", QStringLiteral("info"), "unpricedButton");
    m_unpriced->hide();
    connect(m_unpriced, &QPushButton::clicked, this, &UsageTable::recalculateWanted);
    m_open = makeButton(tr("Show these requests"), "link", {}, "showUsageRequestsButton");
    connect(m_open, &QPushButton::clicked, this, &UsageTable::showRequests);
    m_copy = makeIconButton(QStringLiteral("copy"), tr("Copy as CSV"), "copyUsageButton");
    connect(m_copy, &QPushButton::clicked, this, &UsageTable::copyCsv);
    m_export = makeIconButton(QStringLiteral("download"), tr("Export as CSV…"), "exportUsageButton");
    connect(m_export, &QPushButton::clicked, this, &UsageTable::exportCsv);
    head->addWidget(m_title);
    head->addStretch();
    head->addWidget(m_unpriced);
    head->addWidget(m_open);
    head->addWidget(m_copy);
    head->addWidget(m_export);
    all->addLayout(head);
}

void UsageTable::buildTable()
{
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("usageTable"));
    m_table->setModel(&m_model);
    setUpTable(m_table, tr("Usage by group"));
    m_table->setItemDelegate(new ToneDelegate(-1, UsageTableModel::StrongRole, m_table));
    m_table->horizontalHeader()->setSectionsClickable(true);
    m_table->horizontalHeader()->setSortIndicator(UsageTableModel::Spend, Qt::DescendingOrder);
    m_table->setSortingEnabled(true);
    m_table->horizontalHeader()->setSortIndicatorShown(false); // The name of the column says it in less room.
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_columns = new ColumnFit(m_table);
    m_columns->setScrolls(true);
    connect(&m_model, &QAbstractItemModel::headerDataChanged, m_columns, &ColumnFit::fit);
    connect(m_table, &QTableView::activated, this, &UsageTable::showRequests);
    layout()->addWidget(m_table);
}

void UsageTable::buildMenu()
{
    m_openAction = new QAction(tr("Show these requests"), m_table);
    connect(m_openAction, &QAction::triggered, this, &UsageTable::showRequests);
    auto* name = new QAction(tr("Copy name"), m_table);
    name->setShortcut(QKeySequence::Copy);
    name->setShortcutContext(Qt::WidgetShortcut);
    connect(name, &QAction::triggered, this, [this] {
        if (const gateway::UsageRow* row = chosen()) copyText(QString::fromStdString(row->name));
    });
    m_table->addActions({m_openAction, name});
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    const auto enable = [this, name] {
        const gateway::UsageRow* row = chosen();
        const bool known = row != nullptr && !rowFilter(m_by, row->name, m_span).isEmpty();
        m_open->setEnabled(known);
        m_openAction->setEnabled(known);
        name->setEnabled(row != nullptr && !row->name.empty());
    };
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, enable);
    connect(&m_model, &QAbstractItemModel::modelReset, this, enable);
    enable();
}

const gateway::UsageRow* UsageTable::chosen() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : m_model.rowAt(rows.front().row());
}

void UsageTable::setView(const UsageView& view)
{
    const gateway::UsageRow* row = chosen();
    const std::string kept = row == nullptr ? std::string() : row->name;
    const bool keep = row != nullptr && view.by == m_by;
    m_span = view.span;
    m_by = view.by;
    m_title->setText(tr("By %1").arg(groupName(m_by).toLower()));
    m_model.setView(view);
    const int place = keep ? m_model.rowOf(kept) : -1;
    if (place >= 0 && chosen() == nullptr) m_table->selectRow(place);
    const auto unpriced = static_cast<int>(view.total.unpriced);
    m_unpriced->setVisible(unpriced > 0);
    setButtonText(m_unpriced, tr("%Ln request(s) without price", nullptr, unpriced));
    m_unpriced->setToolTip(tr("They count as nothing. See whether they can be priced now."));
    fit();
}

// Where there is no room for all, what was spent is not what is scrolled out of sight: caches are told in the
// tool tip of what was sent, too.
void UsageTable::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    const bool narrow = width() < kNarrow;
    for (const int column : {UsageTableModel::CacheRead, UsageTableModel::CacheWrite}) {
        m_table->setColumnHidden(column, narrow);
    }
    m_columns->fit();
}

// As high as its rows, so that the page is what scrolls, up to where it is better that the table does.
void UsageTable::fit()
{
    const int rows = std::clamp(m_model.rowCount(), 1, kMostShownRows);
    const int bar = 14; // of a table that is wider than its room
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() +
                            rows * m_table->verticalHeader()->defaultSectionSize() + bar);
}

void UsageTable::showRequests()
{
    const gateway::UsageRow* row = chosen();
    if (row == nullptr) return;
    const QString filter = rowFilter(m_by, row->name, m_span);
    if (filter.isEmpty())
        emit toastWanted({tr("Requests without a name cannot be filtered by it.")});
    else
        emit requestsWanted(filter);
}

void UsageTable::exportCsv()
{
    auto* dialog = new QFileDialog(this, tr("Export the table"), QStringLiteral("usage.csv"),
                                   tr("CSV (*.csv);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    connect(dialog, &QFileDialog::fileSelected, this, &UsageTable::saveCsv);
    dialog->open();
}

// The table may not have all rows: they are read then.
void UsageTable::withWhole(const UsageModel::WholeRead& then)
{
    if (m_busy) return;
    setBusy(true);
    m_usage.readWhole(this, [this, then](const std::shared_ptr<const UsageView>& view) {
        if (view != nullptr) return then(view);
        setBusy(false);
        emit toastWanted({tr("The log did not answer, so there is no table. Try again."), {}, {}, true});
    });
}

void UsageTable::copyCsv()
{
    withWhole([this](const std::shared_ptr<const UsageView>& view) {
        whenDone(
            makeUsageCsv(view, m_model.order()), this,
            [this](const QString& csv) {
                setBusy(false);
                copyText(csv);
                emit toastWanted({tr("Table copied")});
            },
            [this] { setBusy(false); });
    });
}

void UsageTable::saveCsv(const QString& path)
{
    withWhole([this, path](const std::shared_ptr<const UsageView>& view) {
        whenDone(
            writeUsageCsv(view, m_model.order(), path), this,
            [this, path](const QString& problem) {
                setBusy(false);
                tellSaved(path, problem);
            },
            [this] { setBusy(false); });
    });
}

void UsageTable::tellSaved(const QString& path, const QString& problem)
{
    const QString name = QDir::toNativeSeparators(path);
    if (problem.isEmpty()) {
        emit toastWanted({tr("The table was written to %1").arg(name)});
    } else {
        emit toastWanted(
            {tr("%1 could not be written: %2. Choose another folder.").arg(name, problem), {}, {}, true});
    }
}

// One CSV at a time. A button that is switched off loses the focus: it has it back after, unless somebody
// went elsewhere meanwhile.
void UsageTable::setBusy(bool busy)
{
    const QPointer<QWidget> focused = window()->focusWidget();
    m_busy = busy;
    m_copy->setEnabled(!busy);
    m_export->setEnabled(!busy);
    if (busy) {
        m_focusBefore = focused;
        m_focusMeanwhile = window()->focusWidget();
    } else if (m_focusBefore && m_focusBefore != focused && m_focusMeanwhile == focused) {
        m_focusBefore->setFocus();
    }
}

} // namespace ui
