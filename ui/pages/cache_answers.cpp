// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/cache_answers.h"

#include <algorithm>

#include <QAction>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "dialogs/purge_dialog.h"
#include "models/cache_text.h"
#include "models/when_done.h"
#include "pages/cache_detail.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/build.h"
#include "widgets/choice_button.h"
#include "widgets/column_fit.h"
#include "widgets/empty_state.h"
#include "widgets/table_look.h"
#include "widgets/tile.h"

namespace ui {
namespace {

constexpr int kTypingMillis = 250;
constexpr int kPauseMillis = 2000;
constexpr int kDetailWidth = 340;
constexpr std::size_t kMost = 500;
constexpr qsizetype kMostText = 200'000; // letters of an answer that are shown

} // namespace

CacheAnswers::CacheAnswers(const PageContext& context, QWidget* parent) : QWidget(parent), m_context(context)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, kCardGap);
    buildTiles(all);
    buildTools(all);
    m_splitter = new QSplitter(Qt::Horizontal);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(kCardGap);
    m_splitter->addWidget(buildTable());
    m_detail = new CacheDetail;
    m_detail->hide();
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setSizes({10'000, kDetailWidth});
    all->addWidget(m_splitter, 1);

    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingMillis);
    connect(&m_typing, &QTimer::timeout, this, &CacheAnswers::refresh);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMillis);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        if (isVisible()) refresh();
    });
    connect(&context.link, &GatewayLink::activityChanged, this, &CacheAnswers::showFigures);
    connect(&context.link, &GatewayLink::configChanged, this, [this] {
        showChoices();
        showState();
    });
    connect(m_detail, &CacheDetail::closed, this, &CacheAnswers::closeDetail);
    connect(m_detail, &CacheDetail::pinWanted, this, &CacheAnswers::pin);
    connect(m_detail, &CacheDetail::purgeWanted, this, [this] { askToPurge(true); });
    auto* escape = new QShortcut(Qt::Key_Escape, this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, &CacheAnswers::closeDetail);
    showFigures();
    showChoices();
    showState();
}

void CacheAnswers::buildTiles(QVBoxLayout* all)
{
    QHBoxLayout* line = row(kCardGap);
    m_tiles = {
        new Tile(tr("Hit rate"), QStringLiteral("zap"), QStringLiteral("cache-rate")),
        new Tile(tr("Money saved"), QStringLiteral("circle-dollar-sign"), QStringLiteral("cache-money")),
        new Tile(tr("Time saved"), QStringLiteral("timer"), QStringLiteral("cache-time")),
        new Tile(tr("Answers kept"), QStringLiteral("hard-drive"), QStringLiteral("cache-kept"))};
    for (Tile* tile : m_tiles) {
        line->addWidget(tile, 1);
    }
    all->addLayout(line);
    m_problem = makeParagraph({}, "muted");
    m_problem->setProperty("tone", QStringLiteral("bad"));
    m_problem->hide();
    all->addWidget(m_problem);
}

void CacheAnswers::buildTools(QVBoxLayout* all)
{
    m_tools = new QWidget;
    m_tools->setProperty("role", QStringLiteral("clear"));
    auto* line = new QHBoxLayout(m_tools);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    m_find = new QLineEdit;
    m_find->setObjectName(QStringLiteral("cacheFilterEdit"));
    m_find->setAccessibleName(tr("Filter answers"));
    m_find->setPlaceholderText(tr("Text of the question"));
    m_find->setMaxLength(200);
    auto* glass = m_find->addAction(QIcon(), QLineEdit::LeadingPosition);
    const auto tint = [glass] {
        glass->setIcon(QIcon(iconPixmap(QStringLiteral("search"), Theme::instance().color("muted"), 16)));
    };
    connect(&Theme::instance(), &Theme::changed, glass, tint);
    tint();
    m_route = new ChoiceButton(tr("Route"), "cacheRouteButton");
    m_modelChoice = new ChoiceButton(tr("Model"), "cacheModelButton");
    QPushButton* purge = makeButton(tr("&Purge…"), "ghost", QStringLiteral("trash-2"), "purgeButton");
    connect(m_find, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(m_find, &QLineEdit::returnPressed, this, &CacheAnswers::refresh);
    connect(m_route, &ChoiceButton::chosen, this, &CacheAnswers::refresh);
    connect(m_modelChoice, &ChoiceButton::chosen, this, &CacheAnswers::refresh);
    connect(purge, &QPushButton::clicked, this, [this] { askToPurge(false); });
    line->addWidget(m_find, 1);
    line->addWidget(m_route);
    line->addWidget(m_modelChoice);
    line->addWidget(purge);
    all->addWidget(m_tools);
}

QWidget* CacheAnswers::buildTable()
{
    QFrame* card = makeFrame("card");
    card->setMinimumWidth(320);
    auto* inside = column(card, {4, 4, 4, 4}, 0);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("cachedAnswersTable"));
    m_table->setModel(&m_model);
    setUpTable(m_table, tr("Kept answers"));
    using Model = CachedAnswersModel;
    (new ColumnFit(m_table))
        ->setDispensable(
            {Model::Size, Model::Age, Model::Owner, Model::Saved, Model::Left, Model::Hits, Model::Model});
    auto* remove = new QShortcut(QKeySequence::Delete, m_table);
    remove->setContext(Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, [this] { askToPurge(true); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &CacheAnswers::showSelected);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_table);
    m_empty = new EmptyState;
    connect(m_empty, &EmptyState::actionClicked, this, &CacheAnswers::onEmptyAction);
    m_stack->addWidget(m_empty);
    inside->addWidget(m_stack, 1);
    m_more = makeParagraph({}, "muted");
    m_more->setAlignment(Qt::AlignHCenter);
    m_more->hide();
    inside->addWidget(m_more);
    return card;
}

