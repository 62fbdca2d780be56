// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <QTest>

#include "pipeline/recent_requests.h"

using namespace gateway;
using namespace gateway::pipeline;

namespace {

constexpr std::int64_t kNow = 1'741'305'600'000'000;

RequestId add(RecentRequests& recent, std::string_view trace, std::string_view key,
              std::shared_ptr<routing::TargetState> state = nullptr)
{
    const RequestId id = nextRequestId(kNow);
    recent.add({id, trace, key, std::move(state)});
    return id;
}

} // namespace

class RecentRequestsTest : public QObject {
    Q_OBJECT

private slots:
    void findsByIdAndByTrace()
    {
        RecentRequests recent;
        const auto first = std::make_shared<routing::TargetState>();
        const auto second = std::make_shared<routing::TargetState>();
        const RequestId one = add(recent, "trace", "key", first);
        const RequestId two = add(recent, "trace", "key", second);
        const RequestId three = add(recent, "", "key");
        QVERIFY(recent.find(one, "key") == first);
        QVERIFY(recent.find(two, "key") == second);
        QVERIFY(recent.findTrace("trace", "key") == second); // the last
        QVERIFY(recent.find(three, "key").has_value() && !*recent.find(three, "key"));
        QVERIFY(!recent.findTrace("", "key") && !recent.findTrace("other", "key"));
        QVERIFY(!recent.find(RequestId{1}, "key"));
    }

    void givesNothingToOtherKeys()
    {
        RecentRequests recent;
        const RequestId id = add(recent, "trace", "key");
        QVERIFY(!recent.find(id, "other") && !recent.find(id, ""));
        QVERIFY(!recent.findTrace("trace", "other"));
    }

    void forgetsTheOldest()
    {
        RecentRequests recent;
        std::vector<RequestId> ids;
        ids.reserve(2 * RecentRequests::kKept);
        for (std::size_t i = 0; i < 2 * RecentRequests::kKept; ++i) {
            ids.push_back(RequestId{(kNow + static_cast<std::int64_t>(i)) << 12});
            recent.add({ids.back(), {}, "key", nullptr});
        }
        std::size_t kept = 0;
        for (const RequestId& id : ids)
            kept += recent.find(id, "key") ? 1 : 0;
        QCOMPARE(kept, RecentRequests::kKept);
        QVERIFY(!recent.find(ids.front(), "key") && recent.find(ids.back(), "key"));
    }

    void isForAnyThread()
    {
        RecentRequests recent;
        std::vector<std::thread> threads;
        threads.reserve(4);
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&recent] {
                for (int k = 0; k < 2000; ++k) {
                    const RequestId id = add(recent, "t", "key");
                    static_cast<void>(recent.find(id, "key"));
                    static_cast<void>(recent.findTrace("t", "key"));
                }
            });
        for (std::thread& thread : threads)
            thread.join();
        QVERIFY(recent.findTrace("t", "key"));
    }
};

QTEST_APPLESS_MAIN(RecentRequestsTest)
#include "recent_requests_test.moc"
