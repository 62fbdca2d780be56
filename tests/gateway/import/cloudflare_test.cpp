// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/import/imported.h"

using namespace gateway;
using namespace imported;

namespace {

Imported take(const std::string& text)
{
    const auto result = importConfig({}, text);
    if (result) return *result;
    qWarning("%s", result.error().message.c_str());
    return {};
}

std::string model(const std::string& id, const std::string& fallback)
{
    return "{\"id\":\"" + id + "\",\"type\":\"model\",\"properties\":{\"provider\":\"openai\",\"model\":\"" +
           id + "\"},\"outputs\":{\"fallback\":{\"elementId\":\"" + fallback + "\"}}}";
}

const std::string kStart = "{\"id\":\"s\",\"type\":\"start\",\"outputs\":{\"next\":{\"elementId\":\"a\"}}}";

} // namespace

class CloudflareTest : public QObject {
    Q_OBJECT

private slots:
    void readsAFlow()
    {
        const Imported imported = take(fixture("cloudflare.json"));
        QVERIFY(imported.kind == ImportKind::Cloudflare);
        QVERIFY(isUsable(imported.config));
        QCOMPARE(described(imported.config, "support"),
                 std::string("conditional: route support-split route support-false"));
        QCOMPARE(imported.config.findRoute("support")->targets[0].whenJson,
                 std::string("{\"metadata.plan\":{\"$eq\":\"free\"}}"));
        QCOMPARE(
            described(imported.config, "support-split"),
            std::string(
                "weighted: gemini/gemini-2.5-flash *10 openai/gpt-4.1-mini *50 openai/gpt-4.1-mini *40"));
        const RouteConfig* big = imported.config.findRoute("support-false");
        QCOMPARE(described(imported.config, "support-false"),
                 std::string("priority: anthropic/claude-opus-4-1 openai/gpt-4.1-mini"));
        QCOMPARE(*big->retry.attempts, 2U);
        QVERIFY(big->timeout.firstByte == seconds(60));
        QVERIFY(isLeft(imported, "elements[3]"));
    }

    void keysHaveToBeSaved()
    {
        const Imported imported = take(fixture("cloudflare.json"));
        QCOMPARE(imported.secrets.size(), std::size_t(3));
        for (const ImportedSecret& secret : imported.secrets)
            QVERIFY(secret.value.empty());
    }

    void aChainIsAPriorityRoute()
    {
        const Imported imported = take("{\"name\":\"c\",\"elements\":[" + kStart + "," + model("a", "b") +
                                       "," + model("b", "e") + "]}");
        QCOMPARE(described(imported.config, "c"), std::string("priority: openai/a openai/b"));
    }

    void aCircleEnds()
    {
        const Imported imported = take("{\"name\":\"c\",\"elements\":[" + kStart + "," + model("a", "b") +
                                       "," + model("b", "a") + "]}");
        QCOMPARE(described(imported.config, "c"), std::string("priority: openai/a openai/b"));
        QVERIFY(std::any_of(imported.lines.begin(), imported.lines.end(), [](const ImportLine& line) {
            return line.note.find("circle") != std::string::npos;
        }));
    }

    void aLongWayEnds()
    {
        std::string text = "{\"name\":\"c\",\"elements\":[" + kStart + "," + model("a", "m0");
        for (int i = 0; i < 2000; ++i)
            text += "," + model("m" + std::to_string(i), "m" + std::to_string(i + 1));
        const Imported imported = take(text + "]}");
        QVERIFY(isUsable(imported.config));
        QVERIFY(imported.config.findRoute("c")->targets.size() < 100);
    }

    void olderFilesSayCondition()
    {
        const Imported imported = take("{\"elements\":[" + kStart +
                                       ",{\"id\":\"a\",\"type\":\"conditional\",\"properties\":{"
                                       "\"condition\":{\"metadata.x\":1}},\"outputs\":"
                                       "{\"true\":{\"elementId\":\"b\"},\"false\":{\"elementId\":\"d\"}}}," +
                                       model("b", "e") + "," + model("d", "e") + "]}");
        QCOMPARE(described(imported.config, "cloudflare"), std::string("conditional: openai/b openai/d"));
    }

    void withoutAStartThereIsNothing()
    {
        const Imported imported = take("{\"elements\":[" + model("a", "b") + "]}");
        QVERIFY(imported.config == Config());
        QVERIFY(isLeft(imported, "elements"));
    }
};

QTEST_APPLESS_MAIN(CloudflareTest)
#include "cloudflare_test.moc"
