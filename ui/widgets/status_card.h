// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;

namespace ui {

class Dot;
class GatewayStatus;

/// The foot of the side bar: is the gateway running, and where.
class StatusCard : public QFrame {
    Q_OBJECT

public:
    explicit StatusCard(GatewayStatus& status, QWidget* parent = nullptr);
    void setFolded(bool folded);

private:
    void refresh();

    GatewayStatus& m_status;
    Dot* m_dot;
    QLabel* m_headline;
    QLabel* m_address;
};

} // namespace ui