void CacheAnswers::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void CacheAnswers::focusFind()
{
    m_find->setFocus(Qt::ShortcutFocusReason);
    m_find->selectAll();
}

void CacheAnswers::refresh()
{
    m_typing.stop();
    m_pause.stop();
    if (m_state != State::Ready) m_state = State::Reading;
    const int ask = ++m_asks;
    whenDone(
        m_context.link.cachedAnswers(filter(), kMost), this,
        [this, ask](const std::vector<gateway::CacheEntry>& entries) {
            if (ask == m_asks) takeEntries(entries);
        },
        [this, ask] {
            if (ask != m_asks) return;
            m_state = State::Failed;
            showState();
        });
}

gateway::CacheFilter CacheAnswers::filter() const
{
    gateway::CacheFilter filter;
    filter.text = m_find->text().trimmed().toStdString();
    filter.route = m_route->current().toString().toStdString();
    filter.model = m_modelChoice->current().toString().toStdString();
    return filter;
}

bool CacheAnswers::isFiltered() const
{
    const gateway::CacheFilter wanted = filter();
    return !(wanted.text.empty() && wanted.route.empty() && wanted.model.empty());
}

bool CacheAnswers::anyRouteKeeps() const
{
    const auto& routes = m_context.link.config()->routes;
    return std::any_of(routes.begin(), routes.end(),
                       [](const auto& route) { return route.cache && route.cache->exact; });
}

void CacheAnswers::showFigures()
{
    const gateway::CacheFigures& figures = m_context.link.activity().cache;
    const std::array<TileText, 4> texts = cacheTiles(figures);
    for (std::size_t i = 0; i < m_tiles.size(); ++i) {
        m_tiles[i]->setText(texts[i], {});
    }
    m_problem->setText(tr("Nothing is kept on disk: %1").arg(QString::fromStdString(figures.problem)));
    m_problem->setVisible(!figures.problem.empty());
    const bool same =
        figures.hits == m_seen.hits && figures.kept == m_seen.kept && figures.answers == m_seen.answers;
    m_seen = figures;
    if (!same && isVisible() && !m_pause.isActive()) m_pause.start();
}

void CacheAnswers::showChoices()
{
    std::vector<ChoiceButton::Choice> routes{{tr("all"), QString()}};
    for (const gateway::RouteConfig& route : m_context.link.config()->routes) {
        const QString name = QString::fromStdString(route.id.text);
        routes.push_back({name, name});
    }
    m_route->setChoices(routes);
    std::vector<ChoiceButton::Choice> models{{tr("all"), QString()}};
    for (const QString& name : std::as_const(m_names)) {
        models.push_back({name, name});
    }
    m_modelChoice->setChoices(models);
}

void CacheAnswers::takeEntries(const std::vector<gateway::CacheEntry>& entries)
{
    m_state = State::Ready;
    m_now = QDateTime::currentSecsSinceEpoch();
    bool anyNew = false;
    for (const gateway::CacheEntry& entry : entries) {
        const QString name = QString::fromStdString(entry.model);
        if (name.isEmpty() || m_names.contains(name)) continue;
        m_names.append(name);
        anyNew = true;
    }
    if (anyNew) {
        m_names.sort();
        showChoices();
    }
    const std::string before = m_shown;
    m_model.setEntries(entries, m_now);
    const int row = before.empty() ? -1 : m_model.rowOf(before);
    if (row >= 0) m_table->selectRow(row);
    showState();
    showSelected();
}

void CacheAnswers::showState()
{
    const bool any = m_state != State::Failed && m_model.rowCount() > 0;
    m_stack->setCurrentIndex(any ? 0 : 1);
    m_tools->setVisible(any || isFiltered() || m_seen.answers > 0);
    m_more->setVisible(m_model.rowCount() >= static_cast<int>(kMost));
    m_more->setText(tr("The %1 that were used last. A filter finds the others.").arg(kMost));
    if (any) return;
    if (!m_detail->isHidden()) closeDetail();
    showEmpty();
}

