// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "pipeline/key_token.h"
#include "pipeline/runtime.h"

using namespace gateway;
using namespace gateway::pipeline;

class KeyTokenTest : public QObject {
    Q_OBJECT

private slots:
    void isGoodUntilAMinuteBeforeItsEnd();
    void isOfOneKeyOnly();
    void goesWithARefusal();
    void blamesTheKeyOnlyWhereTheAnswerDoes_data();
    void blamesTheKeyOnlyWhereTheAnswerDoes();
};

void KeyTokenTest::isGoodUntilAMinuteBeforeItsEnd()
{
    const Secret key("{\"type\":\"service_account\"}");
    KeyToken token;
    QVERIFY(token.valid(key, 0).empty());
    token.set(key, {Secret("ya29.one"), 3600}, 1000);
    QCOMPARE(token.valid(key, 1000).reveal(), std::string_view("ya29.one"));
    QVERIFY(!token.valid(key, 4539).empty());
    QVERIFY(token.valid(key, 4540).empty());
}

void KeyTokenTest::isOfOneKeyOnly()
{
    KeyToken token;
    token.set(Secret("{\"old\":1}"), {Secret("ya29.old"), 3600}, 1000);
    QVERIFY(token.valid(Secret("{\"new\":1}"), 1000).empty());
    QVERIFY(!token.valid(Secret("{\"old\":1}"), 1000).empty());
}

void KeyTokenTest::goesWithARefusal()
{
    const Secret key("{}");
    pipeline::KeyHealth health;
    health.token.set(key, {Secret("ya29.one"), 3600}, 1000);
    health.refuse(1'000'000'000, 401);
    QVERIFY(health.token.valid(key, 1000).empty());
}

void KeyTokenTest::blamesTheKeyOnlyWhereTheAnswerDoes_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("code");
    QTest::newRow("400") << 400 << int(Code::ProviderAuthFailed); // invalid_grant
    QTest::newRow("401") << 401 << int(Code::ProviderAuthFailed);
    QTest::newRow("403") << 403 << int(Code::ProviderAuthFailed);
    QTest::newRow("429") << 429 << int(Code::UpstreamOverloaded);
    QTest::newRow("500") << 500 << int(Code::UpstreamError);
    QTest::newRow("503") << 503 << int(Code::UpstreamOverloaded);
    QTest::newRow("504") << 504 << int(Code::UpstreamTimeout);
    QTest::newRow("302") << 302 << int(Code::UpstreamRedirect);
}

void KeyTokenTest::blamesTheKeyOnlyWhereTheAnswerDoes()
{
    QFETCH(int, status);
    QFETCH(int, code);
    const Error error = tokenRefusal("vertex", status);
    QCOMPARE(int(error.code), code);
    QVERIFY(error.message.find("vertex") != std::string::npos);
    QCOMPARE(error.message.find("Replace the key") != std::string::npos,
             code == int(Code::ProviderAuthFailed));
}

QTEST_APPLESS_MAIN(KeyTokenTest)
#include "key_token_test.moc"
