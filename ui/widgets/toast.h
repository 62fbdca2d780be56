// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include <QFrame>
#include <QString>
#include <QTimer>

class QLabel;
class QPushButton;

namespace ui {

/// A short message about something that went well, perhaps with a way back.
struct ToastText {
    QString text;
    QString actionText;
    std::function<void()> action;
    bool bad = false; // Errors are always shown elsewhere too.
};

/// The one toast of a window, in the lower right corner of its parent for four seconds.
class Toast : public QFrame {
    Q_OBJECT

public:
    explicit Toast(QWidget* parent);
    void showText(const ToastText& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();

    QLabel* m_picture;
    QLabel* m_text;
    QPushButton* m_action;
    std::function<void()> m_call;
    QTimer m_timer;
};

} // namespace ui
