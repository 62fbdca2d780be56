// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "models/gateway_link.h"
#include "models/guardrail_runner.h"
#include "widgets/form_dialog.h"

class QListWidget;
class QPlainTextEdit;

namespace ui {

/// What a guardrail's draft would have found in the last requests of the log: progress while that is found
/// out, then the figures and examples, which may be called false alarms. Closing it ends the work.
class GuardrailReplayDialog : public FormDialog {
    Q_OBJECT

public:
    GuardrailReplayDialog(GatewayLink& link, const gateway::Config& config, const gateway::GuardrailId& id,
                          QWidget* parent);

signals:
    /// What was found is none: its SHA-256, in hex.
    void exceptionWanted(const QString& guardrail, const QString& sha256);

private:
    void buildExamples();
    void readOn();
    void take(const GuardrailRun& run, bool more);
    void showRun();
    void showExample();
    void makeException();
    [[nodiscard]] const GuardrailRun::Example* chosen() const;

    GatewayLink& m_link;
    gateway::GuardrailId m_id;
    GuardrailRunner m_runner;
    GuardrailRun m_run;
    std::int64_t m_before = 0; // the oldest row that was read
    std::set<std::string> m_exceptions;
    QLabel *m_headline = nullptr, *m_notes = nullptr;
    QListWidget* m_examples = nullptr;
    QPlainTextEdit* m_text = nullptr;
    QPushButton* m_falseAlarm = nullptr;
};

} // namespace ui
