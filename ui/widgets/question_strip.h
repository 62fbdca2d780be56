// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QTimer>
#include <QWidget>

#include "models/gateway_link.h"
#include "widgets/toast.h"

class QVBoxLayout;

namespace ui {

class QuestionRow;

/// The requests that wait for the user's word, one below the other on every page, until they are answered or
/// their time is over.
class QuestionStrip : public QWidget {
    Q_OBJECT

public:
    explicit QuestionStrip(GatewayLink& link, QWidget* parent = nullptr);

signals:
    void detailsWanted(std::uint64_t id);
    void toastWanted(const ui::ToastText& text);

private:
    void showQuestions();
    void addRow(const gateway::SpendQuestion& question);
    void tick();
    void answer(std::uint64_t id, bool allow);

    GatewayLink& m_link;
    QVBoxLayout* m_rows;
    std::vector<QuestionRow*> m_shown; // in the snapshot's order
    QTimer m_clock;
};

} // namespace ui
