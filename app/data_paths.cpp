// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_paths.h"

#include <QStandardPaths>
#include <QString>

namespace app {

namespace {

std::string underFolder(QStandardPaths::StandardLocation location, const char* name)
{
    return (QStandardPaths::writableLocation(location) + QLatin1Char('/') + QLatin1String(name))
        .toStdString();
}

} // namespace

std::string defaultConfigPath()
{
    return underFolder(QStandardPaths::GenericConfigLocation, "turnpike/config.json");
}

std::string defaultDataDir()
{
    return underFolder(QStandardPaths::GenericDataLocation, "turnpike");
}

} // namespace app
