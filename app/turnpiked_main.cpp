// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <QCoreApplication>

#include "app/command_line.h"
#include "app/commands/commands.h"
#include "app/commands/output.h"
#include "app/process_guard.h"

int main(int argc, char** argv)
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const auto line = app::parseCommandLine(arguments, app::commandTable());
    if (!line) {
        app::complain(line.error().message);
        return app::kBadInput;
    }
    if (line->help || line->version) {
        std::cout << (line->help ? app::helpText("turnpiked", app::commandTable(), line->command)
                                 : std::string("turnpiked " TURNPIKE_VERSION "\n"));
        return app::kDone;
    }
    app::guardProcess();
    // libsecret answers through GLib's main loop; without it the keychain would never speak.
    unsetenv("QT_NO_GLIB");
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("turnpike"));
    QCoreApplication::setApplicationVersion(QStringLiteral(TURNPIKE_VERSION));
    return line->command->run(*line);
}
