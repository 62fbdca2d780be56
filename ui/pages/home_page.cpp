// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/home_page.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "charts/latency_chart.h"
#include "charts/spend_chart.h"
#include "models/format.h"
#include "pages/request_columns.h"
#include "pages/welcome_panel.h"
#include "widgets/build.h"
#include "widgets/empty_state.h"
#include "widgets/page_scroll.h"
#include "widgets/segments.h"
#include "widgets/spend_strip.h"
#include "widgets/table_look.h"
#include "widgets/tile.h"

namespace ui {
namespace {

constexpr std::uint32_t kRecentRows = 10;

TimeRange rangeAt(int index)
{
    const bool known = index >= 0 && index < static_cast<int>(kTimeRanges.size());
    return known ? kTimeRanges[static_cast<std::size_t>(index)] : TimeRange::LastDay;
}

} // namespace

HomePage::HomePage(const PageContext& context, QWidget* parent)
    : Page(parent), m_context(context), m_model(context.link), m_recent(context.link)
{
    auto* all = column(this, {0, 20, 0, 0}, kCardGap);
    buildHeader(all);

    m_stack = new QStackedWidget;
    m_stack->addWidget(buildContent());
    m_welcome = new WelcomePanel(context);
    connect(m_welcome, &WelcomePanel::pageWanted, this, &Page::pageWanted);
    connect(m_welcome, &WelcomePanel::toastWanted, this, &Page::toastWanted);
    m_stack->addWidget(m_welcome);
    m_failed = new EmptyState;
    m_failed->setAction(tr("&Try again"), QStringLiteral("refresh-cw"));
    connect(m_failed, &EmptyState::actionClicked, this, &HomePage::refresh);
    auto* around = new QWidget;
    around->setProperty("role", QStringLiteral("clear"));
    QFrame* failedCard = makeFrame("card");
    column(around, {kPageMargin, 0, kPageMargin, 24}, 0)->addWidget(failedCard);
    column(failedCard, {}, 0)->addWidget(m_failed);
    m_stack->addWidget(around);
    all->addWidget(m_stack, 1);

    connect(&m_model, &HomeModel::changed, this, &HomePage::showFigures);
    connect(&context.status, &GatewayStatus::changed, this, [this] { // The reason may have changed.
        if (m_model.state() == HomeModel::State::Failed) showFigures();
    });
    connect(&m_recent, &RequestTableModel::stateChanged, this, &HomePage::fitTable);
    m_recent.setLimit(kRecentRows);
    const int range = context.preferences.homeRange();
    m_range->setCurrent(range);
    m_model.setRange(rangeAt(range));
    m_recent.setQuery({}, 0);
}

void HomePage::refresh()
{
    m_model.refresh();
    m_recent.refresh();
}

void HomePage::buildHeader(QVBoxLayout* all)
{
    Header header = makeHeader(tr("Home"), QString());
    header.layout->setContentsMargins(kPageMargin, 0, kPageMargin, 0);
    m_subtitle = header.subtitle;
    QStringList ranges;
    for (const TimeRange range : kTimeRanges) {
        ranges.append(shortName(range));
    }
    m_range = new Segments(tr("Time range"), ranges);
    connect(m_range, &Segments::chosen, this, [this](int index) {
        m_context.preferences.setHomeRange(index);
        m_model.setRange(rangeAt(index));
    });
    m_refresh = makeButton(tr("&Refresh"), "ghost", QStringLiteral("refresh-cw"), "refreshButton");
    connect(m_refresh, &QPushButton::clicked, this, &HomePage::refresh);
    QPushButton* trial =
        makeButton(tr("&Send test request"), "primary", QStringLiteral("zap"), "sendTestButton");
    bindAction(trial, m_context.sendTrial);
    header.layout->addWidget(m_range);
    header.layout->addWidget(m_refresh);
    header.layout->addWidget(trial);
    all->addLayout(header.layout);
}

QWidget* HomePage::buildContent()
{
    auto* scroll = new PageScroll;
    auto* all = column(scroll->content(), {}, kCardGap);

    QHBoxLayout* tiles = row(kCardGap);
    m_tiles = {new Tile(tr("Requests"), QStringLiteral("activity"), QStringLiteral("requests")),
               new Tile(tr("Spend"), QStringLiteral("circle-dollar-sign"), QStringLiteral("spend")),
               new Tile(tr("p95 latency"), QStringLiteral("timer"), QStringLiteral("p95-latency")),
               new Tile(tr("Error rate"), QStringLiteral("triangle-alert"), QStringLiteral("error-rate"))};
    for (Tile* tile : m_tiles) {
        tiles->addWidget(tile, 1);
    }
    all->addLayout(tiles);
    auto* spending = new SpendStrip(m_context.status, m_context.pauseSpending);
    connect(spending, &SpendStrip::budgetsWanted, this,
            [this] { emit pageWanted(QStringLiteral("keys"), QStringLiteral("budgets")); });
    all->addWidget(spending);

    QHBoxLayout* charts = row(kCardGap);
    m_latency = new LatencyChart;
    m_spend = new SpendChart;
    charts->addWidget(m_latency, 3);
    charts->addWidget(m_spend, 2);
    all->addLayout(charts);
    all->addWidget(buildRecent());
    all->addStretch();
    scroll->fit();
    return scroll;
}

QWidget* HomePage::buildRecent()
{
    QFrame* card = makeFrame("card");
    auto* inside = column(card, {4, 12, 4, 6}, 4);
    QHBoxLayout* head = row(8);
    head->setContentsMargins(12, 0, 8, 0);
    m_recentCount = makeLabel({}, "muted");
    QPushButton* more = makeButton(tr("Show &all"), "link", {}, "showAllButton");
    connect(more, &QPushButton::clicked, this, [this] { emit pageWanted(QStringLiteral("requests"), {}); });
    head->addWidget(makeLabel(tr("Recent requests"), "h2"));
    head->addStretch();
    head->addWidget(m_recentCount);
    head->addWidget(more);
    inside->addLayout(head);

    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("recentTable"));
    m_table->setModel(&m_recent);
    setUpTable(m_table, tr("Recent requests"));
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    new RequestColumns(m_table);
    const auto open = [this](const QModelIndex& index) {
        emit pageWanted(QStringLiteral("requests"), index.data(RequestTableModel::IdRole));
    };
    connect(m_table, &QTableView::clicked, this, open);
    connect(m_table, &QTableView::activated, this, open);
    inside->addWidget(m_table);
    return card;
}

