// SPDX-License-Identifier: GPL-3.0-or-later
// What a stream that breaks off costs, whichever event it breaks off behind.
#include <algorithm>
#include <cmath>
#include <memory>

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "e2e/every_dialect.h"
#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

constexpr int kMostEvents = 15;

// Of the upstream's usual answer, which is 7 tokens.
constexpr int kInput = 16;
constexpr int kOutput = 7;

qint64 nanosOf(const QJsonValue& usd)
{
    return std::llround(usd.toDouble() * 1e9);
}

/// A provider's stream: with which event its text begins, the input is told, and all of the use.
struct Stream {
    const char* provider = nullptr;
    int text = 0;
    int input = 0;
    int end = 0;
};
// Role, five words, why it ended, the use, [DONE].
constexpr Stream kChat{"chat", 2, 8, 8};
// Start, block, ping, five words, end of the block, delta with the use, stop.
constexpr Stream kMessages{"messages", 4, 1, 10};
// Created, in progress, item, part, five words, three that repeat them, completed.
constexpr Stream kResponses{"responses", 5, 13, 13};
// Five words, each with the use up to there; then why it ended.
constexpr Stream kContent{"content", 1, 1, 6};

constexpr const char* kSilent = "mock:hang-stream:1"; // its role, and then nothing

QString modelOf(int events)
{
    return QStringLiteral("mock:cut-stream:%1").arg(events);
}

} // namespace

Q_DECLARE_METATYPE(Words)
Q_DECLARE_METATYPE(Stream)

class CutUsageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void chargesWhatHadCome_data();
    void chargesWhatHadCome();
    void chargesWhatHadComeUntouched_data();
    void chargesWhatHadComeUntouched();
    void chargesTheInputOfWhatAClientLeft_data();
    void chargesTheInputOfWhatAClientLeft();

