// SPDX-License-Identifier: GPL-3.0-or-later
#include <thread>

#include <nlohmann/json.hpp>

#include <QTest>

#include "base/json_scan.h"
#include "pipeline/kept_answer.h"
#include "pipeline/response_store.h"
#include "pipeline/response_turn.h"

using namespace gateway;
using namespace gateway::pipeline;
using Json = nlohmann::json;

class ResponseStoreTest : public QObject {
    Q_OBJECT

private slots:
    void keepsAnswersForTheirOwnerOnly();
    void findsSingleItems();
    void givesUpWhatWasNotUsedForLongest();
    void countsWhatTurnsShareOnce();
    void keepsNothingThatWouldPushAllElseOut();
    void countsWhatFindingItemsTakes();
    void goesOnFromAnAnswer();
    void keepsNothingThatShallNotBe();
    void answersByPath_data();
    void answersByPath();
    void listsItemsInPages();
    void isUsedByManyThreads();
};

namespace {

std::string answer(const std::string& id, const std::string& text = "Hi")
{
    const Json item = {{"id", "msg_" + id}, {"type", "message"}, {"role", "assistant"}, {"content", text}};
    return Json{{"id", id}, {"object", "response"}, {"output", Json::array({item})}}.dump();
}

JsonDocument scanned(std::string_view text)
{
    JsonDocument document;
    scanJson(text, document);
    return document;
}

} // namespace

void ResponseStoreTest::keepsAnswersForTheirOwnerOnly()
{
    ResponseStore store;
    store.keep("anna", answer("resp_1"), {}, {R"({"id":"msg_in"})"});
    QVERIFY(store.find("anna", "resp_1"));
    QVERIFY(!store.find("bert", "resp_1"));
    QVERIFY(!store.findItem("bert", "msg_in"));
    QVERIFY(!store.erase("bert", "resp_1"));
    QVERIFY(store.erase("anna", "resp_1"));
    QVERIFY(!store.find("anna", "resp_1"));
    QVERIFY(!store.findItem("anna", "msg_in"));
    QCOMPARE(store.bytes(), std::size_t(0));
}

void ResponseStoreTest::findsSingleItems()
{
    ResponseStore store;
    store.keep("a", answer("resp_1"), {}, {R"({"id":"msg_in"})"});
    QCOMPARE(store.findItem("a", "msg_in")->json, std::string(R"({"id":"msg_in"})"));
    QVERIFY(store.findItem("a", "msg_resp_1")->json.find("Hi") != std::string::npos);
    QVERIFY(!store.findItem("a", "msg_other"));
    // An item that two answers brought is found until the later one goes.
    store.keep("a", answer("resp_2"), {}, {R"({"id":"msg_in"})"});
    store.erase("a", "resp_1");
    QVERIFY(store.findItem("a", "msg_in"));
    store.erase("a", "resp_2");
    QVERIFY(!store.findItem("a", "msg_in"));
}

