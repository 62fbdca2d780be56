// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>
#include <string>

#include <QTest>

#include "upstream/origin.h"

using namespace gateway::upstream;

class OriginTest : public QObject {
    Q_OBJECT

private slots:
    void readsBaseUrls_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<bool>("tls");
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<int>("port");
        QTest::addColumn<QByteArray>("path");
        const auto row = [](const char* url, bool tls, const char* host, int port, const char* path) {
            QTest::newRow(url) << QByteArray(url) << tls << QByteArray(host) << port << QByteArray(path);
        };
        row("https://api.openai.com/v1", true, "api.openai.com", 443, "/v1");
        row("https://api.anthropic.com", true, "api.anthropic.com", 443, "");
        row("http://127.0.0.1:11434/", false, "127.0.0.1", 11434, "");
        row("http://localhost/v1/", false, "localhost", 80, "/v1");
        row("http://localhost/a//b///", false, "localhost", 80, "/a//b");
        row("https://host:65535", true, "host", 65535, "");
        row("http://host:1/x", false, "host", 1, "/x");
        row("http://[::1]:8000/v1", false, "::1", 8000, "/v1");
        row("https://[fd00::5]", true, "fd00::5", 443, "");
        row("HTTPS://API.example/v1", true, "API.example", 443, "/v1");
        row("Http://host", false, "host", 80, "");
    }

    void readsBaseUrls()
    {
        QFETCH(QByteArray, url);
        QFETCH(bool, tls);
        QFETCH(QByteArray, host);
        QFETCH(int, port);
        QFETCH(QByteArray, path);
        const auto base = parseBaseUrl(url.toStdString());
        QVERIFY(base);
        QCOMPARE(base->origin.tls, tls);
        QCOMPARE(base->origin.host, host.toStdString());
        QCOMPARE(static_cast<int>(base->origin.port), port);
        QCOMPARE(base->path, path.toStdString());
    }

    void refusesWhatIsNoBaseUrl_data()
    {
        QTest::addColumn<QByteArray>("url");
        for (const char* url : {"",
                                "api.openai.com",
                                "//host",
                                "http:/host",
                                "http://",
                                "https:///v1",
                                "http://:80",
                                "ftp://host",
                                "file:///etc/passwd",
                                "unix:///run/x.sock",
                                "httpss://host",
                                "http://user@host",
                                "http://user:secret@host/v1",
                                "http://host/v1?key=x",
                                "http://host/#x",
                                "http://host /v1",
                                "http://host/a b",
                                "http://host/\r\nx: y",
                                "http://ho\nst",
                                "http://host:",
                                "http://host:0",
                                "http://host:65536",
                                "http://host:99999999999999999999",
                                "http://host:80x",
                                "http://host:+80",
                                "http://host:-1",
                                "http://host:8 0",
                                "http://a:b:80",
                                "http://::1",
                                "http://::1:80",
                                "http://[::1",
                                "http://[]",
                                "http://[]:80",
                                "http://[::1]:",
                                "http://[::1]x80",
                                "http://[::1]80",
                                "http://[::1]:80:90"})
            QTest::newRow(url) << QByteArray(url);
    }

    void refusesWhatIsNoBaseUrl()
    {
        QFETCH(QByteArray, url);
        QVERIFY(!parseBaseUrl(url.toStdString()));
    }

    void survivesAnyCutOfAUrl()
    {
        const std::string url = "https://[fd00::5]:8443/v1/";
        for (std::size_t size = 0; size <= url.size(); ++size) {
            const auto base = parseBaseUrl(std::string_view(url).substr(0, size));
            if (base) QVERIFY(!base->origin.host.empty() && base->origin.port != 0);
        }
    }

    void writesTheHostHeader()
    {
        const auto authority = [](const char* url) { return parseBaseUrl(url)->origin.authority(); };
        QCOMPARE(authority("https://api.openai.com/v1"), std::string("api.openai.com"));
        QCOMPARE(authority("https://api.openai.com:443"), std::string("api.openai.com"));
        QCOMPARE(authority("http://host:443"), std::string("host:443"));
        QCOMPARE(authority("https://host:80"), std::string("host:80"));
        QCOMPARE(authority("http://[::1]:8000"), std::string("[::1]:8000"));
        QCOMPARE(authority("http://[::1]"), std::string("[::1]"));
    }

    void sharesConnectionsOnlyWhereEverythingIsTheSame()
    {
        Origin origin = parseBaseUrl("https://host/v1")->origin;
        origin.seal();
        Origin same = parseBaseUrl("https://host:443/other")->origin;
        same.seal();
        QCOMPARE(same.poolKey, origin.poolKey);

        std::set<std::string> keys{origin.poolKey};
        const auto differs = [&keys](Origin other) {
            other.seal();
            return keys.insert(other.poolKey).second;
        };
        Origin other = origin;
        other.tls = false;
        QVERIFY(differs(other));
        other = origin;
        other.host = "other";
        QVERIFY(differs(other));
        other = origin;
        other.port = 444;
        QVERIFY(differs(other));
        other = origin;
        other.caFile = "/etc/ca.pem";
        QVERIFY(differs(other));
        other = origin;
        other.proxy = "http://proxy:3128";
        QVERIFY(differs(other));
        other.proxy = "socks5://proxy:3128";
        QVERIFY(differs(other));
    }
};

QTEST_GUILESS_MAIN(OriginTest)
#include "origin_test.moc"
