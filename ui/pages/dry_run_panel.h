// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include <QFrame>

#include "gateway/config.h"

#include "models/dry_runner.h"

class QBoxLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace ui {

class GatewayLink;
class HeaderText;
class ReplayDialog;
class RequestSourceBox;
class ResultBox;
class SimulateButton;

/// Explains where a request would go by the draft of a route: one that is pasted, a sample, or one of the
/// log; and what the draft would have made of the last requests. Sends nothing.
class DryRunPanel : public QFrame {
    Q_OBJECT

public:
    explicit DryRunPanel(GatewayLink& link, QWidget* parent = nullptr);
    /// A draft that is not valid cannot be run.
    void setDraft(const gateway::Config& config, const gateway::RouteId& route, bool valid);
    /// Vertical: the request above what came of it; else beside it.
    void setOrientation(Qt::Orientation orientation);
    /// The last requests, to choose from.
    void readLog();

signals:
    /// What was found shall be so from now on.
    void testWanted(const gateway::RouteTest& test);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void buildHead(QVBoxLayout* all);
    void buildChoices(QVBoxLayout* all);
    void buildTexts(QVBoxLayout* all);
    [[nodiscard]] DryGround ground() const;
    [[nodiscard]] gateway::DryRunOptions options() const;
    void fillSources();
    [[nodiscard]] gateway::DryHeaders headers() const;
    void onSourceChosen();
    void showHeaders();
    void chooseLogged(std::int64_t id);
    void takeLogged(const gateway::LogRow& row);
    void setBody(const QString& text);
    void onTyped();
    void forget();
    void run();
    void take(const DryAnswer& answer);
    void showRun();
    void showStale();
    void showButtons();
    void saveTest();
    void replayLast();
    void readOn(ReplayDialog* dialog, std::vector<gateway::LogRow> rows);

    GatewayLink& m_link;
    gateway::Config m_config;
    gateway::RouteId m_route;
    bool m_valid = false;
    gateway::DryRun m_run;
    int m_generation = 0; // of runs: an answer to an earlier one comes too late
    int m_choice = 0;     // of sources: the same
    int m_change = 0;     // of what is run
    bool m_shown = false; // there is a result
    bool m_stale = false;
    bool m_saved = false; // it is a test already
    bool m_ranWithHeaders = false;
    bool m_filling = false;
    std::vector<gateway::LogRow> m_last;     // requests to choose from
    std::optional<gateway::LogRow> m_logged; // the one chosen
    QBoxLayout* m_parts = nullptr;
    RequestSourceBox* m_source = nullptr;
    SimulateButton* m_simulate = nullptr;
    QPlainTextEdit* m_body = nullptr;
    HeaderText* m_headers = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_save = nullptr;
    QPushButton* m_replay = nullptr;
    ResultBox* m_standIn = nullptr;
    ResultBox* m_problem = nullptr;
    QLabel* m_note = nullptr;
    QPlainTextEdit* m_result = nullptr;
};

} // namespace ui
