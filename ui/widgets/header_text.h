// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/header_lines.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace ui {

/// Headers of a request as text, a line each, folded away until they are wanted. What is wrong with them
/// stands under them.
class HeaderText : public QWidget {
    Q_OBJECT

public:
    explicit HeaderText(QWidget* parent = nullptr);
    [[nodiscard]] HeaderLines lines() const;
    /// Opens it, with the keyboard in it.
    void reveal();

signals:
    void changed();

private:
    void setOpen(bool open);
    void showCount();

    QPushButton* m_toggle = nullptr;
    QPlainTextEdit* m_text = nullptr;
    QLabel* m_problem = nullptr;
};

} // namespace ui
