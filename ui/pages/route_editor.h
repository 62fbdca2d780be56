// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "pages/route_target_row.h"

class QLabel;
class QPushButton;
class QScrollArea;
class QSplitter;
class QVBoxLayout;

namespace ui {

class DryRunPanel;
class ResultBox;
class RouteFailureCard;
class RouteTargetsCard;
class RouteWhenCard;

/// The draft of one route in three cards, and its dry run. Nothing is in force before it is applied.
class RouteEditor : public QWidget {
    Q_OBJECT

public:
    explicit RouteEditor(const QString& dataFolder, QWidget* parent = nullptr);
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

signals:
    void edited();
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

    gateway::RouteConfig m_draft;
    QStringList m_goals; // the other routes
    bool m_changed = false, m_valid = false, m_busy = false;
    QSplitter* m_splitter = nullptr;
    QLabel* m_name = nullptr;
    QScrollArea* m_scroll = nullptr;
    RouteWhenCard* m_when = nullptr;
    RouteTargetsCard* m_targets = nullptr;
    RouteFailureCard* m_failure = nullptr;
    ResultBox* m_problem = nullptr;
    QLabel* m_unsaved = nullptr;
    QPushButton* m_dryRunSwitch = nullptr;
    QPushButton* m_revert = nullptr;
    QPushButton* m_apply = nullptr;
    DryRunPanel* m_dryRun = nullptr;
};

} // namespace ui
