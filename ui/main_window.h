// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QMainWindow>
#include <QVariant>

#include "models/alert_inbox.h"
#include "models/config_changes.h"
#include "models/gateway_status.h"
#include "preferences.h"
#include "widgets/toast.h"

class QAction;
class QPushButton;
class QStackedWidget;

namespace ui {

class BannerStrip;
class EndpointChip;
class Page;
class SideBar;

/// The window: side bar, endpoint and state on top, one page at a time. Every command is a QAction, so that
/// button, shortcut and tray menu are one thing. Closing hides it where a tray shows it is still running,
/// else asks to quit.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    /// `link` and `preferences` outlive the window.
    MainWindow(GatewayLink& link, Preferences& preferences, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// The commands, for the tray menu and tests.
    struct Actions {
        QAction *pause, *pauseSpending, *copyBaseUrl, *copyOpenAi, *copyAnthropic, *copyCurl, *copyKey,
            *sendTrial, *refresh, *find, *settings, *foldSideBar, *quit;
    };
    [[nodiscard]] const Actions& commands() const { return m_actions; }
    [[nodiscard]] GatewayStatus& status() { return m_status; }
    [[nodiscard]] GatewayLink& link() { return m_link; }
    [[nodiscard]] const Preferences& preferences() const { return m_preferences; }
    /// A tray icon is there: closing may hide the window.
    void setTrayPresent(bool present) { m_trayPresent = present; }
    [[nodiscard]] QString currentPage() const { return m_currentPage; }

public slots:
    void openPage(const QString& id, const QVariant& what = {});
    void bringToFront();

signals:
    void quitWanted();

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void buildActions();
    void buildCopyActions();
    void buildPageActions();
    [[nodiscard]] QWidget* buildTopBar();
    void restoreLook();
    void showStatus();
    void togglePause();
    void pauseSpending(bool paused);
    void showQuestion(std::uint64_t id);
    void toggleTheme();
    void copyKey();
    void showFirstKey(const QString& keychainName);
    void sendTrial();
    void runNotice(const Notice& notice);
    [[nodiscard]] Page* pageFor(const QString& id);

    GatewayLink& m_link;
    Preferences& m_preferences;
    GatewayStatus m_status;
    AlertInbox m_inbox;
    ConfigChanges m_changes;
    Actions m_actions{};
    QHash<QString, Page*> m_pages;
    QString m_currentPage;
    bool m_trayPresent = false;
    bool m_trialRuns = false;
    SideBar* m_sideBar = nullptr;
    EndpointChip* m_endpoint = nullptr;
    QPushButton* m_pauseButton = nullptr;
    BannerStrip* m_banner = nullptr;
    QStackedWidget* m_stack = nullptr;
    Toast* m_toast = nullptr;
};

} // namespace ui
