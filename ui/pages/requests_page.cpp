// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests_page.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "models/time_range.h"
#include "models/when_done.h"
#include "pages/request_columns.h"
#include "pages/request_detail.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/build.h"
#include "widgets/clipboard.h"
#include "widgets/empty_state.h"
#include "widgets/segments.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

constexpr int kTypingMillis = 250;
constexpr int kSlowMillis = 300;
constexpr int kDetailWidth = 340;

} // namespace

RequestsPage::RequestsPage(const PageContext& context, QWidget* parent)
    : Page(parent), m_context(context), m_model(context.link)
{
    QVBoxLayout* all = pageLayout();
    buildHeader(all);
    m_splitter = new QSplitter(Qt::Horizontal);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(kCardGap);
    m_splitter->addWidget(buildTable());
    m_detail = new RequestDetail;
    m_detail->hide();
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setSizes({10'000, kDetailWidth});
    if (const QByteArray state = context.preferences.requestsSplitter(); !state.isEmpty()) {
        m_splitter->restoreState(state);
        m_splitter->setOrientation(Qt::Horizontal);
    }
    all->addWidget(m_splitter, 1);

    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingMillis);
    connect(&m_typing, &QTimer::timeout, this, &RequestsPage::runQuery);
    connect(&m_model, &RequestTableModel::stateChanged, this, &RequestsPage::showState);
    connect(&m_model, &RequestTableModel::waitingChanged, this, &RequestsPage::showWaiting);
    connect(&context.status, &GatewayStatus::changed, this, [this] { // The reason may have changed.
        if (m_model.state() == RequestTableModel::State::Failed) showState();
    });
    connect(m_detail, &RequestDetail::toastWanted, this, &Page::toastWanted);
    connect(m_detail, &RequestDetail::closed, this, &RequestsPage::closeDetail);
    auto* escape = new QShortcut(Qt::Key_Escape, this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, &RequestsPage::closeDetail);
    m_slow.setSingleShot(true);
    m_slow.setInterval(kSlowMillis);
    connect(&m_slow, &QTimer::timeout, this, &RequestsPage::showReading);
    runQuery();
}

void RequestsPage::refresh()
{
    if (m_typing.isActive()) {
        runQuery(); // What was typed last counts, too.
    } else {
        m_model.refresh();
    }
}

void RequestsPage::focusFind()
{
    m_find->setFocus(Qt::ShortcutFocusReason);
    m_find->selectAll();
}

void RequestsPage::open(const QVariant& what)
{
    if (what.userType() == QMetaType::QString) {
        showOnly(what.toString());
        return;
    }
    const std::int64_t id = what.toLongLong();
    if (id == 0) return;
    const int present = m_model.rowOf(id);
    if (present >= 0) {
        m_table->selectRow(present);
    } else {
        m_table->clearSelection();
        readDetail(id);
    }
}

void RequestsPage::showOnly(const QString& filter)
{
    m_range->setCurrent(static_cast<int>(kTimeRanges.size()));
    m_find->setText(filter);
    runQuery();
}

void RequestsPage::hideEvent(QHideEvent* event)
{
    if (m_detail->isVisibleTo(this)) m_context.preferences.setRequestsSplitter(m_splitter->saveState());
    QWidget::hideEvent(event);
}

void RequestsPage::buildHeader(QVBoxLayout* all)
{
    const Header header = makeHeader(tr("Requests"), {});
    m_subtitle = header.subtitle;
    QPushButton* again = makeButton(tr("&Refresh"), "ghost", QStringLiteral("refresh-cw"), "refreshButton");
    connect(again, &QPushButton::clicked, this, &RequestsPage::refresh);
    header.layout->addWidget(again);
    all->addLayout(header.layout);

    QHBoxLayout* tools = row(8);
    m_find = new QLineEdit;
    m_find->setObjectName(QStringLiteral("filterEdit"));
    m_find->setAccessibleName(tr("Filter requests"));
    m_find->setPlaceholderText(tr("Filter: text, status:error, provider:…, model:…, key:…, client:…"));
    m_find->setToolTip(tr("Fields: %1. Several are joined by and.")
                           .arg(RequestFilter::fieldNames().join(QStringLiteral(", "))));
    m_find->setClearButtonEnabled(false);
    m_find->setMaxLength(500);
    auto* glass = m_find->addAction(QIcon(), QLineEdit::LeadingPosition);
    const auto tint = [glass] {
        glass->setIcon(QIcon(iconPixmap(QStringLiteral("search"), Theme::instance().color("muted"), 16)));
    };
    connect(&Theme::instance(), &Theme::changed, glass, tint);
    tint();
    connect(m_find, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(m_find, &QLineEdit::returnPressed, this, &RequestsPage::runQuery);
    QStringList ranges;
    for (const TimeRange range : kTimeRanges) {
        ranges.append(shortName(range));
    }
    ranges.append(tr("All"));
    m_range = new Segments(tr("Time range"), ranges);
    m_range->setCurrent(static_cast<int>(kTimeRanges.size()));
    connect(m_range, &Segments::chosen, this, &RequestsPage::runQuery);
    tools->addWidget(m_find, 1);
    tools->addWidget(m_range);
    all->addLayout(tools);
}

QWidget* RequestsPage::buildTable()
{
    QFrame* card = makeFrame("card");
    card->setMinimumWidth(320);
    auto* inside = column(card, {4, 4, 4, 4}, 0);
    m_newRows = makeButton(QStringLiteral("-"), "link", {}, "newRowsButton");
    m_newRows->hide();
    connect(m_newRows, &QPushButton::clicked, this, [this] {
        m_table->scrollToTop();
        m_model.setFollowing(true);
    });
    inside->addWidget(m_newRows, 0, Qt::AlignHCenter);
    m_stack = new QStackedWidget;
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("requestsTable"));
    m_table->setModel(&m_model);
    setUpTable(m_table, tr("Requests"));
    new RequestColumns(m_table);
    buildRowMenu();
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, &RequestsPage::onScrolled);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &RequestsPage::showSelected);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &RequestsPage::showSelected);
    m_stack->addWidget(m_table);
    m_empty = new EmptyState;
    connect(m_empty, &EmptyState::actionClicked, this, [this] {
        if (m_model.state() == RequestTableModel::State::Failed) {
            refresh();
        } else if (m_model.filter().isEmpty() && m_range->current() == static_cast<int>(kTimeRanges.size())) {
            m_context.sendTrial->trigger();
        } else {
            clearFilter();
        }
    });
    m_stack->addWidget(m_empty);
    inside->addWidget(m_stack, 1);
    return card;
}

