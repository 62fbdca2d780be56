// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <QWidget>

#include "gateway/guardrails.h"

class QLabel;
class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace ui {

class GatewayLink;
class GuardrailPicker;
class Segments;

/// What the guardrails, with the draft among them, would make of a text: tried while one types, in the pool;
/// the newest try wins.
class GuardrailTestBox : public QWidget {
    Q_OBJECT

public:
    explicit GuardrailTestBox(GatewayLink& link, QWidget* parent = nullptr);
    /// Those of a valid configuration; others are not tried.
    void setRules(const std::vector<gateway::GuardrailConfig>& rules, bool valid);
    /// It is known what becomes of the text that stands there.
    [[nodiscard]] bool isReady() const { return m_ready; }
    /// The text with what the guardrail of that name makes of it now.
    [[nodiscard]] gateway::GuardrailTest test(const gateway::GuardrailId& id) const;

signals:
    /// Another text, or other rules, are being tried, or were.
    void tried();
    /// What the guardrail spotted is none: the SHA-256 of the text, in hex.
    void exceptionWanted(const QString& guardrail, const QString& sha256);

private:
    void buildTexts(QVBoxLayout* inside);
    void tryNow();
    void pick(const QString& text, bool isAnswer);
    void showTrial(const gateway::GuardrailTrial& trial, const std::string& text);
    void highlight(const gateway::GuardrailTrial& trial, const std::string& text);
    void makeException();

    std::vector<gateway::GuardrailConfig> m_rules;
    gateway::GuardrailTrial m_trial; // of the text that stands there
    bool m_valid = false;
    bool m_picking = false, m_ready = true;
    std::uint64_t m_newest = 0;
    QPlainTextEdit *m_text = nullptr, *m_result = nullptr;
    Segments* m_direction = nullptr;
    GuardrailPicker* m_picker = nullptr;
    QListWidget* m_spots = nullptr;
    QLabel *m_verdicts = nullptr, *m_answer = nullptr;
    QPushButton* m_noAlarm = nullptr;
};

} // namespace ui
