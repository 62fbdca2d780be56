// SPDX-License-Identifier: GPL-3.0-or-later
#include "preferences.h"

namespace ui {
namespace {

const QString kTheme = QStringLiteral("window/theme");
const QString kCloseToTray = QStringLiteral("window/closeToTray");
const QString kSideBarFolded = QStringLiteral("window/sideBarFolded");
const QString kGeometry = QStringLiteral("window/geometry");
const QString kSplitter = QStringLiteral("requests/splitter");
const QString kModelsSplitter = QStringLiteral("models/splitter");
const QString kModelsSortColumn = QStringLiteral("models/sortColumn");
const QString kModelsSortFalling = QStringLiteral("models/sortFalling");
const QString kHomeRange = QStringLiteral("home/range");
const QString kClientKeyName = QStringLiteral("keys/clientKeyName");
const QString kLastReadAlert = QStringLiteral("alerts/lastRead");
const QString kQuiet = QStringLiteral("notify/quiet");
const QString kQuietFrom = QStringLiteral("notify/quietFrom");
const QString kQuietTo = QStringLiteral("notify/quietTo");
const QString kTimeFormat = QStringLiteral("HH:mm");

QString keyOf(AlertTopic topic)
{
    switch (topic) {
    case AlertTopic::Budgets:
        return QStringLiteral("notify/budgets");
    case AlertTopic::Loops:
        return QStringLiteral("notify/loops");
    case AlertTopic::Providers:
        return QStringLiteral("notify/providers");
    case AlertTopic::Undecided:
        break;
    }
    return {};
}

} // namespace

Preferences::Preferences() : m_settings(QStringLiteral("turnpike"), QStringLiteral("window")) {}

Preferences::Preferences(const QString& file) : m_settings(file, QSettings::IniFormat) {}

ThemeChoice Preferences::theme() const
{
    const QString name = m_settings.value(kTheme).toString();
    if (name == QLatin1String("light")) return ThemeChoice::Light;
    return name == QLatin1String("dark") ? ThemeChoice::Dark : ThemeChoice::System;
}

void Preferences::setTheme(ThemeChoice choice)
{
    const char* name = choice == ThemeChoice::Light  ? "light"
                       : choice == ThemeChoice::Dark ? "dark"
                                                     : "system";
    m_settings.setValue(kTheme, QLatin1String(name));
}

bool Preferences::closeToTray() const
{
    return m_settings.value(kCloseToTray, true).toBool();
}

void Preferences::setCloseToTray(bool on)
{
    m_settings.setValue(kCloseToTray, on);
}

bool Preferences::sideBarFolded() const
{
    return m_settings.value(kSideBarFolded, false).toBool();
}

void Preferences::setSideBarFolded(bool folded)
{
    m_settings.setValue(kSideBarFolded, folded);
}

QByteArray Preferences::geometry() const
{
    return m_settings.value(kGeometry).toByteArray();
}

void Preferences::setGeometry(const QByteArray& geometry)
{
    m_settings.setValue(kGeometry, geometry);
}

QByteArray Preferences::requestsSplitter() const
{
    return m_settings.value(kSplitter).toByteArray();
}

void Preferences::setRequestsSplitter(const QByteArray& state)
{
    m_settings.setValue(kSplitter, state);
}

QByteArray Preferences::modelsSplitter() const
{
    return m_settings.value(kModelsSplitter).toByteArray();
}

void Preferences::setModelsSplitter(const QByteArray& state)
{
    m_settings.setValue(kModelsSplitter, state);
}

int Preferences::modelsSortColumn() const
{
    return m_settings.value(kModelsSortColumn, -1).toInt();
}

bool Preferences::modelsSortFalling() const
{
    return m_settings.value(kModelsSortFalling, false).toBool();
}

void Preferences::setModelsSort(int column, bool falling)
{
    m_settings.setValue(kModelsSortColumn, column);
    m_settings.setValue(kModelsSortFalling, falling);
}

int Preferences::homeRange() const
{
    return m_settings.value(kHomeRange, 1).toInt();
}

void Preferences::setHomeRange(int range)
{
    m_settings.setValue(kHomeRange, range);
}

QString Preferences::clientKeyName() const
{
    return m_settings.value(kClientKeyName, QStringLiteral("turnpike/default-key")).toString();
}

void Preferences::setClientKeyName(const QString& name)
{
    m_settings.setValue(kClientKeyName, name);
}

std::int64_t Preferences::lastReadAlert() const
{
    return m_settings.value(kLastReadAlert, 0).toLongLong();
}

void Preferences::setLastReadAlert(std::int64_t id)
{
    m_settings.setValue(kLastReadAlert, static_cast<qlonglong>(id));
}

bool Preferences::notifies(AlertTopic topic) const
{
    const QString key = keyOf(topic);
    return key.isEmpty() || m_settings.value(key, true).toBool();
}

void Preferences::setNotifies(AlertTopic topic, bool on)
{
    if (const QString key = keyOf(topic); !key.isEmpty()) m_settings.setValue(key, on);
}

Preferences::QuietHours Preferences::quietHours() const
{
    const auto time = [this](const QString& key, QTime otherwise) {
        const QTime kept = QTime::fromString(m_settings.value(key).toString(), kTimeFormat);
        return kept.isValid() ? kept : otherwise;
    };
    return {m_settings.value(kQuiet, false).toBool(), time(kQuietFrom, QTime(22, 0)),
            time(kQuietTo, QTime(7, 0))};
}

void Preferences::setQuietHours(const QuietHours& hours)
{
    m_settings.setValue(kQuiet, hours.on);
    m_settings.setValue(kQuietFrom, hours.from.toString(kTimeFormat));
    m_settings.setValue(kQuietTo, hours.to.toString(kTimeFormat));
}

} // namespace ui
