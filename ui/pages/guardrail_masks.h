// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "models/mask_kinds.h"

namespace ui {

class ComboBox;
class ProblemGrid;

/// How each kind of place is masked. Not on show where there is nothing to choose.
class GuardrailMasks : public QFrame {
    Q_OBJECT

public:
    explicit GuardrailMasks(QWidget* parent = nullptr);
    /// Does not emit edited().
    void setRule(const gateway::CheckDescription& check, const gateway::GuardrailConfig& rule);
    [[nodiscard]] const MaskAs& maskAs() const { return m_maskAs; }
    /// `field` as within `mask_as`. False where there is no such kind.
    bool setProblem(const QString& field, const QString& text);
    void clearProblems();

signals:
    void edited();

private:
    void rebuild();

    MaskAs m_maskAs;
    std::vector<std::string> m_kinds;
    std::vector<ComboBox*> m_boxes; // one for each kind
    QWidget* m_body = nullptr;
    ProblemGrid* m_grid = nullptr;
};

} // namespace ui
