// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <QTimer>

#include "models/gateway_link.h"
#include "widgets/form_dialog.h"

namespace ui {

class FactGrid;

/// All about one request that waits for the user's word; stays beside the window, and goes when the question
/// is answered or over. Deletes itself when closed.
class QuestionDialog : public FormDialog {
    Q_OBJECT

public:
    QuestionDialog(GatewayLink& link, std::uint64_t id, QWidget* parent = nullptr);
    [[nodiscard]] std::uint64_t questionId() const { return m_id; }

private:
    void showQuestion();
    void tick();
    void answer(bool allow);

    GatewayLink& m_link;
    std::uint64_t m_id;
    gateway::SpendQuestion m_question;
    QLabel* m_text;
    QLabel* m_left;
    FactGrid* m_facts;
    QPushButton* m_refuse;
    QTimer m_clock;
};

} // namespace ui
