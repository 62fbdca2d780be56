// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QFrame>

#include "gateway/config.h"

class QPushButton;
class QStackedWidget;

namespace ui {

class GatewayLink;
class GuardrailTestBox;
class GuardrailTests;
class Segments;

/// Where the draft of a guardrail is tried: on a text, on those that are kept with it, and on the last
/// requests of the log.
class GuardrailBench : public QFrame {
    Q_OBJECT

public:
    explicit GuardrailBench(GatewayLink& link, QWidget* parent = nullptr);
    /// `config` has the draft of that name in it as it would be applied.
    void setDraft(const gateway::Config& config, const gateway::GuardrailConfig& rule, bool valid);

signals:
    void exceptionWanted(const QString& guardrail, const QString& sha256);
    void testsEdited(const std::vector<gateway::GuardrailTest>& tests);

private:
    void showButtons();
    void replay();

    GatewayLink& m_link;
    gateway::Config m_config;
    gateway::GuardrailId m_id;
    bool m_valid = false;
    Segments* m_parts = nullptr;
    QStackedWidget* m_stack = nullptr;
    GuardrailTestBox* m_box = nullptr;
    GuardrailTests* m_tests = nullptr;
    QPushButton *m_keep = nullptr, *m_replay = nullptr;
};

} // namespace ui
