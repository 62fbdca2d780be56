// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "gateway/config.h"

#include "models/dry_runner.h"

class QBoxLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace ui {

class ResultBox;

/// Explains where a request would go by the draft of a route. Sends nothing.
class DryRunPanel : public QFrame {
    Q_OBJECT

public:
    explicit DryRunPanel(QString dataFolder, QWidget* parent = nullptr);
    /// A draft that is not valid cannot be run.
    void setDraft(const gateway::Config& config, const gateway::RouteId& route, bool valid);
    /// Vertical: the request above what came of it; else beside it.
    void setOrientation(Qt::Orientation orientation);

private:
    void run();
    void take(const DryAnswer& answer);
    void showRun();
    void showStale();

    QString m_dataFolder;
    gateway::Config m_config;
    gateway::RouteId m_route;
    gateway::DryRun m_run;
    int m_generation = 0; // of runs: an answer to an earlier one comes too late
    bool m_shown = false; // there is a result
    bool m_stale = false;
    QBoxLayout* m_parts = nullptr;
    QPlainTextEdit* m_body = nullptr;
    QPushButton* m_start = nullptr;
    ResultBox* m_problem = nullptr;
    QLabel* m_note = nullptr;
    QPlainTextEdit* m_result = nullptr;
};

} // namespace ui
