// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dry_run_panel.h"

#include <utility>

#include <QBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTextCursor>

#include "models/dry_run_text.h"
#include "models/when_done.h"
#include "theme/theme.h"
#include "widgets/build.h"
#include "widgets/result_box.h"

namespace ui {
namespace {

constexpr int kLeastHeight = 72;

const char* tokenOf(DryLine::Kind kind)
{
    switch (kind) {
    case DryLine::Kind::Held:
        return "success";
    case DryLine::Kind::Failed:
        return "danger";
    case DryLine::Kind::Note:
        return "muted";
    case DryLine::Kind::Undecided:
    case DryLine::Kind::Head:
    case DryLine::Kind::Plain:
        break;
    }
    return "text";
}

QPlainTextEdit* makeText(const QString& name, const char* objectName)
{
    auto* edit = new QPlainTextEdit;
    edit->setObjectName(QLatin1String(objectName));
    edit->setAccessibleName(name);
    edit->setTabChangesFocus(true);
    edit->setMinimumHeight(kLeastHeight);
    return edit;
}

} // namespace

DryRunPanel::DryRunPanel(QString dataFolder, QWidget* parent)
    : QFrame(parent), m_dataFolder(std::move(dataFolder))
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {16, 12, 16, 16}, 8);
    QHBoxLayout* head = row(8);
    head->addWidget(makeLabel(tr("Dry run"), "h2"));
    m_note = makeElided("muted");
    m_note->setText(tr("Sends nothing"));
    head->addWidget(m_note, 1);
    m_start = makeButton(tr("&Run"), "ghost", QStringLiteral("play"), "dryRunButton");
    m_start->setToolTip(tr("Explains where this request would go by the draft"));
    head->addWidget(m_start);
    all->addLayout(head);
    m_problem = new ResultBox(QStringLiteral("dry-run-result"));
    all->addWidget(m_problem);
    m_parts = new QBoxLayout(QBoxLayout::TopToBottom);
    m_parts->setSpacing(8);
    m_body = makeText(tr("The request's body"), "dryRunBodyEdit");
    m_body->setPlainText(sampleBody());
    m_result = makeText(tr("Where it would go"), "dryRunResultEdit");
    m_result->setReadOnly(true);
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_result->setPlaceholderText(tr("Paste a request, then press Run."));
    m_parts->addWidget(m_body, 2);
    m_parts->addWidget(m_result, 3);
    all->addLayout(m_parts, 1);
    connect(m_start, &QPushButton::clicked, this, &DryRunPanel::run);
    connect(m_body, &QPlainTextEdit::textChanged, this, &DryRunPanel::showStale);
    connect(&Theme::instance(), &Theme::changed, this, &DryRunPanel::showRun);
}

void DryRunPanel::setOrientation(Qt::Orientation orientation)
{
    m_parts->setDirection(orientation == Qt::Vertical ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void DryRunPanel::setDraft(const gateway::Config& config, const gateway::RouteId& route, bool valid)
{
    m_start->setEnabled(valid);
    if (route != m_route) { // What was found is about another route.
        ++m_generation;
        m_shown = m_stale = false;
        m_problem->hide();
        m_result->clear();
        m_note->setText(tr("Sends nothing"));
    }
    const bool same = config == m_config;
    m_config = config;
    m_route = route;
    if (!same) showStale();
}

void DryRunPanel::showStale()
{
    m_stale = m_shown;
    if (m_stale) m_note->setText(tr("Changed since this run"));
}

void DryRunPanel::run()
{
    const int generation = ++m_generation;
    m_problem->showProgress(tr("Looking where it would go…"));
    whenDone(startDryRun(m_config, m_dataFolder, m_body->toPlainText(), m_route), this,
             [this, generation](const DryAnswer& answer) {
                 if (generation == m_generation) take(answer);
             });
}

void DryRunPanel::take(const DryAnswer& answer)
{
    m_shown = true;
    m_stale = false;
    m_note->setText(tr("Nothing was sent"));
    m_run = answer.run;
    m_result->clear();
    if (!answer.problem.isEmpty()) {
        m_problem->showResult(answer.problem, false);
        m_shown = false;
        return;
    }
    m_problem->hide();
    showRun();
}

void DryRunPanel::showRun()
{
    if (!m_shown) return;
    m_result->clear();
    QTextCursor cursor(m_result->document());
    bool first = true;
    for (const DryLine& line : dryRunLines(m_run)) {
        QTextCharFormat look;
        look.setForeground(Theme::instance().color(tokenOf(line.kind)));
        look.setFontWeight(line.kind == DryLine::Kind::Head ? QFont::DemiBold : QFont::Normal);
        if (!first) cursor.insertBlock();
        cursor.insertText(dryLineText(line), look);
        first = false;
    }
    m_result->moveCursor(QTextCursor::Start);
}

} // namespace ui
