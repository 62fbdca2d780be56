// SPDX-License-Identifier: GPL-3.0-or-later
// What NetworkManager says of a wireless network, from one of our own on a bus of our own.
#include <chrono>
#include <future>

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusVariant>
#include <QDBusVirtualObject>
#include <QMap>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include "engine/wireless_name.h"

namespace {

const char* const kService = "org.freedesktop.NetworkManager";
const char* const kRoot = "/org/freedesktop/NetworkManager";

/// Answers with what stands under the name of a property, whoever's it is.
class FakeManager : public QDBusVirtualObject {
    Q_OBJECT

public:
    QMap<QString, QVariant> values;

    [[nodiscard]] QString introspect(const QString& /*path*/) const override { return {}; }
    bool handleMessage(const QDBusMessage& message, const QDBusConnection& connection) override
    {
        const QVariant value = values.value(message.arguments().value(1).toString());
        const QDBusMessage reply = value.isValid()
                                       ? message.createReply(QVariant::fromValue(QDBusVariant(value)))
                                       : message.createErrorReply(QDBusError::UnknownProperty, "None.");
        return connection.send(reply);
    }
};

QVariant path(const char* text)
{
    return QVariant::fromValue(QDBusObjectPath(QLatin1String(text)));
}

} // namespace

class WirelessNameTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(!QStandardPaths::findExecutable("dbus-daemon").isEmpty(), "apt-get install dbus-daemon");
        m_bus.start("dbus-daemon", {"--session", "--nofork", "--print-address"});
        QTRY_VERIFY(m_bus.canReadLine());
        const QByteArray address = m_bus.readLine().trimmed();
        qputenv("DBUS_SYSTEM_BUS_ADDRESS", address);
        QDBusConnection own = QDBusConnection::connectToBus(QString::fromLatin1(address), "fake");
        QVERIFY(own.registerVirtualObject(kRoot, &m_manager, QDBusConnection::SubPath));
        QVERIFY(own.registerService(kService));
    }

    void init()
    {
        m_manager.values = {{"PrimaryConnection", path("/org/freedesktop/NetworkManager/ActiveConnection/1")},
                            {"Type", "802-11-wireless"},
                            {"SpecificObject", path("/org/freedesktop/NetworkManager/AccessPoint/7")},
                            {"Ssid", QByteArray("Büro 5G")}};
    }

    void tellsTheNetworksName() { QCOMPARE(name(), std::string("Büro 5G")); }

    void tellsNothingOfAWire()
    {
        m_manager.values["Type"] = "802-3-ethernet";
        QCOMPARE(name(), std::string());
    }

    void tellsNothingWithoutAConnection()
    {
        m_manager.values["PrimaryConnection"] = path("/");
        QCOMPARE(name(), std::string());
        m_manager.values.clear();
        QCOMPARE(name(), std::string());
    }

    void tellsNothingWithoutABus()
    {
        m_bus.kill();
        QVERIFY(m_bus.waitForFinished());
        QTRY_COMPARE(name(), std::string());
    }

private:
    /// Asked on another thread, as the gateway does: the one that answers is this one.
    [[nodiscard]] static std::string name()
    {
        auto asked = std::async(std::launch::async, gateway::engine::wirelessName);
        const bool came = QTest::qWaitFor(
            [&asked] { return asked.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
        return came ? asked.get() : std::string("nothing came");
    }

    QProcess m_bus;
    FakeManager m_manager;
};

QTEST_GUILESS_MAIN(WirelessNameTest)
#include "wireless_name_test.moc"
