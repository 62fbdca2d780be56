// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/gateway.h"
#include "gateway/virtual_key.h"

using gateway::makeVirtualKey;
using gateway::rotated;
using gateway::VirtualKeyConfig;

class VirtualKeyTest : public QObject {
    Q_OBJECT

    static constexpr std::int64_t kNow = 1'795'305'600'000'000; // 2026-11-22 00:00 UTC

    static VirtualKeyConfig key()
    {
        VirtualKeyConfig key;
        key.id = gateway::VirtualKeyId("a");
        key.sha256 = std::string(64, 'a');
        key.tags = {"t"};
        return key;
    }

private slots:
    void theFormerKeyIsGoodForAWhile()
    {
        const auto fresh = makeVirtualKey();
        const auto made = rotated(key(), fresh.key, fresh.sha256, std::chrono::hours(1), kNow);
        QCOMPARE(made.sha256, fresh.sha256);
        QVERIFY(made.former.has_value());
        QCOMPARE(made.former->sha256, key().sha256);
        QCOMPARE(made.former->until, std::string("2026-11-22T01:00:00.000000Z"));
        QCOMPARE(made.created, std::string("2026-11-22T00:00:00.000000Z"));
        QCOMPARE(made.tags, key().tags);
    }

    void withoutOverlapThereIsNone()
    {
        auto before = key();
        before.former = gateway::FormerKey{std::string(64, 'b'), "2099-01-01"};
        const auto fresh = makeVirtualKey();
        QVERIFY(!rotated(before, fresh.key, fresh.sha256, std::chrono::seconds(0), kNow).former);
    }

    void notesOnlyHowItBegins()
    {
        const auto fresh = makeVirtualKey();
        auto made = key();
        noteMade(made, fresh.key, kNow);
        QCOMPARE(made.prefix.size(), std::size_t{8});
        QVERIFY(fresh.key.reveal().starts_with(made.prefix));
    }
};

QTEST_GUILESS_MAIN(VirtualKeyTest)
#include "virtual_key_test.moc"
