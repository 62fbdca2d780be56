// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/usage_page.h"

#include <QAction>
#include <QDateEdit>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "charts/usage_chart.h"
#include "models/format.h"
#include "models/usage_text.h"
#include "pages/usage_dialogs.h"
#include "pages/usage_table.h"
#include "pages/usage_tiles.h"
#include "widgets/build.h"
#include "widgets/choice_button.h"
#include "widgets/clipboard.h"
#include "widgets/empty_state.h"
#include "widgets/page_scroll.h"
#include "widgets/segments.h"

namespace ui {
namespace {

constexpr int kPairWidth = 1000; // from here on two charts stand side by side

int indexOf(UsageRange range)
{
    return static_cast<int>(range);
}

QDateEdit* makeDay(const QString& name, const char* objectName)
{
    QDateEdit* edit = makeDateEdit(name, objectName);
    edit->setKeyboardTracking(false); // Half a date is none.
    edit->setFixedWidth(112);
    return edit;
}

} // namespace

UsagePage::UsagePage(const PageContext& context, QWidget* parent)
    : Page(parent), m_context(context), m_model(context.link), m_dialogs(new UsageDialogs(context.link, this))
{
    auto* all = column(this, {0, 20, 0, 0}, 12);
    buildHeader(all);
    buildTools(all);
    m_stack = new QStackedWidget;
    m_stack->addWidget(buildContent());
    m_empty = new EmptyState;
    connect(m_empty, &EmptyState::actionClicked, this, &UsagePage::showLastRequest);
    auto* around = new QWidget;
    around->setProperty("role", QStringLiteral("clear"));
    QFrame* card = makeFrame("card");
    column(around, {kPageMargin, 0, kPageMargin, 24}, 0)->addWidget(card);
    column(card, {}, 0)->addWidget(m_empty);
    m_stack->addWidget(around);
    all->addWidget(m_stack, 1);

    connect(m_dialogs, &UsageDialogs::toastWanted, this, &Page::toastWanted);
    connect(m_dialogs, &UsageDialogs::recalculated, this, &UsagePage::refresh);
    connect(&m_model, &UsageModel::changed, this, &UsagePage::showState);
    connect(&context.status, &GatewayStatus::changed, this, [this] { // The reason may have changed.
        if (m_model.state() == UsageModel::State::Failed) showState();
    });
    m_range->setCurrent(indexOf(m_model.range()));
    showState();
}

void UsagePage::refresh()
{
    m_model.refresh();
}

void UsagePage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    m_model.setWatched(true);
}

void UsagePage::hideEvent(QHideEvent* event)
{
    m_model.setWatched(false);
    Page::hideEvent(event);
}

void UsagePage::buildHeader(QVBoxLayout* all)
{
    Header header = makeHeader(tr("Usage"), QString());
    header.layout->setContentsMargins(kPageMargin, 0, kPageMargin, 0);
    m_subtitle = header.subtitle;
    m_about = makeButton(tr("A&bout these numbers"), "plain", QStringLiteral("info"), "aboutUsageButton");
    connect(m_about, &QPushButton::clicked, this, [this] { m_dialogs->explain(m_model.view()); });
    QPushButton* reconcile =
        makeButton(tr("Re&concile…"), "ghost", QStringLiteral("scale"), "reconcileButton");
    reconcile->setToolTip(tr("Compare with what a provider says you used"));
    connect(reconcile, &QPushButton::clicked, m_dialogs, &UsageDialogs::reconcile);
    QPushButton* again = makeButton(tr("&Refresh"), "ghost", QStringLiteral("refresh-cw"), "refreshButton");
    connect(again, &QPushButton::clicked, this, &UsagePage::refresh);
    header.layout->addWidget(m_about);
    header.layout->addWidget(reconcile);
    header.layout->addWidget(again);
    all->addLayout(header.layout);
}

