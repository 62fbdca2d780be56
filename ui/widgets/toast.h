// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include <QString>
#include <QTimer>
#include <QWidget>

class QVBoxLayout;

namespace ui {

class ToastRow;

/// A short message about something that went well, perhaps with a way back; or about what went wrong.
struct ToastText {
    QString text;
    QString actionText{};
    std::function<void()> action{};
    bool bad = false;    // Stays until it is sent away.
    bool undoes = false; // The action takes back what the message tells of: Ctrl+Z does it too.
};

/// The messages of a window, in a strip of their own at the foot of its page: they never lie on top of what
/// one wants to press. Good news goes after a few seconds, but not while the pointer or the focus is on it;
/// bad news stays until it is sent away.
class Toast : public QWidget {
    Q_OBJECT

public:
    explicit Toast(QWidget* parent = nullptr);
    void showText(const ToastText& text);
    /// Does what the message on show offers, where that takes something back.
    void undo();

private:
    [[nodiscard]] ToastRow* makeRow();
    void showRow(ToastRow* row, const ToastText& text);
    void hideRow(ToastRow* row);
    void onTimeout();
    /// A row for bad news: a free one, else the one that has been there longest.
    [[nodiscard]] ToastRow* rowForBad(const QString& text);

    QVBoxLayout* m_rows;
    ToastRow* m_good;
    std::vector<ToastRow*> m_bad; // Oldest first.
    QTimer m_timer;
};

} // namespace ui
