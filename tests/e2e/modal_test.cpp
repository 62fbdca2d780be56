// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures, sound, films, moderation, reranking: passed on with the model's name exchanged, in JSON or in
// forms whose file is not held.
#include <memory>

#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

const HeaderList kKeyed{{"x-api-key", GatewayProcess::kKey}};
const HeaderList kForm = kKeyed + HeaderList{{"Content-Type", "multipart/form-data; boundary=cut"}};

QByteArray field(const QByteArray& name, const QByteArray& value)
{
    return "--cut\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

QByteArray fileField(qsizetype size)
{
    QByteArray bytes(size, '\0');
    for (qsizetype i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(i * 7 % 253);
    return "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: "
           "audio/wav\r\n\r\n" +
           bytes + "\r\n";
}

const QByteArray kEnd = "--cut--\r\n";

} // namespace

class ModalTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void passesJsonCallsOn_data();
    void passesJsonCallsOn();
    void exchangesTheModelAndFailsOver();
    void wantsAModel();
    void moderatesWithoutAModel();
    void reranksInBothVersions();
    void streamsPictures();
    void relaysSoundAsItIs();
    void triesTheNextTargetWhenSoundDoesNotBegin();
    void pricesByThePiece_data();
    void pricesByThePiece();
    void passesFormsOn();
    void exchangesTheModelInForms();
    void overridesFieldsOfForms();
    void triesTheNextTargetForShortForms();
    void streamsLongFormsToTheNextTargetThatListens();
    void passesLongFormsWithoutHoldingThem();
    void readsAModelBehindTheFile();
    void refusesBadForms();
    void stopsWhenAFormIsCut();
    void refusesOtherContentTypes();
    void keepsFilmsWhereTheyAreMade();

private:
    [[nodiscard]] HttpReply post(const QByteArray& path, const QByteArray& body,
                                 const HeaderList& headers = kKeyed) const
    {
        return http(m_gateway->port(), "POST", path, headers, body);
    }
    [[nodiscard]] QJsonObject sent(int back = 1) const
    {
        const QJsonArray all = m_upstream.requests();
        return all.at(all.size() - back).toObject();
    }
    [[nodiscard]] QJsonValue rowOf(const HttpReply& reply) const
    {
        for (const QJsonValue& each : m_gateway->rows(1)) {
            if (each["id"].toString().toUtf8() == reply.header("x-request-id")) return each;
        }
        return {};
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void ModalTest::init()
{
    if (m_upstream.port() == 0) {
        QVERIFY(m_upstream.start());
        GatewayProcess::measureMemory();
        m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
        QJsonObject providers = m_gateway->configuration()["providers"].toObject();
        QJsonObject oai = providers["lab"].toObject();
        oai["kind"] = "openai";
        providers["oai"] = oai;
        QJsonObject co = oai;
        co["kind"] = "cohere";
        co["base_url"] = m_upstream.url();
        providers["co"] = co;
        QJsonObject dead = providers["lab"].toObject();
        dead["base_url"] = "http://127.0.0.1:9/v1";
        providers["dead"] = dead;
        const auto route = [](const QJsonArray& targets) {
            return QJsonObject{{"targets", targets}, {"retry", QJsonObject{{"attempts", 0}}}};
        };
        const auto target = [](const char* provider, const char* model) {
            return QJsonObject{{"provider", provider}, {"model", model}};
        };
        m_gateway->configure(
            {{"providers", providers},
             {"routes",
              QJsonObject{
                  {"second", route({target("lab", "mock:status:503"), target("lab", "mock")})},
                  {"fixed",
                   route({QJsonObject{{"provider", "lab"},
                                      {"model", "mock"},
                                      {"override", QJsonObject{{"language", "fr"}, {"temperature", 0.5}}}}})},
                  {"same", route({QJsonObject{{"provider", "dead"},
                                              {"model", "same"},
                                              {"override", QJsonObject{{"language", "fr"}}}},
                                  target("lab", "same")})},
                  {"reset", route({target("lab", "mock:reset"), target("lab", "mock")})},
                  {"down", route({target("dead", "mock"), target("ant", "mock"), target("lab", "mock")})}}}});
        QVERIFY2(m_gateway->start(), m_gateway->errors());
    }
    m_upstream.reset();
}

void ModalTest::passesJsonCallsOn_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QString>("target");
    QTest::newRow("moderations") << QByteArray("/v1/moderations") << "/v1/moderations";
    QTest::newRow("images") << QByteArray("/v1/images/generations") << "/v1/images/generations";
    QTest::newRow("speech") << QByteArray("/v1/audio/speech") << "/v1/audio/speech";
    QTest::newRow("rerank") << QByteArray("/v1/rerank") << "/v1/rerank";
    QTest::newRow("no version") << QByteArray("/images/generations") << "/v1/images/generations";
    QTest::newRow("with a prefix") << QByteArray("/openai/v1/audio/speech") << "/v1/audio/speech";
}

void ModalTest::passesJsonCallsOn()
{
    QFETCH(QByteArray, path);
    QFETCH(QString, target);
    const QByteArray body = R"({ "x_new":[1.0e5], "model":"mock","input":"a","prompt":"b","query":"c" })";
    const HttpReply named = post(path, QByteArray(body).replace("mock", "lab/mock"));
    QVERIFY2(named.status == 200, named.body);
    QCOMPARE(sent()["target"].toString(), target);
    QCOMPARE(sent()["body"].toString().toUtf8(), body);
    QCOMPARE(named.header("x-turnpike-provider"), QByteArray("lab"));
    QCOMPARE(named.header("x-turnpike-model"), QByteArray("mock"));
}

void ModalTest::exchangesTheModelAndFailsOver()
{
    const HttpReply reply = post("/v1/images/generations", R"({"prompt":"x","model":"second"})");
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(sent(2)["model"].toString(), QString("mock:status:503"));
    QCOMPARE(sent()["body"].toString(), QString(R"({"prompt":"x","model":"mock"})"));
    QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("2"));
    QCOMPARE(reply.header("x-turnpike-route"), QByteArray("second"));
    QCOMPARE(post("/v1/images/generations", R"({"prompt":"x","model":"down"})").status, 200);
}

