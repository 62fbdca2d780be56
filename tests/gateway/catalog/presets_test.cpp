// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <QTest>

#include "catalog/catalog.h"
#include "catalog/presets.h"
#include "embedded.h"

using namespace gateway;
using catalog::Preset;
using catalog::Presets;

namespace {

using Ids = std::vector<std::string_view>;

std::string withRows(const std::string& rows)
{
    return R"({"schema":1,"providers":[)" + rows + "]}";
}

/// A whole row; `fields` come last and are written over by nothing.
std::string row(const std::string& id, const std::string& kind, const std::string& url,
                const std::string& prefixes, const std::string& more = {})
{
    return R"({"id":")" + id + R"(","name":"N","kind":")" + kind + R"(","base_url":")" + url +
           R"(","key_prefixes":)" + prefixes + R"(,"env":[],"docs":"","keys_url":"","local":false)" +
           (more.empty() ? "" : "," + more) + "}";
}

Presets parsed(std::string_view text)
{
    auto presets = Presets::parse(text);
    return presets ? *presets : Presets{};
}

} // namespace

class PresetsTest : public QObject {
    Q_OBJECT

private slots:
    void readsTheShippedList()
    {
        const auto presets = Presets::parse(embedded::providersJson);
        QVERIFY2(presets.ok(), presets.ok() ? "" : presets.error().detail.c_str());
        QVERIFY(presets->all().size() >= 25);
        for (const Preset& preset : presets->all()) {
            QVERIFY2(!preset.name.empty(), preset.id.c_str());
            QVERIFY2(preset.local == preset.baseUrl.starts_with("http://127.0.0.1:"), preset.id.c_str());
            QVERIFY2(!preset.baseUrl.ends_with('/'), preset.id.c_str());
        }
        QCOMPARE(presets->find("anthropic")->kind, std::string("anthropic"));
        QCOMPARE(presets->find("anthropic")->baseUrl, std::string("https://api.anthropic.com"));
        QCOMPARE(presets->find("openai")->env, std::vector<std::string>{"OPENAI_API_KEY"});
        QVERIFY(presets->find("ollama")->local);
        QVERIFY(presets->find("custom")->baseUrl.empty());
        QVERIFY(!presets->find("nobody"));
    }

    void saysWhereAndWhenAPolicyWasRead()
    {
        const Presets presets = parsed(embedded::providersJson);
        const Preset* xai = presets.find("xai");
        QVERIFY(xai && xai->dataPolicy);
        QVERIFY(xai->dataPolicy->policy.trainsOnData == false);
        QVERIFY(xai->dataPolicy->policy.retentionDays == 30);
        for (const Preset& preset : presets.all()) {
            if (!preset.dataPolicy) continue;
            QVERIFY2(!preset.dataPolicy->source.empty(), preset.id.c_str());
            QVERIFY2(preset.dataPolicy->date.size() == 10, preset.id.c_str());
        }
    }

    void hasAPresetForEveryKindInTheCatalog()
    {
        const Presets presets = parsed(embedded::providersJson);
        const auto catalog = catalog::Catalog::parse(embedded::catalogJson);
        QVERIFY(catalog.ok());
        for (const auto& model : catalog->models())
            QVERIFY2(presets.find(model.kind), model.kind.c_str());
    }

    void recognizesAKeyByItsLongestPrefix()
    {
        const Presets presets = parsed(embedded::providersJson);
        QCOMPARE(presets.recognizeKey("sk-ant-api03-abc"), Ids{"anthropic"});
        QCOMPARE(presets.recognizeKey("sk-or-v1-abc"), Ids{"openrouter"});
        QCOMPARE(presets.recognizeKey("sk-proj-abc"), Ids{"openai"});
        QCOMPARE(presets.recognizeKey("gsk_abc"), Ids{"groq"});
        QCOMPARE(presets.recognizeKey("xai-abc"), Ids{"xai"});
        QCOMPARE(presets.recognizeKey("hf_abc"), Ids{"huggingface"});
    }

