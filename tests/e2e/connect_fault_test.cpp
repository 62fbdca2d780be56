// SPDX-License-Identifier: GPL-3.0-or-later
#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QSslSocket>
#include <QtTest/QtTest>

#include "e2e/model_call.h"
#include "e2e/self_signed.h"
#include "support/error_reply.h"

using namespace support;
using namespace e2e;

namespace {

/// A port of this machine that takes connections, or refuses them, but on which nobody ever speaks.
class DeadPort {
public:
    enum class Kind { Undecided, Refusing, Silent, Full };

    explicit DeadPort(Kind kind) : m_listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address = loopback(0);
        socklen_t size = sizeof address;
        auto* raw = reinterpret_cast<sockaddr*>(&address);
        if (bind(m_listener, raw, size) != 0 || getsockname(m_listener, raw, &size) != 0) return;
        m_port = ntohs(address.sin_port);
        // Bound but not listening refuses, and nobody else can take the port meanwhile.
        if (kind == Kind::Refusing) return;
        if (listen(m_listener, kind == Kind::Full ? 0 : 16) != 0) m_port = 0;
        // With its queue full the kernel drops what else knocks, as a firewall would.
        for (int& knocking : m_knocking) {
            if (kind != Kind::Full) break;
            knocking = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
            static_cast<void>(connect(knocking, raw, size));
        }
    }
    DeadPort(const DeadPort&) = delete;
    DeadPort& operator=(const DeadPort&) = delete;
    ~DeadPort()
    {
        for (const int knocking : m_knocking) {
            if (knocking >= 0) ::close(knocking);
        }
        ::close(m_listener);
    }

    [[nodiscard]] QString address() const { return QStringLiteral("127.0.0.1:%1").arg(m_port); }

private:
    static sockaddr_in loopback(quint16 port)
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return address;
    }

    int m_listener;
    quint16 m_port = 0;
    std::array<int, 8> m_knocking{-1, -1, -1, -1, -1, -1, -1, -1};
};

} // namespace

