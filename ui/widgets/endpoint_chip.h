// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QMenu;
class QPushButton;

namespace ui {

class Dot;

/// The address clients use, with its state: a click copies it, the arrow offers other forms of it.
class EndpointChip : public QWidget {
    Q_OBJECT

public:
    explicit EndpointChip(QWidget* parent = nullptr);
    void setEndpoint(const QString& baseUrl, const QString& state, const char* dotToken);
    [[nodiscard]] QMenu* menu() const { return m_menu; }

signals:
    void copyWanted();

private:
    Dot* m_dot;
    QPushButton* m_button;
    QMenu* m_menu;
};

} // namespace ui
