// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/condition_draft.h"

class QLineEdit;
class QPushButton;

namespace ui {

class ComboBox;

/// One comparison of a condition: a field, how it is compared, and with what. `place` ("2.1") tells it apart
/// for screen readers.
class ConditionLine : public QWidget {
    Q_OBJECT

public:
    ConditionLine(const ConditionRow& row, const QString& place, QWidget* parent = nullptr);
    [[nodiscard]] ConditionRow row() const;
    [[nodiscard]] QWidgetList tabStops() const;

signals:
    void edited();
    void removeWanted();

private:
    void showExample();

    ComboBox* m_field = nullptr;
    ComboBox* m_op = nullptr;
    QLineEdit* m_value = nullptr;
    QPushButton* m_remove = nullptr;
};

} // namespace ui
