// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "models/route_edit.h"

class QLabel;
class QPushButton;

namespace ui {

class ComboBox;
class ConditionEditor;

/// The conditions of a route's targets, one at a time. Shows a draft and gives the changed one.
class RouteWhenCard : public QFrame {
    Q_OBJECT

public:
    explicit RouteWhenCard(QWidget* parent = nullptr);
    void setRoute(const gateway::RouteConfig& route);
    void showTarget(int index);
    /// Takes the problems that it shows out of the list.
    void takeProblems(std::vector<RouteProblem>& problems);

signals:
    void edited(const gateway::RouteConfig& route);

private:
    void fillTargets();
    void showCondition();
    void showStrategy();
    void onConditionEdited();

    gateway::RouteConfig m_route;
    std::vector<RouteProblem> m_problems;
    ComboBox* m_target = nullptr;
    ConditionEditor* m_editor = nullptr;
    QLabel* m_note = nullptr;
    QPushButton* m_use = nullptr;
    QWidget* m_builder = nullptr;
};

} // namespace ui
