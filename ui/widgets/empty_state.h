// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QFrame;
class QLabel;
class QPushButton;

namespace ui {

/// What a page shows instead of nothing: a picture, a title, one sentence, and what to do about it.
class EmptyState : public QWidget {
    Q_OBJECT

public:
    explicit EmptyState(QWidget* parent = nullptr);
    /// An empty `action` shows no button. `bad`: something failed.
    void setContent(const QString& icon, const QString& title, const QString& sentence, bool bad = false);
    void setAction(const QString& text, const QString& icon);

signals:
    void actionClicked();

private:
    QFrame* m_disc;
    QLabel* m_picture;
    QLabel* m_title;
    QLabel* m_sentence;
    QPushButton* m_button;
};

} // namespace ui
