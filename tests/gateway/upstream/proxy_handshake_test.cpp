// SPDX-License-Identifier: GPL-3.0-or-later
#include <optional>
#include <string>
#include <utility>

#include <QTest>

#include "gateway/upstream/local_connection.h"

#include "upstream/proxy_handshake.h"

using namespace gateway;
using namespace gateway::upstream;

namespace {

net::Detached runTunnel(Transport& transport, const Proxy& proxy, const Origin& origin,
                        std::optional<Outcome>& into)
{
    Outcome outcome = co_await tunnel(transport, proxy, origin);
    into.emplace(std::move(outcome));
}

/// What a handshake came to against a proxy whose answers are known beforehand.
struct Handshake {
    std::optional<Outcome> outcome;
    std::string sent; // to the proxy
    std::string rest; // read behind the proxy's last answer: the origin's bytes

    [[nodiscard]] bool opened() const { return outcome && outcome->ok(); }
    [[nodiscard]] Error error() const { return outcome && !outcome->ok() ? outcome->error() : Error(); }
};

Handshake shaken(const std::string& proxyUrl, const Origin& origin, const std::string& answers,
                 std::size_t step = std::string::npos)
{
    boost::asio::io_context context;
    LocalConnection connection(context);
    Handshake result;
    const Proxy proxy = parseProxy(proxyUrl).value_or(Proxy());
    runTunnel(*connection.transport, proxy, origin, result.outcome);
    for (std::size_t at = 0; at < answers.size() && !result.outcome;
         at += std::min(step, answers.size() - at)) {
        connection.say(std::string_view(answers).substr(at, step));
        context.restart();
        context.poll();
    }
    connection.sayNoMore();
    context.restart();
    context.run(); // ends: the proxy says no more
    result.sent = connection.heard();
    result.rest = connection.transport->input().view();
    return result;
}

Origin origin(const std::string& host = "api.example", std::uint16_t port = 443)
{
    Origin made;
    made.tls = true;
    made.host = host;
    made.port = port;
    return made;
}

std::string bytes(std::initializer_list<int> values)
{
    std::string text;
    for (const int value : values)
        text += static_cast<char>(value);
    return text;
}

const std::string kNoLogin = bytes({5, 0});
const std::string kOpened = bytes({5, 0, 0, 1, 10, 0, 0, 1, 0x12, 0x34});

} // namespace

