// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QSettings>
#include <QString>

#include "theme/theme.h"

namespace ui {

/// How the window looks, kept in QSettings; what the gateway does is in config.json. GUI thread.
///
/// | key                    | type    | default                |
/// |------------------------|---------|------------------------|
/// | window/theme           | string  | "system" (light, dark) |
/// | window/closeToTray     | bool    | true                   |
/// | window/sideBarFolded   | bool    | false                  |
/// | window/geometry        | bytes   | empty: 1280x800        |
/// | requests/splitter      | bytes   | empty                  |
/// | models/splitter        | bytes   | empty                  |
/// | models/sortColumn      | int     | -1 (as configured)     |
/// | models/sortFalling     | bool    | false                  |
/// | home/range             | int     | 1 (24 h)               |
/// | keys/clientKeyName     | string  | "turnpike/default-key" |
class Preferences {
public:
    /// Of this user; an own file in tests.
    Preferences();
    explicit Preferences(const QString& file);

    [[nodiscard]] ThemeChoice theme() const;
    void setTheme(ThemeChoice choice);
    [[nodiscard]] bool closeToTray() const;
    void setCloseToTray(bool on);
    [[nodiscard]] bool sideBarFolded() const;
    void setSideBarFolded(bool folded);
    [[nodiscard]] QByteArray geometry() const;
    void setGeometry(const QByteArray& geometry);
    [[nodiscard]] QByteArray requestsSplitter() const;
    void setRequestsSplitter(const QByteArray& state);
    [[nodiscard]] QByteArray modelsSplitter() const;
    void setModelsSplitter(const QByteArray& state);
    [[nodiscard]] int modelsSortColumn() const;
    [[nodiscard]] bool modelsSortFalling() const;
    void setModelsSort(int column, bool falling);
    [[nodiscard]] int homeRange() const;
    void setHomeRange(int range);
    /// The keychain's name of the first virtual key, for "copy key".
    [[nodiscard]] QString clientKeyName() const;
    void setClientKeyName(const QString& name);

private:
    QSettings m_settings;
};

} // namespace ui
