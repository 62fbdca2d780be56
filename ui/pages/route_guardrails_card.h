// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <QFrame>

#include "models/route_edit.h"

class QCheckBox;
class QLabel;
class QVBoxLayout;

namespace ui {

/// Which guardrails hold on a route: those that it names, and those that hold by their scope. Shows a draft
/// and gives the changed one.
class RouteGuardrailsCard : public QFrame {
    Q_OBJECT

public:
    explicit RouteGuardrailsCard(QWidget* parent = nullptr);
    void setRoute(const gateway::RouteConfig& route, const std::vector<gateway::GuardrailConfig>& rules);
    /// Takes the problems that it shows out of the list.
    void takeProblems(std::vector<RouteProblem>& problems);

signals:
    void edited(const gateway::RouteConfig& route);
    /// The page where they are made.
    void pageWanted();

private:
    struct Row {
        std::string name;
        QWidget* widget = nullptr;
        QCheckBox* box = nullptr;
        QLabel* note = nullptr;
        QLabel* problem = nullptr;
    };
    [[nodiscard]] std::vector<std::string> names() const;
    void rebuild(const std::vector<std::string>& names);
    [[nodiscard]] Row makeRow(const std::string& name);
    void showRow(const Row& row);

    gateway::RouteConfig m_route;
    std::vector<gateway::GuardrailConfig> m_rules;
    std::vector<Row> m_rows;
    QVBoxLayout* m_list = nullptr;
    QLabel* m_about = nullptr;
};

} // namespace ui
