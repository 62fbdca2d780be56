// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QFrame>

#include "models/route_edit.h"

namespace ui {

class DecorationFields;

/// What a route adds to requests. Shows a draft and gives the changed one.
class RoutePromptCard : public QFrame {
    Q_OBJECT

public:
    explicit RoutePromptCard(QWidget* parent = nullptr);
    void setRoute(const gateway::RouteConfig& route);
    /// Takes the problems that it shows out of the list.
    void takeProblems(std::vector<RouteProblem>& problems);

signals:
    void edited(const gateway::RouteConfig& route);

private:
    void onEdited();

    gateway::RouteConfig m_route;
    DecorationFields* m_fields = nullptr;
};

} // namespace ui