void ResponseStoreTest::givesUpWhatWasNotUsedForLongest()
{
    ResponseStore store(2);
    store.keep("a", answer("resp_1"), {}, {});
    store.keep("a", answer("resp_2"), {}, {});
    QVERIFY(store.find("a", "resp_1"));
    store.keep("a", answer("resp_3"), {}, {});
    QVERIFY(store.find("a", "resp_1") && !store.find("a", "resp_2") && store.find("a", "resp_3"));
    QCOMPARE(store.count(), std::size_t(2));
    ResponseStore small(100, 40'000);
    for (int i = 0; i < 50; ++i)
        small.keep("a", answer("resp_" + std::to_string(i), std::string(2'000, 'x')), {}, {});
    QVERIFY(small.bytes() <= 40'000 && small.count() >= 2);
    QVERIFY(small.find("a", "resp_49"));
}

void ResponseStoreTest::countsWhatTurnsShareOnce()
{
    ResponseStore store;
    const std::string large = R"({"id":"msg_in","text":")" + std::string(100'000, 'x') + "\"}";
    store.keep("a", answer("resp_0"), {}, {large});
    for (int i = 1; i < 50; ++i) {
        const auto before = store.find("a", "resp_" + std::to_string(i - 1));
        KeptItems earlier = before->input;
        earlier.insert(earlier.end(), before->output.begin(), before->output.end());
        store.keep("a", answer("resp_" + std::to_string(i)), earlier, {R"({"id":"m"})"});
    }
    QVERIFY(store.bytes() < 300'000);
    // What a later turn goes on from stays, though the turn that brought it is gone.
    store.erase("a", "resp_0");
    QCOMPARE(store.find("a", "resp_49")->input.front()->json, large);
    for (int i = 1; i < 50; ++i)
        store.erase("a", "resp_" + std::to_string(i));
    QCOMPARE(store.bytes(), std::size_t(0));
}

void ResponseStoreTest::keepsNothingThatWouldPushAllElseOut()
{
    ResponseStore store(100, 40'000);
    store.keep("a", answer("resp_1"), {}, {});
    store.keep("a", answer("resp_2", std::string(30'000, 'x')), {}, {});
    QVERIFY(store.find("a", "resp_1") && !store.find("a", "resp_2"));
    store.keep("a", "{}", {}, {});
    QCOMPARE(store.count(), std::size_t(1));
}

void ResponseStoreTest::countsWhatFindingItemsTakes()
{
    ResponseStore store(100, 1'000'000);
    // A thousand items of two bytes each hold far more than two thousand bytes.
    store.keep("a", answer("resp_1"), {}, std::vector<std::string>(1'000, "{}"));
    QVERIFY(!store.find("a", "resp_1"));
    store.keep("a", answer("resp_2"), {}, std::vector<std::string>(100, "{}"));
    QVERIFY(store.find("a", "resp_2") && store.bytes() > 50'000);
    // Items without an id, or with one that is no id, are in their conversation only.
    QVERIFY(!store.findItem("a", ""));
    const std::string longId(1'000, 'i');
    store.keep("a", answer("resp_3"), {}, {R"({"id":")" + longId + "\"}"});
    QVERIFY(store.find("a", "resp_3") && !store.findItem("a", longId));
}

void ResponseStoreTest::goesOnFromAnAnswer()
{
    ResponseStore store;
    const std::string first = R"({"model":"m","input":"one"})";
    const JsonDocument firstDocument = scanned(first);
    const ResponseTurn turn(store, "a", firstDocument, "r1");
    QVERIFY(!turn.refersHere());
    turn.keep(answer("resp_1", "two"));
    const std::string second =
        R"({"model":"m","previous_response_id":"resp_1","input":[{"role":"user","content":"three"}]})";
    const JsonDocument secondDocument = scanned(second);
    const ResponseTurn next(store, "a", secondDocument, "r2");
    QVERIFY(next.refersHere());
    const Json whole = Json::parse(*next.expanded(second));
    QVERIFY(!whole.contains("previous_response_id"));
    QCOMPARE(whole["input"].size(), std::size_t(3));
    QCOMPARE(whole["input"][0]["content"][0]["text"].get<std::string>(), std::string("one"));
    QCOMPARE(whole["input"][1]["content"].get<std::string>(), std::string("two"));
    next.keep(answer("resp_2", "four"));
    QCOMPARE(store.find("a", "resp_2")->input.size(), std::size_t(3));
    // Another key's answer is none.
    QVERIFY(!ResponseTurn(store, "b", secondDocument, "r3").refersHere());
    const std::string referring = R"({"model":"m","input":[{"type":"item_reference","id":"msg_resp_2"}]})";
    const JsonDocument document = scanned(referring);
    const ResponseTurn reference(store, "a", document, "r4");
    QVERIFY(reference.refersHere());
    QCOMPARE(Json::parse(*reference.expanded(referring))["input"][0]["content"].get<std::string>(),
             std::string("four"));
}

void ResponseStoreTest::keepsNothingThatShallNotBe()
{
    ResponseStore store;
    const JsonDocument document = scanned(R"({"model":"m","input":"one","store":false})");
    ResponseTurn(store, "a", document, "r1").keep(answer("resp_1"));
    QCOMPARE(store.count(), std::size_t(0));
}

void ResponseStoreTest::answersByPath_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("part");
    const auto row = [](const char* path, const char* method, const char* query, int status,
                        const char* part) {
        QTest::addRow("%s %s?%s", method, path, query)
            << QByteArray(path) << QByteArray(method) << QByteArray(query) << status << QByteArray(part);
    };
    row("/v1/responses/resp_1", "GET", "", 200, "\"object\":\"response\"");
    row("/responses/resp_1", "HEAD", "", 200, "resp_1");
    row("/openai/v1/responses/resp%5F1", "GET", "stream=false", 200, "resp_1");
    row("/v1/responses/resp_1", "GET", "stream=true", 400, "");
    row("/v1/responses/resp_9", "GET", "", 404, "");
    row("/v1/responses/resp_1", "DELETE", "", 200, R"({"id":"resp_1","object":"response","deleted":true})");
    row("/v1/responses/resp_1/cancel", "POST", "", 400, "");
    row("/v1/responses/resp_2/cancel", "POST", "", 200, "resp_2");
    row("/v1/responses/resp_9/cancel", "POST", "", 404, "");
    row("/v1/responses/resp_1/input_items", "GET", "", 200, "msg_in");
    row("/v1/responses/resp_9/input_items", "GET", "", 404, "");
    row("/v1/responses/resp_1/input_items", "GET", "limit=0", 400, "");
}

void ResponseStoreTest::answersByPath()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, query);
    QFETCH(int, status);
    QFETCH(QByteArray, part);
    ResponseStore store;
    store.keep("a", answer("resp_1"), {}, {R"({"id":"msg_in"})"});
    store.keep("a", R"({"id":"resp_2","background":true,"output":[]})", {}, {});
    const Endpoint endpoint = findEndpoint({path.constData(), std::size_t(path.size())});
    QCOMPARE(int(endpoint.kind), int(EndpointKind::KeptResponse));
    QVERIFY(methodAllowed(endpoint, {method.constData(), std::size_t(method.size())}));
    const auto body = keptAnswer(store, {endpoint,
                                         {method.constData(), std::size_t(method.size())},
                                         {query.constData(), std::size_t(query.size())},
                                         "a"});
    QCOMPARE(body.ok() ? 200 : httpStatus(body.error()), status);
    if (body.ok()) QVERIFY2(body.value().find(part.toStdString()) != std::string::npos, body.value().c_str());
    QCOMPARE(bool(store.find("a", "resp_1")), method != "DELETE");
}

void ResponseStoreTest::listsItemsInPages()
{
    ResponseStore store;
    std::vector<std::string> items;
    for (int i = 0; i < 25; ++i)
        items.push_back(R"({"id":"m)" + std::to_string(i) + "\"}");
    store.keep("a", answer("resp_1"), {}, items);
    const Endpoint endpoint = findEndpoint("/v1/responses/resp_1/input_items");
    const auto page = [&](std::string_view query) {
        return Json::parse(keptAnswer(store, {endpoint, "GET", query, "a"}).value());
    };
    const Json first = page("");
    QCOMPARE(first["data"].size(), std::size_t(20));
    QCOMPARE(first["first_id"].get<std::string>(), std::string("m24"));
    QVERIFY(first["has_more"].get<bool>());
    const Json rest = page("after=m5");
    QCOMPARE(rest["data"].size(), std::size_t(5));
    QVERIFY(!rest["has_more"].get<bool>());
    const Json ascending = page("order=asc&limit=2&after=m0");
    QCOMPARE(ascending["data"].dump(), std::string(R"([{"id":"m1"},{"id":"m2"}])"));
    QVERIFY(page("after=none")["data"].empty());
}

void ResponseStoreTest::isUsedByManyThreads()
{
    ResponseStore store(50, 100'000);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&store, t] {
            for (int i = 0; i < 500; ++i) {
                const std::string id = "resp_" + std::to_string((i + t) % 60);
                store.keep("a", answer(id), {}, {R"({"id":"msg_shared"})"});
                (void)store.find("a", id);
                (void)store.findItem("a", "msg_shared");
                if (i % 7 == 0) store.erase("a", id);
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    QVERIFY(store.count() <= 50 && store.bytes() <= 100'000);
}

QTEST_APPLESS_MAIN(ResponseStoreTest)
#include "response_store_test.moc"
