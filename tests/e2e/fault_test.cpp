// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QtTest/QtTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

constexpr int kPromptly = 8'000; // the short time-outs are a tenth of it; the rest is for a busy machine
constexpr const char* kGreeting = "Hello from the fake upstream.";

/// The model at a provider that speaks so. Where the provider falls silent, its time-outs are short.
QByteArray modelAt(Shape shape, const QByteArray& scenario)
{
    const bool waits = scenario.contains("silent") || scenario.contains("slow") || scenario.contains("hang");
    return QByteArray(waits ? "quick-" : "") + (shape == Shape::Anthropic ? "ant/" : "lab/") + scenario;
}

QList<QByteArray> writtenForms(const QByteArray& secret)
{
    return {secret, secret.toBase64(QByteArray::OmitTrailingEquals).chopped(1), secret.toHex()};
}

} // namespace

/// What a client gets when its provider fails, in both dialects, straight and translated, plain and streamed.
class FaultTest : public QObject {
    Q_OBJECT

private:
    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
    QByteArray m_seen; // every answer's bytes

    struct Expected {
        int status = 0;
        QByteArray code;
    };

    HttpReply askGateway(const ModelCall& call)
    {
        QElapsedTimer timer;
        timer.start();
        HttpReply reply = ask(m_gateway->port(), call);
        if (timer.elapsed() > kPromptly) reply.status = -1;
        for (const auto& [name, value] : reply.headers)
            m_seen += name + ": " + value + "\n";
        m_seen += reply.body + "\n";
        return reply;
    }

    /// Calls `each` for every pair of dialects, plain and streamed.
    template <class Each>
    static void forAllWays(Each each)
    {
        for (const Shape client : {Shape::OpenAi, Shape::Anthropic}) {
            for (const Shape provider : {Shape::OpenAi, Shape::Anthropic}) {
                for (const bool stream : {false, true})
                    each(client, provider, stream);
            }
        }
    }

    static QByteArray headProblem(const HttpReply& reply)
    {
        if (!reply.header("content-type").startsWith("application/json")) return "no JSON";
        if (reply.header("x-content-type-options") != "nosniff") return "no nosniff";
        if (reply.header("cache-control") != "no-store") return "may be stored";
        if (reply.header("cross-origin-resource-policy") != "same-origin") return "no resource policy";
        if (reply.header("x-request-id").isEmpty() || reply.header("date").isEmpty()) return "no id or date";
        for (const auto& [name, value] : reply.headers) {
            if (name.toLower().startsWith("access-control-")) return "a CORS header";
        }
        return {};
    }

    QByteArray failureProblem(const ModelCall& call, const Expected& expected)
    {
        const HttpReply reply = askGateway(call);
        QByteArray problem;
        if (reply.status != expected.status)
            problem = "status " + QByteArray::number(reply.status);
        else if (!reply.complete)
            problem = "incomplete";
        else
            problem = errorProblem(call.shape, reply.body, expected.code);
        if (problem.isEmpty()) problem = headProblem(reply);
        if (problem.isEmpty()) return {};
        return call.model + (call.shape == Shape::Anthropic ? " anthropic" : " openai") +
               (call.stream ? " stream: " : " plain: ") + problem + "\n" + reply.body.left(600);
    }

    void checkFailure(const QByteArray& scenario, const Expected& plain, const Expected& streamed)
    {
        forAllWays([&](Shape client, Shape provider, bool stream) {
            ModelCall call{client, modelAt(provider, scenario), stream};
            QCOMPARE(failureProblem(call, stream ? streamed : plain), QByteArray());
        });
    }

private slots:
    void initTestCase()
    {
        QVERIFY(m_upstream.start());
        m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
        const QJsonObject quick{{"connect_ms", 700}, {"first_byte_ms", 700}, {"idle_ms", 700}};
        QJsonObject providers = m_gateway->configuration()["providers"].toObject();
        for (const char* name : {"lab", "ant"}) {
            QJsonObject provider = providers[QLatin1String(name)].toObject();
            provider["retry"] = QJsonObject{{"attempts", 0}};
            providers[QLatin1String(name)] = provider;
            provider["timeout"] = quick;
            providers[QStringLiteral("quick-%1").arg(QLatin1String(name))] = provider;
        }
        m_gateway->configure({{"providers", providers}, {"server", QJsonObject{{"log_bodies", "all"}}}});
        QVERIFY(m_gateway->start());
    }

