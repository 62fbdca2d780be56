// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QWidget>

#include "gateway/snapshot.h"

#include "models/guardrail_source.h"

namespace ui {

class GatewayLink;
class RequestSourceBox;
class ResultBox;

/// Where a text to try comes from: it is typed, a sample, or what was said in a request of the log.
class GuardrailPicker : public QWidget {
    Q_OBJECT

public:
    explicit GuardrailPicker(GatewayLink& link, QWidget* parent = nullptr);
    /// Of a request that is picked from now on its answer is meant.
    void setAnswers(bool answers) { m_answers = answers; }
    /// The text is another one now.
    void forget();

signals:
    void picked(const QString& text, bool isAnswer);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void readLog();
    void fill();
    void choose();
    void chooseLogged(std::int64_t id);
    void takeWords(const LoggedWords& words, bool isAnswer);

    GatewayLink& m_link;
    bool m_answers = false;
    bool m_filling = false;
    std::uint64_t m_choice = 0; // what was chosen before comes too late
    std::vector<gateway::LogRow> m_last;
    RequestSourceBox* m_source = nullptr;
    ResultBox* m_note = nullptr;
};

} // namespace ui
