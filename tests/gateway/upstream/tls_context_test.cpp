// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>
#include <memory>
#include <string>

#include <openssl/ssl.h>

#include <QTemporaryDir>
#include <QTest>

#include "e2e/self_signed.h"
#include "upstream/tls_context.h"

using namespace gateway;
using namespace gateway::upstream;

namespace {

template <auto close>
struct Closes {
    template <class T>
    void operator()(T* what) const
    {
        close(what);
    }
};

using Context = std::unique_ptr<SSL_CTX, Closes<SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Closes<SSL_free>>;

/// What the server saw of the client's hello.
struct Hello {
    std::string name, protocols;
};

int noteHello(SSL* connection, const unsigned char**, unsigned char*, const unsigned char* offered,
              unsigned int size, void* into)
{
    auto* hello = static_cast<Hello*>(into);
    hello->protocols.assign(reinterpret_cast<const char*>(offered), size);
    if (const char* name = SSL_get_servername(connection, TLSEXT_NAMETYPE_host_name)) hello->name = name;
    return SSL_TLSEXT_ERR_NOACK;
}

/// The two ends of a handshake, joined by memory.
struct Meeting {
    Connection client, server;
    bool agreed = false;
    long verdict = X509_V_ERR_UNSPECIFIED;
    [[nodiscard]] bool resumed() const { return SSL_session_reused(client.get()) == 1; }
};

bool step(SSL* connection, bool& done)
{
    const int result = SSL_do_handshake(connection);
    done = result == 1;
    const int error = SSL_get_error(connection, result);
    return done || error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

} // namespace

class TlsContextTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::string m_certificate;
    Context m_server;
    Hello m_hello;

    Meeting meet(TlsContexts& contexts, const std::string& caFile, const std::string& host,
                 const std::string& poolKey = "a")
    {
        Meeting meeting;
        auto context = contexts.find(caFile);
        if (!context) return meeting;
        meeting.client.reset(SSL_new(context.value()->native_handle()));
        if (!contexts.prepare(meeting.client.get(), host, poolKey)) return meeting;
        meeting.server.reset(SSL_new(m_server.get()));
        BIO *ours = nullptr, *theirs = nullptr;
        BIO_new_bio_pair(&ours, 0, &theirs, 0);
        SSL_set_bio(meeting.client.get(), ours, ours);
        SSL_set_bio(meeting.server.get(), theirs, theirs);
        SSL_set_connect_state(meeting.client.get());
        SSL_set_accept_state(meeting.server.get());
        bool clientDone = false, serverDone = false, goesOn = true;
        for (int turn = 0; goesOn && turn < 20 && !(clientDone && serverDone); ++turn) {
            goesOn = step(meeting.client.get(), clientDone);
            goesOn = step(meeting.server.get(), serverDone) && goesOn;
        }
        meeting.agreed = clientDone && serverDone;
        meeting.verdict = SSL_get_verify_result(meeting.client.get());
        char byte = 0; // session tickets come behind the handshake
        if (meeting.agreed) static_cast<void>(SSL_read(meeting.client.get(), &byte, 1));
        return meeting;
    }

private slots:
    void initTestCase()
    {
        const QString certificate = m_dir.filePath("cert.pem"), key = m_dir.filePath("key.pem");
        QVERIFY(e2e::writeSelfSigned(certificate, key, "DNS:models.example,IP:127.0.0.1,IP:::1"));
        m_certificate = certificate.toStdString();
        m_server.reset(SSL_CTX_new(TLS_server_method()));
        QCOMPARE(SSL_CTX_use_certificate_file(m_server.get(), m_certificate.c_str(), SSL_FILETYPE_PEM), 1);
        QCOMPARE(SSL_CTX_use_PrivateKey_file(m_server.get(), key.toStdString().c_str(), SSL_FILETYPE_PEM), 1);
        const unsigned char id[] = {'t'};
        SSL_CTX_set_session_id_context(m_server.get(), id, sizeof id);
        SSL_CTX_set_alpn_select_cb(m_server.get(), &noteHello, &m_hello);
    }

