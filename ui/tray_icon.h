// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QByteArray>
#include <QObject>
#include <QSystemTrayIcon>

class QAction;
class QMenu;

#include "notifier.h"

namespace ui {

class MainWindow;

/// The icon in the desktop's tray: state, the commands one needs without the window, and the messages that
/// the desktop shows.
class TrayIcon : public QObject {
    Q_OBJECT

public:
    explicit TrayIcon(MainWindow& window);
    ~TrayIcon() override;

private:
    void buildMenu();
    void showStatus();
    void showNote(const DesktopNote& note);

    MainWindow& m_window;
    Notifier m_notifier;
    AlertPlace m_place; // of the last message
    QSystemTrayIcon m_icon;
    std::unique_ptr<QMenu> m_menu;
    QAction* m_state = nullptr;
    QAction* m_today = nullptr;
    QByteArray m_shownToken;
};

/// The program's mark with a dot in `color` at its lower right, or with the two bars of a pause; an invalid
/// colour: without one.
[[nodiscard]] QIcon trayPicture(const QColor& color, bool paused);

} // namespace ui