void ModalTest::wantsAModel()
{
    for (const char* path : {"/v1/images/generations", "/v1/audio/speech", "/v1/rerank", "/v2/rerank"}) {
        const HttpReply reply = post(path, R"({"input":"x"})");
        QCOMPARE(reply.status, 400);
    }
    const HttpReply form = post("/v1/audio/transcriptions", fileField(100) + kEnd, kForm);
    QCOMPARE(form.status, 400);
    QCOMPARE(jsonOf(form.body)["error"].toObject()["param"].toString(), QString("model"));
    QCOMPARE(m_upstream.requests().size(), 0);
    const HeaderList routed = kKeyed + HeaderList{{"x-turnpike-route", "second"}};
    QCOMPARE(post("/v1/images/generations", R"({"prompt":"x"})", routed).status, 200);
    QCOMPARE(jsonOf(sent()["body"].toString().toUtf8())["model"].toString(), QString("mock"));
}

void ModalTest::moderatesWithoutAModel()
{
    const HttpReply reply = post("/v1/moderations", R"({"input":"x"})");
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("oai"));
    QCOMPARE(reply.header("x-turnpike-cost-usd"), QByteArray("0"));
}

void ModalTest::reranksInBothVersions()
{
    const QByteArray body = R"({"model":"co/rerank-v3.5","query":"q","documents":["a","b"]})";
    const HttpReply reply = post("/v1/rerank", body);
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(sent()["target"].toString(), QString("/v1/rerank"));
    QCOMPARE(reply.header("x-turnpike-cost-usd"), QByteArray("0.002"));
    QCOMPARE(post("/v2/rerank", body).status, 200);
    QCOMPARE(sent()["target"].toString(), QString("/v2/rerank"));
    // Voyage's clients say the limit in another word, and look for the results in another place.
    const QByteArray voyages = R"({"model":"co/rerank-v3.5","query":"q","documents":["a"],"top_k":1})";
    QCOMPARE(jsonOf(post("/v1/rerank", voyages).body)["data"].toArray().size(), 1);
    QVERIFY(sent()["body"].toString().contains(R"("top_n":1)"));
    const HttpReply refused = post("/v2/rerank", R"({"model":"oai/x","query":"q","documents":[]})");
    QCOMPARE(refused.status, 400);
    QVERIFY(jsonOf(refused.body)["message"].isString()); // as Cohere says it
}

