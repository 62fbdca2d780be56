// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/route_editor.h"

#include <algorithm>
#include <utility>

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QStringList>
#include <QTimer>
#include <QVBoxLayout>

#include "dialogs/confirm_dialog.h"
#include "models/gateway_link.h"
#include "models/route_test_text.h"
#include "pages/dry_run_panel.h"
#include "pages/page.h"
#include "pages/route_failure_card.h"
#include "pages/route_guardrails_card.h"
#include "pages/route_prompt_card.h"
#include "pages/route_targets_card.h"
#include "pages/route_tests_card.h"
#include "pages/route_versions.h"
#include "pages/route_when_card.h"
#include "widgets/build.h"
#include "widgets/result_box.h"
#include "widgets/route_picture.h"
#include "widgets/segments.h"

namespace ui {
namespace {

constexpr int kBesideWidth = 900; // From this width on picture and dry run have their place beside the cards.
constexpr int kSideWidth = 360;
constexpr int kPictureHeight = 260; // these two share what there is
constexpr int kDockHeight = 410;
constexpr int kDryRunHeight = 240;
constexpr int kBothHeight = 600; // From this height on it has one below them.
constexpr int kLeastWidth = 420;
constexpr qsizetype kMostFailures = 5; // The card says the rest.

enum View { CardsView, PictureView, VersionsView };

} // namespace

RouteEditor::RouteEditor(GatewayLink& link, QWidget* parent) : QWidget(parent), m_link(link)
{
    setProperty("role", QStringLiteral("clear"));
    m_splitter = new QSplitter(Qt::Vertical);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(kCardGap);
    auto* edited = new QWidget;
    edited->setProperty("role", QStringLiteral("clear"));
    edited->setMinimumWidth(kLeastWidth);
    auto* all = column(edited, {}, 10);
    buildHead(all);
    buildViews(all);
    buildFoot(all);
    m_splitter->addWidget(edited);
    m_side = new QSplitter(Qt::Vertical);
    m_side->setChildrenCollapsible(false);
    m_side->setHandleWidth(kCardGap);
    m_dryRun = new DryRunPanel(link);
    m_side->addWidget(m_dryRun);
    m_splitter->addWidget(m_side);
    m_dryRun->setOrientation(Qt::Horizontal);
    m_side->hide();
    m_dryRun->hide();
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    column(this, {}, 0)->addWidget(m_splitter);
    auto* apply = new QShortcut(QKeySequence::Save, this);
    apply->setContext(Qt::WidgetWithChildrenShortcut);
    connect(apply, &QShortcut::activated, m_apply, &QPushButton::click);
    connect(m_dryRun, &DryRunPanel::testWanted, this, &RouteEditor::addTest);
    connect(&m_testing, &QFutureWatcherBase::progressValueChanged, this, &RouteEditor::showTestProgress);
    connect(&m_testing, &QFutureWatcherBase::finished, this, &RouteEditor::onTested);
}

RouteEditor::~RouteEditor()
{
    m_testing.disconnect(this);
    m_testing.cancel();
}

void RouteEditor::buildHead(QVBoxLayout* all)
{
    QHBoxLayout* head = row(2);
    m_name = makeElided("h1");
    head->addWidget(m_name, 1);
    QPushButton* rename = makeIconButton(QStringLiteral("pencil"), tr("Rename"), "renameRouteButton");
    QPushButton* copy = makeIconButton(QStringLiteral("copy"), tr("Duplicate"), "duplicateRouteButton");
    QPushButton* remove = makeIconButton(QStringLiteral("trash-2"), tr("Delete"), "deleteRouteButton");
    for (QPushButton* button : {rename, copy, remove}) {
        head->addWidget(button, 0, Qt::AlignTop);
    }
    all->addLayout(head);
    connect(rename, &QPushButton::clicked, this, &RouteEditor::renameWanted);
    connect(copy, &QPushButton::clicked, this, &RouteEditor::duplicateWanted);
    connect(remove, &QPushButton::clicked, this, &RouteEditor::deleteWanted);
}

void RouteEditor::buildViews(QVBoxLayout* all)
{
    m_views = new Segments(tr("What of the route is on show"), {tr("Edit"), tr("Picture"), tr("Versions")});
    all->addWidget(m_views, 0, Qt::AlignLeft);
    m_stack = new QStackedWidget;
    m_stack->addWidget(buildCards());
    auto* place = new QWidget;
    place->setProperty("role", QStringLiteral("clear"));
    m_pictureColumn = column(place, {}, 0);
    m_stack->addWidget(place);
    m_versions = new RouteVersions;
    m_stack->addWidget(m_versions);
    all->addWidget(m_stack, 1);
    buildPicture();
    connect(m_views, &Segments::chosen, this, &RouteEditor::showView);
    connect(m_versions, &RouteVersions::rollBackWanted, this,
            [this](const gateway::RouteConfig& route, const QString& when) {
                showView(CardsView);
                emit rollBackWanted(route, when);
            });
}

void RouteEditor::buildPicture()
{
    m_pictureCard = makeFrame("card");
    auto* inside = column(m_pictureCard, {10, 12, 4, 10}, 6);
    QLabel* title = makeLabel(tr("Picture"), "h2");
    title->setContentsMargins(6, 0, 0, 0);
    inside->addWidget(title);
    m_picture = new RoutePicture;
    inside->addWidget(m_picture, 1);
    m_pictureNote = makeParagraph(tr("There is more than can be drawn."), "muted");
    m_pictureNote->hide();
    inside->addWidget(m_pictureNote);
    m_pictureColumn->addWidget(m_pictureCard);
    connect(m_picture, &RoutePicture::nodeChosen, this, &RouteEditor::showNode);
}

QWidget* RouteEditor::buildCards()
{
    m_scroll = new QScrollArea;
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    auto* content = new QWidget;
    content->setProperty("role", QStringLiteral("clear"));
    auto* cards = column(content, {0, 0, 4, 0}, kCardGap);
    m_when = new RouteWhenCard;
    m_targets = new RouteTargetsCard;
    m_failure = new RouteFailureCard;
    m_prompt = new RoutePromptCard;
    m_guardrails = new RouteGuardrailsCard;
    m_tests = new RouteTestsCard;
    for (QFrame* card :
         std::initializer_list<QFrame*>{m_when, m_targets, m_failure, m_prompt, m_guardrails, m_tests}) {
        cards->addWidget(card);
    }
    cards->addStretch();
    m_scroll->setWidget(content);
    connect(m_when, &RouteWhenCard::edited, this, &RouteEditor::take);
    connect(m_targets, &RouteTargetsCard::edited, this, &RouteEditor::take);
    connect(m_failure, &RouteFailureCard::edited, this, &RouteEditor::take);
    connect(m_prompt, &RoutePromptCard::edited, this, &RouteEditor::take);
    connect(m_guardrails, &RouteGuardrailsCard::edited, this, &RouteEditor::take);
    connect(m_guardrails, &RouteGuardrailsCard::pageWanted, this, &RouteEditor::guardrailsWanted);
    connect(m_tests, &RouteTestsCard::edited, this, &RouteEditor::take);
    connect(m_tests, &RouteTestsCard::runWanted, this, [this] { runTests(false); });
    connect(m_targets, &RouteTargetsCard::conditionWanted, this, &RouteEditor::showCondition);
    return m_scroll;
}

void RouteEditor::buildFoot(QVBoxLayout* all)
{
    m_problem = new ResultBox(QStringLiteral("problem"));
    all->addWidget(m_problem);
    QHBoxLayout* foot = row(8);
    m_unsaved = makeElided("muted");
    m_unsaved->setAccessibleDescription(QStringLiteral("unsaved"));
    m_unsaved->setProperty("tone", QStringLiteral("warn"));
    m_dryRunSwitch = makeButton(tr("Dr&y run"), "chip", {}, "showDryRunButton");
    m_dryRunSwitch->setCheckable(true);
    m_dryRunSwitch->setToolTip(tr("Explains where a request would go, without sending it"));
    m_revert = makeButton(tr("Re&vert"), "plain", {}, "revertButton");
    m_apply = makeButton(tr("App&ly"), "primary", {}, "applyButton");
    foot->addWidget(m_dryRunSwitch);
    foot->addWidget(m_unsaved, 1);
    m_applyAnyway = makeButton(tr("Apply any&way…"), "plain", {}, "applyAnywayButton");
    m_applyAnyway->setToolTip(tr("Puts the draft in force though a test fails"));
    m_applyAnyway->hide();
    foot->addWidget(m_applyAnyway);
    foot->addWidget(m_revert);
    foot->addWidget(m_apply);
    all->addLayout(foot);
    connect(m_dryRunSwitch, &QPushButton::toggled, this, &RouteEditor::showDryRun);
    connect(m_revert, &QPushButton::clicked, this, &RouteEditor::revertWanted);
    connect(m_apply, &QPushButton::clicked, this, &RouteEditor::startApply);
    connect(m_applyAnyway, &QPushButton::clicked, this, &RouteEditor::askToApplyAnyway);
}

void RouteEditor::setRoute(const gateway::RouteConfig& draft, const TargetChoices& choices)
{
    if (draft.id != m_draft.id) {
        m_scroll->ensureVisible(0, 0);
        m_problem->hide();
        stopTests();
    }
    if (draft != m_draft) m_problem->hide(); // It was about what stood there before.
    m_targets->setChoices(choices);
    m_goals = choices.routes;
    m_draft = draft;
    m_name->setText(QString::fromStdString(draft.id.text));
    m_name->setToolTip(tr("What clients ask for as the model"));
    fillCards();
}

void RouteEditor::fillCards()
{
    m_when->setRoute(m_draft);
    m_targets->setRoute(m_draft);
    m_failure->setRoute(m_draft, m_goals);
    m_prompt->setRoute(m_draft);
    m_guardrails->setRoute(m_draft, m_link.config()->guardrails);
    m_tests->setRoute(m_draft);
}

void RouteEditor::take(const gateway::RouteConfig& draft)
{
    if (draft == m_draft) return;
    m_draft = draft;
    m_problem->hide(); // It was about what stood there before.
    fillCards();
    emit edited();
}

void RouteEditor::showState(bool changed, const std::vector<RouteProblem>& problems,
                            const gateway::Config& config)
{
    m_changed = changed;
    m_valid = problems.empty();
    if (config != m_config) {
        m_config = config;
        m_tests->setConfig(config);
        stopTests(); // What came of them is about what stood there before.
    }
    std::vector<RouteProblem> rest = problems;
    m_when->takeProblems(rest);
    m_targets->takeProblems(rest);
    m_failure->takeProblems(rest);
    m_prompt->takeProblems(rest);
    m_guardrails->takeProblems(rest);
    m_tests->takeProblems(rest);
    QStringList others;
    for (const RouteProblem& problem : rest) {
        others.append(problem.field.isEmpty() ? problem.message
                                              : problem.field + QStringLiteral(": ") + problem.message);
    }
    if (!others.isEmpty()) showProblem(others.join(QLatin1Char('\n')));
    m_unsaved->setText(!changed  ? QString()
                       : m_valid ? tr("• Not applied yet")
                                 : tr("• Correct what is marked"));
    m_dryRun->setDraft(config, m_draft.id, m_valid);
    m_config = config;
    m_versions->setPresent(m_inForce, m_draft);
    showPicture();
    setBusy(m_busy);
}

void RouteEditor::setState(const RouteState& state)
{
    if (state == m_state) return;
    m_state = state;
    showPicture();
}

void RouteEditor::setVersions(const std::vector<gateway::RouteVersion>& versions, const std::string& inForce)
{
    m_inForce = inForce;
    m_versions->setPresent(inForce, m_draft);
    m_versions->setVersions(versions);
}

bool RouteEditor::showsVersions() const
{
    return m_stack->currentIndex() == VersionsView;
}

void RouteEditor::showView(int view)
{
    m_views->setCurrent(view);
    m_stack->setCurrentIndex(view);
    if (view == VersionsView) emit versionsWanted();
}

void RouteEditor::placePicture(bool beside)
{
    if (beside) {
        m_side->insertWidget(0, m_pictureCard);
        m_side->setSizes({kPictureHeight, kDockHeight});
    } else {
        m_pictureColumn->addWidget(m_pictureCard);
    }
    m_pictureCard->show();
    m_views->setChoiceVisible(PictureView, !beside);
    if (beside && m_stack->currentIndex() == PictureView) showView(CardsView);
}

void RouteEditor::showPicture()
{
    const RouteGraph graph = routeGraph(m_config, m_draft, m_state);
    m_picture->setGraph(graph);
    m_pictureNote->setVisible(graph.cut);
    std::vector<TargetStanding> standings;
    for (const gateway::TargetConfig& target : m_draft.targets) {
        const bool leads = target.route.empty() && !target.provider.empty();
        standings.push_back(leads ? targetStanding(m_config, m_state, target.provider.text, target.model)
                                  : TargetStanding{});
    }
    m_targets->setStandings(standings);
    m_targets->setCounts(m_state.use.requests, targetRequests(m_config, m_draft, m_state.use));
}

void RouteEditor::showNode(const RouteNode& node)
{
    showView(CardsView);
    QWidget* shown = nullptr;
    if (!node.fallback.empty())
        shown = m_failure->fallbackField(node.fallback);
    else if (node.target >= 0)
        shown = m_targets->rowAt(node.target);
    else if (node.kind == RouteNode::Kind::Route)
        shown = m_targets;
    if (shown == nullptr) {
        m_scroll->ensureVisible(0, 0);
        focusFirst();
        return;
    }
    m_scroll->ensureWidgetVisible(shown, 0, kCardGap);
    if (node.target >= 0)
        m_targets->focusRow(node.target);
    else if (node.kind == RouteNode::Kind::Route)
        focusFirst();
    else
        shown->setFocus(Qt::OtherFocusReason);
}

void RouteEditor::showProblem(const QString& text)
{
    m_problem->showResult(text, false);
}

void RouteEditor::setBusy(bool busy)
{
    m_busy = busy;
    showButtons();
}

void RouteEditor::showButtons()
{
    const bool waits = m_busy || m_testing.isRunning();
    m_apply->setEnabled(m_changed && m_valid && !waits);
    m_applyAnyway->setEnabled(m_changed && m_valid && !waits);
    m_revert->setEnabled(m_changed && !m_busy);
    m_tests->setRunning(waits || !m_valid);
}

void RouteEditor::addTest(const gateway::RouteTest& test)
{
    m_tests->add(test);
    // Once it has its place.
    QTimer::singleShot(0, m_tests, [this] { m_scroll->ensureWidgetVisible(m_tests); });
}

void RouteEditor::startApply()
{
    const bool tested = std::any_of(m_config.routes.begin(), m_config.routes.end(),
                                    [](const auto& route) { return !route.tests.empty(); });
    if (!tested) {
        emit applyWanted();
        return;
    }
    runTests(true); // Others may lead here.
    m_appliesThen = true;
}

void RouteEditor::runTests(bool ofAllRoutes)
{
    if (m_testing.isRunning() || !m_valid) return;
    m_appliesThen = false;
    m_applyAnyway->hide();
    m_problem->showProgress(tr("Running the tests…"));
    const DryGround ground{m_config, m_link.places().dataFolder};
    m_testing.setFuture(ofAllRoutes ? startAllRouteTests(ground, *m_link.config(), m_draft.id)
                                    : startRouteTests(ground, m_draft.id));
    showButtons();
}

/// Nothing is known of the tests any more.
void RouteEditor::stopTests()
{
    if (m_testing.isRunning()) m_problem->hide();
    m_testing.cancel();
    m_testing.setFuture({});
    m_appliesThen = false;
    m_applyAnyway->hide();
    m_tests->setResults({});
}

void RouteEditor::showTestProgress(int done)
{
    if (m_testing.isRunning())
        m_problem->showProgress(tr("Running the tests: %1 of %2").arg(done).arg(m_testing.progressMaximum()));
}

void RouteEditor::onTested()
{
    showButtons();
    if (m_testing.future().resultCount() == 0) return;
    const RouteTestResults results = m_testing.result();
    const bool applies = std::exchange(m_appliesThen, false);
    m_problem->hide();
    m_tests->setResults(results);
    if (!std::all_of(results.begin(), results.end(), [](const auto& each) { return each.passed; })) {
        showFailed(results, applies);
    } else if (applies) {
        emit applyWanted();
    } else {
        m_problem->showResult(tr("All %Ln test(s) passed.", nullptr, static_cast<int>(results.size())), true);
    }
}

void RouteEditor::showFailed(const RouteTestResults& results, bool wasToApply)
{
    const auto failed = static_cast<int>(
        std::count_if(results.begin(), results.end(), [](const auto& each) { return !each.passed; }));
    const QString head = wasToApply ? tr("Not applied: %Ln test(s) failed.", nullptr, failed)
                                    : tr("%Ln test(s) failed.", nullptr, failed);
    QStringList lines = failedTests(results, m_draft.id.text);
    if (lines.size() > kMostFailures) {
        lines = lines.mid(0, kMostFailures);
        lines.append(QStringLiteral("…"));
    }
    showProblem(head + QLatin1Char('\n') + lines.join(QLatin1Char('\n')));
    m_applyAnyway->setVisible(wasToApply);
}

void RouteEditor::askToApplyAnyway()
{
    auto* dialog = new ConfirmDialog({tr("Apply though a test fails?"),
                                      tr("Requests will go as the draft says, and not as the tests expect."),
                                      tr("&Apply anyway")},
                                     window());
    connect(dialog, &QDialog::accepted, this, [this] {
        m_problem->hide();
        m_applyAnyway->hide();
        emit applyWanted();
    });
    dialog->open();
}

void RouteEditor::focusFirst()
{
    if (QWidget* first = m_targets->findChild<QWidget*>(QStringLiteral("strategyComboBox")))
        first->setFocus(Qt::OtherFocusReason);
}

void RouteEditor::refresh()
{
    m_dryRun->readLog();
}

void RouteEditor::showDryRun(bool on)
{
    const bool beside = m_splitter->orientation() == Qt::Horizontal;
    // In a low window there is no room for both.
    const bool instead = on && !beside && height() < kBothHeight;
    m_dryRun->setVisible(on);
    m_side->setVisible(on || beside);
    m_views->setVisible(!instead);
    m_stack->setVisible(!instead);
    if (on || beside)
        m_splitter->setSizes(instead ? QList<int>{0, 10'000}
                                     : QList<int>{10'000, beside ? kSideWidth : kDryRunHeight});
}

void RouteEditor::showCondition(int target)
{
    showView(CardsView);
    m_when->showTarget(target);
    m_scroll->ensureVisible(0, 0);
    if (auto* choice = m_when->findChild<QWidget*>(QStringLiteral("conditionTargetComboBox")))
        choice->setFocus(Qt::OtherFocusReason);
}

void RouteEditor::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const Qt::Orientation wanted = width() >= kBesideWidth ? Qt::Horizontal : Qt::Vertical;
    const bool turned = m_splitter->orientation() != wanted;
    if (turned) {
        m_splitter->setOrientation(wanted);
        placePicture(wanted == Qt::Horizontal);
        m_dryRun->setOrientation(wanted == Qt::Horizontal ? Qt::Vertical : Qt::Horizontal);
        // Where there is room for it, it is simply there.
        m_dryRunSwitch->setChecked(wanted == Qt::Horizontal);
    }
    const bool crossed = (event->oldSize().height() < kBothHeight) != (height() < kBothHeight);
    if (turned || crossed) showDryRun(m_dryRunSwitch->isChecked());
}

} // namespace ui
