// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/import/imported.h"

using namespace gateway;
using namespace imported;

/// What holds for all files: which is which, and those that mean harm.
class ImportTest : public QObject {
    Q_OBJECT

private slots:
    void refusesWhatIsNone_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("words") << QByteArray("hello there");
        QTest::newRow("other json") << QByteArray("{\"a\":1}");
        QTest::newRow("list") << QByteArray("[1]");
        QTest::newRow("half json") << QByteArray("{\"Providers\":[");
        QTest::newRow("bad yaml") << QByteArray("a: [1, 2\nb: }{");
        QTest::newRow("binary") << QByteArray("\x7f"
                                              "ELF\0\xff\xfe",
                                              7);
        QTest::newRow("too large") << QByteArray(1024 * 1024 + 1, ' ');
        QTest::newRow("deep json") << "{\"Providers\":" + QByteArray(5000, '[') + QByteArray(5000, ']') + "}";
        QTest::newRow("deep yaml") << "model_list: " + QByteArray(100'000, '[');
        QTest::newRow("deeper yaml") << "model_list: " + QByteArray(400, '[') + QByteArray(400, ']');
        QTest::newRow("list in itself") << QByteArray("model_list: &a [*a]");
    }

    void refusesWhatIsNone()
    {
        QFETCH(QByteArray, text);
        const auto imported = importConfig({}, std::string_view(text.constData(), text.size()));
        QVERIFY(!imported);
        QVERIFY(imported.error().code == Code::InvalidRequest);
        QVERIFY(!imported.error().message.empty());
    }

    void aliasesThatGrowWithoutEndAreRefused()
    {
        std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
        for (int i = 1; i < 12; ++i) {
            const std::string before = "*a" + std::to_string(i - 1);
            text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
            for (int k = 0; k < 8; ++k)
                text.append(", ").append(before);
            text += "]\n";
        }
        QVERIFY(!importConfig({}, text + "model_list: *a11\n"));
    }

    void errorsQuoteNoKey()
    {
        for (const char* text : {"model_list: [{litellm_params: {api_key: not-a-real-key-1]",
                                 "{\"Providers\":[{\"api_key\":\"not-a-real-key-1\"}"}) {
            const auto imported = importConfig({}, text);
            QVERIFY(!imported);
            QVERIFY(imported.error().message.find("not-a-real") == std::string::npos);
        }
    }

    void oddShapesAreLeft()
    {
        for (const char* text : {"model_list: 3", "model_list: [1, [], {}, null]",
                                 "model_list: [{model_name: [], litellm_params: 1}]", "router_settings: [1]",
                                 "litellm_settings: {fallbacks: [1, {a: 2}, [[x]]]}", "{\"Providers\":{}}",
                                 "{\"Providers\":[1,{}],\"Router\":[1]}", "{\"Router\":{\"default\":[1]}}",
                                 "{\"elements\":{}}", "{\"elements\":[1,{\"id\":{}}]}", "{\"targets\":3}",
                                 "{\"strategy\":{\"mode\":\"conditional\",\"conditions\":5},\"targets\":[5,{"
                                 "\"targets\":[]}]}"}) {
            const auto imported = importConfig({}, text);
            QVERIFY2(imported, text);
            QVERIFY2(imported->config == Config(), text);
            QVERIFY2(!imported->lines.empty(), text);
        }
    }

    void everythingInTheFileIsToldOf()
    {
        const auto imported = importConfig(
            {}, "model_list: [{model_name: m, colour: blue, litellm_params: {model: groq/x, mood: good}}]\n"
                "general_settings: {a: {b: 1, c: [2]}}\nnew_part: {x: 1}\n");
        QVERIFY(imported);
        for (const char* from :
             {"model_list[0].colour", "model_list[0].litellm_params.mood", "general_settings", "new_part"})
            QVERIFY2(isLeft(*imported, from), from);
    }

    void referencesThatAreNotVariablesAreKeys()
    {
        // A file reference of ours in a foreign file must not make the gateway read a file of the user's.
        const auto imported = importConfig({}, "model_list: [{model_name: m, litellm_params: {model: "
                                               "openai/x, api_base: \"https://h.example/v1\", "
                                               "api_key: \"file:/etc/passwd\"}}]");
        QVERIFY(imported);
        for (const ProviderConfig& provider : imported->config.providers) {
            for (const ProviderKey& key : provider.keys)
                QVERIFY(key.secret.kind == SecretKind::Keychain);
        }
    }

    void takingOverTwiceAddsNoSecondProvider()
    {
        const std::string text = "model_list: [{model_name: m, litellm_params: {model: groq/x}}]";
        const auto once = importConfig({}, text);
        QVERIFY(once);
        const auto twice = importConfig(once->config, text);
        QVERIFY(twice);
        QCOMPARE(twice->config.providers.size(), std::size_t(1));
    }

    void anInvalidConfigurationIsNotAddedTo()
    {
        Config broken;
        broken.version = 7;
        QVERIFY(!importConfig(broken, "model_list: []"));
    }

    void manyOfEverythingStaysValid()
    {
        std::string text = "model_list:\n";
        for (int i = 0; i < 1500; ++i) {
            const std::string n = std::to_string(i);
            text += "- {model_name: m" + n +
                    ", litellm_params: {model: openai/a, rpm: 1, api_key: os.environ/K" +
                    std::to_string(i % 300) + "}}\n";
        }
        const auto imported = importConfig({}, text);
        QVERIFY(imported);
        QVERIFY(isUsable(imported->config));
        QCOMPARE(imported->config.providers.size(), std::size_t(200));
        QCOMPARE(imported->config.routes.size(), std::size_t(1000));
    }
};

QTEST_APPLESS_MAIN(ImportTest)
#include "import_test.moc"
