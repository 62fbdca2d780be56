// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "gateway/config.h"
#include "gateway/snapshot.h"

#include "widgets/toast.h"

class QLabel;
class QPlainTextEdit;
class QVBoxLayout;

namespace ui {

class FactGrid;

/// One logged request: what happened in a sentence, the facts, each attempt, and the bodies where they are
/// stored.
class RequestDetail : public QFrame {
    Q_OBJECT

public:
    explicit RequestDetail(QWidget* parent = nullptr);
    void setRequest(const gateway::LogRow& row, const QString& baseUrl, gateway::LogBodies setting);

signals:
    void toastWanted(const ui::ToastText& text);
    void closed();

private:
    void buildHead(QVBoxLayout* all);
    [[nodiscard]] QWidget* buildBody();
    void showAttempts();
    void showBodies(gateway::LogBodies setting);

    gateway::LogRow m_row;
    QString m_baseUrl;
    QLabel* m_title = nullptr;
    QLabel* m_id = nullptr;
    QLabel* m_summary = nullptr;
    FactGrid* m_facts = nullptr;
    QVBoxLayout* m_attempts = nullptr;
    QLabel* m_attemptsTitle = nullptr;
    QLabel* m_noBodies = nullptr;
    QLabel* m_requestTitle = nullptr;
    QPlainTextEdit* m_request = nullptr;
    QLabel* m_answerTitle = nullptr;
    QPlainTextEdit* m_answer = nullptr;
};

} // namespace ui
