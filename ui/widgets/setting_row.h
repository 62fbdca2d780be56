// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace ui {

/// One setting: what it is and what it does on the left, its control on the right, its problem below.
class SettingRow : public QWidget {
    Q_OBJECT

public:
    SettingRow(const QString& title, const QString& description, QWidget* control, QWidget* parent = nullptr);
    /// An empty text takes the problem away.
    void setProblem(const QString& text);
    void setDescription(const QString& text);

private:
    QLabel* m_description;
    QLabel* m_problem;
};

} // namespace ui
