// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QByteArray>
#include <QObject>
#include <QSystemTrayIcon>

class QAction;
class QMenu;

namespace ui {

class MainWindow;

/// The icon in the desktop's tray: state, and the commands one needs without the window.
class TrayIcon : public QObject {
    Q_OBJECT

public:
    explicit TrayIcon(MainWindow& window);
    ~TrayIcon() override;

private:
    void buildMenu();
    void showStatus();

    MainWindow& m_window;
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