void RequestsPage::buildRowMenu()
{
    const auto add = [this](const QString& text, auto slot) {
        auto* action = new QAction(text, m_table);
        connect(action, &QAction::triggered, this, [this, slot] {
            if (const gateway::LogRow* row = currentRow()) slot(*row);
        });
        m_table->addAction(action);
        return action;
    };
    QAction* copyId = add(tr("Copy id"), [this](const gateway::LogRow& row) {
        copyText(QString::fromStdString(row.id.text()));
        emit toastWanted({tr("Request id copied")});
    });
    copyId->setShortcut(QKeySequence::Copy);
    copyId->setShortcutContext(Qt::WidgetShortcut);
    QAction* copyError = add(tr("Copy error"), [this](const gateway::LogRow& row) {
        copyText(QString::fromStdString(row.errorMessage.empty() ? row.errorCode : row.errorMessage));
        emit toastWanted({tr("Error copied")});
    });
    auto* line = new QAction(m_table);
    line->setSeparator(true);
    m_table->addAction(line);
    add(tr("Only this model"), [this](const gateway::LogRow& row) { filterBy("model", row.requestedModel); });
    add(tr("Only this provider"), [this](const gateway::LogRow& row) { filterBy("provider", row.provider); });
    add(tr("Only this client"), [this](const gateway::LogRow& row) { filterBy("client", row.client); });
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this, copyError] {
        const gateway::LogRow* row = currentRow();
        copyError->setEnabled(row != nullptr && !(row->errorMessage.empty() && row->errorCode.empty()));
    });
}

void RequestsPage::filterBy(const char* field, const std::string& value)
{
    QString text = QString::fromStdString(value);
    if (text.isEmpty()) return;
    text.remove(QLatin1Char('"')); // The filter knows no way to write it.
    QStringList parts{m_find->text().trimmed(), QStringLiteral("%1:\"%2\"").arg(QLatin1String(field), text)};
    parts.removeAll(QString());
    m_find->setText(parts.join(QLatin1Char(' ')));
    runQuery();
}

