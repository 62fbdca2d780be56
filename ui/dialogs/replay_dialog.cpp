// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/replay_dialog.h"

#include <algorithm>

#include <QFutureWatcher>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include "widgets/build.h"
#include "widgets/column_fit.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

constexpr int kWidth = 860;
constexpr int kRowHeight = 32;
constexpr int kMostRows = 8; // Then it is scrolled.

} // namespace

ReplayDialog::ReplayDialog(QWidget* parent)
    : FormDialog(tr("The last requests by this draft"), tr("&Close"), parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFixedWidth(kWidth);
    m_headline = makeParagraph({});
    setLook(m_headline, "emphasis", QStringLiteral("true"));
    m_headline->setAccessibleDescription(QStringLiteral("replay-headline"));
    m_cost = makeParagraph({});
    m_cost->setAccessibleDescription(QStringLiteral("replay-cost"));
    m_notes = makeParagraph({}, "muted");
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("replayTable"));
    m_table->setModel(&m_model);
    setUpTable(m_table, tr("Where the requests would go"));
    m_table->verticalHeader()->setMinimumSectionSize(kRowHeight);
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    for (QWidget* part : std::initializer_list<QWidget*>{m_headline, m_cost, m_table, m_notes}) {
        fields()->addWidget(part);
        part->hide();
    }
    acceptButton()->hide();
    connect(this, &FormDialog::acceptWanted, this, &QDialog::accept);
    showProgress(tr("Reading the log…"));
}

ReplayDialog::~ReplayDialog()
{
    m_future.cancel();
}

void ReplayDialog::showUnread()
{
    showProblem(tr("The log could not be read. Close this and try again."));
}

void ReplayDialog::follow(const QFuture<Replay>& replay)
{
    m_future = replay;
    auto* watcher = new QFutureWatcher<Replay>(this);
    connect(watcher, &QFutureWatcherBase::progressValueChanged, this, [this, watcher](int done) {
        showProgress(
            tr("Running them through the draft: %1 of %2").arg(done).arg(watcher->progressMaximum()));
    });
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher] {
        if (watcher->future().resultCount() > 0) showReplay(watcher->result());
    });
    watcher->setFuture(replay);
}

void ReplayDialog::showReplay(const Replay& replay)
{
    hideMessage();
    cancelButton()->hide();
    acceptButton()->show();
    acceptButton()->setFocus();
    if (!replay.problem.isEmpty()) {
        showProblem(replay.problem);
        return;
    }
    m_model.setReplay(replay);
    m_headline->setText(replayHeadline(replay));
    m_headline->show();
    if (replay.requests == 0) return;
    m_cost->setText(replayCost(replay));
    m_notes->setText(replayNotes(replay));
    new ColumnFit(m_table);
    const int rows = std::min(m_model.rowCount(), kMostRows);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + rows * kRowHeight + 4);
    for (QWidget* part : std::initializer_list<QWidget*>{m_cost, m_table, m_notes}) {
        part->show();
    }
}

} // namespace ui
