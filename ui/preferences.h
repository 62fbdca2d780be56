// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QTime>

#include "theme/theme.h"

namespace ui {

/// What the desktop can be told of.
enum class AlertTopic : std::uint8_t { Undecided, Budgets, Loops, Providers };

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
/// | alerts/lastRead        | int     | 0 (an alert's id)      |
/// | notify/budgets         | bool    | true                   |
/// | notify/loops           | bool    | true                   |
/// | notify/providers       | bool    | true (and keys)        |
/// | notify/quiet           | bool    | false                  |
/// | notify/quietFrom       | string  | "22:00"                |
/// | notify/quietTo         | string  | "07:00"                |
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
    /// Alerts up to this one were read.
    [[nodiscard]] std::int64_t lastReadAlert() const;
    void setLastReadAlert(std::int64_t id);
    /// Whether the desktop is told of this.
    [[nodiscard]] bool notifies(AlertTopic topic) const;
    void setNotifies(AlertTopic topic, bool on);
    /// The hours of the day in which the desktop is told of nothing; over midnight where `from` is after
    /// `to`.
    struct QuietHours {
        bool on = false;
        QTime from, to;
    };
    [[nodiscard]] QuietHours quietHours() const;
    void setQuietHours(const QuietHours& hours);

private:
    QSettings m_settings;
};

} // namespace ui
