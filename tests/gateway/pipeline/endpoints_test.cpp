// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <string_view>

#include <QTest>

#include "pipeline/endpoints.h"

using namespace gateway;
using namespace gateway::pipeline;

Q_DECLARE_METATYPE(gateway::pipeline::EndpointKind)
Q_DECLARE_METATYPE(gateway::DialectId)

namespace {

constexpr auto kOpenAi = DialectId::OpenAiChat;
constexpr auto kAnthropic = DialectId::AnthropicMessages;

void addColumns()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<EndpointKind>("kind");
    QTest::addColumn<DialectId>("dialect");
}

void addRow(const QByteArray& path, EndpointKind kind, DialectId dialect)
{
    QTest::newRow(path.isEmpty() ? "(empty)" : path.constData()) << path << kind << dialect;
}

} // namespace

class EndpointsTest : public QObject {
    Q_OBJECT

private slots:
    void knowsEveryPath_data()
    {
        addColumns();
        // A client's SDK puts its own paths behind a base URL of any of these forms.
        for (const char* base : {"", "/v1", "/api/v1", "/openai", "/openai/v1", "/anthropic", "/anthropic/v1",
                                 "/openai/api/v1", "/anthropic/api/v1"}) {
            const bool anthropic = std::string_view(base).starts_with("/anthropic");
            const QByteArray at(base);
            addRow(at + "/chat/completions", EndpointKind::Generate, kOpenAi);
            addRow(at + "/messages", EndpointKind::Generate, kAnthropic);
            addRow(at + "/messages/count_tokens", EndpointKind::Generate, kAnthropic);
            addRow(at + "/models", EndpointKind::Models, anthropic ? kAnthropic : kOpenAi);
            addRow(at + "/models/gpt-4.1", EndpointKind::Model, anthropic ? kAnthropic : kOpenAi);
            addRow(at + "/responses", EndpointKind::Generate, DialectId::OpenAiResponses);
            addRow(at + "/realtime", EndpointKind::Realtime, anthropic ? kAnthropic : kOpenAi);
            addRow(at + "/feedback", EndpointKind::Feedback, anthropic ? kAnthropic : kOpenAi);
            addRow(at + "/responses/resp_1", EndpointKind::KeptResponse, DialectId::OpenAiResponses);
            addRow(at + "/completions", EndpointKind::Generate, DialectId::OpenAiCompletions);
            addRow(at + "/embeddings", EndpointKind::Generate, kOpenAi);
        }
        for (const char* base : {"", "/gemini"}) {
            const QByteArray at = QByteArray(base) + "/v1beta/models";
            addRow(at, EndpointKind::Models, DialectId::Gemini);
            addRow(at + "/gemini-2.5-pro", EndpointKind::Model, DialectId::Gemini);
            for (const char* verb : {"generateContent", "streamGenerateContent", "countTokens",
                                     "embedContent", "batchEmbedContents"})
                addRow(at + "/gemini-2.5-pro:" + verb, EndpointKind::Generate, DialectId::Gemini);
        }
        for (const char* base : {"", "/ollama"}) {
            const QByteArray at = QByteArray(base) + "/api/";
            for (const char* call : {"chat", "embed"})
                addRow(at + call, EndpointKind::Generate, DialectId::Ollama);
            for (const char* call : {"generate", "embeddings"})
                addRow(at + call, EndpointKind::Generate, DialectId::OllamaPrompt);
            addRow(at + "tags", EndpointKind::OllamaTags, DialectId::Ollama);
            addRow(at + "show", EndpointKind::OllamaShow, DialectId::Ollama);
            addRow(at + "version", EndpointKind::OllamaVersion, DialectId::Ollama);
            addRow(at + "ps", EndpointKind::OllamaRunning, DialectId::Ollama);
        }
        for (const char* path : {"/v2/chat", "/v2/embed"})
            addRow(path, EndpointKind::Generate, DialectId::Cohere);
        addRow("/proxy/openai/v1/models", EndpointKind::Proxy, kOpenAi);
        addRow("/v1/messages/batches", EndpointKind::Kept, kAnthropic);
        addRow("/v1/realtime", EndpointKind::Realtime, kOpenAi);
        for (const char* path : {"/", "/api/hello"})
            addRow(path, EndpointKind::Greeting, kOpenAi);
        addRow("/health", EndpointKind::Health, kOpenAi);
        addRow("/ready", EndpointKind::Ready, kOpenAi);
        addRow("/metrics", EndpointKind::Metrics, kOpenAi);
        addRow("/openapi.json", EndpointKind::OpenApi, kOpenAi);
        addRow("/admin/v1/config", EndpointKind::Admin, kOpenAi);
        addRow("/admin/", EndpointKind::Admin, kOpenAi);
    }