private:
    void check(const HttpReply& reply, const Stream& stream, int events, bool charged);

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void CutUsageTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    const QJsonObject price{{"input", 1000},
                            {"output", 10'000},
                            {"cache_read", 100},
                            {"cache_write", 1250},
                            {"reasoning", 10'000}};
    QJsonObject models;
    for (int events = 0; events <= kMostEvents; ++events)
        models[modelOf(events)] = QJsonObject{{"price", price}};
    models[QLatin1String(kSilent)] = QJsonObject{{"price", price}};
    QJsonObject providers;
    for (const auto& [name, kind] :
         {std::pair("chat", "openai-compatible"), std::pair("messages", "anthropic"),
          std::pair("responses", "openai"), std::pair("content", "gemini")}) {
        QJsonObject made = providerOf(kind, m_upstream.url());
        made["models"] = models;
        providers[name] = made;
    }
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    m_gateway->configure({{"providers", providers}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void CutUsageTest::check(const HttpReply& reply, const Stream& stream, int events, bool charged)
{
    const QJsonObject row = rowOf(*m_gateway, reply);
    QVERIFY(!row.isEmpty());
    QCOMPARE(row["provider"].toString(), QString::fromLatin1(stream.provider));
    const QJsonObject usage = row["usage"].toObject();
    const auto tokens = [&usage](const char* kind) { return usage[QLatin1String(kind)].toInteger(); };
    const bool known = events >= stream.end;
    // Where nothing was said or told by the time that the provider broke off, there is nothing to charge for.
    if (const bool none = events < stream.text && events < stream.input; none && !charged) {
        QCOMPARE(row["cost_source"].toString(), QString("unknown"));
        QCOMPARE(nanosOf(row["cost_usd"]), 0);
        QCOMPARE(tokens("input_tokens") + tokens("output_tokens"), 0);
        return;
    }
    QCOMPARE(row["cost_source"].toString(), QString(known ? "computed" : "estimated"));
    if (events >= stream.input)
        QCOMPARE(tokens("input_tokens"), kInput);
    else
        QVERIFY(tokens("input_tokens") > 0);
    // A word is a token at least.
    const int said = std::clamp(events - stream.text + 1, 0, 5);
    if (known)
        QCOMPARE(tokens("output_tokens"), kOutput);
    else
        QVERIFY2(tokens("output_tokens") >= said, QJsonDocument(row).toJson());
    const qint64 cached = tokens("cache_read_tokens");
    const qint64 written = tokens("cache_write_tokens");
    QCOMPARE(nanosOf(row["cost_usd"]), (tokens("input_tokens") - cached - written) * 1'000'000 +
                                           cached * 100'000 + written * 1'250'000 +
                                           tokens("output_tokens") * 10'000'000);
}

void CutUsageTest::chargesWhatHadCome_data()
{
    QTest::addColumn<Words>("words");
    QTest::addColumn<Stream>("stream");
    QTest::addColumn<int>("events");
    const auto add = [](const char* name, Words words, const Stream& stream) {
        for (int events = 0; events <= stream.end; ++events)
            QTest::addRow("%s, %d", name, events) << words << stream << events;
    };
    add("chat", Words::Chat, kChat);
    add("messages", Words::Anthropic, kMessages);
    add("responses", Words::Responses, kResponses);
    add("content", Words::Gemini, kContent);
    add("messages from chat", Words::Anthropic, kChat);
    add("responses from chat", Words::Responses, kChat);
    add("content from chat", Words::Gemini, kChat);
    add("chat from messages", Words::Chat, kMessages);
    add("responses from messages", Words::Responses, kMessages);
    add("content from messages", Words::Gemini, kMessages);
    add("chat from content", Words::Chat, kContent);
    add("messages from content", Words::Anthropic, kContent);
}

void CutUsageTest::chargesWhatHadCome()
{
    QFETCH(Words, words);
    QFETCH(Stream, stream);
    QFETCH(int, events);
    const QByteArray model = stream.provider + ("/" + modelOf(events)).toUtf8();
    const HttpReply reply = e2e::ask(m_gateway->port(), Question{words, model, true});
    QVERIFY2(reply.status == 200 || events < stream.text, reply.body);
    // What has begun to answer is an answer, whatever it said.
    check(reply, stream, events, reply.status == 200);
}

void CutUsageTest::chargesWhatHadComeUntouched_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<Stream>("stream");
    QTest::addColumn<int>("events");
    const auto add = [](const char* path, const Stream& stream) {
        for (int events = 0; events <= stream.end; ++events)
            QTest::addRow("%s, %d", stream.provider, events) << QByteArray(path) << stream << events;
    };
    add("/v1/chat/completions", kChat);
    add("/v1/messages", kMessages);
}

void CutUsageTest::chargesWhatHadComeUntouched()
{
    QFETCH(QByteArray, path);
    QFETCH(Stream, stream);
    QFETCH(int, events);
    const Question question{path == "/v1/messages" ? Words::Anthropic : Words::Chat, modelOf(events).toUtf8(),
                            true};
    QByteArray body = bodyOf(question);
    if (question.words == Words::Chat)
        body.replace("{\"model\"", "{\"stream_options\":{\"include_usage\":true},\"model\"");
    const HttpReply reply = http(m_gateway->port(), "POST", QByteArray("/proxy/") + stream.provider + path,
                                 {{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                                  {"Content-Type", "application/json"}},
                                 body);
    QVERIFY2(reply.status == 200 || events < stream.text, reply.body);
    check(reply, stream, events, false);
}

void CutUsageTest::chargesTheInputOfWhatAClientLeft_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("chat") << QByteArray("/v1/chat/completions");
    QTest::newRow("untouched") << QByteArray("/proxy/chat/v1/chat/completions");
}

void CutUsageTest::chargesTheInputOfWhatAClientLeft()
{
    QFETCH(QByteArray, path);
    const QByteArray model = (path.startsWith("/proxy") ? "" : "chat/") + QByteArray(kSilent);
    const QByteArray field = "x-request-id: ";
    HttpReply reply;
    {
        RawClient client(m_gateway->port());
        client.send(requestBytes(m_gateway->port(), "POST", path,
                                 {{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
                                  {"Content-Type", "application/json"}},
                                 bodyOf({Words::Chat, model, true})));
        const QByteArray begun = client.receiveUntil("\"role\"", 10'000);
        QVERIFY(begun.contains("\"role\""));
        const qsizetype at = begun.indexOf(field) + field.size();
        reply.headers.emplaceBack("x-request-id", begun.mid(at, begun.indexOf('\r', at) - at));
    }
    const QJsonObject row = rowOf(*m_gateway, reply);
    QCOMPARE(row["status"].toInt(), 499);
    QCOMPARE(row["cost_source"].toString(), QString("estimated"));
    const qint64 input = row["usage"].toObject()["input_tokens"].toInteger();
    QVERIFY(input > 0);
    QCOMPARE(nanosOf(row["cost_usd"]), input * 1'000'000);
}

QTEST_GUILESS_MAIN(CutUsageTest)
#include "cut_usage_test.moc"