/// Providers that cannot be reached, or not safely.
class ConnectFaultTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    FakeUpstream m_plain;
    FakeUpstream m_secure;
    std::unique_ptr<GatewayProcess> m_gateway;

    static QJsonObject provider(const QString& url, int connectMs = 500)
    {
        return {
            {"kind", "openai-compatible"},
            {"base_url", url},
            {"keys", QJsonArray{QJsonObject{{"id", "main"}, {"secret", "env:TURNPIKE_TEST_PROVIDER_KEY"}}}},
            {"retry", QJsonObject{{"attempts", 0}}},
            {"timeout", QJsonObject{{"connect_ms", connectMs}, {"first_byte_ms", 2000}}}};
    }

    [[nodiscard]] QString secureUrl() const
    {
        return QStringLiteral("https://127.0.0.1:%1").arg(m_secure.port());
    }

    /// How many requests it had; -1 when it cannot be asked.
    int seenByTheSecureOne() const
    {
        QSslSocket socket;
        socket.setPeerVerifyMode(QSslSocket::VerifyNone);
        socket.connectToHostEncrypted("127.0.0.1", m_secure.port());
        if (!socket.waitForEncrypted(5'000)) return -1;
        socket.write("GET /__count HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QByteArray said;
        while (!said.contains('}') && socket.waitForReadyRead(5'000))
            said += socket.readAll();
        return said.contains('}') ? jsonOf(said.mid(said.indexOf('{')))["count"].toInt(-1) : -1;
    }

private slots:
    void initTestCase()
    {
        const QString certificate = m_folder.filePath("cert.pem");
        const QString key = m_folder.filePath("key.pem");
        QVERIFY(writeSelfSigned(certificate, key));
        QVERIFY(m_plain.start());
        QVERIFY(m_secure.start({"--tls-cert", certificate, "--tls-key", key}));
        QJsonObject trusted = provider(secureUrl());
        trusted["ca_file"] = certificate;
        m_gateway = std::make_unique<GatewayProcess>(m_plain.url());
        QJsonObject providers = m_gateway->configuration()["providers"].toObject();
        providers["untrusted"] = provider(secureUrl());
        providers["trusted"] = trusted;
        // The resolver may ask the network before it says no.
        providers["nameless"] = provider("http://no-such-host.invalid", 20'000);
        m_gateway->configure({{"providers", providers}});
        QVERIFY(m_gateway->start());
    }

    void tellsWhyItCannotConnect_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("scheme");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("refused") << int(DeadPort::Kind::Refusing) << "http://" << 502
                                 << QByteArray("upstream_connect_error");
        QTest::newRow("dropped") << int(DeadPort::Kind::Full) << "http://" << 504
                                 << QByteArray("upstream_timeout");
        QTest::newRow("no handshake")
            << int(DeadPort::Kind::Silent) << "https://" << 504 << QByteArray("upstream_timeout");
    }

    void tellsWhyItCannotConnect()
    {
        QFETCH(int, kind);
        QFETCH(QString, scheme);
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        const DeadPort port(static_cast<DeadPort::Kind>(kind));
        GatewayProcess gateway(m_plain.url());
        QJsonObject providers = gateway.configuration()["providers"].toObject();
        providers["far"] = provider(scheme + port.address());
        gateway.configure({{"providers", providers}});
        QVERIFY(gateway.start());
        for (const Shape shape : {Shape::OpenAi, Shape::Anthropic}) {
            for (const bool stream : {false, true}) {
                QElapsedTimer timer;
                timer.start();
                const HttpReply reply = ask(gateway.port(), {shape, "far/mock", stream});
                QCOMPARE(reply.status, status);
                QCOMPARE(errorProblem(shape, reply.body, code), QByteArray());
                QVERIFY(timer.elapsed() < 5'000);
            }
        }
        QCOMPARE(ask(gateway.port(), {Shape::OpenAi, "lab/mock"}).status, 200);
    }

    void sendsNothingToAServerItCannotTrust()
    {
        const int before = seenByTheSecureOne();
        QVERIFY(before >= 0);
        for (const Shape shape : {Shape::OpenAi, Shape::Anthropic}) {
            const HttpReply reply = ask(m_gateway->port(), {shape, "untrusted/mock"});
            QCOMPARE(reply.status, 502);
            QCOMPARE(errorProblem(shape, reply.body, "upstream_tls_error"), QByteArray());
        }
        QCOMPARE(seenByTheSecureOne(), before);
        QVERIFY(!m_gateway->errors().contains(GatewayProcess::kProviderKey));
    }

    void trustsWhatTheOwnerNamed()
    {
        for (const bool stream : {false, true}) {
            const ModelCall call{Shape::OpenAi, "trusted/mock", stream};
            const HttpReply reply = ask(m_gateway->port(), call);
            QCOMPARE(reply.status, 200);
            QCOMPARE(textOf(call, reply.body), QString("Hello from the fake upstream."));
        }
    }

    void tellsATlsAnswerThatIsCut()
    {
        const ModelCall call{Shape::OpenAi, "trusted/mock:cut-stream:5", true};
        const HttpReply reply = ask(m_gateway->port(), call);
        QCOMPARE(reply.status, 200);
        QVERIFY(reply.body.contains("upstream_truncated"));
        QVERIFY(!reply.body.contains("[DONE]"));
        QCOMPARE(errorProblem(Shape::OpenAi,
                              ask(m_gateway->port(), {Shape::OpenAi, "trusted/mock:cut-body"}).body,
                              "upstream_truncated"),
                 QByteArray());
    }

    void tellsANameThatDoesNotResolve()
    {
        const HttpReply reply = ask(m_gateway->port(), {Shape::OpenAi, "nameless/mock"});
        QCOMPARE(reply.status, 502);
        QCOMPARE(errorProblem(Shape::OpenAi, reply.body, "upstream_dns_error"), QByteArray());
    }

    void goesAroundTheProxyWhereTheEnvironmentSaysSo()
    {
        const DeadPort proxy(DeadPort::Kind::Refusing);
        qputenv("NO_PROXY", "localhost, near.test");
        GatewayProcess gateway;
        const auto at = [](const QString& host) {
            return QJsonObject{{"kind", "openai-compatible"},
                               {"base_url", "http://" + host + "/v1"},
                               {"retry", QJsonObject{{"attempts", 0}}}};
        };
        gateway.configure(
            {{"network", QJsonObject{{"proxy", "http://" + proxy.address()}}},
             {"providers", QJsonObject{{"near", at("api.near.test")}, {"far", at("api.far.test")}}}});
        const bool started = gateway.start();
        qunsetenv("NO_PROXY");
        QVERIFY2(started, gateway.errors());
        const auto codeOf = [&](const char* model) {
            return errorCode(ask(gateway.port(), {Shape::OpenAi, model}));
        };
        QCOMPARE(codeOf("far/mock"), QByteArray("upstream_connect_error"));
        QCOMPARE(codeOf("near/mock"), QByteArray("upstream_dns_error")); // asked for itself
    }
};

QTEST_GUILESS_MAIN(ConnectFaultTest)
#include "connect_fault_test.moc"
