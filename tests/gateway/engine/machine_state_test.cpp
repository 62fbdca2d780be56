// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include "engine/machine_state.h"

using gateway::engine::leadingInterface;
using gateway::engine::leadsOut;
using gateway::engine::runsOnBattery;

namespace {

const QByteArray kHeads =
    "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n";
const QByteArray kOut = "eth0\t00000000\t0102A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n";
const QByteArray kNear = "eth0\t0002A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n";

QByteArray ipv6Line(const QByteArray& flags, const QByteArray& name)
{
    const QByteArray all(32, '0');
    return all + " 00 " + all + " 00 fe800000000000000000000000000001 00000064 00000000 00000000 " + flags +
           " " + name + "\n";
}

} // namespace

class MachineStateTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_root = std::make_unique<QTemporaryDir>(); }

    void takesASystemThatSaysNothingForOnline() { QVERIFY(online() && !battery()); }

    void needsARouteOutOfTheMachine()
    {
        write("proc/net/route", kHeads + kNear);
        QVERIFY(!online());
        write("proc/net/route", kHeads + kNear + kOut);
        QVERIFY(online());
        write("proc/net/route", kHeads + QByteArray(kOut).replace("0003", "0002")); // down
        QVERIFY(!online());
    }

    void namesTheInterfaceOfTheBestRoute()
    {
        QCOMPARE(leadingInterface(m_root->path().toStdString()), std::string());
        write("proc/net/ipv6_route", ipv6Line("00000003", "eth6"));
        QCOMPARE(leadingInterface(m_root->path().toStdString()), std::string("eth6"));
        write("proc/net/route", kHeads + kNear + kOut);
        QCOMPARE(leadingInterface(m_root->path().toStdString()), std::string("eth0"));
        const QByteArray better = QByteArray(kOut).replace("eth0", "wlan0").replace("\t100\t", "\t50\t");
        write("proc/net/route", kHeads + kOut + better);
        QCOMPARE(leadingInterface(m_root->path().toStdString()), std::string("wlan0"));
    }

    void takesIpv6AsWell()
    {
        write("proc/net/route", kHeads + kNear);
        write("proc/net/ipv6_route", ipv6Line("00000003", "eth0"));
        QVERIFY(online());
        // The kernel's own rule that refuses what leads nowhere, and one of the loopback.
        write("proc/net/ipv6_route", ipv6Line("00200201", "eth0") + ipv6Line("00000003", "lo"));
        QVERIFY(!online());
    }

    void runsOnItsBatteryWithoutMains()
    {
        supply("BAT0", "Battery", "status", "Discharging");
        QVERIFY(battery());
        supply("AC", "Mains", "online", "0");
        QVERIFY(battery());
        supply("AC", "Mains", "online", "1");
        QVERIFY(!battery());
        supply("AC", "Mains", "online", "0");
        supply("BAT0", "Battery", "status", "Full");
        QVERIFY(!battery());
    }

    void ignoresTheBatteryOfAMouse()
    {
        supply("hid-mouse", "Battery", "status", "Discharging");
        write("sys/class/power_supply/hid-mouse/scope", "Device\n");
        QVERIFY(!battery());
    }

    void readsAnything()
    {
        write("proc/net/route", "\n\t\n00000000");
        write("proc/net/ipv6_route", "0 0 0\n\n");
        write("sys/class/power_supply/odd", "a file where a folder should be");
        QVERIFY(!online() && !battery());
    }

private:
    [[nodiscard]] bool online() const { return leadsOut(m_root->path().toStdString()); }
    [[nodiscard]] bool battery() const { return runsOnBattery(m_root->path().toStdString()); }
    void write(const QString& path, const QByteArray& text) const
    {
        const QString whole = m_root->filePath(path);
        QVERIFY(QDir().mkpath(QFileInfo(whole).path()));
        QFile file(whole);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
    }
    void supply(const QString& name, const QByteArray& type, const QString& key,
                const QByteArray& value) const
    {
        const QString folder = "sys/class/power_supply/" + name + "/";
        write(folder + "type", type + "\n");
        write(folder + key, value + "\n");
    }

    std::unique_ptr<QTemporaryDir> m_root;
};

QTEST_APPLESS_MAIN(MachineStateTest)
#include "machine_state_test.moc"
