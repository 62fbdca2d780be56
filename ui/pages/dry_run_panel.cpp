// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dry_run_panel.h"

#include <algorithm>
#include <utility>

#include <QBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QTextCursor>

#include "dialogs/replay_dialog.h"
#include "models/dry_run_text.h"
#include "models/dry_source.h"
#include "models/gateway_link.h"
#include "models/when_done.h"
#include "theme/theme.h"
#include "widgets/build.h"
#include "widgets/flow_layout.h"
#include "widgets/header_text.h"
#include "widgets/request_source_box.h"
#include "widgets/result_box.h"
#include "widgets/simulate_button.h"

namespace ui {
namespace {

using From = RequestSourceBox::From;

constexpr int kLeastHeight = 72;
constexpr int kSourceWidth = 190;
constexpr std::uint32_t kLastRows = 50;
constexpr std::uint32_t kReplayRows = 500;
constexpr std::size_t kMostNamed = 60; // bytes of a target in the name of a test

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

/// They change nothing of where a request goes.
gateway::Config withoutTests(gateway::Config config)
{
    for (gateway::RouteConfig& route : config.routes) {
        route.tests.clear();
    }
    return config;
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

DryRunPanel::DryRunPanel(GatewayLink& link, QWidget* parent) : QFrame(parent), m_link(link)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {16, 12, 16, 16}, 8);
    buildHead(all);
    buildChoices(all);
    m_standIn = new ResultBox(QStringLiteral("dry-run-stand-in"));
    m_problem = new ResultBox(QStringLiteral("dry-run-result"));
    all->addWidget(m_standIn);
    all->addWidget(m_problem);
    buildTexts(all);
    fillSources();
    m_source->setCurrentIndex(1);
    connect(m_start, &QPushButton::clicked, this, &DryRunPanel::run);
    connect(m_save, &QPushButton::clicked, this, &DryRunPanel::saveTest);
    connect(m_replay, &QPushButton::clicked, this, &DryRunPanel::replayLast);
    connect(m_source, &QComboBox::currentIndexChanged, this, &DryRunPanel::onSourceChosen);
    connect(m_simulate, &SimulateButton::changed, this, &DryRunPanel::showStale);
    connect(m_body, &QPlainTextEdit::textChanged, this, &DryRunPanel::onTyped);
    connect(m_headers, &HeaderText::changed, this, &DryRunPanel::showHeaders);
    connect(&Theme::instance(), &Theme::changed, this, &DryRunPanel::showRun);
    onSourceChosen();
}

void DryRunPanel::buildHead(QVBoxLayout* all)
{
    QHBoxLayout* head = row(8);
    head->addWidget(makeLabel(tr("Dry run"), "h2"));
    m_note = makeElided("muted");
    m_note->setText(tr("Sends nothing"));
    head->addWidget(m_note, 1);
    m_start = makeButton(tr("&Run"), "ghost", QStringLiteral("play"), "dryRunButton");
    m_start->setToolTip(tr("Explains where this request would go by the draft"));
    head->addWidget(m_start);
    all->addLayout(head);
}

void DryRunPanel::buildChoices(QVBoxLayout* all)
{
    auto* choices = new QWidget;
    choices->setProperty("role", QStringLiteral("clear"));
    auto* flow = new FlowLayout(8, 8, choices);
    m_source = new RequestSourceBox(tr("Request to run"), "dryRunSourceComboBox");
    m_source->setFixedWidth(kSourceWidth);
    m_simulate = new SimulateButton;
    m_save = makeButton(tr("Save as &test"), "chip", {}, "saveTestButton");
    m_replay = makeButton(tr("Run on last 5&00"), "chip", {}, "replayButton");
    m_replay->setToolTip(tr("Shows what this draft would have made of the last 500 requests to this route"));
    for (QWidget* part : std::initializer_list<QWidget*>{m_source, m_simulate, m_save, m_replay}) {
        flow->addWidget(part);
    }
    all->addWidget(choices);
}

void DryRunPanel::buildTexts(QVBoxLayout* all)
{
    m_parts = new QBoxLayout(QBoxLayout::TopToBottom);
    m_parts->setSpacing(8);
    m_body = makeText(tr("The request's body"), "dryRunBodyEdit");
    m_body->setPlaceholderText(tr("Paste a request's body, or choose one above."));
    m_result = makeText(tr("Where it would go"), "dryRunResultEdit");
    m_result->setReadOnly(true);
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_result->setPlaceholderText(tr("Press Run to see where it would go, why, and what it would cost."));
    m_headers = new HeaderText;
    auto* asked = column(nullptr, {}, 4);
    asked->addWidget(m_body, 1);
    asked->addWidget(m_headers);
    m_parts->addLayout(asked, 2);
    m_parts->addWidget(m_result, 3);
    all->addLayout(m_parts, 1);
}

void DryRunPanel::setOrientation(Qt::Orientation orientation)
{
    m_parts->setDirection(orientation == Qt::Vertical ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void DryRunPanel::setDraft(const gateway::Config& config, const gateway::RouteId& route, bool valid)
{
    m_valid = valid;
    const bool other = route != m_route;
    const bool same = config == m_config || withoutTests(config) == withoutTests(m_config);
    m_config = config;
    m_route = route;
    m_simulate->setTargets(reachableTargets(config, route));
    if (other) {
        forget();
        if (m_source->source().from == From::Sample) onSourceChosen(); // It names the route.
    }
    if (!same) showStale();
    showButtons();
}

/// What was found is about something else.
void DryRunPanel::forget()
{
    ++m_generation;
    m_shown = m_stale = false;
    m_problem->hide();
    m_result->clear();
    m_note->setText(tr("Sends nothing"));
}

void DryRunPanel::showStale()
{
    ++m_change;
    m_stale = m_shown;
    if (m_stale) m_note->setText(tr("Changed since this run"));
    showButtons();
}

void DryRunPanel::showButtons()
{
    m_start->setEnabled(m_valid);
    m_replay->setEnabled(m_valid);
    m_save->setEnabled(m_valid && m_shown && !m_stale && !m_saved && m_run.answering() != nullptr);
    const QString expected =
        tr("The target that was chosen is expected from now on, before each change is applied");
    const QString without = tr("A test has no headers: it is run without those of this request.");
    m_save->setToolTip(m_ranWithHeaders ? expected + QStringLiteral(". ") + without : expected);
    m_save->setAccessibleDescription(m_ranWithHeaders ? without : QString());
}

void DryRunPanel::showEvent(QShowEvent* event)
{
    QFrame::showEvent(event);
    readLog();
}

void DryRunPanel::readLog()
{
    gateway::LogQuery query;
    query.limit = kLastRows;
    whenDone(m_link.requests(query), this, [this](const gateway::LogPage& page) {
        m_last = page.rows;
        fillSources();
    });
}

void DryRunPanel::fillSources()
{
    const QScopedValueRollback filling(m_filling, true);
    QStringList samples;
    for (const DrySample& sample : drySamples({})) {
        samples.append(sample.name);
    }
    m_source->fill(tr("What is pasted"), samples, m_last);
}

void DryRunPanel::onSourceChosen()
{
    if (m_filling) return;
    const RequestSourceBox::Source source = m_source->source();
    ++m_choice;
    m_logged.reset();
    m_standIn->hide();
    if (source.from == From::Logged) chooseLogged(source.which);
    const auto samples = drySamples(QString::fromStdString(m_route.text));
    const auto place = static_cast<std::size_t>(source.which);
    if (source.from == From::Sample && place < samples.size()) setBody(samples[place].body);
    showHeaders();
}

/// A request that was made has its own key, program and metadata.
void DryRunPanel::showHeaders()
{
    m_headers->setVisible(m_source->source().from != From::Logged);
    showStale();
}

gateway::DryHeaders DryRunPanel::headers() const
{
    return m_headers->isHidden() ? gateway::DryHeaders() : m_headers->lines().headers;
}

/// The list has no bodies: this one is read with it.
void DryRunPanel::chooseLogged(std::int64_t id)
{
    m_standIn->showProgress(tr("Reading it from the log…"));
    const auto gone = [this] {
        m_standIn->showResult(tr("The log could not be read. Choose it again."), false);
    };
    whenDone(
        m_link.requests(wholeRowQuery(id)), this,
        [this, id, choice = m_choice, gone](const gateway::LogPage& page) {
            if (choice != m_choice) return; // Another one was chosen meanwhile.
            if (page.rows.empty() || page.rows.front().id.value != id) {
                gone();
                return;
            }
            takeLogged(page.rows.front());
        },
        [this, choice = m_choice, gone] {
            if (choice == m_choice) gone();
        });
}

void DryRunPanel::takeLogged(const gateway::LogRow& row)
{
    const DryBody body = bodyOf(row);
    setBody(QString::fromStdString(body.bytes));
    m_logged = row;
    m_logged->requestBody.clear();
    m_logged->responseBody.clear();
    m_standIn->setVisible(body.isStandIn);
    if (body.isStandIn)
        m_standIn->showNote(
            tr("A stand-in: the log did not keep this request's body. Same model, streaming and "
               "length; its words are made up."));
}

/// Can be undone in the field, as what was typed there may be wanted again.
void DryRunPanel::setBody(const QString& text)
{
    const QScopedValueRollback filling(m_filling, true);
    QTextCursor cursor(m_body->document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
    m_body->moveCursor(QTextCursor::Start);
    showStale();
}

void DryRunPanel::onTyped()
{
    if (m_filling) return;
    const QScopedValueRollback filling(m_filling, true);
    m_source->chooseTyped();
    ++m_choice;
    m_logged.reset();
    m_standIn->hide();
    showHeaders();
}

DryGround DryRunPanel::ground() const
{
    return {m_config, m_link.places().dataFolder};
}

gateway::DryRunOptions DryRunPanel::options() const
{
    return {m_route.text, m_simulate->simulations()};
}

void DryRunPanel::run()
{
    if (!m_headers->isHidden() && !m_headers->lines().problem.isEmpty()) {
        m_headers->reveal(); // It says what is wrong.
        return;
    }
    const int generation = ++m_generation;
    m_problem->showProgress(tr("Looking where it would go…"));
    const gateway::DryHeaders sent = headers();
    whenDone(startDryRun(ground(), {m_body->toPlainText(), options(), m_logged, sent}), this,
             [this, generation, change = m_change, hasHeaders = !sent.empty()](const DryAnswer& answer) {
                 if (generation != m_generation) return;
                 m_ranWithHeaders = hasHeaders;
                 take(answer);
                 if (change != m_change) showStale(); // It is about what stood there when it began.
             });
}

void DryRunPanel::take(const DryAnswer& answer)
{
    m_shown = true;
    m_stale = m_saved = false;
    m_note->setText(tr("Nothing was sent"));
    m_run = answer.run;
    m_result->clear();
    if (!answer.problem.isEmpty()) {
        m_problem->showResult(answer.problem, false);
        m_shown = false;
    } else {
        m_problem->hide();
        showRun();
    }
    showButtons();
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

void DryRunPanel::saveTest()
{
    const gateway::DryChoice* answers = m_run.answering();
    const gateway::RouteConfig* route = m_config.findRoute(m_route.text);
    if (answers == nullptr || route == nullptr) return;
    gateway::RouteTest test;
    test.expect.target = answers->provider + '/' + answers->model;
    const QString source = m_source->currentText().section(QStringLiteral(": "), -1);
    const bool isSample = m_source->source().from == From::Sample;
    const QString name =
        isSample ? source
                 : tr("Goes to %1").arg(QString::fromStdString(test.expect.target.substr(0, kMostNamed)));
    test.name = freeTestName(*route, name.toStdString());
    test.requestJson = m_body->toPlainText().trimmed().toStdString();
    for (const gateway::DrySimulation& each : m_simulate->simulations()) {
        using Kind = gateway::DrySimulation::Kind;
        (each.kind == Kind::Down      ? test.down
         : each.kind == Kind::Limited ? test.limited
                                      : test.slow)
            .push_back(each.target);
    }
    m_saved = true;
    m_note->setText((m_ranWithHeaders ? tr("Added as “%1”, without the headers") : tr("Added as “%1”"))
                        .arg(QString::fromStdString(test.name)));
    showButtons();
    emit testWanted(test);
}

void DryRunPanel::replayLast()
{
    auto* dialog = new ReplayDialog(window());
    dialog->open();
    readOn(dialog, {});
}

/// A page of the log ends early where its bodies are large.
void DryRunPanel::readOn(ReplayDialog* dialog, std::vector<gateway::LogRow> rows)
{
    gateway::LogQuery query;
    query.route = m_route.text;
    query.limit = kReplayRows - static_cast<std::uint32_t>(rows.size());
    query.before = rows.empty() ? 0 : rows.back().id.value;
    query.withBodies = true;
    whenDone(
        m_link.requests(query), dialog,
        [this, dialog, rows = std::move(rows)](const gateway::LogPage& page) mutable {
            std::move(page.rows.begin(), page.rows.end(), std::back_inserter(rows));
            for (gateway::LogRow& row : rows) {
                row.responseBody.clear(); // Only what was asked counts.
            }
            if (page.more && !page.rows.empty() && rows.size() < kReplayRows) {
                readOn(dialog, std::move(rows));
            } else {
                dialog->follow(startReplay(ground(), std::move(rows), options()));
            }
        },
        [dialog] { dialog->showUnread(); });
}

} // namespace ui