void HomePage::showFigures()
{
    const TimeRange range = m_model.range();
    const HomeModel::State state = m_model.state();
    const bool empty = state == HomeModel::State::Empty;
    m_subtitle->setText(empty ? tr("No request yet") : tr("Traffic, %1").arg(longName(range)));
    m_range->setVisible(!empty); // Nothing to choose from.
    m_refresh->setVisible(!empty);
    if (empty) {
        m_stack->setCurrentWidget(m_welcome);
    } else if (state == HomeModel::State::Failed) {
        const QString why = QString::fromStdString(m_context.link.activity().logProblem);
        m_failed->setContent(QStringLiteral("circle-alert"), tr("The figures cannot be read"),
                             why.isEmpty() ? m_context.status.silentLogText() : why, true);
        m_stack->setCurrentIndex(2);
    } else {
        m_stack->setCurrentIndex(0);
    }
    if (state != HomeModel::State::Ready) return;
    const gateway::Figures& figures = m_model.figures();
    const QString span = shortName(range);
    m_tiles[0]->setText(requestsTile(figures), span);
    m_tiles[1]->setText(spendTile(figures), span);
    m_tiles[2]->setText(latencyTile(figures), span);
    m_tiles[3]->setText(errorTile(figures), span);
    m_latency->setFigures(figures);
    m_spend->setFigures(figures, spanOf(range).barMicros);
}

void HomePage::fitTable()
{
    const int rows = std::max(1, m_recent.rowCount());
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() +
                            rows * m_table->verticalHeader()->defaultSectionSize() + 2);
    const bool known = m_recent.state() == RequestTableModel::State::Ready;
    m_recentCount->setText(known ? tr("%Ln request(s) in all", nullptr, static_cast<int>(m_recent.total()))
                                 : QString());
}

} // namespace ui
