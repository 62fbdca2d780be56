// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QPushButton>

namespace ui {

/// An entry of the side bar, with a count of what wants attention behind its name.
class NavButton : public QPushButton {
    Q_OBJECT

public:
    explicit NavButton(QWidget* parent = nullptr);
    /// 0: no badge. `token` is its colour; `meaning` is what screen readers and the tool tip say.
    void setBadge(int count, const char* token, const QString& meaning);
    [[nodiscard]] int badge() const { return m_badge; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int m_badge = 0;
    QByteArray m_token = "danger";
};

} // namespace ui