    void trustsTheCertificateThatIsNamed()
    {
        TlsContexts contexts;
        for (const char* host : {"models.example", "MODELS.example", "127.0.0.1", "::1"}) {
            const Meeting meeting = meet(contexts, m_certificate, host, host);
            QVERIFY2(meeting.agreed, host);
            QCOMPARE(meeting.verdict, long{X509_V_OK});
        }
    }

    void trustsNobodyElse()
    {
        TlsContexts contexts;
        const Meeting unknown = meet(contexts, {}, "models.example"); // the system's store
        QVERIFY(!unknown.agreed);
        QVERIFY(unknown.verdict != X509_V_OK);
        for (const char* host :
             {"other.example", "example", "a.models.example", "127.0.0.2", "::2", "localhost"}) {
            const Meeting meeting = meet(contexts, m_certificate, host);
            QVERIFY2(!meeting.agreed, host);
            QVERIFY(meeting.verdict != X509_V_OK);
        }
    }

    void saysTheNameButNeverAnAddress()
    {
        TlsContexts contexts;
        m_hello = {};
        QVERIFY(meet(contexts, m_certificate, "models.example").agreed);
        QCOMPARE(m_hello.name, std::string("models.example"));
        QCOMPARE(m_hello.protocols, std::string("\x08http/1.1")); // of HTTP, only what is spoken here
        m_hello = {};
        QVERIFY(meet(contexts, m_certificate, "127.0.0.1").agreed);
        QVERIFY(m_hello.name.empty());
        QVERIFY(!m_hello.protocols.empty());
    }

    void resumesSessionsOfTheSameOriginOnly()
    {
        TlsContexts contexts;
        const Meeting first = meet(contexts, m_certificate, "models.example", "a");
        QVERIFY(first.agreed && !first.resumed());
        const Meeting second = meet(contexts, m_certificate, "models.example", "a");
        QVERIFY(second.agreed && second.resumed());
        const Meeting other = meet(contexts, m_certificate, "models.example", "b");
        QVERIFY(other.agreed && !other.resumed());
        TlsContexts fresh;
        QVERIFY(!meet(fresh, m_certificate, "models.example", "a").resumed());
    }

    void speaksNoOldVersion()
    {
        TlsContexts contexts;
        const SSL_CTX* context = contexts.find(m_certificate).value()->native_handle();
        QVERIFY((SSL_CTX_get_options(context) & SSL_OP_NO_TLSv1) != 0);
        QVERIFY((SSL_CTX_get_options(context) & SSL_OP_NO_TLSv1_1) != 0);
        QVERIFY((SSL_CTX_get_verify_mode(context) & SSL_VERIFY_PEER) != 0);
        SSL_CTX_set_max_proto_version(m_server.get(), TLS1_2_VERSION);
        const bool newer = meet(contexts, m_certificate, "models.example").agreed;
        SSL_CTX_set_max_proto_version(m_server.get(), TLS1_1_VERSION);
        SSL_CTX_set_security_level(m_server.get(), 0);
        const bool older = meet(contexts, m_certificate, "models.example").agreed;
        SSL_CTX_set_max_proto_version(m_server.get(), 0);
        SSL_CTX_set_security_level(m_server.get(), 1);
        QVERIFY(newer && !older);
    }

    void keepsOneContextPerStore()
    {
        TlsContexts contexts;
        auto* system = contexts.find({}).value();
        QCOMPARE(contexts.find({}).value(), system);
        auto* own = contexts.find(m_certificate).value();
        QVERIFY(own != system);
        QCOMPARE(contexts.find(m_certificate).value(), own);
    }

    void namesTheFileThatCannotBeRead()
    {
        TlsContexts contexts;
        const std::string path = m_dir.filePath("late.pem").toStdString();
        std::ofstream(path) << "no certificate\n";
        for (const std::string& bad : {path, std::string("/nowhere/ca.pem")}) {
            const auto context = contexts.find(bad);
            QVERIFY(!context);
            QCOMPARE(context.error().code, Code::UpstreamTlsError);
            QCOMPARE(context.error().retry, Retry::NextTarget);
            QVERIFY(context.error().message.find(bad) != std::string::npos);
        }
        // Once it is put right, it is read.
        std::ofstream(path) << std::ifstream(m_certificate).rdbuf();
        QVERIFY(contexts.find(path).ok());
    }
};

QTEST_GUILESS_MAIN(TlsContextTest)
#include "tls_context_test.moc"
