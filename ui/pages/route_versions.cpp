// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/route_versions.h"

#include <algorithm>

#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QTextBlock>
#include <QVBoxLayout>

#include "gateway/config_io.h"

#include "models/format.h"
#include "models/line_diff.h"
#include "pages/page.h"
#include "theme/theme.h"
#include "widgets/build.h"
#include "widgets/empty_state.h"
#include "widgets/segments.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

constexpr int kWhenWidth = 176;
constexpr int kSourceWidth = 88;
constexpr int kRowHeight = 32;
constexpr int kSomeRows = 3;
constexpr int kLeastTable = 72;
constexpr int kLeastDifference = 44;
constexpr int kRoomyHeight = 400; // From this height on what changed stands above the difference too.

QStringList linesOf(const std::string& json)
{
    return json.empty() ? QStringList() : QString::fromStdString(json).split(QLatin1Char('\n'));
}

/// Removed and added lines stand on a colour of their own; their marks say it too.
void showLines(QPlainTextEdit* edit, const std::vector<DiffLine>& lines)
{
    QStringList texts;
    for (const DiffLine& line : lines) {
        texts.append(markedLine(line));
    }
    const QString text = texts.join(QLatin1Char('\n'));
    if (edit->toPlainText() != text) edit->setPlainText(text);
    const Theme& theme = Theme::instance();
    QList<QTextEdit::ExtraSelection> colored;
    QTextBlock block = edit->document()->begin();
    for (const DiffLine& line : lines) {
        const bool added = line.kind == DiffLine::Kind::Added;
        if (added || line.kind == DiffLine::Kind::Removed) {
            QTextEdit::ExtraSelection selection;
            selection.cursor = QTextCursor(block);
            selection.format.setBackground(theme.color(added ? "successSoft" : "dangerSoft"));
            selection.format.setProperty(QTextFormat::FullWidthSelection, true);
            colored.append(selection);
        }
        block = block.next();
    }
    edit->setExtraSelections(colored);
}

} // namespace

RouteVersions::RouteVersions(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 0);
    m_empty = new EmptyState;
    m_empty->setContent(QStringLiteral("timer"), tr("No versions yet"),
                        tr("Every change of this route that comes into force is kept here, the last 100 of "
                           "them. Apply this one to begin."));
    all->addWidget(m_empty, 1);
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(kCardGap);
    m_listCard = buildList();
    splitter->addWidget(m_listCard);
    splitter->addWidget(buildDifference());
    connect(splitter, &QSplitter::splitterMoved, this, [this] { m_dragged = true; });
    m_content = splitter;
    m_content->hide();
    all->addWidget(m_content, 1);
    connect(&Theme::instance(), &Theme::changed, this, &RouteVersions::showDifference);
}

QWidget* RouteVersions::buildList()
{
    QFrame* card = makeFrame("card");
    auto* inside = column(card, {4, 4, 4, 4}, 0);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("versionsTable"));
    m_table->setModel(&m_model);
    setUpTable(m_table, tr("Versions of this route"));
    m_table->verticalHeader()->setMinimumSectionSize(kRowHeight);
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_table->setMinimumHeight(kLeastTable);
    QHeaderView* header = m_table->horizontalHeader();
    header->setSectionResizeMode(RouteVersionsModel::When, QHeaderView::Fixed);
    header->setSectionResizeMode(RouteVersionsModel::Source, QHeaderView::Fixed);
    header->resizeSection(RouteVersionsModel::When, kWhenWidth);
    header->resizeSection(RouteVersionsModel::Source, kSourceWidth);
    inside->addWidget(m_table);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &RouteVersions::showDifference);
    return card;
}

