// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/alerts_tab.h"

#include <utility>

#include <QHeaderView>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include "models/alert_text.h"
#include "widgets/build.h"
#include "widgets/choice_button.h"
#include "widgets/empty_state.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

constexpr int kWideEnough = 860;
constexpr int kTimeWidth = 130;
constexpr int kLevelWidth = 104;
constexpr int kKindWidth = 142;
constexpr int kSubjectWidth = 128;

} // namespace

AlertsTab::AlertsTab(const PageContext& context, QWidget* parent)
    : TableTab(context, tr("Alerts"), parent), m_model(context.link)
{
    buildButtons();
    buildTable(&m_model, "alertsTable", tr("Alerts"));
    buildColumns();
    m_older = makeButton(tr("Show older"), "link", {}, "olderAlertsButton");
    connect(m_older, &QPushButton::clicked, this, [this] { m_model.readOlder(); });
    layout()->addWidget(m_older);
    layout()->setAlignment(m_older, Qt::AlignHCenter);

    connect(table(), &QTableView::activated, this, &AlertsTab::openSubject);
    connect(table()->selectionModel(), &QItemSelectionModel::selectionChanged, this, &AlertsTab::showChosen);
    connect(&m_model, &AlertsModel::stateChanged, this, &AlertsTab::showState);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &AlertsTab::showChosen);
    connect(&context.inbox, &AlertInbox::changed, this, [this] {
        m_isFresh = false;
        if (isVisible()) refresh();
        showState();
    });
    connect(empty(), &EmptyState::actionClicked, this, &AlertsTab::refresh);
    showState();
    showChosen();
}

void AlertsTab::buildColumns()
{
    table()->setItemDelegate(new WrapDelegate(table()));
    table()->setItemDelegateForColumn(AlertsModel::Level,
                                      new StatusPillDelegate(AlertsModel::OutcomeRole, table()));
    // Rows grow with what they tell: an alert that is cut tells nothing.
    table()->setWordWrap(true);
    table()->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    QHeaderView* header = table()->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setSectionResizeMode(AlertsModel::Story, QHeaderView::Stretch);
    for (const auto& [column, width] : {std::pair{AlertsModel::Time, kTimeWidth},
                                        {AlertsModel::Level, kLevelWidth},
                                        {AlertsModel::Kind, kKindWidth},
                                        {AlertsModel::Subject, kSubjectWidth}}) {
        header->resizeSection(column, width);
    }
    connect(header, &QHeaderView::sectionResized, table(), &QTableView::resizeRowsToContents);
}

// What it is about stands in the text as well: in a narrow table that has the room.
void AlertsTab::resizeEvent(QResizeEvent* event)
{
    TableTab::resizeEvent(event);
    table()->setColumnHidden(AlertsModel::Subject, width() < kWideEnough);
}

void AlertsTab::buildButtons()
{
    m_kinds = new ChoiceButton(tr("Kind"), "alertKindButton");
    buildKinds();
    m_open = makeButton(tr("Sh&ow"), "plain", QStringLiteral("external-link"), "openAlertButton");
    m_read = makeButton(tr("&Mark all as read"), "ghost", QStringLiteral("check"), "markAlertsReadButton");
    addButton(m_kinds);
    addButton(m_open);
    addButton(m_read);
    connect(m_kinds, &ChoiceButton::chosen, this, [this] {
        const QVariant kind = m_kinds->current();
        m_model.setKind(kind.toInt() == 0 ? std::nullopt
                                          : std::optional(static_cast<gateway::Alert::Kind>(kind.toInt())));
    });
    connect(m_open, &QPushButton::clicked, this, &AlertsTab::openSubject);
    connect(m_read, &QPushButton::clicked, this, [this] { this->context().inbox.markAllRead(); });
}

void AlertsTab::buildKinds()
{
    std::vector<ChoiceButton::Choice> choices{{tr("all"), 0}};
    for (const gateway::Alert::Kind kind : alertKinds()) {
        choices.push_back({kindText(kind), static_cast<int>(kind)});
    }
    m_kinds->setChoices(choices);
}

void AlertsTab::showEvent(QShowEvent* event)
{
    TableTab::showEvent(event);
    if (m_isFresh) return;
    m_isFresh = true;
    refresh();
}

void AlertsTab::showState()
{
    m_model.setLastRead(context().inbox.lastRead());
    m_older->setVisible(m_model.hasOlder() && m_model.rowCount() > 0);
    m_read->setEnabled(context().inbox.unread() > 0);
    const bool any = m_model.rowCount() > 0;
    m_kinds->setVisible(any || m_model.isFiltered());
    m_read->setVisible(any || m_model.isFiltered());
    showEmpty();
    showRows();
    showChosen();
}

void AlertsTab::showEmpty()
{
    const QString bell = QStringLiteral("bell");
    switch (m_model.state()) {
    case AlertsModel::State::Failed:
        empty()->setContent(QStringLiteral("circle-alert"), tr("The alerts cannot be read"),
                            context().status.silentLogText(), true);
        empty()->setAction(tr("&Try again"), QStringLiteral("refresh-cw"));
        break;
    case AlertsModel::State::Ready:
        empty()->setAction({}, {});
        if (m_model.isFiltered()) {
            empty()->setContent(bell, tr("None of this kind"), tr("Choose another kind to see the others."));
        } else {
            empty()->setContent(
                bell, tr("No alerts"),
                tr("Budgets that near their end, agents that go round in circles, providers that "
                   "fail and keys that are refused are told here, and stay here."));
        }
        break;
    default:
        empty()->setAction({}, {});
        empty()->setContent(bell, tr("Reading…"), {});
        break;
    }
}

void AlertsTab::showChosen()
{
    m_open->setVisible(m_model.rowCount() > 0);
    m_open->setEnabled(m_model.alertAt(chosenRow()) != nullptr);
}

void AlertsTab::openSubject()
{
    const gateway::Alert* alert = m_model.alertAt(chosenRow());
    if (alert == nullptr) return;
    const AlertPlace place = placeOf(*alert, *context().link.config());
    emit pageWanted(place.page, place.what.isEmpty() ? QVariant() : QVariant(place.what));
}

} // namespace ui
