// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "gateway/gateway.h"

#include "app/command_line.h"
#include "app/keychain_store.h"
#include "app/signal_pipe.h"
#include "main_window.h"
#include "models/engine_link.h"

namespace app {

/// The program around the window: engine, keychain, tray, and the way out. Needs a QApplication; quits it
/// when the engine has stopped.
class WindowProgram : public QObject {
    Q_OBJECT

public:
    explicit WindowProgram(const CommandLine& line);

    void start();
    void raise() { m_window.bringToFront(); }
    /// The window goes at once; running requests may end. Asked again, nothing is waited for.
    void quit();

    [[nodiscard]] ui::MainWindow& window() { return m_window; }
    [[nodiscard]] gateway::Gateway& gateway() { return m_gateway; }
    [[nodiscard]] KeychainStore& keychain() { return m_keychain; }

private:
    void onSignal(int signal);
    void onKeychainChanged();
    void say(const std::string& text) const;

    CommandLine m_line;
    KeychainStore m_keychain;
    gateway::Gateway m_gateway;
    ui::Preferences m_preferences;
    ui::EngineLink m_link;
    ui::MainWindow m_window;
    SignalPipe m_signals;
    bool m_quitting = false;
};

} // namespace app
