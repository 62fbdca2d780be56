// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QWidget>

#include "models/guardrail_runner.h"

class QLabel;
class QListWidget;
class QPushButton;

namespace ui {

class ResultBox;

/// The texts that are kept with a guardrail: what is expected of each, and what came of it when they were run
/// last. Shows a draft and gives the changed ones.
class GuardrailTests : public QWidget {
    Q_OBJECT

public:
    explicit GuardrailTests(QWidget* parent = nullptr);
    /// `config` has the draft in it as it would be applied; one that is not valid cannot be run.
    void setDraft(const gateway::Config& config, const gateway::GuardrailConfig& rule, bool valid);
    /// Why there cannot be another one of this text; empty: there can.
    [[nodiscard]] QString refusal(const gateway::GuardrailTest& test) const;
    void add(const gateway::GuardrailTest& test);

signals:
    void edited(const std::vector<gateway::GuardrailTest>& tests);

private:
    void run();
    void rebuild();
    void showStates();
    void showButtons();
    void turn();
    void remove();
    void give(const std::vector<gateway::GuardrailTest>& tests);

    gateway::Config m_config;
    gateway::GuardrailConfig m_rule;
    bool m_valid = false, m_running = false;
    std::uint64_t m_generation = 0; // of runs: an answer to an earlier one comes too late
    GuardrailTestResults m_results;
    QLabel* m_empty = nullptr;
    QListWidget* m_list = nullptr;
    ResultBox* m_result = nullptr;
    QPushButton *m_run = nullptr, *m_turn = nullptr, *m_remove = nullptr;
};

} // namespace ui
