// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;

namespace ui {

class Spinner;

/// What came of something, with its picture; or that it is under way. Hidden until there is something to say,
/// and stays until there is something else.
class ResultBox : public QFrame {
    Q_OBJECT

public:
    /// `described` is its text's accessible description.
    explicit ResultBox(const QString& described, QWidget* parent = nullptr);
    void showProgress(const QString& text);
    void showResult(const QString& text, bool good);
    void showNote(const QString& text);

private:
    void showText(const QString& text, const QString& icon, const char* token);

    QLabel* m_picture;
    Spinner* m_spinner;
    QLabel* m_text;
};

} // namespace ui