class ProxyHandshakeTest : public QObject {
    Q_OBJECT

private slots:
    void readsProxyAddresses_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("read"); // kind host port user password
        const auto row = [](const char* url, const char* read) {
            QTest::newRow(url) << QByteArray(url) << QByteArray(read);
        };
        row("http://proxy:3128", "http proxy 3128 - -");
        row("http://proxy:3128/", "http proxy 3128 - -");
        row("http://proxy", "http proxy 8080 - -");
        row("http://proxy:80", "http proxy 80 - -");
        row("socks5://proxy", "socks proxy 1080 - -");
        row("socks5h://proxy:9050", "socks proxy 9050 - -");
        row("socks5://[::1]", "socks ::1 1080 - -");
        row("socks5://[::1]:9050", "socks ::1 9050 - -");
        row("HTTP://Proxy:3128", "http Proxy 3128 - -");
        row("Socks5://proxy", "socks proxy 1080 - -");
        row("http://me@proxy:3128", "http proxy 3128 me -");
        row("http://me:secret@proxy:3128", "http proxy 3128 me secret");
        row("http://me:a:b@c@proxy", "http proxy 8080 me a:b@c");
        row("socks5://me%40corp:p%3a%2F%25@proxy", "socks proxy 1080 me@corp p:/%");
        row("http://50%:%zz%4@proxy", "http proxy 8080 50% %zz%4");
    }

    void readsProxyAddresses()
    {
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, read);
        const auto proxy = parseProxy(url.toStdString());
        QVERIFY(proxy);
        const auto shown = [](const std::string& text) { return text.empty() ? std::string("-") : text; };
        QCOMPARE((proxy->socks ? "socks " : "http ") + proxy->host + " " + std::to_string(proxy->port) + " " +
                     shown(proxy->user) + " " + shown(proxy->password),
                 read.toStdString());
    }

    void refusesWhatIsNoProxy_data()
    {
        QTest::addColumn<QByteArray>("url");
        for (const char* url :
             {"", "system", "proxy:3128", "https://proxy:443", "socks4://proxy", "http://", "socks5://",
              "http://me@", "http://proxy:0", "http://proxy:x", "http://proxy/path", "http://proxy:3128/x/",
              "http://proxy?x", "http://[::1", "http://pro xy"})
            QTest::newRow(url) << QByteArray(url);
    }

    void refusesWhatIsNoProxy()
    {
        QFETCH(QByteArray, url);
        QVERIFY(!parseProxy(url.toStdString()));
    }

    void signsInAsBasic()
    {
        // The example of RFC 7617, section 2.
        QCOMPARE(proxyAuthorization(*parseProxy("http://Aladdin:open%20sesame@proxy")),
                 std::string("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
        QCOMPARE(proxyAuthorization(*parseProxy("http://a@proxy")), std::string("Basic YTo="));
        QCOMPARE(proxyAuthorization(*parseProxy("http://proxy")), std::string());
    }

    void asksAHttpProxyToConnect()
    {
        const Handshake plain = shaken("http://proxy:3128", origin(), "HTTP/1.1 200 OK\r\nVia: x\r\n\r\nTLS");
        QVERIFY(plain.opened());
        QCOMPARE(plain.sent,
                 std::string("CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\n\r\n"));
        QCOMPARE(plain.rest, std::string("TLS"));
        const Handshake login = shaken("http://a:b@proxy", origin("::1", 8443), "HTTP/1.0 200\r\n\r\n");
        QVERIFY(login.opened());
        QCOMPARE(login.sent, std::string("CONNECT [::1]:8443 HTTP/1.1\r\nHost: [::1]:8443\r\n"
                                         "Proxy-Authorization: Basic YTpi\r\n\r\n"));
    }

    void readsAHttpProxysAnswerHoweverItIsCut()
    {
        const std::string answer = "HTTP/1.1 200 Connection established\r\nProxy-Agent: x\r\n\r\n";
        for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
            const Handshake cut = shaken("http://proxy", origin(), answer, step);
            QVERIFY(cut.opened());
            QVERIFY(cut.rest.empty());
        }
        for (std::size_t size = 0; size < answer.size() - 1; ++size) {
            const Handshake early = shaken("http://proxy", origin(), answer.substr(0, size));
            QVERIFY(!early.opened());
            QCOMPARE(early.error().code, Code::UpstreamConnectError);
        }
    }

    void refusesAHttpProxyThatDoesNotOpen_data()
    {
        QTest::addColumn<QByteArray>("answer");
        for (const char* answer :
             {"", "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "HTTP/1.1 502 x\r\n\r\n",
              "HTTP/1.1 302 x\r\nLocation: http://evil\r\n\r\n", "HTTP/1.1\r\n\r\n", "\r\n\r\n",
              "HTTP/2 200 OK\r\n\r\n", "SSH-2.0-x\r\n\r\n", "200 OK\r\n\r\n"})
            QTest::newRow(answer) << QByteArray(answer);
        QTest::newRow("endless") << QByteArray("HTTP/1.1 200 OK\r\n" + QByteArray(100'000, 'a'));
    }

    void refusesAHttpProxyThatDoesNotOpen()
    {
        QFETCH(QByteArray, answer);
        const Handshake refused = shaken("http://me:pass-word@proxy", origin(), answer.toStdString());
        QVERIFY(refused.outcome && !refused.opened());
        QCOMPARE(refused.error().code, Code::UpstreamConnectError);
        QCOMPARE(refused.error().retry, Retry::NextTarget);
        QVERIFY(refused.error().message.find("proxy:8080") != std::string::npos);
        QVERIFY(refused.error().message.find("pass-word") == std::string::npos);
    }

    void asksASocksProxyByName()
    {
        const Handshake plain =
            shaken("socks5://proxy", origin("api.example", 0x1234), kNoLogin + kOpened + "TLS");
        QVERIFY(plain.opened());
        QCOMPARE(plain.sent,
                 bytes({5, 1, 0}) + bytes({5, 1, 0, 3, 11}) + "api.example" + bytes({0x12, 0x34}));
        QCOMPARE(plain.rest, std::string("TLS"));
        const Handshake login =
            shaken("socks5://me:secret@proxy", origin(), bytes({5, 2}) + bytes({1, 0}) + kOpened);
        QVERIFY(login.opened());
        QCOMPARE(login.sent, bytes({5, 1, 2}) + bytes({1, 2}) + "me" + bytes({6}) + "secret" +
                                 bytes({5, 1, 0, 3, 11}) + "api.example" + bytes({1, 0xbb}));
    }

    void readsEveryFormOfABoundAddress()
    {
        const std::string wide = bytes({5, 0, 0, 4}) + std::string(16, '\xfd') + bytes({0, 80});
        const std::string named = bytes({5, 0, 0, 3, 4}) + "host" + bytes({0, 80});
        const std::string unnamed = bytes({5, 0, 0, 3, 0, 0, 80});
        for (const std::string& reply : {kOpened, wide, named, unnamed}) {
            for (const std::size_t step : {std::string::npos, std::size_t{1}, std::size_t{3}}) {
                const Handshake read = shaken("socks5://proxy", origin(), kNoLogin + reply, step);
                QVERIFY(read.opened());
                QVERIFY(read.rest.empty());
            }
            for (std::size_t size = 0; size < reply.size(); ++size)
                QVERIFY(!shaken("socks5://proxy", origin(), kNoLogin + reply.substr(0, size)).opened());
        }
    }

    void refusesASocksProxyThatDoesNotOpen_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("answers");
        const auto row = [](const char* name, const char* url, const std::string& answers) {
            QTest::newRow(name) << QByteArray(url)
                                << QByteArray(answers.data(), static_cast<qsizetype>(answers.size()));
        };
        row("closes", "socks5://proxy", "");
        row("SOCKS4", "socks5://proxy", bytes({4, 0}) + kOpened);
        row("HTTP", "socks5://proxy", "HTTP/1.1 400 Bad Request\r\n\r\n");
        row("wants a login", "socks5://proxy", bytes({5, 2}));
        row("takes no way", "socks5://proxy", bytes({5, 0xff}));
        row("wants no login", "socks5://me:pass-word@proxy", bytes({5, 0}) + kOpened);
        row("wrong password", "socks5://me:pass-word@proxy", bytes({5, 2, 1, 1}));
        row("unreachable", "socks5://proxy", kNoLogin + bytes({5, 4, 0, 1, 0, 0, 0, 0, 0, 0}));
    }

    void refusesASocksProxyThatDoesNotOpen()
    {
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, answers);
        const Handshake refused = shaken(url.toStdString(), origin(), answers.toStdString());
        QVERIFY(refused.outcome && !refused.opened());
        QCOMPARE(refused.error().code, Code::UpstreamConnectError);
        QVERIFY(refused.error().message.find("pass-word") == std::string::npos);
    }

    void sendsNoNameThatDoesNotFit()
    {
        QVERIFY(shaken("socks5://proxy", origin(std::string(255, 'a')), kNoLogin + kOpened).opened());
        const Handshake host = shaken("socks5://proxy", origin(std::string(256, 'a')), kNoLogin + kOpened);
        QVERIFY(!host.opened());
        QVERIFY(host.sent.empty());
        const std::string longLogin = "socks5://me:" + std::string(256, 'b') + "@proxy";
        QVERIFY(shaken(longLogin, origin(), bytes({5, 2, 1, 0}) + kOpened).sent.empty());
    }
};

QTEST_GUILESS_MAIN(ProxyHandshakeTest)
#include "proxy_handshake_test.moc"
