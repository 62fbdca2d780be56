// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <QFrame>
#include <QStringList>

#include "models/route_edit.h"

class QLineEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace ui {

class ComboBox;
class FittingStack;
class Segments;
class SettingRow;

/// What a route does when a target fails. Shows a draft and gives the changed one; what is left at its
/// default stays out of the configuration.
class RouteFailureCard : public QFrame {
    Q_OBJECT

public:
    explicit RouteFailureCard(QWidget* parent = nullptr);
    /// `goals`: the other routes, which requests may go to.
    void setRoute(const gateway::RouteConfig& route, const QStringList& goals);
    /// Takes the problems that it shows out of the list.
    void takeProblems(std::vector<RouteProblem>& problems);
    /// Where requests go after a failure of this kind, brought on show; null: there is no such field.
    [[nodiscard]] QWidget* fallbackField(const std::string& kind);

signals:
    void edited(const gateway::RouteConfig& route);

private:
    struct Row {
        SettingRow* row;
        QString field; // of its problems
        int tab;
    };
    void beginPage();
    void buildRetry();
    void buildTimes();
    void buildCircuit();
    void buildFallbacks();
    void buildSlow();
    void addFallback(const char* kind, const QString& detail);
    void showFallbacks(const QStringList& goals);
    void takeFallbacks();
    void add(const char* field, SettingRow* row);
    QSpinBox* watched(QSpinBox* box);
    void onEdited();

    gateway::RouteConfig m_route;
    bool m_filling = false;
    FittingStack* m_pages = nullptr;
    QVBoxLayout* m_page = nullptr; // the one that is being built
    std::vector<Row> m_rows;
    Segments* m_tabs = nullptr;
    QStringList m_tabNames;
    QSpinBox* m_attempts = nullptr;
    QLineEdit* m_statuses = nullptr;
    QSpinBox* m_backoff = nullptr;
    QSpinBox* m_maxBackoff = nullptr;
    Segments* m_honor = nullptr;
    QSpinBox* m_connect = nullptr;
    QSpinBox* m_firstByte = nullptr;
    QSpinBox* m_idle = nullptr;
    QSpinBox* m_total = nullptr;
    QSpinBox* m_failures = nullptr;
    QSpinBox* m_errorPercent = nullptr;
    QSpinBox* m_minimum = nullptr;
    QSpinBox* m_recover = nullptr;
    QSpinBox* m_wait = nullptr;
    Segments* m_unsupported = nullptr;
    QSpinBox* m_hedgeAfter = nullptr;
    QSpinBox* m_hedgeExtra = nullptr;
    Segments* m_onBreak = nullptr;
    Segments* m_join = nullptr;
    std::vector<std::pair<std::string, ComboBox*>> m_goals; // by the kind of failure
    QStringList m_suggested;
};

} // namespace ui