void UsagePage::buildTools(QVBoxLayout* all)
{
    QHBoxLayout* tools = row(8);
    tools->setContentsMargins(kPageMargin, 0, kPageMargin, 0);
    QStringList ranges;
    for (const UsageRange range : kUsageRanges) {
        ranges.append(shortName(range));
    }
    m_range = new Segments(tr("Time range"), ranges);
    connect(m_range, &Segments::chosen, this, &UsagePage::chooseRange);
    m_group = new ChoiceButton(tr("By"), "usageGroupButton");
    std::vector<ChoiceButton::Choice> groups;
    for (const auto& [word, name] : usageGroups()) {
        groups.push_back({name.toLower(), word});
    }
    m_group->setChoices(groups);
    connect(m_group, &ChoiceButton::chosen, this,
            [this] { m_model.setGroup(m_group->current().toString().toStdString()); });
    m_compare = makeButton(tr("Co&mpare"), "chip", {}, "comparePriorButton");
    m_compare->setCheckable(true);
    m_compare->setChecked(m_model.isCompared());
    m_compare->setToolTip(tr("With the time before"));
    connect(m_compare, &QPushButton::toggled, &m_model, &UsageModel::setCompared);
    tools->addWidget(m_range);
    tools->addStretch();
    tools->addWidget(m_group);
    tools->addWidget(m_compare);
    all->addLayout(tools);
    m_days = buildDays();
    m_days->hide();
    all->addWidget(m_days);
}

QWidget* UsagePage::buildDays()
{
    auto* holder = new QWidget;
    holder->setProperty("role", QStringLiteral("clear"));
    auto* line = new QHBoxLayout(holder);
    line->setContentsMargins(kPageMargin, 0, kPageMargin, 0);
    line->setSpacing(8);
    m_first = makeDay(tr("First day"), "firstDayDateEdit");
    m_last = makeDay(tr("Last day"), "lastDayDateEdit");
    const QDate today = QDate::currentDate();
    m_first->setDate(today.addDays(-6));
    m_last->setDate(today);
    for (QDateEdit* edit : {m_first, m_last}) {
        connect(edit, &QDateEdit::dateChanged, this, &UsagePage::chooseDays);
    }
    line->addWidget(makeFieldLabel(tr("&From"), m_first));
    line->addWidget(m_first);
    line->addWidget(makeFieldLabel(tr("&to"), m_last));
    line->addWidget(m_last);
    line->addWidget(makeLabel(tr("both included"), "muted"));
    line->addStretch();
    return holder;
}

UsageChart* UsagePage::makeChart(const QString& title, const QString& nothing)
{
    auto* chart = new UsageChart(title, nothing);
    connect(chart, &ChartCard::figuresWanted, this, [this, chart] {
        copyText(barsCsv(chart->bars()));
        emit toastWanted({tr("Figures copied")});
    });
    connect(chart, &ChartCard::pictureWanted, this, [this, chart] { savePicture(chart); });
    return chart;
}

QWidget* UsagePage::buildContent()
{
    auto* scroll = new PageScroll;
    auto* all = column(scroll->content(), {}, kCardGap);
    m_tiles = new UsageTiles;
    all->addWidget(m_tiles);
    m_spend = makeChart(tr("Spend"), tr("Nothing spent in this time"));
    m_requests = makeChart(tr("Requests"), tr("No request in this time"));
    m_tokens = makeChart(tr("Tokens"), tr("No token used in this time"));
    all->addWidget(m_spend);
    m_pair = new QBoxLayout(QBoxLayout::LeftToRight);
    m_pair->setSpacing(kCardGap);
    m_pair->addWidget(m_requests, 1);
    m_pair->addWidget(m_tokens, 1);
    all->addLayout(m_pair);
    m_table = new UsageTable(m_model);
    connect(m_table, &UsageTable::toastWanted, this, &Page::toastWanted);
    connect(m_table, &UsageTable::requestsWanted, this,
            [this](const QString& filter) { emit pageWanted(QStringLiteral("requests"), filter); });
    connect(m_table, &UsageTable::recalculateWanted, this,
            [this] { m_dialogs->recalculate(m_model.view().span.since); });
    all->addWidget(m_table);
    all->addStretch();
    scroll->fit();
    return scroll;
}

