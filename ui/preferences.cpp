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

} // namespace ui