    void namesAllWhereAPrefixIsShared()
    {
        const Presets presets = parsed(embedded::providersJson);
        QCOMPARE(presets.recognizeKey("sk-0123456789abcdef"),
                 (Ids{"openai", "deepseek", "moonshot", "qwen"}));
    }

    void recognizesNothingInOtherTexts()
    {
        const Presets presets = parsed(embedded::providersJson);
        for (const char* key : {"", "s", "sk-ant", "SK-ANT-API", "hello", " sk-ant-x", "gsk_"})
            QVERIFY2(presets.recognizeKey(key).empty() || std::string(key) == "sk-ant", key);
        // Too short for the longer prefix, it still is a key of those who share the shorter one.
        QCOMPARE(presets.recognizeKey("sk-ant").front(), std::string_view("openai"));
        QVERIFY(presets.recognizeKey(std::string(1'000'000, 'x')).empty());
    }

    void findsAPresetByItsBaseUrl()
    {
        const Presets presets = parsed(embedded::providersJson);
        const Preset* groq = presets.find("groq");
        QCOMPARE(presets.findByBaseUrl("https://api.groq.com/openai/v1"), groq);
        QCOMPARE(presets.findByBaseUrl("https://api.groq.com/openai/v1/"), groq);
        QCOMPARE(presets.findByBaseUrl("https://API.groq.com/openai"), groq);
        QCOMPARE(presets.findByBaseUrl("https://api.anthropic.com/v1"), presets.find("anthropic"));
        QVERIFY(!presets.findByBaseUrl(""));
        QVERIFY(!presets.findByBaseUrl("/v1"));
        QVERIFY(!presets.findByBaseUrl("https://api.groq.com.example.org/openai/v1"));
    }

    void refusesHostileTexts_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto add = [](const char* name, const std::string& text) {
            QTest::newRow(name) << QByteArray(text.data(), qsizetype(text.size()));
        };
        const std::string good = row("a", "openai", "https://a.example/v1", R"(["a-"])");
        add("empty", "");
        add("no schema", R"({"providers":[]})");
        add("no providers", R"({"schema":1})");
        add("cut off", withRows(good).substr(0, 50));
        add("deep", withRows(std::string(50'000, '[')));
        add("twice", withRows(good + "," + good));
        add("no object", withRows("[]"));
        add("empty id", withRows(row("", "openai", "https://a.example", "[]")));
        add("unknown kind", withRows(row("a", "telnet", "https://a.example", "[]")));
        add("plain http", withRows(row("a", "openai", "http://a.example/v1", "[]")));
        add("file url", withRows(row("a", "openai", "file:///etc/passwd", "[]")));
        add("empty prefix", withRows(row("a", "openai", "https://a.example", R"([""])")));
        add("prefix no text", withRows(row("a", "openai", "https://a.example", "[1]")));
        add("prefixes no list", withRows(row("a", "openai", "https://a.example", R"("a-")")));
        add("policy no object",
            withRows(row("a", "openai", "https://a.example", "[]", R"("data_policy":true)")));
        add("policy without source",
            withRows(row("a", "openai", "https://a.example", "[]",
                         R"("data_policy":{"trains_on_data":false,"date":"2026-01-01"})")));
        add("retention negative",
            withRows(row("a", "openai", "https://a.example", "[]",
                         R"("data_policy":{"retention_days":-1,"source":"s","date":"2026-01-01"})")));
        add("retention endless",
            withRows(row("a", "openai", "https://a.example", "[]",
                         R"("data_policy":{"retention_days":4294967296,"source":"s","date":"2026-01-01"})")));
    }

    void refusesHostileTexts()
    {
        QFETCH(QByteArray, text);
        const auto presets = Presets::parse(std::string_view(text.data(), std::size_t(text.size())));
        QVERIFY(!presets.ok());
        QVERIFY(!presets.error().detail.empty());
    }
};

QTEST_GUILESS_MAIN(PresetsTest)
#include "presets_test.moc"
