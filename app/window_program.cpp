// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window_program.h"

#include <csignal>
#include <iostream>
#include <string>
#include <utility>

#include <QApplication>

#include "tray_icon.h"

namespace app {

namespace {

constexpr std::uint16_t kPortsToTry = 10;

gateway::GatewayOptions optionsOf(const CommandLine& line, gateway::SecretStore& secrets)
{
    gateway::GatewayOptions options;
    options.configPath = line.configPath;
    options.dataDir = line.dataDir;
    options.port = line.port;
    options.portsToTry = kPortsToTry;
    options.runOnBackup = true;
    options.logLevel = line.logLevel;
    options.secrets = &secrets;
    return options;
}

} // namespace

WindowProgram::WindowProgram(const CommandLine& line)
    : m_line(line)
    , m_gateway(optionsOf(line, m_keychain))
    , m_link(m_gateway, &m_keychain,
             {QString::fromStdString(line.configPath), QString::fromStdString(line.dataDir)})
    , m_window(m_link, m_preferences)
    , m_signals([this](int signal) { onSignal(signal); })
{
    new ui::TrayIcon(m_window);
    connect(&m_window, &ui::MainWindow::quitWanted, this, &WindowProgram::quit);
    connect(&m_gateway, &gateway::Gateway::stopped, qApp, &QCoreApplication::quit);
    connect(&m_keychain, &KeychainStore::stateChanged, this, &WindowProgram::onKeychainChanged);
    connect(&m_gateway, &gateway::Gateway::note, this, [this](int level, const QString& text) {
        if (level >= static_cast<int>(m_line.logLevel)) say(text.toStdString());
    });
}

void WindowProgram::start()
{
    m_window.show();
    m_gateway.start();
}

void WindowProgram::quit()
{
    using gateway::EngineState;
    const EngineState state = m_gateway.activity().state;
    m_window.hide();
    if (state == EngineState::Undecided || state == EngineState::Failed || state == EngineState::Stopped) {
        QCoreApplication::quit();
    } else if (std::exchange(m_quitting, true)) {
        m_gateway.stopNow();
    } else {
        m_gateway.stop();
    }
}

void WindowProgram::onSignal(int signal)
{
    if (signal == SIGHUP) {
        m_gateway.reload();
    } else {
        quit();
    }
}

void WindowProgram::onKeychainChanged()
{
    // Unlocked or answered late: what could not be read before can be now.
    if (m_keychain.state() == gateway::KeychainState::Ready) {
        m_gateway.reload();
    } else if (const std::string problem = m_keychain.problem(); !problem.empty()) {
        say(problem);
    }
}

void WindowProgram::say(const std::string& text) const
{
    std::cerr << "turnpike: " << text << std::endl;
}

} // namespace app
