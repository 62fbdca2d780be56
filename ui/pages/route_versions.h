// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "models/route_versions_model.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSplitter;
class QTableView;

namespace ui {

class EmptyState;
class Segments;

/// What a route was before: the list of its versions, how the chosen one differs from what is there now, and
/// the way back to it. Shows values; the owner reads them and takes the version into the draft.
class RouteVersions : public QWidget {
    Q_OBJECT

public:
    explicit RouteVersions(QWidget* parent = nullptr);
    void setVersions(const std::vector<gateway::RouteVersion>& versions);
    /// What is in force, and the draft. An empty text: the route is not in force.
    void setPresent(const std::string& inForce, const gateway::RouteConfig& draft);

signals:
    /// The version as a draft, and when it was in force.
    void rollBackWanted(const gateway::RouteConfig& route, const QString& when);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    [[nodiscard]] QWidget* buildList();
    [[nodiscard]] QWidget* buildDifference();
    void showDifference();
    void rollBack();
    void shareHeight();
    [[nodiscard]] int listHeight(int rows) const;
    [[nodiscard]] const gateway::RouteVersion* chosen() const;

    RouteVersionsModel m_model;
    std::string m_inForce, m_draftText;
    gateway::RouteConfig m_draft;
    QTableView* m_table = nullptr;
    Segments* m_against = nullptr;
    QLabel* m_legend = nullptr;  // what - and + mean
    QLabel* m_summary = nullptr; // what changed with it
    QPlainTextEdit* m_difference = nullptr;
    QPushButton* m_rollBack = nullptr;
    EmptyState* m_empty = nullptr;
    QSplitter* m_content = nullptr;
    QWidget* m_listCard = nullptr;
    bool m_dragged = false; // the user has shared the height out
};

} // namespace ui
