// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "gateway/config.h"

class QLineEdit;
class QPlainTextEdit;

namespace ui {

/// What belongs to a target of a route that goes by meaning: requests as they are made, one a line, or a
/// description.
class TargetMeaningFields : public QWidget {
    Q_OBJECT

public:
    explicit TargetMeaningFields(QWidget* parent = nullptr);
    /// What is being typed stays as it is. Does not emit edited().
    void setTarget(const gateway::TargetConfig& target);
    /// Puts what stands here into it.
    void fill(gateway::TargetConfig& target) const;
    void setPlace(int place);
    [[nodiscard]] QWidgetList tabStops() const;

signals:
    void edited();

private:
    QPlainTextEdit* m_examples = nullptr;
    QLineEdit* m_description = nullptr;
};

} // namespace ui
