// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace ui {

/// One setting: what it is and what it does on the left, its control on the right, its problem below.
class SettingRow : public QWidget {
    Q_OBJECT

public:
    /// `field` is what the keyboard goes to, where that is only a part of `control`.
    SettingRow(const QString& title, const QString& description, QWidget* control, QWidget* field = nullptr,
               QWidget* parent = nullptr);
    /// An empty text takes the problem away.
    void setProblem(const QString& text);
    void setDescription(const QString& text);

private:
    QLabel* m_description;
    QLabel* m_problem;
};

} // namespace ui
