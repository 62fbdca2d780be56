// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <QApplication>
#include <QTimer>
#include <QTranslator>

#include "gateway/gateway.h"

#include "app/command_line.h"
#include "app/keychain_store.h"
#include "app/process_guard.h"
#include "app/signal_pipe.h"
#include "app/single_instance.h"
#include "main_window.h"
#include "models/engine_link.h"
#include "translation.h"
#include "tray_icon.h"

namespace {

constexpr int kBadArguments = 2;
constexpr int kFailed = 1;
constexpr std::uint16_t kPortsToTry = 10;

bool hasDisplay()
{
#if defined(Q_OS_LINUX) || defined(Q_OS_FREEBSD)
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
#else
    return true;
#endif
}

gateway::GatewayOptions optionsOf(const app::CommandLine& line, gateway::SecretStore& secrets)
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

/// The program around the window: engine, keychain, tray, and the way out.
class Program : public QObject {
public:
    explicit Program(const app::CommandLine& line)
        : m_gateway(optionsOf(line, m_keychain))
        , m_link(m_gateway, &m_keychain,
                 {QString::fromStdString(line.configPath), QString::fromStdString(line.dataDir)})
        , m_window(m_link, m_preferences)
        , m_signals([this](int signal) { onSignal(signal); })
    {
        new ui::TrayIcon(m_window);
        connect(&m_window, &ui::MainWindow::quitWanted, this, &Program::quit);
        connect(&m_gateway, &gateway::Gateway::stopped, qApp, &QCoreApplication::quit);
        connect(&m_gateway, &gateway::Gateway::note, this, [line](int level, const QString& text) {
            if (level >= static_cast<int>(line.logLevel))
                std::cerr << "turnpike: " << text.toStdString() << std::endl;
        });
    }

    void start()
    {
        m_window.show();
        QTimer::singleShot(0, &m_gateway, [this] { m_gateway.start(); });
    }
    void raise() { m_window.bringToFront(); }

private:
    // The window goes at once; running requests may end. Asked again, nothing is waited for.
    void quit()
    {
        using gateway::EngineState;
        const EngineState state = m_gateway.activity().state;
        m_window.hide();
        if (state == EngineState::Undecided || state == EngineState::Failed ||
            state == EngineState::Stopped) {
            QCoreApplication::quit();
        } else if (std::exchange(m_quitting, true)) {
            m_gateway.stopNow();
        } else {
            m_gateway.stop();
        }
    }

    void onSignal(int signal)
    {
        if (signal == SIGHUP) {
            m_gateway.reload();
        } else {
            quit();
        }
    }

    app::KeychainStore m_keychain;
    gateway::Gateway m_gateway;
    ui::Preferences m_preferences;
    ui::EngineLink m_link;
    ui::MainWindow m_window;
    app::SignalPipe m_signals;
    bool m_quitting = false;
};

int runWindow(const app::CommandLine& line)
{
    QCoreApplication::setApplicationName(QStringLiteral("turnpike"));
    QCoreApplication::setApplicationVersion(QStringLiteral(TURNPIKE_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("turnpike"));
    QGuiApplication::setQuitOnLastWindowClosed(false);
    app::SingleInstance instance(app::SingleInstance::runtimeFolder());
    if (!instance.claim()) return EXIT_SUCCESS;

    ui::Theme::instance().apply(ui::Preferences().theme());
    QTranslator texts;
    if (ui::loadTranslation(texts)) QCoreApplication::installTranslator(&texts);
    Program program(line);
    QObject::connect(&instance, &app::SingleInstance::raiseWanted, &program, [&program] { program.raise(); });
    program.start();
    return QCoreApplication::exec();
}

} // namespace

// The command line is read before there is a QApplication, which would end the program where there is no
// display.
int main(int argc, char** argv)
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const auto line = app::parseCommandLine(arguments, {});
    if (!line) {
        std::cerr << "turnpike: " << line.error().message << std::endl;
        return kBadArguments;
    }
    if (line->help || line->version) {
        std::cout << (line->help ? app::helpText("turnpike", {})
                                 : std::string("turnpike " TURNPIKE_VERSION "\n"));
        return EXIT_SUCCESS;
    }
    if (!hasDisplay()) {
        std::cerr << "turnpike: there is no display here; run turnpiked, the same gateway without a window."
                  << std::endl;
        return kFailed;
    }
    app::guardProcess();
    // libsecret answers through GLib's main loop; without it the keychain would never speak.
    unsetenv("QT_NO_GLIB");
    QApplication application(argc, argv);
    return runWindow(*line);
}
