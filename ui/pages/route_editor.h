// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QFutureWatcher>
#include <QWidget>

#include "models/dry_runner.h"
#include "pages/route_target_row.h"

class QLabel;
class QPushButton;
class QScrollArea;
class QSplitter;
class QVBoxLayout;

namespace ui {

class DryRunPanel;
class GatewayLink;
class ResultBox;
class RouteFailureCard;
class RouteTargetsCard;
class RouteTestsCard;
class RouteWhenCard;

/// The draft of one route in cards, and its dry run. Nothing is in force before it is applied, and it is not
/// applied before its tests were run: where one fails, only when the user says so once more.
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
    /// Why something else than the draft was refused.
    void showProblem(const QString& text);
    /// Applying is under way.
    void setBusy(bool busy);
    void focusFirst();
    /// Reads anew what the dry run offers of the log.
    void refresh();

signals:
    void edited();
    /// Its tests hold, or it shall be applied all the same.
    void applyWanted();
    void revertWanted();
    void renameWanted();
    void duplicateWanted();
    void deleteWanted();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildHead(QVBoxLayout* all);
    void buildFoot(QVBoxLayout* all);
    void buildCards(QVBoxLayout* all);
    void take(const gateway::RouteConfig& draft);
    void fillCards();
    void showDryRun(bool on);
    void showCondition(int target);
    void showButtons();
    void addTest(const gateway::RouteTest& test);
    void startApply();
    void runTests();
    void stopTests();
    void showTestProgress(int done);
    void onTested();
    void showFailed(const RouteTestResults& results, bool wasToApply);
    void askToApplyAnyway();

    GatewayLink& m_link;
    gateway::RouteConfig m_draft;
    gateway::Config m_config; // with the draft in it
    QStringList m_goals;      // the other routes
    bool m_changed = false, m_valid = false, m_busy = false;
    QSplitter* m_splitter = nullptr;
    QLabel* m_name = nullptr;
    QScrollArea* m_scroll = nullptr;
    RouteWhenCard* m_when = nullptr;
    RouteTargetsCard* m_targets = nullptr;
    RouteFailureCard* m_failure = nullptr;
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
