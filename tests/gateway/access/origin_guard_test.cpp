// SPDX-License-Identifier: GPL-3.0-or-later
#include <vector>

#include <QTest>

#include "access/origin_guard.h"

using gateway::Code;
using gateway::HeaderField;
using gateway::ServerConfig;
using gateway::access::AccessFields;
using gateway::access::OriginGuard;

class OriginGuardTest : public QObject {
    Q_OBJECT

private:
    static Code verdict(const OriginGuard& guard, const std::vector<HeaderField>& fields)
    {
        const auto error = guard.check(AccessFields(fields));
        return error ? error->code : Code::Undecided;
    }

private slots:
    void knowsItsOwnHosts_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("allowed");
        for (const char* host : {"127.0.0.1:4777", "localhost:4777", "LocalHost:4777", "[::1]:4777"})
            QTest::newRow(host) << QByteArray(host) << true;
        for (const char* host : {"127.0.0.1",
                                 "localhost",
                                 "localhost:4778",
                                 "127.0.0.1:80",
                                 "evil.example",
                                 "evil.example:4777",
                                 "localhost.:4777",
                                 "localhost.evil.example:4777",
                                 "127.0.0.1.nip.io:4777",
                                 "127.1:4777",
                                 "2130706433:4777",
                                 "0.0.0.0:4777",
                                 "::1:4777",
                                 "[::1]",
                                 "[::ffff:127.0.0.1]:4777",
                                 "user@localhost:4777",
                                 "localhost:04777",
                                 "localhost:4777/",
                                 "localhost:4777 ,evil",
                                 "localhost:4777,localhost:4777"})
            QTest::newRow(host) << QByteArray(host) << false;
    }

    void knowsItsOwnHosts()
    {
        QFETCH(QByteArray, host);
        QFETCH(bool, allowed);
        const OriginGuard guard(ServerConfig(), 4777);
        const Code code = verdict(guard, {{"Host", host.toStdString()}});
        QCOMPARE(code, allowed ? Code::Undecided : Code::HostNotAllowed);
    }

    void wantsExactlyOneHost()
    {
        const OriginGuard guard(ServerConfig(), 4777);
        QCOMPARE(verdict(guard, {}), Code::BadRequest);
        QCOMPARE(verdict(guard, {{"host", ""}}), Code::BadRequest);
        QCOMPARE(verdict(guard, {{"host", "localhost:4777"}, {"Host", "localhost:4777"}}), Code::BadRequest);
        QCOMPARE(verdict(guard, {{"host", "evil.example"}, {"x-forwarded-host", "localhost:4777"}}),
                 Code::HostNotAllowed);
    }

    void leavesTheDefaultPortOut()
    {
        const OriginGuard guard(ServerConfig(), 80);
        QVERIFY(guard.allowsHost("localhost"));
        QVERIFY(guard.allowsHost("localhost:80"));
        QVERIFY(guard.allowsHost("[::1]"));
        QVERIFY(!guard.allowsHost("localhost:81"));
    }

    void takesConfiguredHosts()
    {
        ServerConfig server;
        server.host = "192.168.1.5";
        server.allowedHosts = {"llm.home.arpa", "box:8443", "fd00::5"};
        const OriginGuard guard(server, 4777);
        QVERIFY(guard.allowsHost("192.168.1.5:4777"));
        QVERIFY(!guard.allowsHost("192.168.1.5"));
        QVERIFY(guard.allowsHost("LLM.home.arpa"));
        QVERIFY(guard.allowsHost("llm.home.arpa:4777"));
        QVERIFY(!guard.allowsHost("llm.home.arpa:4778"));
        QVERIFY(guard.allowsHost("box:8443"));
        QVERIFY(!guard.allowsHost("box"));
        QVERIFY(guard.allowsHost("[fd00::5]:4777"));
        QVERIFY(guard.allowsHost("localhost:4777"));
    }

    void takesNoWildcardAddress()
    {
        ServerConfig server;
        server.host = "0.0.0.0";
        QVERIFY(!OriginGuard(server, 4777).allowsHost("0.0.0.0:4777"));
        server.host = "::";
        QVERIFY(!OriginGuard(server, 4777).allowsHost("[::]:4777"));
    }

    void refusesEveryOrigin_data()
    {
        QTest::addColumn<QByteArray>("origin");
        for (const char* origin :
             {"null", "", "https://evil.example", "http://localhost:4777", "http://127.0.0.1:4777",
              "http://localhost.evil.example", "file://", "chrome-extension://abcdef", "*"})
            QTest::newRow(origin) << QByteArray(origin);
    }

    void refusesEveryOrigin()
    {
        QFETCH(QByteArray, origin);
        const OriginGuard guard(ServerConfig(), 4777);
        const std::string text = origin.toStdString();
        QCOMPARE(verdict(guard, {{"host", "localhost:4777"}, {"origin", text}}), Code::OriginNotAllowed);
    }

    void readsSecFetchSite()
    {
        const OriginGuard guard(ServerConfig(), 4777);
        const auto of = [&guard](std::string_view site) {
            return verdict(guard, {{"host", "localhost:4777"}, {"Sec-Fetch-Site", site}});
        };
        QCOMPARE(of("none"), Code::Undecided);
        QCOMPARE(of("same-origin"), Code::Undecided);
        QCOMPARE(of("same-site"), Code::OriginNotAllowed);
        QCOMPARE(of("cross-site"), Code::OriginNotAllowed);
        QCOMPARE(of(""), Code::OriginNotAllowed);
    }

    void letsAListedOriginIn()
    {
        ServerConfig server;
        server.allowedOrigins = {"http://localhost:3000"};
        const OriginGuard guard(server, 4777);
        const std::vector<HeaderField> listed = {
            {"host", "localhost:4777"}, {"origin", "http://localhost:3000"}, {"sec-fetch-site", "same-site"}};
        QCOMPARE(verdict(guard, listed), Code::Undecided);
        QVERIFY(guard.allowedOrigin(AccessFields(listed)) == "http://localhost:3000");
        QCOMPARE(verdict(guard, {{"host", "localhost:4777"}, {"origin", "http://localhost:30000"}}),
                 Code::OriginNotAllowed);
        const std::vector<HeaderField> twice = {{"host", "localhost:4777"},
                                                {"origin", "http://localhost:3000"},
                                                {"origin", "http://localhost:3000"}};
        QCOMPARE(verdict(guard, twice), Code::OriginNotAllowed);
        QVERIFY(guard.allowedOrigin(AccessFields(twice)).empty());
    }
};

QTEST_GUILESS_MAIN(OriginGuardTest)
#include "origin_guard_test.moc"
