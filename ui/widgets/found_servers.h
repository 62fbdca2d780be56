// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "models/local_servers.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace ui {

class Spinner;

/// The model servers of this computer, each with a button that adds it; and that they are looked for. Begins
/// to look when it is told to; hidden while there is nothing to say.
class FoundServers : public QFrame {
    Q_OBJECT

public:
    /// What it says where a look found none: nothing at all, or how to start one.
    enum class WhenNone : std::uint8_t { Undecided, Silent, Explain };

    FoundServers(GatewayLink& link, WhenNone whenNone, QWidget* parent = nullptr);
    /// Looks again, unless it does so already.
    void look();
    [[nodiscard]] LocalServers& servers() { return m_servers; }

signals:
    void addWanted(const ui::FoundServer& server);

private:
    void showState();
    void fillRows();

    LocalServers m_servers;
    WhenNone m_whenNone;
    QLabel* m_title;
    Spinner* m_spinner;
    QPushButton* m_stop;
    QPushButton* m_close;
    QVBoxLayout* m_rows;
    QLabel* m_hint;
    bool m_dismissed = false;
};

} // namespace ui
