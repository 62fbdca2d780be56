// SPDX-License-Identifier: GPL-3.0-or-later
#include <vector>

#include <QTest>

#include "access/client_key.h"

using gateway::HeaderField;
using gateway::access::AccessFields;
using gateway::access::presentedKey;
using Fields = std::vector<HeaderField>;

Q_DECLARE_METATYPE(Fields)

class ClientKeyTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheKey_data()
    {
        QTest::addColumn<Fields>("fields");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("key");
        const QByteArray chat = "/v1/chat/completions";
        const QByteArray gemini = "/v1beta/models/gemini-2.5-pro:generateContent";
        const QByteArray none;
        QTest::newRow("nothing") << Fields{{"accept", "*/*"}} << chat << none << none;
        QTest::newRow("bearer") << Fields{{"Authorization", "Bearer tp-1"}} << chat << none
                                << QByteArray("tp-1");
        QTest::newRow("scheme in any case")
            << Fields{{"authorization", "bEARER tp-1"}} << chat << none << QByteArray("tp-1");
        QTest::newRow("blanks around")
            << Fields{{"authorization", "Bearer   tp-1 "}} << chat << none << QByteArray("tp-1");
        QTest::newRow("empty bearer") << Fields{{"authorization", "Bearer "}} << chat << none << none;
        QTest::newRow("bare bearer") << Fields{{"authorization", "Bearer"}} << chat << none << none;
        QTest::newRow("another scheme")
            << Fields{{"authorization", "Basic dHAtMQ=="}} << chat << none << none;
        QTest::newRow("key without scheme") << Fields{{"authorization", "tp-1"}} << chat << none << none;
        QTest::newRow("x-api-key") << Fields{{"X-Api-Key", "tp-1"}} << chat << none << QByteArray("tp-1");
        QTest::newRow("api-key") << Fields{{"api-key", "tp-1"}} << chat << none << QByteArray("tp-1");
        QTest::newRow("x-goog-api-key")
            << Fields{{"x-goog-api-key", "tp-1"}} << chat << none << QByteArray("tp-1");
        QTest::newRow("x-portkey-api-key")
            << Fields{{"x-portkey-api-key", "tp-1"}} << chat << none << QByteArray("tp-1");
        QTest::newRow("empty field beside a key")
            << Fields{{"x-api-key", ""}, {"authorization", "Bearer tp-1"}} << chat << none
            << QByteArray("tp-1");
        QTest::newRow("agreeing fields") << Fields{{"x-api-key", "tp-1"}, {"authorization", "Bearer tp-1"}}
                                         << chat << none << QByteArray("tp-1");
        QTest::newRow("subprotocol") << Fields{{"Sec-WebSocket-Protocol",
                                                "realtime, openai-insecure-api-key.tp-1,openai-beta.x"}}
                                     << chat << none << QByteArray("tp-1");
        QTest::newRow("other subprotocols")
            << Fields{{"Sec-WebSocket-Protocol", "realtime,, openai-insecure-api-key."}} << chat << none
            << none;
        QTest::newRow("query elsewhere is ignored") << Fields{} << chat << QByteArray("key=tp-1") << none;
        QTest::newRow("query on a model list")
            << Fields{} << QByteArray("/v1/models/m") << QByteArray("key=tp-1") << none;
        QTest::newRow("query on Gemini")
            << Fields{} << gemini << QByteArray("alt=sse&key=tp-1") << QByteArray("tp-1");
        QTest::newRow("query on Gemini v1") << Fields{} << QByteArray("/v1/models/m:countTokens")
                                            << QByteArray("key=tp-1") << QByteArray("tp-1");
        QTest::newRow("query on the prefix") << Fields{} << QByteArray("/gemini/v1beta/models")
                                             << QByteArray("key=tp-1&x") << QByteArray("tp-1");
        QTest::newRow("other parameters") << Fields{} << gemini << QByteArray("monkey=tp-1&key") << none;
        QTest::newRow("query agrees")
            << Fields{{"x-goog-api-key", "tp-1"}} << gemini << QByteArray("key=tp-1") << QByteArray("tp-1");
    }

    void findsTheKey()
    {
        QFETCH(Fields, fields);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, key);
        // The answer is a view into these.
        const std::string pathText = path.toStdString();
        const std::string queryText = query.toStdString();
        const auto found = presentedKey(AccessFields(fields), pathText, queryText);
        QVERIFY(found.ok());
        QCOMPARE(QByteArray(found->data(), static_cast<int>(found->size())), key);
    }

    void refusesKeysThatDisagree()
    {
        const auto refused = [](Fields fields, std::string_view query = {}) {
            const auto found = presentedKey(AccessFields(fields), "/v1beta/models", query);
            return !found && found.error().code == gateway::Code::InvalidApiKey &&
                   httpStatus(found.error()) == 401;
        };
        QVERIFY(refused({{"authorization", "Bearer a"}, {"authorization", "Bearer a"}}));
        QVERIFY(refused({{"authorization", "Bearer a"}, {"Authorization", "Basic b"}}));
        QVERIFY(refused({{"authorization", "Bearer a"}, {"x-api-key", "b"}}));
        QVERIFY(refused({{"x-api-key", "a"}, {"x-api-key", "b"}}));
        QVERIFY(refused({{"x-goog-api-key", "a"}}, "key=b"));
        QVERIFY(refused({}, "key=a&key=b"));
    }
};

QTEST_GUILESS_MAIN(ClientKeyTest)
#include "client_key_test.moc"
