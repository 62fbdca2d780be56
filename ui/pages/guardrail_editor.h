// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "gateway/config_io.h"
#include "gateway/guardrails.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace ui {

class ComboBox;
class GuardrailMasks;
class GuardrailParameters;
class ProblemGrid;
class ResultBox;

/// The draft of one guardrail. Nothing is in force before it is applied.
class GuardrailEditor : public QWidget {
    Q_OBJECT

public:
    explicit GuardrailEditor(QWidget* parent = nullptr);
    void setRule(const gateway::GuardrailConfig& rule, const QStringList& routes);
    [[nodiscard]] const gateway::GuardrailConfig& draft() const { return m_draft; }
    /// `problems` are those of the configuration with the draft in it.
    void showState(bool changed, const std::vector<gateway::ConfigProblem>& problems);
    /// Why something else than the draft was refused.
    void showProblem(const QString& text);
    void setBusy(bool busy);
    void focusFirst();
    /// Below the cards, within what scrolls.
    void addBelow(QWidget* widget);

signals:
    void edited();
    void applyWanted();
    void revertWanted();
    void duplicateWanted();
    void deleteWanted();

private:
    void buildHead(QVBoxLayout* all);
    [[nodiscard]] QWidget* buildBody();
    void buildDeeds();
    void buildScope();
    void buildRest();
    void buildFoot(QVBoxLayout* all);
    [[nodiscard]] QLineEdit* addText(ProblemGrid* grid, const QString& name, const char* objectName);
    void fill();
    void take();
    void takeScope();
    void showRetries();
    void showExceptions();
    [[nodiscard]] bool place(const QString& field, const QString& message);
    [[nodiscard]] const gateway::CheckDescription* check() const;

    std::vector<gateway::CheckDescription> m_checks = gateway::checkDescriptions();
    gateway::GuardrailConfig m_draft;
    QStringList m_routes;
    bool m_filling = true; // While it is built, nothing is taken.
    bool m_changed = false, m_valid = false, m_busy = false;
    QLabel *m_title = nullptr, *m_about = nullptr, *m_unsaved = nullptr, *m_exceptions = nullptr;
    QVBoxLayout* m_cards = nullptr;
    ProblemGrid *m_deeds = nullptr, *m_scope = nullptr, *m_rest = nullptr;
    GuardrailParameters* m_parameters = nullptr;
    GuardrailMasks* m_masks = nullptr;
    QSpinBox* m_retries = nullptr;
    QLineEdit *m_name = nullptr, *m_message = nullptr;
    ComboBox *m_on = nullptr, *m_action = nullptr, *m_mode = nullptr, *m_route = nullptr, *m_style = nullptr,
             *m_onError = nullptr;
    QCheckBox *m_restore = nullptr, *m_everywhere = nullptr;
    QLineEdit *m_scopeRoutes = nullptr, *m_scopeKeys = nullptr, *m_scopeDialects = nullptr,
              *m_scopeClients = nullptr;
    QPushButton *m_clear = nullptr, *m_apply = nullptr, *m_revert = nullptr;
    ResultBox* m_problem = nullptr;
};

} // namespace ui