void UsagePage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    m_pair->setDirection(width() >= kPairWidth ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

void UsagePage::chooseRange(int index)
{
    const UsageRange range = kUsageRanges[static_cast<std::size_t>(index)];
    m_days->setVisible(range == UsageRange::Custom);
    m_model.setRange(range, {m_first->date(), m_last->date()});
}

void UsagePage::chooseDays()
{
    if (m_model.range() == UsageRange::Custom)
        m_model.setRange(UsageRange::Custom, {m_first->date(), m_last->date()});
}

void UsagePage::showState()
{
    const UsageModel::State state = m_model.state();
    const QString span = longName(m_model.range(), m_model.days());
    m_subtitle->setText(span.left(1).toUpper() + span.mid(1));
    const bool ready = state == UsageModel::State::Ready;
    m_about->setEnabled(ready);
    if (state == UsageModel::State::Empty || state == UsageModel::State::Failed) {
        showEmpty();
        m_stack->setCurrentIndex(1);
        return;
    }
    m_stack->setCurrentIndex(0);
    if (!ready) return;
    const UsageView& view = m_model.view();
    m_tiles->setView(view);
    m_spend->setTitle(tr("Spend by %1").arg(groupName(view.by).toLower()));
    m_spend->setBars(usageSpendBars(view));
    m_requests->setBars(usageRequestBars(view));
    m_tokens->setBars(usageTokenBars(view));
    m_table->setView(view);
}

void UsagePage::showEmpty()
{
    if (m_model.state() == UsageModel::State::Failed) {
        const QString why = QString::fromStdString(m_context.link.activity().logProblem);
        m_empty->setContent(QStringLiteral("circle-alert"), tr("The figures cannot be read"),
                            why.isEmpty() ? m_context.status.silentLogText() : why, true);
        m_empty->setAction(tr("Try &again"), QStringLiteral("refresh-cw"));
        return;
    }
    const std::int64_t last = m_model.lastRequest();
    if (last == 0) {
        m_empty->setContent(QStringLiteral("inbox"), tr("No requests yet"),
                            tr("What tools use and what it costs is shown here once they send something."));
        m_empty->setAction(tr("&Send test request"), QStringLiteral("zap"));
        return;
    }
    m_empty->setContent(QStringLiteral("chart-column"), tr("No requests in this time"),
                        tr("The last request was %1.").arg(formatAgo(last, QDateTime::currentDateTime())));
    m_empty->setAction(tr("Sho&w it"), {});
}

void UsagePage::showLastRequest()
{
    if (m_model.state() == UsageModel::State::Failed) {
        refresh();
        return;
    }
    const std::int64_t last = m_model.lastRequest();
    if (last == 0) {
        m_context.sendTrial->trigger();
        return;
    }
    const UsageRange range = usageRangeWith(last, QDateTime::currentDateTime());
    if (range == UsageRange::Custom) {
        const QDate day = QDateTime::fromMSecsSinceEpoch(last / 1000).date();
        m_first->setDate(day);
        m_last->setDate(day);
    }
    m_range->setCurrent(indexOf(range));
    chooseRange(indexOf(range));
}

void UsagePage::savePicture(UsageChart* chart)
{
    auto* dialog =
        new QFileDialog(this, tr("Save the picture"), QStringLiteral("usage.png"), tr("Pictures (*.png)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("png"));
    connect(dialog, &QFileDialog::fileSelected, chart, [this, chart](const QString& path) {
        const QString name = QDir::toNativeSeparators(path);
        if (chart->grab().save(path, "PNG")) {
            emit toastWanted({tr("The picture was saved as %1").arg(name)});
        } else {
            emit toastWanted({tr("%1 could not be written. Choose another folder.").arg(name), {}, {}, true});
        }
    });
    dialog->open();
}

} // namespace ui
