// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <QTest>

#include "base/base64.h"
#include "base/redaction.h"

using namespace gateway;

namespace {

const std::string kKey = "sk-proj-0123456789abcdef?>";

std::string clean(const std::string& text, const std::vector<std::string_view>& secrets = {kKey})
{
    return withoutSecrets(text, secrets);
}

} // namespace

class RedactionTest : public QObject {
    Q_OBJECT

private slots:
    void takesASecretOutWhereverItStands()
    {
        QCOMPARE(clean(kKey), std::string("[redacted]"));
        QCOMPARE(clean("a " + kKey + " b " + kKey + "."), std::string("a [redacted] b [redacted]."));
        QCOMPARE(clean(kKey + kKey), std::string("[redacted][redacted]"));
        QCOMPARE(clean("nothing here"), std::string("nothing here"));
        QCOMPARE(clean(""), std::string());
        QCOMPARE(clean("first-key-1 second-key-2", {"second-key-2", "first-key-1"}),
                 std::string("[redacted] [redacted]"));
    }

    void takesItsBase64Out()
    {
        for (const std::string& padding : {std::string(), std::string("x"), std::string("xy")}) {
            for (const std::string& encoded : {base64(kKey + padding), base64Url(kKey + padding)}) {
                const std::string left = clean("Basic " + encoded + " end");
                QVERIFY2(left.starts_with("Basic [redacted]") && left.size() < 32, left.c_str());
            }
        }
    }

    void takesOutTheBeginningThatACutLeft()
    {
        for (const std::string& form : {kKey, base64(kKey)}) {
            for (std::size_t size = 8; size <= 26; ++size) {
                const std::string text = "You sent " + form.substr(0, size);
                QCOMPARE(clean(text), std::string("You sent [redacted]"));
            }
            QCOMPARE(clean("You sent " + form.substr(0, 7)), "You sent " + form.substr(0, 7));
        }
        QCOMPARE(clean("sk-proj-0123 is no whole key"), std::string("sk-proj-0123 is no whole key"));
        QCOMPARE(clean("sk-proj-01234567"), std::string("[redacted]"));
    }

    void leavesShortSecretsAlone()
    {
        QCOMPARE(clean("the key 1234567 is short", {"1234567", ""}), std::string("the key 1234567 is short"));
        QCOMPARE(clean("the key 12345678 is not", {"12345678"}), std::string("the key [redacted] is not"));
    }

    void takesOutWhatLooksLikeAKey_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("left");
        const auto row = [](const char* text, const char* left) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(left);
        };
        row("key sk-ant-api03-abcdefghijkl used", "key [redacted] used");
        row("tp-0123456789abcdefghij", "[redacted]");
        row("AIzaSyA1234567890abcd", "[redacted]");
        row("Authorization: Bearer abcdefgh12345678", "Authorization: Bearer [redacted]");
        row("GET /v1beta/models?key=abcdef0123456789&alt=sse", "GET /v1beta/models?key=[redacted]&alt=sse");
        row("sk-short", "sk-short");
        row("task-0123456789abcdef", "task-0123456789abcdef");
        row("bearer authentication is needed", "bearer authentication is needed");
        row("a key= b", "a key= b");
    }

    void takesOutWhatLooksLikeAKey()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, left);
        QCOMPARE(withoutKeys(text.toStdString()), left.toStdString());
    }
};

QTEST_GUILESS_MAIN(RedactionTest)
#include "redaction_test.moc"
