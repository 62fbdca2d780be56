// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include <QFrame>

#include "models/dry_runner.h"
#include "models/route_edit.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace ui {

/// The tests of a route: what is expected, and what came of each when they were run last. Shows a draft and
/// gives the changed one.
class RouteTestsCard : public QFrame {
    Q_OBJECT

public:
    explicit RouteTestsCard(QWidget* parent = nullptr);
    /// `config` has the draft in it as it would be applied.
    void setRoute(const gateway::RouteConfig& route);
    void setConfig(const gateway::Config& config) { m_config = config; }
    /// Takes the problems that it shows out of the list.
    void takeProblems(std::vector<RouteProblem>& problems);
    /// Of this route, and of others that were run with it. None: they were not run as they stand now.
    void setResults(const RouteTestResults& results);
    void setRunning(bool running);
    /// One that is not there yet.
    void add(gateway::RouteTest test);

signals:
    void edited(const gateway::RouteConfig& route);
    void runWanted();

private:
    struct Row {
        QWidget* widget = nullptr;
        QLabel* picture = nullptr;
        QLabel* state = nullptr;
        QLabel* problem = nullptr;
    };
    void rebuild();
    [[nodiscard]] Row makeRow(std::size_t place);
    void showStates();
    void showRunButton();
    void edit(std::size_t place);
    void remove(std::size_t place);

    gateway::Config m_config;
    gateway::RouteConfig m_route;
    std::map<std::string, gateway::RouteTestResult> m_results; // by the test's name
    std::vector<std::string> m_problems;                       // of each test
    bool m_running = false;
    QVBoxLayout* m_list = nullptr;
    std::vector<Row> m_rows;
    std::vector<gateway::RouteTest> m_shown; // what the rows are of
    QLabel* m_empty = nullptr;
    QLabel* m_others = nullptr; // failed tests of other routes
    QPushButton* m_run = nullptr;
};

} // namespace ui