void ModalTest::streamsPictures()
{
    const QByteArray body = R"({"model":"oai/gpt-image-1","prompt":"x","stream":true,"partial_images":1})";
    const HttpReply reply = post("/v1/images/generations", body);
    QVERIFY(reply.complete);
    QVERIFY(reply.header("content-type").startsWith("text/event-stream"));
    QVERIFY(reply.body.contains("image_generation.partial_image"));
    QVERIFY(reply.body.contains("image_generation.completed"));
    QTRY_COMPARE_WITH_TIMEOUT(rowOf(reply)["usage"]["output_tokens"].toInt(), 20, 10'000);
    // 10 tokens of text at 5 dollars a million, 4 of pictures at 10, 20 made at 40.
    QCOMPARE(rowOf(reply)["cost_usd"].toDouble(), 0.00089);
    QCOMPARE(rowOf(reply)["stream"].toBool(), true);
}

void ModalTest::relaysSoundAsItIs()
{
    const QByteArray body = R"({"model":"lab/mock","input":"x","voice":"alloy"})";
    const HttpReply reply = post("/v1/audio/speech", body);
    QVERIFY(reply.complete);
    QCOMPARE(reply.header("content-type"), QByteArray("audio/mpeg"));
    QCOMPARE(reply.body.size(), 40'000);
    QCOMPARE(reply.body, http(m_upstream.port(), "POST", "/v1/audio/speech", {}, body).body);
    QTRY_VERIFY_WITH_TIMEOUT(rowOf(reply)["first_token_us"].toDouble() > 0, 10'000);
    RawClient client(m_gateway->port());
    client.send(requestBytes(m_gateway->port(), "POST", "/v1/audio/speech", kKeyed,
                             R"({"model":"lab/mock:cut-binary:90000","input":"x"})"));
    const HttpReply cut = client.receive();
    QVERIFY(cut.status == 200 && !cut.complete);
    QVERIFY(client.closed());
}

void ModalTest::triesTheNextTargetWhenSoundDoesNotBegin()
{
    const HttpReply reply = post("/v1/audio/speech", R"({"model":"reset","input":"x"})");
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.body.size(), 40'000);
    QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("2"));
}

void ModalTest::pricesByThePiece_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<double>("cost");
    QTest::addColumn<QString>("source");
    QTest::newRow("two pictures") << QByteArray("/v1/images/generations")
                                  << QByteArray(R"({"model":"oai/dall-e-3","prompt":"x"})") << 0.08
                                  << "estimated";
    QTest::newRow("characters") << QByteArray("/v1/audio/speech")
                                << QByteArray(
                                       R"({"model":"oai/tts-1","input":"h\u00e9llo worlds","voice":"a"})")
                                << 12 * 0.000015 << "computed";
    QTest::newRow("seconds of film") << QByteArray("/v1/videos")
                                     << QByteArray(R"({"model":"oai/sora-2","prompt":"x"})") << 0.4
                                     << "estimated";
    QTest::newRow("sound counted in tokens")
        << QByteArray("/v1/audio/transcriptions")
        << QByteArray(field("model", "oai/gpt-4o-transcribe") + fileField(10) + kEnd)
        << 14 * 2.5e-6 + 5 * 10e-6 << "computed";
    QTest::newRow("seconds of sound")
        << QByteArray("/v1/audio/transcriptions")
        << QByteArray(field("model", "oai/whisper-1") + field("response_format", "verbose_json") +
                      fileField(10) + kEnd)
        << 0.0003 << "computed";
}

void ModalTest::pricesByThePiece()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(double, cost);
    QFETCH(QString, source);
    const HttpReply reply = post(path, body, body.startsWith("--") ? kForm : kKeyed);
    QVERIFY2(reply.status == 200, reply.body);
    QTRY_COMPARE_WITH_TIMEOUT(rowOf(reply)["cost_source"].toString(), source, 10'000);
    QCOMPARE(rowOf(reply)["cost_usd"].toDouble(), cost);
}

void ModalTest::passesFormsOn()
{
    const QByteArray body = field("model", "mock") + field("language", "de") + fileField(1000) + kEnd;
    for (const char* path : {"/v1/audio/transcriptions", "/v1/audio/translations", "/v1/images/edits",
                             "/v1/images/variations"}) {
        const HttpReply reply = post(path, QByteArray(body).replace("mock", "lab/mock"), kForm);
        QVERIFY2(reply.status == 200, reply.body);
        QCOMPARE(sent()["target"].toString(), QString(path));
        QCOMPARE(sent()["model"].toString(), QString("mock"));
    }
    const HttpReply text =
        post("/v1/audio/transcriptions",
             field("model", "lab/mock") + field("response_format", "text") + fileField(10) + kEnd, kForm);
    QCOMPARE(text.body, QByteArray("hello\n"));
    QCOMPARE(text.header("content-type"), QByteArray("text/plain; charset=utf-8"));
    const HttpReply events =
        post("/v1/audio/transcriptions",
             field("model", "lab/mock") + field("stream", "true") + fileField(10) + kEnd, kForm);
    QVERIFY(events.body.contains("transcript.text.done"));
    QTRY_COMPARE_WITH_TIMEOUT(rowOf(events)["usage"]["input_tokens"].toInt(), 14, 10'000);
}

void ModalTest::exchangesTheModelInForms()
{
    const HttpReply reply =
        post("/v1/audio/transcriptions", field("model", "second") + fileField(10) + kEnd, kForm);
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(sent(2)["model"].toString(), QString("mock:status:503"));
    QCOMPARE(sent()["model"].toString(), QString("mock"));
}

void ModalTest::overridesFieldsOfForms()
{
    const HttpReply reply =
        post("/v1/audio/transcriptions",
             field("language", "de") + field("model", "fixed") + fileField(10) + kEnd, kForm);
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(sent()["body"].toString().toUtf8(), field("temperature", "0.5") + field("language", "fr") +
                                                     field("model", "mock") + fileField(10) + kEnd);
    // Behind a file that is not held nothing can be replaced any more, and of two a provider takes either.
    const HttpReply late =
        post("/v1/audio/transcriptions",
             field("model", "fixed") + fileField(6 << 20) + field("language", "de") + kEnd, kForm);
    QCOMPARE(late.status, 400);
    QVERIFY2(late.body.contains("'language' behind its file"), late.body);
    // What an override of a target before would have put there is no matter of the next one's.
    const HttpReply next =
        post("/v1/audio/transcriptions",
             field("model", "same") + fileField(6 << 20) + field("language", "de") + kEnd, kForm);
    QVERIFY2(next.status == 200, next.body);
}

void ModalTest::triesTheNextTargetForShortForms()
{
    const HttpReply reply =
        post("/v1/audio/transcriptions", field("model", "reset") + fileField(1'000'000) + kEnd, kForm);
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(reply.header("x-turnpike-attempts"), QByteArray("2"));
}

void ModalTest::streamsLongFormsToTheNextTargetThatListens()
{
    // Nothing of the body was taken yet where the first could not be reached, or cannot do it.
    const QByteArray body = field("model", "down") + fileField(6 << 20) + kEnd;
    const HttpReply reply = post("/v1/audio/transcriptions", body, kForm);
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(reply.header("x-turnpike-provider"), QByteArray("lab"));
    // Once it was, there is no second try.
    const HttpReply gone =
        post("/v1/audio/transcriptions", field("model", "second") + fileField(6 << 20) + kEnd, kForm);
    QCOMPARE(gone.status, 503);
}

void ModalTest::passesLongFormsWithoutHoldingThem()
{
    QCOMPARE(
        post("/v1/audio/transcriptions", field("model", "lab/mock") + fileField(10) + kEnd, kForm).status,
        200);
    const qint64 before = m_gateway->memory("VmHWM");
    QVERIFY(before > 0);
    const QByteArray body = field("model", "lab/mock") + fileField(50 << 20) + kEnd;
    const HttpReply reply = post("/v1/audio/transcriptions", body, kForm);
    QVERIFY2(reply.status == 200, reply.body);
    const qint64 grown = m_gateway->memory("VmHWM") - before;
    QVERIFY2(grown < 32 * 1024, QByteArray::number(grown));
}

void ModalTest::readsAModelBehindTheFile()
{
    const HttpReply reply =
        post("/v1/audio/transcriptions", fileField(6 << 20) + field("model", "lab/mock") + kEnd, kForm);
    QVERIFY2(reply.status == 200, reply.body);
    QCOMPARE(sent()["model"].toString(), QString("mock"));
}

void ModalTest::refusesBadForms()
{
    const QByteArray twice = field("model", "lab/mock") + field("model", "lab/mock:x") + fileField(10) + kEnd;
    QCOMPARE(post("/v1/audio/transcriptions", twice, kForm).status, 400);
    QCOMPARE(post("/v1/audio/transcriptions", field("model", "lab/mock") + fileField(10), kForm).status, 400);
    QCOMPARE(post("/v1/audio/transcriptions", "no form", kForm).status, 400);
    QCOMPARE(post("/v1/audio/transcriptions", "--cut--",
                  kKeyed + HeaderList{{"Content-Type", "multipart/form-data"}})
                 .status,
             400);
    QCOMPARE(m_upstream.requests().size(), 0);
    const QByteArray late =
        field("model", "lab/mock") + fileField(6 << 20) + field("model", "lab/other") + kEnd;
    QCOMPARE(post("/v1/audio/transcriptions", late, kForm).status, 400);
    QCOMPARE(m_upstream.requests().size(), 0); // it did not get the whole of it
}

void ModalTest::stopsWhenAFormIsCut()
{
    const int open = m_upstream.openConnections();
    RawClient client(m_gateway->port());
    client.send(requestBytes(m_gateway->port(), "POST", "/v1/audio/transcriptions",
                             kForm + HeaderList{{"Content-Length", "20000000"}}, {}));
    client.send(field("model", "lab/mock") + fileField(6 << 20).chopped(2));
    QTRY_VERIFY_WITH_TIMEOUT(m_upstream.openConnections() > open, 5'000);
    client.close();
    QTRY_COMPARE_WITH_TIMEOUT(m_upstream.openConnections(), open, 5'000);
    QTRY_COMPARE_WITH_TIMEOUT(m_gateway->rows(1).last()["status"].toInt(), 499, 10'000);
    QCOMPARE(m_upstream.requests().size(), 0);
}

void ModalTest::refusesOtherContentTypes()
{
    QCOMPARE(post("/v1/audio/speech", "x", kForm).status, 415);
    QCOMPARE(post("/v1/moderations", "x", kKeyed + HeaderList{{"Content-Type", "text/plain"}}).status, 415);
    QCOMPARE(post("/v1/audio/transcriptions", "x", kKeyed + HeaderList{{"Content-Type", "audio/wav"}}).status,
             415);
    QCOMPARE(http(m_gateway->port(), "GET", "/v1/moderations", kKeyed).status, 405);
}

void ModalTest::keepsFilmsWhereTheyAreMade()
{
    const HttpReply made = post("/v1/videos", R"({"model":"oai/sora-2","prompt":"x","seconds":"4"})");
    QVERIFY2(made.status == 200, made.body);
    const QByteArray id = jsonOf(made.body)["id"].toString().toUtf8();
    QCOMPARE(id, QByteArray("video_abc~oai"));
    const HttpReply asked = http(m_gateway->port(), "GET", "/v1/videos/" + id, kKeyed);
    QCOMPARE(jsonOf(asked.body)["id"].toString().toUtf8(), id);
    QCOMPARE(sent()["target"].toString(), QString("/v1/videos/video_abc"));
    const HttpReply film =
        http(m_gateway->port(), "GET", "/v1/videos/" + id + "/content?variant=video", kKeyed);
    QCOMPARE(film.body.size(), 100'000);
    QCOMPARE(film.header("content-type"), QByteArray("video/mp4"));
    QCOMPARE(sent()["target"].toString(), QString("/v1/videos/video_abc/content?variant=video"));
    QCOMPARE(http(m_gateway->port(), "DELETE", "/v1/videos/" + id, kKeyed).status, 200);
    QCOMPARE(post("/v1/videos", field("model", "oai/sora-2") + fileField(100) + kEnd, kForm).status, 200);
}

QTEST_GUILESS_MAIN(ModalTest)
#include "modal_test.moc"
