// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QFutureWatcher>
#include <QWidget>

#include "models/dry_runner.h"
#include "models/route_graph.h"
#include "pages/route_target_row.h"

class QLabel;
class QPushButton;
class QScrollArea;
class QSplitter;
class QStackedWidget;
class QVBoxLayout;

namespace ui {

class DryRunPanel;
class GatewayLink;
class ResultBox;
class RouteFailureCard;
class RouteGuardrailsCard;
class RoutePicture;
class RoutePromptCard;
class RouteTargetsCard;
class RouteTestsCard;
class RouteVersions;
class RouteWhenCard;
class Segments;

/// The draft of one route in cards, its picture, its dry run, and what it was before. Nothing is in force
/// before it is applied, and it is not applied before the tests of all routes were run by it: where one
/// fails, only when the user says so once more.
class RouteEditor : public QWidget {
    Q_OBJECT

public:
    explicit RouteEditor(GatewayLink& link, QWidget* parent = nullptr);
    ~RouteEditor() override;
    void setRoute(const gateway::RouteConfig& draft, const TargetChoices& choices);
    [[nodiscard]] const gateway::RouteConfig& draft() const { return m_draft; }
    /// Whether the draft differs from what is in force, and what is wrong with it. `config` has the draft in
    /// it.
    void showState(bool changed, const std::vector<RouteProblem>& problems, const gateway::Config& config);
    /// What is known of its providers and of what came by it.
    void setState(const RouteState& state);
    /// `inForce`: empty where the route is not.
    void setVersions(const std::vector<gateway::RouteVersion>& versions, const std::string& inForce);
    [[nodiscard]] bool showsVersions() const;
    /// Another draft, as if it had been typed.
    void take(const gateway::RouteConfig& draft);
    /// Why something else than the draft was refused.
    void showProblem(const QString& text);
    /// Applying is under way.
    void setBusy(bool busy);
    void focusFirst();
    /// Reads anew what the dry run offers of the log.
    void refresh();

signals:
    void edited();
    /// The tests hold, or it shall be applied all the same.
    void applyWanted();
    void revertWanted();
    void renameWanted();
    void duplicateWanted();
    void deleteWanted();
    /// They are on show and may be old.
    void versionsWanted();
    void guardrailsWanted();
    void rollBackWanted(const gateway::RouteConfig& route, const QString& when);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildHead(QVBoxLayout* all);
    void buildFoot(QVBoxLayout* all);
    void buildViews(QVBoxLayout* all);
    [[nodiscard]] QWidget* buildCards();
    void buildPicture();
    void fillCards();
    void showView(int view);
    void placePicture(bool beside);
    void showPicture();
    void showNode(const RouteNode& node);
    void showDryRun(bool on);
    void showCondition(int target);
    void showButtons();
    void addTest(const gateway::RouteTest& test);
    void startApply();
    void runTests(bool ofAllRoutes);
    void stopTests();
    void showTestProgress(int done);
    void onTested();
    void showFailed(const RouteTestResults& results, bool wasToApply);
    void askToApplyAnyway();

    GatewayLink& m_link;
    gateway::RouteConfig m_draft;
    gateway::Config m_config; // with the draft in it
    QStringList m_goals;      // the other routes
    RouteState m_state;
    std::string m_inForce;
    bool m_changed = false, m_valid = false, m_busy = false;
    QSplitter* m_splitter = nullptr;
    QSplitter* m_side = nullptr;
    Segments* m_views = nullptr;
    QStackedWidget* m_stack = nullptr;
    QFrame* m_pictureCard = nullptr;
    QVBoxLayout* m_pictureColumn = nullptr; // in the stack
    RoutePicture* m_picture = nullptr;
    QLabel* m_pictureNote = nullptr;
    RouteVersions* m_versions = nullptr;
    QLabel* m_name = nullptr;
    QScrollArea* m_scroll = nullptr;
    RouteWhenCard* m_when = nullptr;
    RouteTargetsCard* m_targets = nullptr;
    RouteFailureCard* m_failure = nullptr;
    RoutePromptCard* m_prompt = nullptr;
    RouteGuardrailsCard* m_guardrails = nullptr;
    RouteTestsCard* m_tests = nullptr;
    ResultBox* m_problem = nullptr;
    QLabel* m_unsaved = nullptr;
    QPushButton* m_dryRunSwitch = nullptr;
    QPushButton* m_revert = nullptr;
    QPushButton* m_apply = nullptr;
    QPushButton* m_applyAnyway = nullptr;
    QFutureWatcher<RouteTestResults> m_testing;
    bool m_appliesThen = false; // after the tests that are under way
    DryRunPanel* m_dryRun = nullptr;
};

} // namespace ui
