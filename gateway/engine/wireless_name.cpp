// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wireless_name.h"

#include <QByteArray>
#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusVariant>
#include <QString>
#include <QVariant>

namespace gateway::engine {

namespace {

constexpr int kPatienceMs = 250; // four questions at most

QVariant toldBy(const QDBusConnection& bus, const QString& path, const char* interface, const char* name)
{
    const QString service = QStringLiteral("org.freedesktop.NetworkManager");
    QDBusMessage call = QDBusMessage::createMethodCall(
        service, path, QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("Get"));
    call.setAutoStartService(false);
    call << service + QLatin1String(interface) << QString::fromLatin1(name);
    const QDBusMessage reply = bus.call(call, QDBus::Block, kPatienceMs);
    if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().isEmpty()) return {};
    return reply.arguments().constFirst().value<QDBusVariant>().variant();
}

/// Empty where there is none: NetworkManager says "/" then.
QString pathIn(const QVariant& value)
{
    const QString path = value.value<QDBusObjectPath>().path();
    return path.size() > 1 ? path : QString();
}

} // namespace

std::string wirelessName()
{
    if (!QCoreApplication::instance()) return {}; // Qt's D-Bus needs it
    const QString own = QStringLiteral("turnpike-network");
    const QDBusConnection bus = QDBusConnection::connectToBus(QDBusConnection::SystemBus, own);
    if (!bus.isConnected()) {
        QDBusConnection::disconnectFromBus(own); // so that the next look tries anew
        return {};
    }
    const QString primary =
        pathIn(toldBy(bus, QStringLiteral("/org/freedesktop/NetworkManager"), "", "PrimaryConnection"));
    if (primary.isEmpty()) return {};
    const QString type = toldBy(bus, primary, ".Connection.Active", "Type").toString();
    if (type != QLatin1String("802-11-wireless")) return {};
    const QString station = pathIn(toldBy(bus, primary, ".Connection.Active", "SpecificObject"));
    if (station.isEmpty()) return {};
    const QByteArray name = toldBy(bus, station, ".AccessPoint", "Ssid").toByteArray();
    return QString::fromUtf8(name).toStdString(); // whatever bytes somebody has chosen for it
}

} // namespace gateway::engine