QWidget* RouteVersions::buildDifference()
{
    QFrame* card = makeFrame("card");
    auto* inside = column(card, {16, 8, 16, 8}, 6);
    QHBoxLayout* head = row(8);
    m_against = new Segments(tr("Compare with"), {tr("In force"), tr("Draft")});
    m_rollBack = makeButton(tr("Roll &back to this"), "ghost", {}, "rollBackButton");
    m_rollBack->setToolTip(tr("Takes this version into the draft. Apply then puts it in force."));
    head->addWidget(m_against);
    head->addStretch();
    head->addWidget(m_rollBack);
    inside->addLayout(head);
    m_legend = makeElided("muted");
    inside->addWidget(m_legend);
    m_summary = makeParagraph({}, "muted");
    m_summary->setAccessibleDescription(QStringLiteral("version-summary"));
    inside->addWidget(m_summary);
    m_difference = new QPlainTextEdit;
    m_difference->setObjectName(QStringLiteral("versionDifferenceEdit"));
    m_difference->setAccessibleName(tr("Difference, line by line"));
    m_difference->setProperty("mono", true);
    m_difference->setReadOnly(true);
    m_difference->setTabChangesFocus(true);
    m_difference->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_difference->setMinimumHeight(kLeastDifference);
    inside->addWidget(m_difference, 1);
    connect(m_against, &Segments::chosen, this, &RouteVersions::showDifference);
    connect(m_rollBack, &QPushButton::clicked, this, &RouteVersions::rollBack);
    return card;
}

int RouteVersions::listHeight(int rows) const
{
    const int around = m_listCard->minimumSizeHint().height() - kLeastTable; // the card's edges
    return around + 2 * m_table->frameWidth() + m_table->horizontalHeader()->sizeHint().height() +
           rows * kRowHeight;
}

// As many rows as there are, up to a third of the height but some in any case; the rest is for the
// difference.
void RouteVersions::shareHeight()
{
    m_summary->setVisible(height() >= kRoomyHeight);
    if (m_dragged) return;
    const int rows = m_model.rowCount();
    const int list = std::clamp(height() / 3, listHeight(std::min(rows, kSomeRows)), listHeight(rows));
    m_content->setSizes({list, std::max(0, height() - list - kCardGap)});
}

void RouteVersions::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    shareHeight();
}

void RouteVersions::setVersions(const std::vector<gateway::RouteVersion>& versions)
{
    const gateway::RouteVersion* before = chosen();
    const std::int64_t time = before == nullptr ? 0 : before->time;
    m_model.setVersions(versions);
    m_empty->setVisible(versions.empty());
    m_content->setVisible(!versions.empty());
    shareHeight();
    const auto same = std::find_if(versions.begin(), versions.end(),
                                   [time](const auto& version) { return version.time == time; });
    const int row = same == versions.end() ? 0 : static_cast<int>(same - versions.begin());
    if (!versions.empty()) m_table->setCurrentIndex(m_model.index(row, 0));
    showDifference();
}

void RouteVersions::setPresent(const std::string& inForce, const gateway::RouteConfig& draft)
{
    m_inForce = inForce;
    m_draft = draft;
    m_draftText = gateway::routeText(draft);
    showDifference();
}

const gateway::RouteVersion* RouteVersions::chosen() const
{
    return m_model.versionAt(m_table->currentIndex().row());
}

void RouteVersions::showDifference()
{
    const gateway::RouteVersion* version = chosen();
    const bool isDraft = m_against->current() == 1;
    const std::string& present = isDraft ? m_draftText : m_inForce;
    m_rollBack->setEnabled(version != nullptr && !version->json.empty() && version->json != m_draftText);
    if (version == nullptr) {
        m_legend->clear();
        m_summary->clear();
        m_difference->clear();
        return;
    }
    const std::vector<DiffLine> lines = lineDiff(linesOf(present), linesOf(version->json));
    const QModelIndex change = m_table->currentIndex().siblingAtColumn(RouteVersionsModel::Change);
    QString note;
    if (version->json.empty())
        note = tr("Choose an older version to bring it back.");
    else if (version->json == present)
        note = isDraft ? tr("The draft says the same.") : tr("This is what is in force.");
    else
        note = isDraft ? tr("- stands in the draft, + would come with this version.")
                       : tr("- is in force, + would come with this version.");
    m_legend->setText(note);
    m_summary->setText(change.data().toString());
    showLines(m_difference, lines);
}

void RouteVersions::rollBack()
{
    const gateway::RouteVersion* version = chosen();
    if (version == nullptr) return;
    // By the name that it has now: a version may be older than that.
    const auto route = gateway::parseRoute(m_draft.id, version->json);
    if (route) emit rollBackWanted(*route, formatInstant(version->time, QDateTime::currentDateTime()));
}

} // namespace ui
