// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include <QWidget>

#include "gateway/config.h"
#include "gateway/meaning_trial.h"

class QGridLayout;
class QLabel;
class QPlainTextEdit;
class QSpinBox;

namespace ui {

/// When a likeness counts on a route that goes by meaning, and a request to try: how alike each target is to
/// it, and where it would go. Told while one types, in the pool, one try at a time.
class MeaningTestBox : public QWidget {
    Q_OBJECT

public:
    explicit MeaningTestBox(QWidget* parent = nullptr);
    /// Does not emit edited().
    void setRoute(const gateway::RouteConfig& route);
    [[nodiscard]] gateway::SemanticConfig rules() const { return m_route.semantic; }

signals:
    void edited();

private:
    [[nodiscard]] QWidget* buildRules();
    void onEdited();
    void tryNow();
    void showTrial(const gateway::MeaningTrial& trial, const gateway::RouteConfig& route);
    void showNothing();

    gateway::RouteConfig m_route;
    bool m_trying = false, m_again = false;
    QSpinBox *m_threshold = nullptr, *m_margin = nullptr;
    QPlainTextEdit* m_text = nullptr;
    QLabel *m_verdict = nullptr, *m_likenesses = nullptr;
};

} // namespace ui