    void knowsEveryPath()
    {
        QFETCH(QByteArray, path);
        QFETCH(EndpointKind, kind);
        QFETCH(DialectId, dialect);
        const std::string text = path.toStdString();
        const Endpoint found = findEndpoint(text);
        QCOMPARE(found.kind, kind);
        QCOMPARE(found.dialect, dialect);
        QVERIFY(!found.doubled);
    }

    void knowsNothingElse_data()
    {
        addColumns();
        for (const char* path : {"",
                                 "/v1",
                                 "/v1/",
                                 "v1/chat/completions",
                                 "/v1/chat/completions/",
                                 "//v1/chat/completions",
                                 "/v1//chat/completions",
                                 "/V1/chat/completions",
                                 "/v1/Chat/completions",
                                 "/v1/chat",
                                 "/v2/chat/completions",
                                 "/v1/chat/completions%00",
                                 "/v1/chat/../chat/completions",
                                 "/v10/chat/completions",
                                 "/openaiv1/models",
                                 "/openai/anthropic/v1/models",
                                 "/v1/openai/chat/completions",
                                 "/health/",
                                 "/v1/health",
                                 "/Ready",
                                 "/metrics/x",
                                 "/v1/models/",
                                 "/modelsx",
                                 "/admin",
                                 "/adminx/v1",
                                 "/v1/admin/v1",
                                 "/api/hello/x",
                                 "/api/chat/completions",
                                 "/favicon.ico",
                                 "/.env"})
            addRow(path, EndpointKind::Unknown, kOpenAi);
        // Errors there keep the shape that such a client reads.
        addRow("/v1beta/chat/completions", EndpointKind::Unknown, DialectId::Gemini);
        addRow("/anthropic/v1/nothing", EndpointKind::Unknown, kAnthropic);
    }

    void knowsNothingElse()
    {
        QFETCH(QByteArray, path);
        QFETCH(DialectId, dialect);
        const std::string text = path.toStdString();
        const Endpoint found = findEndpoint(text);
        QCOMPARE(found.kind, EndpointKind::Unknown);
        QCOMPARE(found.dialect, dialect);
        QVERIFY(!found.open && found.allow.empty());
    }

    void tellsADoubledVersion()
    {
        for (const char* path : {"/v1/v1/chat/completions", "/v1/v1/messages", "/openai/v1/v1/models",
                                 "/anthropic/v1/v1/messages", "/v1/v1/models/x", "/v1/v1/"}) {
            const Endpoint found = findEndpoint(path);
            QVERIFY2(found.doubled, path);
            QCOMPARE(found.kind, EndpointKind::Unknown);
        }
        QVERIFY(!findEndpoint("/v1/v10/models").doubled);
    }

    void tellsTheOperation()
    {
        QCOMPARE(findEndpoint("/v1/messages").operation, Operation::Chat);
        QCOMPARE(findEndpoint("/v1/messages/count_tokens").operation, Operation::CountTokens);
        QCOMPARE(findEndpoint("/v1/chat/completions").operation, Operation::Chat);
        QCOMPARE(findEndpoint("/v1/models").operation, Operation::Undecided);
    }

    void answersOpenRoutersClientsInItsShape()
    {
        QVERIFY(findEndpoint("/api/v1/models").openRouter);
        QVERIFY(findEndpoint("/api/v1/chat/completions").openRouter);
        QVERIFY(!findEndpoint("/v1/models").openRouter);
        QVERIFY(!findEndpoint("/openai/v1/models").openRouter);
    }