    /// The pool is intact after every failure: the next good request works.
    void cleanup()
    {
        forAllWays([&](Shape client, Shape provider, bool stream) {
            const ModelCall call{client, modelAt(provider, "mock"), stream};
            const HttpReply reply = askGateway(call);
            QCOMPARE(reply.status, 200);
            QVERIFY(reply.complete);
            QCOMPARE(textOf(call, reply.body), QString(kGreeting));
        });
    }

    void failsBeforeTheAnswer_data()
    {
        QTest::addColumn<QByteArray>("scenario");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char* scenario, int status, const char* code) {
            QTest::newRow(scenario) << QByteArray("mock:") + scenario << status << QByteArray(code);
        };
        row("reset", 502, "upstream_connection_reset");
        row("close", 502, "upstream_connection_closed");
        row("cut-head", 502, "upstream_truncated");
        row("silent", 504, "upstream_timeout");
        row("slow-head:3000", 504, "upstream_timeout");
        row("slow-first:3000", 504, "upstream_timeout");
        row("garbage", 502, "upstream_invalid_response");
        row("bad-length", 502, "upstream_invalid_response");
        row("cl-and-te", 502, "upstream_invalid_response");
        row("bad-chunk", 502, "upstream_invalid_response");
        row("bad-gzip", 502, "upstream_invalid_response");
        row("not-json", 502, "upstream_invalid_response");
        row("empty:200", 502, "upstream_invalid_response");
        row("html:200", 502, "upstream_invalid_response");
        row("empty:204", 502, "upstream_invalid_response");
        row("informational-switch", 502, "upstream_invalid_response");
        row("interim:40", 502, "upstream_invalid_response");
        row("status-line:HTTP/1.1_099_Low", 502, "upstream_invalid_response");
        row("status-line:HTTP/3.7_200_OK", 502, "upstream_invalid_response");
        row("gzip-bomb", 502, "upstream_response_too_large");
        row("big-header", 502, "upstream_response_too_large");
        row("many-headers", 502, "upstream_response_too_large");
        for (const char* code : {"redirect:301", "redirect:302", "redirect:307", "redirect:308"})
            row(code, 502, "upstream_redirect");
        row("status:401", 502, "provider_auth_failed");
        row("status:403", 502, "provider_auth_failed");
        row("status:402", 502, "upstream_error");
        row("status:418", 502, "upstream_error");
        row("status:451", 502, "upstream_error");
        row("status:408", 504, "upstream_timeout");
        row("status:504", 504, "upstream_timeout");
        row("status:503", 503, "upstream_overloaded");
        row("status:529", 503, "upstream_overloaded");
        row("status:500", 502, "upstream_error");
        row("status:502", 502, "upstream_error");
        row("status:599", 502, "upstream_error");
        row("html:500", 502, "upstream_error");
        row("html:503", 503, "upstream_overloaded");
        row("empty:500", 502, "upstream_error");
        row("empty:504", 504, "upstream_timeout");
        for (const char* code : {"400", "404", "409", "413", "422", "429"}) {
            const int status = QByteArray(code).toInt();
            row((QByteArray("html:") + code).constData(), status, "");
            row((QByteArray("empty:") + code).constData(), status, "");
        }
        row("echo-key:401", 502, "provider_auth_failed");
        row("echo-key:500", 502, "upstream_error");
        row("echo-key:400", 400, "");
        row("echo-key:429", 429, "");
    }

    void failsBeforeTheAnswer()
    {
        QFETCH(QByteArray, scenario);
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        checkFailure(scenario, {status, code}, {status, code});
    }

    void failsWithinAWholeAnswer_data()
    {
        QTest::addColumn<QByteArray>("scenario");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("cut-body") << QByteArray("mock:cut-body") << QByteArray("upstream_truncated");
        QTest::newRow("wrong-shape") << QByteArray("mock:wrong-shape")
                                     << QByteArray("upstream_invalid_response");
    }

    void failsWithinAWholeAnswer()
    {
        QFETCH(QByteArray, scenario);
        QFETCH(QByteArray, code);
        forAllWays([&](Shape client, Shape provider, bool stream) {
            if (!stream)
                QCOMPARE(failureProblem({client, modelAt(provider, scenario)}, {502, code}), QByteArray());
        });
    }

    void failsBeforeTheFirstEvent_data()
    {
        QTest::addColumn<QByteArray>("scenario");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("cut") << QByteArray("mock:cut-stream:0") << 502 << QByteArray("upstream_truncated");
        QTest::newRow("reset") << QByteArray("mock:reset-stream:0") << 502
                               << QByteArray("upstream_connection_reset");
        QTest::newRow("hang") << QByteArray("mock:hang-stream:0") << 504 << QByteArray("upstream_timeout");
        QTest::newRow("plain") << QByteArray("mock:cut-body") << 502
                               << QByteArray("upstream_invalid_response");
    }

    void failsBeforeTheFirstEvent()
    {
        QFETCH(QByteArray, scenario);
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        forAllWays([&](Shape client, Shape provider, bool stream) {
            if (stream)
                QCOMPARE(failureProblem({client, modelAt(provider, scenario), true}, {status, code}),
                         QByteArray());
        });
    }

    void answersAnErrorForAStreamThatBeginsWithOne()
    {
        for (const Shape client : {Shape::OpenAi, Shape::Anthropic}) {
            QCOMPARE(failureProblem({client, "lab/mock:error-first", true}, {502, "upstream_error"}),
                     QByteArray());
            // Anthropic's error event is an overloaded_error.
            QCOMPARE(failureProblem({client, "ant/mock:error-first", true}, {503, "upstream_overloaded"}),
                     QByteArray());
        }
    }

    void endsABegunStreamWithAnErrorEvent_data()
    {
        QTest::addColumn<QByteArray>("scenario");
        QTest::addColumn<QByteArray>("code"); // of a provider that speaks OpenAI
        QTest::addColumn<QByteArray>("anthropicCode");
        const auto row = [](const char* scenario, const char* code, const char* anthropicCode = nullptr) {
            QTest::newRow(scenario) << QByteArray("mock:") + scenario << QByteArray(code)
                                    << QByteArray(anthropicCode ? anthropicCode : code);
        };
        row("cut-stream:5", "upstream_truncated");
        row("reset-stream:5", "upstream_connection_reset");
        row("hang-stream:5", "upstream_timeout");
        row("no-finish", "upstream_truncated");
        row("no-finish:done", "upstream_truncated");
        row("event-too-big", "upstream_response_too_large");
        row("error-stream:5", "upstream_error", "upstream_overloaded");
    }

    void endsABegunStreamWithAnErrorEvent()
    {
        QFETCH(QByteArray, scenario);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, anthropicCode);
        forAllWays([&](Shape client, Shape provider, bool stream) {
            if (!stream) return;
            const ModelCall call{client, modelAt(provider, scenario), true};
            const HttpReply reply = askGateway(call);
            const QByteArray told = call.model + "\n" + reply.body.left(4000);
            QCOMPARE(reply.status, 200);
            QVERIFY2(reply.complete, told.constData());
            QVERIFY2(!reply.body.contains(endMarker(client)), told.constData());
            QVERIFY2(!textOf(call, reply.body).isEmpty(), told.constData());
            const QByteArray start = client == Shape::Anthropic ? "event: error\ndata: " : "data: ";
            QVERIFY2(reply.body.endsWith("\n\n"), told.constData());
            const QByteArray last = reply.body.chopped(2).split('\n').last().mid(6);
            QVERIFY2(reply.body.endsWith(start + last + "\n\n"), told.constData());
            const QByteArray wanted = provider == Shape::Anthropic ? anthropicCode : code;
            QVERIFY2(errorProblem(client, last, wanted).isEmpty(), told.constData());
        });
    }

    void serves_data()
    {
        QTest::addColumn<QByteArray>("scenario");
        for (const char* name : {"gzip", "gzip-members", "br", "interim:3", "close-after", "stale",
                                 "stale-reset", "comments", "crlf", "cut:1"})
            QTest::newRow(name) << QByteArray("mock:") + name;
    }

    void serves()
    {
        QFETCH(QByteArray, scenario);
        for (int round = 0; round < 2; ++round) {
            forAllWays([&](Shape client, Shape provider, bool stream) {
                const ModelCall call{client, modelAt(provider, scenario), stream};
                const HttpReply reply = askGateway(call);
                QVERIFY2(reply.status == 200 && reply.complete, call.model + reply.body);
                QCOMPARE(textOf(call, reply.body), QString(kGreeting));
            });
        }
    }

    void passesARefusalOnAsItIs_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {400, 404, 409, 413, 422, 429})
            QTest::addRow("%d", status) << status;
    }

    void passesARefusalOnAsItIs()
    {
        QFETCH(int, status);
        const QByteArray scenario = "mock:status:" + QByteArray::number(status) + ":7";
        forAllWays([&](Shape client, Shape provider, bool stream) {
            const HttpReply reply = askGateway({client, modelAt(provider, scenario), stream});
            QCOMPARE(reply.status, status);
            QCOMPARE(headProblem(reply), QByteArray());
            if (client == provider)
                QCOMPARE(reply.body, askDirectly(m_upstream.port(), {client, scenario, stream}).body);
            QCOMPARE(errorProblem(client, reply.body, {}), QByteArray());
            QVERIFY(reply.body.contains("The fake upstream answers " + QByteArray::number(status)));
            if (status == 429) QCOMPARE(reply.header("retry-after"), QByteArray("7"));
        });
    }

    void followsNoRedirect()
    {
        m_upstream.reset();
        QCOMPARE(askGateway({Shape::OpenAi, "lab/mock:redirect"}).status, 502);
        const QJsonArray requests = m_upstream.requests();
        QCOMPARE(requests.size(), 1);
        QCOMPARE(requests[0].toObject()["target"].toString(), QString("/v1/chat/completions"));
    }

    void hidesTheKeyThatAProviderRepeats()
    {
        for (const Shape shape : {Shape::OpenAi, Shape::Anthropic}) {
            const HttpReply reply = askGateway({shape, modelAt(shape, "mock:echo-key")});
            QCOMPARE(reply.status, 400);
            QVERIFY(reply.body.contains("[redacted]"));
        }
    }

    /// After all of the above, with bodies logged: neither answers nor any file nor what it said holds a key.
    void keepsTheKeysToItself()
    {
        QCOMPARE(m_gateway->terminate(), 0);
        QByteArray everything = m_seen + m_gateway->errors();
        QDirIterator files(m_gateway->dataDir(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            everything += file.readAll();
        }
        QVERIFY(everything.contains("provider_auth_failed"));
        for (const QByteArray secret : {GatewayProcess::kProviderKey, GatewayProcess::kKey}) {
            for (const QByteArray& form : writtenForms(secret))
                QVERIFY2(!everything.contains(form), form);
        }
        QVERIFY(m_gateway->start());
    }
};

QTEST_GUILESS_MAIN(FaultTest)
#include "fault_test.moc"
