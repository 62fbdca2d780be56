// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <QFrame>
#include <QStringList>

#include "models/route_edit.h"
#include "models/target_standing.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace ui {

class ComboBox;
class TargetMarkView;
class TargetMeaningFields;

/// What a target can be: the providers with the models that are known of each, and the other routes.
struct TargetChoices {
    QStringList providers, routes;
    std::map<std::string, QStringList> models;
    bool operator==(const TargetChoices&) const = default;
};

/// The part of the requests that a target shall have, and the one that it had in the last day.
struct TargetShare {
    double wanted = -1;                                // by weight; below 0: the strategy reads none
    std::uint64_t requests = 0;                        // of the route
    std::optional<std::uint64_t> taken = std::nullopt; // nothing: it cannot be told
};

/// One target of a route: where to, and what goes with it for the strategy in force.
class RouteTargetRow : public QFrame {
    Q_OBJECT

public:
    explicit RouteTargetRow(QWidget* parent = nullptr);
    /// None of these emits edited().
    void setChoices(const TargetChoices& choices);
    void setTarget(const gateway::TargetConfig& target);
    void setPlace(int place, const std::string& strategy, const TargetShare& share);
    void setStanding(const TargetStanding& standing);
    void showProblem(const QString& text);

    [[nodiscard]] const gateway::TargetConfig& target() const { return m_target; }
    [[nodiscard]] QWidgetList tabStops() const;
    void focusTarget();

signals:
    void edited();
    void moveWanted(int step);
    void draggedTo(const QPoint& globalPosition);
    void removeWanted();
    void conditionWanted();

private:
    [[nodiscard]] QWidget* buildGoal();
    [[nodiscard]] QWidget* buildShare();
    void fillGoals();
    void onGoalChosen();
    void onEdited();
    void showParts();

    gateway::TargetConfig m_target;
    TargetChoices m_choices;
    std::string m_strategy;
    QLabel* m_place = nullptr;
    ComboBox* m_goal = nullptr;
    ComboBox* m_model = nullptr;
    QPushButton* m_remove = nullptr;
    QWidget* m_weightPart = nullptr;
    QSpinBox* m_weight = nullptr;
    QLabel* m_percent = nullptr;
    QWidget* m_limitsPart = nullptr;
    QSpinBox* m_rpm = nullptr;
    QSpinBox* m_tpm = nullptr;
    QWidget* m_links = nullptr;
    QPushButton* m_condition = nullptr;
    QPushButton* m_more = nullptr;
    QWidget* m_overridePart = nullptr;
    QLineEdit* m_override = nullptr;
    TargetMeaningFields* m_meaning = nullptr;
    TargetMarkView* m_mark = nullptr;
    QLabel* m_standing = nullptr;
    QLabel* m_problem = nullptr;
};

} // namespace ui