    void keepsTheWholeModelIdBehindThePath()
    {
        const std::string path = "/v1/models/openai/gpt-4.1%2Fx";
        QCOMPARE(findEndpoint(path).rest, std::string_view("openai/gpt-4.1%2Fx"));
        QVERIFY(findEndpoint("/v1/models").rest.empty());
    }

    void opensOnlyTheGreetingAndTheHealthChecks()
    {
        for (const char* path : {"/", "/api/hello", "/health", "/ready"})
            QVERIFY2(findEndpoint(path).open, path);
        for (const char* path :
             {"/metrics", "/openapi.json", "/v1/models", "/v1/models/x", "/v1/chat/completions",
              "/v1/messages", "/v1/responses", "/admin/v1/x", "/nothing", "/models"})
            QVERIFY2(!findEndpoint(path).open, path);
    }

    void findsWhatIsPassedOn()
    {
        const Endpoint speech = findEndpoint("/openai/v1/audio/speech");
        QVERIFY(speech.kind == EndpointKind::Modal && speech.operation == Operation::Speak && !speech.form);
        QVERIFY(findEndpoint("/audio/transcriptions").form);
        QCOMPARE(findEndpoint("/v1/rerank").dialect, DialectId::OpenAiChat);
        QCOMPARE(findEndpoint("/v2/rerank").dialect, DialectId::Cohere);
        QCOMPARE(findEndpoint("/v2/audio/speech").kind, EndpointKind::Unknown);
        const Endpoint proxy = findEndpoint("/proxy/lab/v1/a/b");
        QCOMPARE(proxy.kind, EndpointKind::Proxy);
        QCOMPARE(proxy.rest, std::string_view("lab"));
        QCOMPARE(proxy.after, std::string_view("/v1/a/b"));
        for (const char* path : {"/proxy", "/proxy/", "/proxy/lab", "/proxy/lab/", "/proxyx/lab/a"})
            QVERIFY2(findEndpoint(path).kind == EndpointKind::Unknown, path);
    }

    void findsWhatIsKept()
    {
        const Endpoint content = findEndpoint("/v1/files/file-1~lab/content");
        QCOMPARE(content.kind, EndpointKind::Kept);
        QCOMPARE(content.rest, std::string_view("file-1~lab"));
        QCOMPARE(content.after, std::string_view("/content"));
        QCOMPARE(content.allow, std::string_view("GET, HEAD"));
        QCOMPARE(findEndpoint("/v1/videos").allow, std::string_view("GET, HEAD, POST"));
        const Endpoint batch = findEndpoint("/v1/messages/batches/b/results");
        QVERIFY(batch.kind == EndpointKind::Kept && batch.dialect == DialectId::AnthropicMessages);
        for (const char* path : {"/v1/files/", "/v1/files/a/cancel", "/v1/files/a/content/b", "/v1/filesx",
                                 "/v1/batches/a/results", "/v1/files//content"})
            QVERIFY2(findEndpoint(path).kind == EndpointKind::Unknown, path);
    }

    void allowsTheListedMethodsOnly()
    {
        const auto allows = [](const char* path, const char* method) {
            return methodAllowed(findEndpoint(path), method);
        };
        for (const char* path : {"/v1/chat/completions", "/v1/messages", "/v1/messages/count_tokens"}) {
            QVERIFY(allows(path, "POST"));
            for (const char* method :
                 {"GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "post", "POST,", ""})
                QVERIFY2(!allows(path, method), method);
        }
        for (const char* path : {"/", "/health", "/v1/models", "/v1/models/x", "/metrics", "/openapi.json"}) {
            QVERIFY(allows(path, "GET") && allows(path, "HEAD"));
            for (const char* method : {"POST", "OPTIONS", "TRACE", "GET, HEAD", ", ", "HEA", ""})
                QVERIFY2(!allows(path, method), method);
            QCOMPARE(findEndpoint(path).allow, std::string_view("GET, HEAD"));
        }
        QVERIFY(!allows("/nothing", "GET"));
        QVERIFY(!allows("/nothing", ""));
    }
};

QTEST_GUILESS_MAIN(EndpointsTest)
#include "endpoints_test.moc"
