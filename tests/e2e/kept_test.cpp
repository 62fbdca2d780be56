// SPDX-License-Identifier: GPL-3.0-or-later
// Files and batches: kept at one provider, which their ids name from then on.
#include <memory>

#include <QCryptographicHash>
#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

const HeaderList kKeyed{{"x-api-key", GatewayProcess::kKey}};
const HeaderList kForm = kKeyed + HeaderList{{"Content-Type", "multipart/form-data; boundary=cut"}};

} // namespace

class KeptTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void putsFilesWhereTheyAreWanted();
    void findsThemAgain();
    void talksAboutThemWhereTheyAre();
    void putsBatchesWhereTheirFileIs();
    void keepsAnthropicsBatches();
    void pricesBatchesOnce();
    void pricesTheResultsOfBatches();
    void asksOpenAiForItsResponses();
    void refusesWhatNobodyKeeps();
    void obeysTheKeysModelsInBatches();

private:
    [[nodiscard]] HttpReply call(const QByteArray& method, const QByteArray& path,
                                 const QByteArray& body = {}, const HeaderList& headers = kKeyed) const
    {
        return http(m_gateway->port(), method, path, headers, body);
    }
    /// What batches used, so far.
    [[nodiscard]] QJsonArray batchRows() const
    {
        QJsonArray found;
        for (const QJsonValue& row : m_gateway->rows(1)) {
            if (row["tags"].toArray().contains("batch")) found.append(row);
        }
        return found;
    }
    [[nodiscard]] QString target() const { return m_upstream.requests().last()["target"].toString(); }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void KeptTest::init()
{
    if (m_upstream.port() == 0) {
        QVERIFY(m_upstream.start());
        m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
        QJsonObject providers = m_gateway->configuration()["providers"].toObject();
        QJsonObject other = providers["lab"].toObject();
        other["base_url"] = m_upstream.url() + "/scenario/other/v1";
        providers["other"] = other;
        QJsonObject own = providers["lab"].toObject();
        own["kind"] = "openai";
        providers["own"] = own;
        const QJsonArray targets{QJsonObject{{"provider", "ant"}, {"model", "mock"}},
                                 QJsonObject{{"provider", "other"}, {"model", "mock"}}};
        QJsonObject keys = m_gateway->configuration()["keys"].toObject();
        const QByteArray hash = QCryptographicHash::hash("tp-small", QCryptographicHash::Sha256).toHex();
        keys["small"] = QJsonObject{{"sha256", QString(hash)}, {"models", QJsonArray{"mock"}}};
        m_gateway->configure({{"providers", providers},
                              {"keys", keys},
                              {"routes", QJsonObject{{"way", QJsonObject{{"targets", targets}}}}}});
        QVERIFY2(m_gateway->start(), m_gateway->errors());
    }
    m_upstream.reset();
}

void KeptTest::putsFilesWhereTheyAreWanted()
{
    const QByteArray body =
        "--cut\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--cut--\r\n";
    const HttpReply first = call("POST", "/v1/files", body, kForm);
    QVERIFY2(first.status == 200, first.body);
    QCOMPARE(jsonOf(first.body)["id"].toString(), QString("file-abc~lab"));
    QCOMPARE(m_upstream.requests().last()["body"].toString().toUtf8(), body);
    const HttpReply named = call("POST", "/v1/files?provider=other", body, kForm);
    QCOMPARE(jsonOf(named.body)["id"].toString(), QString("file-abc~other"));
    QCOMPARE(target(), QString("/scenario/other/v1/files"));
    const HttpReply routed = call("POST", "/v1/files", body, kForm + HeaderList{{"x-turnpike-route", "way"}});
    QCOMPARE(jsonOf(routed.body)["id"].toString(), QString("file-abc~other"));
    const QByteArray large =
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n" +
        QByteArray(9 << 20, 'x') + "\r\n--cut--\r\n";
    QCOMPARE(call("POST", "/v1/files", large, kForm).status, 200);
}