void CacheAnswers::showEmpty()
{
    m_empty->setAction({}, {});
    const QString disk = QStringLiteral("hard-drive");
    if (m_state == State::Failed) {
        m_empty->setContent(QStringLiteral("circle-alert"), tr("The answers cannot be read"),
                            tr("The gateway did not answer."), true);
        m_empty->setAction(tr("&Try again"), QStringLiteral("refresh-cw"));
    } else if (m_state != State::Ready) {
        m_empty->setContent(QStringLiteral("timer"), tr("Reading…"), {});
    } else if (isFiltered()) {
        m_empty->setContent(QStringLiteral("search"), tr("No answer matches"),
                            tr("None of the kept answers fits this filter."));
        m_empty->setAction(tr("&Clear filter"), QStringLiteral("x"));
    } else if (anyRouteKeeps()) {
        m_empty->setContent(disk, tr("No answer is kept yet"),
                            tr("What is asked through a route with a cache is kept from now on, and given to "
                               "who asks the same."));
    } else if (m_context.link.config()->routes.empty()) {
        m_empty->setContent(disk, tr("No route keeps answers"),
                            tr("A route can keep its answers: who asks the same gets them at once, and they "
                               "cost nothing. There is no route yet."));
        m_empty->setAction(tr("&Make a route"), QStringLiteral("plus"));
    } else {
        m_empty->setContent(disk, tr("No route keeps answers"),
                            tr("A route can keep its answers: who asks the same gets them at once, and they "
                               "cost nothing."));
        m_empty->setAction(tr("&Choose routes"), QStringLiteral("route"));
    }
}

void CacheAnswers::onEmptyAction()
{
    if (m_state == State::Failed) {
        refresh();
    } else if (isFiltered()) {
        clearFilter();
    } else if (m_context.link.config()->routes.empty()) {
        emit pageWanted(QStringLiteral("routes"), QStringLiteral("add"));
    } else {
        emit settingsWanted();
    }
}

void CacheAnswers::clearFilter()
{
    m_find->clear();
    m_route->setCurrent(QString());
    m_modelChoice->setCurrent(QString());
    refresh();
}

const gateway::CacheEntry* CacheAnswers::chosen() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : m_model.entryAt(rows.front().row());
}

void CacheAnswers::showSelected()
{
    const gateway::CacheEntry* entry = chosen();
    if (entry == nullptr) {
        if (!m_shown.empty() && m_model.rowOf(m_shown) < 0) closeDetail();
        return;
    }
    const bool isOther = entry->key != m_shown;
    m_shown = entry->key;
    m_detail->setEntry(*entry, m_now);
    m_detail->show();
    if (isOther) readText(m_shown);
}

void CacheAnswers::readText(const std::string& key)
{
    m_detail->setText(tr("Reading…"));
    whenDone(
        m_context.link.cachedText(key), this,
        [this, key](const std::string& text) {
            if (key != m_shown) return;
            m_detail->setText(text.empty() ? tr("It is gone by now.")
                                           : QString::fromStdString(text).left(kMostText));
        },
        [this, key] {
            if (key == m_shown) m_detail->setText(tr("The gateway did not answer."));
        });
}

void CacheAnswers::closeDetail()
{
    if (m_detail->isHidden()) return;
    m_detail->hide();
    m_shown.clear();
    m_table->clearSelection();
    m_table->setFocus();
}

void CacheAnswers::pin(bool pinned)
{
    const auto failed = [this](const QString& why) { emit toastWanted({why, {}, {}, true}); };
    whenDone(
        m_context.link.pinCached(m_shown, pinned), this,
        [this, pinned, failed](bool isThere) {
            if (!isThere) {
                failed(tr("The answer is gone by now."));
            } else {
                emit toastWanted({pinned ? tr("The answer stays until it is unpinned")
                                         : tr("The answer may end and make room again")});
            }
            refresh();
        },
        [failed] { failed(tr("The gateway did not answer. Try again.")); });
}

void CacheAnswers::askToPurge(bool thisOne)
{
    const gateway::CacheEntry* entry = chosen();
    if (thisOne && entry == nullptr) return;
    auto* dialog = new PurgeDialog(m_context.link,
                                   thisOne ? std::optional(*entry) : std::optional<gateway::CacheEntry>(),
                                   filter(), this);
    connect(dialog, &PurgeDialog::purged, this, [this](std::size_t answers) {
        emit toastWanted({tr("%Ln answer(s) purged", nullptr, static_cast<int>(answers))});
        refresh();
    });
    dialog->open();
}

} // namespace ui
