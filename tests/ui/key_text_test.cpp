// SPDX-License-Identifier: GPL-3.0-or-later
// Times of keys are read as the engine reads them, wherever the machine is.
#include <QLocale>
#include <QTest>

#include "models/key_text.h"

namespace ui {
namespace {

gateway::VirtualKeyConfig keyUntil(const char* expires)
{
    gateway::VirtualKeyConfig key;
    key.id = gateway::VirtualKeyId("cursor");
    key.expires = expires;
    return key;
}

QDateTime utc(int day, int hour, int minute = 0)
{
    return QDateTime(QDate(2026, 12, day), QTime(hour, minute), Qt::UTC);
}

} // namespace

class KeyTextTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        qputenv("TZ", "America/New_York"); // Five hours behind: what reads UTC as local is wrong here.
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        QCOMPARE(utc(10, 12).toLocalTime().time(), QTime(7, 0));
    }

    void aTimeWithoutAnOffsetIsUtc()
    {
        const auto key = keyUntil("2026-12-10T12:00:00");
        QVERIFY(!isExpired(key, utc(10, 11, 59)));
        QVERIFY(isExpired(key, utc(10, 12)));
        QCOMPARE(*configTime("2026-12-10 12:00"), utc(10, 12));
        QCOMPARE(*configTime("2026-12-10T12:00:00.5"), utc(10, 12).addMSecs(500));
    }

    void anOffsetCounts()
    {
        QCOMPARE(*configTime("2026-12-10T12:00:00Z"), utc(10, 12));
        QCOMPARE(*configTime("2026-12-10T12:00:00+02:00"), utc(10, 10));
        QVERIFY(isExpired(keyUntil("2026-12-10T12:00:00-05:00"), utc(10, 17)));
        QVERIFY(!isExpired(keyUntil("2026-12-10T12:00:00-05:00"), utc(10, 16)));
    }

    void aBareDateLastsToTheEndOfThatDayInUtc()
    {
        const auto key = keyUntil("2026-12-10");
        QVERIFY(!isExpired(key, utc(10, 23, 59)));
        QVERIFY(isExpired(key, utc(11, 0)));
        QCOMPARE(expiresText(key, utc(1, 12).toLocalTime()), QStringLiteral("Dec 10, 2026"));
    }

    void whatIsNoTimeIsOver()
    {
        QVERIFY(!configTime("soon"));
        QVERIFY(isExpired(keyUntil("soon"), utc(10, 12))); // As the engine has it.
        QVERIFY(!isExpired(keyUntil(""), utc(10, 12)));
        QCOMPARE(expiresText(keyUntil(""), utc(10, 12)), QStringLiteral("Never"));
    }

    void anOverlapIsToldUntilItEnds()
    {
        gateway::VirtualKeyConfig key = keyUntil("");
        QVERIFY(!overlapEnd(key, utc(10, 12)));
        key.former = gateway::FormerKey{std::string(64, 'a'), "2026-12-12T19:00:00Z"};
        QCOMPARE(overlapText(key, utc(10, 12).toLocalTime()), QStringLiteral("Old key good until Sat 14:00"));
        QVERIFY(overlapText(key, utc(12, 19).toLocalTime()).isEmpty());
    }

    void aKeyIsToldInWords()
    {
        gateway::VirtualKeyConfig key = keyUntil("");
        QCOMPARE(prefixText(key), QStringLiteral("—"));
        QCOMPARE(createdText(key), QStringLiteral("—"));
        QCOMPARE(allowedText(key), QStringLiteral("All"));
        key.prefix = "tp-AbC";
        key.created = "2026-12-10T02:00:00Z";
        key.models = {"gpt-*", "claude-*"};
        key.routes = {"smart"};
        QCOMPARE(prefixText(key), QStringLiteral("tp-AbC…"));
        QCOMPARE(createdText(key), QStringLiteral("Dec 9, 2026"));
        QCOMPARE(allowedText(key), QStringLiteral("gpt-*, claude-*; routes smart"));
    }

    void theLastUseSaysByWhat()
    {
        const gateway::KeyUse use{gateway::VirtualKeyId("cursor"), utc(10, 9).toMSecsSinceEpoch() * 1000,
                                  "cursor/1.7", "/usr/bin/cursor"};
        QCOMPARE(lastUsedText(&use, utc(10, 12)), QStringLiteral("3 h ago"));
        QCOMPARE(lastUsedText(nullptr, utc(10, 12)), QStringLiteral("Never"));
        QVERIFY(lastUseStory(&use).contains(QLatin1String("Client: cursor/1.7\nProgram: /usr/bin/cursor")));
        QVERIFY(lastUseStory(nullptr).isEmpty());
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::KeyTextTest)
#include "key_text_test.moc"