void KeptTest::findsThemAgain()
{
    QCOMPARE(jsonOf(call("GET", "/v1/files/file-1~other").body)["id"].toString(), QString("file-1~other"));
    QCOMPARE(target(), QString("/scenario/other/v1/files/file-1"));
    QCOMPARE(call("GET", "/v1/files/file-1~other/content").body.size(), 100'000);
    QCOMPARE(target(), QString("/scenario/other/v1/files/file-1/content"));
    QCOMPARE(call("DELETE", "/v1/files/file-1~lab").status, 200);
    QCOMPARE(target(), QString("/v1/files/file-1"));
    QCOMPARE(call("GET", "/v1/files/file-1").status, 200);
    QCOMPARE(target(), QString("/v1/files/file-1"));
    const HttpReply list = call("GET", "/v1/files?limit=2&after=file-0~other");
    QCOMPARE(target(), QString("/scenario/other/v1/files?limit=2&after=file-0"));
    QCOMPARE(jsonOf(list.body)["data"][0]["id"].toString(), QString("file-abc~other"));
    QCOMPARE(jsonOf(list.body)["last_id"].toString(), QString("file-abc~other"));
}

void KeptTest::talksAboutThemWhereTheyAre()
{
    const auto ask = [this](const QByteArray& model, const QByteArray& file) {
        return call("POST", "/v1/chat/completions",
                    R"({"model":")" + model + R"(","messages":[{"role":"user","content":[)" +
                        R"({"type":"file","file":{"file_id":")" + file + R"("}}]}]})");
    };
    const HttpReply good = ask("other/mock", "file-1~other");
    QVERIFY2(good.status == 200, good.body);
    QCOMPARE(target(), QString("/scenario/other/v1/chat/completions"));
    const QJsonObject sent = jsonOf(m_upstream.requests().last()["body"].toString().toUtf8());
    QCOMPARE(sent["messages"][0]["content"][0]["file"]["file_id"].toString(), QString("file-1"));
    // Of a route's targets only the one that has it can answer.
    const HttpReply routed = ask("way", "file-1~other");
    QVERIFY2(routed.status == 200, routed.body);
    QCOMPARE(routed.header("x-turnpike-provider"), QByteArray("other"));
    QCOMPARE(ask("lab/mock", "file-1").status, 200);
    const auto before = m_upstream.requests().size();
    const HttpReply elsewhere = ask("lab/mock", "file-1~other");
    QCOMPARE(elsewhere.status, 400);
    QVERIFY2(elsewhere.body.contains("kept by `other`"), elsewhere.body);
    const HttpReply two =
        call("POST", "/v1/responses",
             R"({"model":"own/mock","input":[{"role":"user","content":[)"
             R"({"type":"input_file","file_id":"a~own"},{"type":"input_file","file_id":"b~lab"}]}]})");
    QCOMPARE(two.status, 400);
    QVERIFY2(two.body.contains("two providers, `own` and `lab`"), two.body);
    QCOMPARE(m_upstream.requests().size(), before);
}

void KeptTest::putsBatchesWhereTheirFileIs()
{
    const HttpReply made =
        call("POST", "/v1/batches", R"({"input_file_id":"file-1~other","endpoint":"/v1/chat/completions"})");
    QVERIFY2(made.status == 200, made.body);
    QCOMPARE(target(), QString("/scenario/other/v1/batches"));
    QCOMPARE(jsonOf(m_upstream.requests().last()["body"].toString().toUtf8())["input_file_id"].toString(),
             QString("file-1"));
    const QJsonObject batch = jsonOf(made.body);
    QCOMPARE(batch["id"].toString(), QString("batch_abc~other"));
    QCOMPARE(batch["input_file_id"].toString(), QString("file-1~other"));
    QCOMPARE(batch["output_file_id"].toString(), QString("file-out~other"));
    QVERIFY(batch["error_file_id"].isNull());
    QCOMPARE(call("POST", "/v1/batches/batch_abc~other/cancel").status, 200);
    QCOMPARE(target(), QString("/scenario/other/v1/batches/batch_abc/cancel"));
    QCOMPARE(call("GET", "/v1/batches").status, 200);
}

void KeptTest::keepsAnthropicsBatches()
{
    const HeaderList headers = kKeyed + HeaderList{{"anthropic-version", "2023-06-01"}};
    const QByteArray body = R"({"requests":[{"custom_id":"a","params":{"model":"mock","max_tokens":5}}]})";
    const HttpReply made = call("POST", "/v1/messages/batches", body, headers);
    QVERIFY2(made.status == 200, made.body);
    QCOMPARE(made.header("x-turnpike-provider"), QByteArray("ant"));
    QCOMPARE(m_upstream.requests().last()["body"].toString().toUtf8(), body);
    const QString results = jsonOf(made.body)["results_url"].toString();
    QCOMPARE(results, m_gateway->url() + "/v1/messages/batches/msgbatch_abc~ant/results");
    QCOMPARE(call("GET", results.mid(m_gateway->url().size()).toUtf8(), {}, headers).body.size(), 100'000);
    QCOMPARE(target(), QString("/v1/messages/batches/msgbatch_abc/results"));
    QCOMPARE(call("GET", "/v1/files", {}, headers).header("x-turnpike-provider"), QByteArray("ant"));
}

void KeptTest::pricesBatchesOnce()
{
    QCOMPARE(call("GET", "/v1/batches/batch_done~own").status, 200);
    QCOMPARE(batchRows().size(), 0); // does not say what it used
    QCOMPARE(call("GET", "/v1/batches/batch_told~own").status, 200);
    // The file has the results of the same batch.
    QCOMPARE(call("GET", "/v1/files/file-lines~own/content").status, 200);
    QCOMPARE(call("GET", "/v1/batches/batch_told~own").status, 200);
    const QJsonArray rows = batchRows();
    QCOMPARE(rows.size(), 1);
    const QJsonObject row = rows[0].toObject();
    QCOMPARE(row["provider"].toString(), QString("own"));
    QCOMPARE(row["model"].toString(), QString("gpt-4.1-mini"));
    QCOMPARE(row["key"].toString(), QString("test"));
    QCOMPARE(row["usage"]["input_tokens"].toInt(), 2'000'000);
    QCOMPARE(row["service_tier"].toString(), QString("batch"));
    QCOMPARE(row["cost_source"].toString(), QString("computed"));
    // Dollars a million tokens in batches: 0.2 in, 0.8 out.
    QCOMPARE(row["cost_usd"].toDouble(), 2 * 0.2 + 0.2 * 0.8);
    QCOMPARE(row["metadata"]["batch_results"].toString(), QString("file-lines~own"));
}

void KeptTest::pricesTheResultsOfBatches()
{
    const HeaderList headers = kKeyed + HeaderList{{"anthropic-version", "2023-06-01"}};
    const auto before = batchRows().size();
    const HttpReply part =
        call("GET", "/v1/files/file-lines~other/content", {}, kKeyed + HeaderList{{"Range", "bytes=0-9"}});
    QCOMPARE(part.status, 200);
    QCOMPARE(batchRows().size(), before);
    const HttpReply all = call("GET", "/v1/files/file-lines~other/content");
    QCOMPARE(all.body.count('\n'), 2);
    QJsonArray rows = batchRows();
    QCOMPARE(rows.size(), before + 1);
    QCOMPARE(rows.last()["usage"]["output_tokens"].toInt(), 200'000);
    QCOMPARE(call("GET", "/v1/messages/batches/msgbatch_lines~ant/results", {}, headers).status, 200);
    QCOMPARE(call("GET", "/v1/messages/batches/msgbatch_lines~ant/results", {}, headers).status, 200);
    rows = batchRows();
    QCOMPARE(rows.size(), before + 2);
    const QJsonObject row = rows.last().toObject();
    QCOMPARE(row["model"].toString(), QString("claude-opus-4-5"));
    QCOMPARE(row["usage"]["input_tokens"].toInt(), 1'200'000);
    QCOMPARE(row["cost_usd"].toDouble(), 1.0 * 2.5 + 0.2 * 0.25 + 0.1 * 12.5);
}

void KeptTest::asksOpenAiForItsResponses()
{
    const HttpReply found = call("GET", "/v1/responses/resp_abc");
    QVERIFY2(found.status == 200, found.body);
    QCOMPARE(jsonOf(found.body)["id"].toString(), QString("resp_abc")); // clients go on from it as it is
    QCOMPARE(found.header("x-turnpike-provider"), QByteArray("own"));
    QCOMPARE(call("GET", "/v1/responses/resp_abc/input_items?limit=2").status, 200);
    QCOMPARE(target(), QString("/v1/responses/resp_abc/input_items?limit=2"));
    QCOMPARE(jsonOf(call("POST", "/v1/responses/resp_abc/cancel").body)["status"].toString(),
             QString("cancelled"));
    QCOMPARE(m_upstream.requests().last()["method"].toString(), QString("POST"));
    QVERIFY(jsonOf(call("DELETE", "/v1/responses/resp_abc").body)["deleted"].toBool());
    QCOMPARE(m_upstream.requests().last()["method"].toString(), QString("DELETE"));
    const qsizetype asked = m_upstream.requests().size();
    QCOMPARE(call("GET", "/v1/responses/resp_abc%2F..%2Fmodels").status, 400);
    QCOMPARE(call("GET", "/v1/responses/resp_abc?provider=lab").status, 404); // has none
    QCOMPARE(m_upstream.requests().size(), asked);
}

void KeptTest::refusesWhatNobodyKeeps()
{
    QCOMPARE(call("GET", "/v1/files/file-1~nobody").status, 404);
    QCOMPARE(call("GET", "/v1/files/file-1~ant").status, 404); // not in OpenAI's words
    QCOMPARE(call("GET", "/v1/files/..%2Fmodels").status, 400);
    QCOMPARE(call("GET", "/v1/files/a%2Fb").status, 400);
    QCOMPARE(call("GET", "/v1/files/a/other").status, 404);
    QCOMPARE(call("POST", "/v1/batches?provider=lab", R"({"input_file_id":"file-1~other"})").status, 400);
    QCOMPARE(call("DELETE", "/v1/files").status, 405);
    QCOMPARE(call("POST", "/v1/batches", "x", kForm).status, 415);
    QCOMPARE(m_upstream.requests().size(), 0);
}

void KeptTest::obeysTheKeysModelsInBatches()
{
    const HeaderList small{{"x-api-key", "tp-small"}};
    const auto ask = [&](const QByteArray& model) {
        return call(
                   "POST", "/v1/messages/batches",
                   R"({"requests":[{"custom_id":"a","params":{"model":"mock"}},{"custom_id":"b","params":{"model":")" +
                       model + R"("}}]})",
                   small)
            .status;
    };
    QCOMPARE(ask("mock"), 200);
    QCOMPARE(ask("mock-large"), 403);
}

QTEST_GUILESS_MAIN(KeptTest)
#include "kept_test.moc"
