// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <QApplication>
#include <QTranslator>

#include "app/command_line.h"
#include "app/process_guard.h"
#include "app/single_instance.h"
#include "app/window_program.h"
#include "translation.h"

namespace {

constexpr int kBadArguments = 2;
constexpr int kFailed = 1;

bool hasDisplay()
{
#if defined(Q_OS_LINUX) || defined(Q_OS_FREEBSD)
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
#else
    return true;
#endif
}

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
    app::WindowProgram program(line);
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