const gateway::LogRow* RequestsPage::currentRow() const
{
    const QModelIndexList chosen = m_table->selectionModel()->selectedRows();
    return chosen.isEmpty() ? nullptr : m_model.rowAt(chosen.front().row());
}

void RequestsPage::closeDetail()
{
    if (m_detail->isHidden()) return;
    m_detail->hide();
    m_shownId = 0;
    m_table->clearSelection();
    m_table->setFocus();
}

void RequestsPage::runQuery()
{
    m_typing.stop();
    const auto index = static_cast<std::size_t>(m_range->current());
    const std::int64_t span = index < kTimeRanges.size() ? spanOf(kTimeRanges[index]).micros : 0;
    m_model.setQuery(RequestFilter::parse(m_find->text()), span);
}

void RequestsPage::showState()
{
    const RequestTableModel::State state = m_model.state();
    if (state == RequestTableModel::State::Loading) { // What is shown stays until the answer is there.
        m_slow.start();
        return;
    }
    m_slow.stop();
    m_subtitle->setText(tr("%Ln request(s)", nullptr, static_cast<int>(m_model.total())));
    const bool filtered =
        !m_model.filter().isEmpty() || m_range->current() < static_cast<int>(kTimeRanges.size());
    if (state == RequestTableModel::State::Failed) {
        const QString why = QString::fromStdString(m_context.link.activity().logProblem);
        m_empty->setContent(QStringLiteral("circle-alert"), tr("The log cannot be read"),
                            why.isEmpty() ? m_context.status.silentLogText() : why, true);
        m_empty->setAction(tr("&Try again"), QStringLiteral("refresh-cw"));
    } else if (m_model.rowCount() == 0 && filtered) {
        m_empty->setContent(QStringLiteral("search"), tr("No request matches"),
                            tr("Nothing in the log fits this filter and time."));
        m_empty->setAction(tr("&Clear filter"), QStringLiteral("x"));
    } else if (m_model.rowCount() == 0) {
        m_empty->setContent(
            QStringLiteral("inbox"), tr("No requests yet"),
            tr("Point a tool at %1, or try the simulated model.").arg(m_context.status.baseUrl()));
        m_empty->setAction(tr("&Send test request"), QStringLiteral("zap"));
    }
    const bool table = state != RequestTableModel::State::Failed && m_model.rowCount() > 0;
    m_stack->setCurrentIndex(table ? 0 : 1);
}

void RequestsPage::showReading()
{
    m_subtitle->setText(tr("Reading…"));
    if (m_model.rowCount() > 0) return;
    m_empty->setContent(QStringLiteral("timer"), tr("Reading the log…"), tr("Large logs take a moment."));
    m_empty->setAction({}, {});
    m_stack->setCurrentIndex(1);
}

void RequestsPage::showWaiting()
{
    const auto waiting = static_cast<int>(m_model.waiting());
    m_newRows->setVisible(waiting > 0);
    m_newRows->setText(tr("▲ %Ln new", nullptr, waiting));
    m_newRows->setAccessibleName(tr("Show %Ln new request(s)", nullptr, waiting));
}

void RequestsPage::onScrolled()
{
    m_model.setFollowing(m_table->verticalScrollBar()->value() == 0);
}

void RequestsPage::showSelected()
{
    const gateway::LogRow* row = currentRow();
    if (row == nullptr || row->id.value == m_shownId) return;
    readDetail(row->id.value);
}

void RequestsPage::readDetail(std::int64_t id)
{
    m_shownId = id;
    gateway::LogQuery query;
    query.before = id + 1;
    query.limit = 1;
    query.withBodies = true;
    whenDone(m_context.link.requests(query), this, [this, id](const gateway::LogPage& page) {
        if (id != m_shownId) return; // Another one was chosen meanwhile.
        if (page.rows.empty() || page.rows.front().id.value != id) {
            emit toastWanted({tr("This request is no longer in the log."), {}, {}, true});
            return;
        }
        m_detail->setRequest(page.rows.front(), m_context.status.baseUrl(),
                             m_context.link.config()->server.logBodies);
        m_detail->show();
    });
}

void RequestsPage::clearFilter()
{
    m_find->clear();
    m_range->setCurrent(static_cast<int>(kTimeRanges.size()));
    runQuery();
}

} // namespace ui
