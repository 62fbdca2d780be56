// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <QFrame>

#include "pages/route_target_row.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace ui {

class ComboBox;
class MeaningTestBox;

/// Where a route leads and by which strategy. Shows a draft and gives the changed one.
class RouteTargetsCard : public QFrame {
    Q_OBJECT

public:
    explicit RouteTargetsCard(QWidget* parent = nullptr);
    void setChoices(const TargetChoices& choices);
    void setRoute(const gateway::RouteConfig& route);
    /// Takes the problems that it shows out of the list.
    void takeProblems(std::vector<RouteProblem>& problems);
    /// Of the requests of the last day, how many each target took; nothing: it cannot be told.
    /// In the order of the targets.
    void setStandings(const std::vector<TargetStanding>& standings);
    void setCounts(std::uint64_t requests, const std::vector<std::optional<std::uint64_t>>& byTarget);
    [[nodiscard]] QWidget* rowAt(int target) const;
    void focusRow(int target);

signals:
    void edited(const gateway::RouteConfig& route);
    void conditionWanted(int target);

private:
    void buildStrategy(QVBoxLayout* all);
    void addRow();
    void dropRow(std::size_t index);
    void moveRow(std::size_t from, std::size_t to);
    void dragRow(std::size_t from, const QPoint& globalPosition);
    void onEdited();
    void showStrategy();
    void showPlaces();
    void chainTabs();
    [[nodiscard]] std::size_t indexOf(const RouteTargetRow* row) const;

    gateway::RouteConfig m_route;
    TargetChoices m_choices;
    std::vector<RouteTargetRow*> m_rows;
    std::vector<TargetStanding> m_standings;
    std::uint64_t m_requests = 0;
    std::vector<std::optional<std::uint64_t>> m_counts;
    ComboBox* m_strategy = nullptr;
    QLabel* m_sentence = nullptr;
    QLabel* m_strategyProblem = nullptr;
    QWidget* m_stickyPart = nullptr;
    ComboBox* m_sticky = nullptr;
    QVBoxLayout* m_column = nullptr;
    QLabel* m_problem = nullptr;
    QPushButton* m_add = nullptr;
    MeaningTestBox* m_meaning = nullptr;
};

} // namespace ui
