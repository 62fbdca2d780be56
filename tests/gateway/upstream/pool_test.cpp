// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <utility>
#include <vector>

#include <QTest>

#include "gateway/upstream/local_connection.h"

#include "upstream/pool.h"

using namespace gateway;
using namespace gateway::upstream;

class PoolTest : public QObject {
    Q_OBJECT

    boost::asio::io_context m_context;
    net::DeadlineSweeper m_deadlines{m_context};

    LocalConnection connection(const std::string& poolKey = "p|host|80||")
    {
        LocalConnection made(m_context);
        made.transport->poolKey = poolKey;
        return made;
    }

    /// Reads once into the transport's buffer.
    void fill(Transport& transport)
    {
        [](Transport& from) -> net::Detached {
            const auto result = co_await from.read();
            static_cast<void>(result);
        }(transport);
        m_context.restart();
        m_context.poll();
    }

private slots:
    void givesBackWhatWasPutIn()
    {
        Pool pool(m_deadlines);
        QVERIFY(pool.take("p|host|80||") == nullptr);
        LocalConnection one = connection();
        Transport* raw = one.transport.get();
        QVERIFY(!raw->reused);
        pool.put(std::move(one.transport));
        const auto taken = pool.take("p|host|80||");
        QCOMPARE(taken.get(), raw);
        QVERIFY(taken->reused);
        QVERIFY(pool.take("p|host|80||") == nullptr);
    }

    void givesTheNewestFirst()
    {
        Pool pool(m_deadlines);
        LocalConnection first = connection(), second = connection();
        Transport* older = first.transport.get();
        Transport* newer = second.transport.get();
        pool.put(std::move(first.transport));
        pool.put(std::move(second.transport));
        QCOMPARE(pool.take("p|host|80||").get(), newer);
        QCOMPARE(pool.take("p|host|80||").get(), older);
    }

    void keepsOriginsApart()
    {
        Pool pool(m_deadlines);
        LocalConnection plain = connection("p|host|80||"), secure = connection("s|host|443||");
        Transport* raw = secure.transport.get();
        pool.put(std::move(plain.transport));
        pool.put(std::move(secure.transport));
        QVERIFY(pool.take("s|host|443|/etc/ca.pem|") == nullptr);
        QVERIFY(pool.take("") == nullptr);
        QCOMPARE(pool.take("s|host|443||").get(), raw);
        QVERIFY(pool.take("s|host|443||") == nullptr);
        QVERIFY(pool.take("p|host|80||") != nullptr);
    }

    void keepsABoundedNumberPerOrigin()
    {
        Pool pool(m_deadlines);
        std::vector<LocalConnection> all;
        for (int i = 0; i < 258; ++i) {
            all.push_back(connection(i == 257 ? "other" : "p|host|80||"));
            pool.put(std::move(all.back().transport));
        }
        QVERIFY(all[256].isClosed());
        QVERIFY(!all[255].isClosed() && !all[257].isClosed());
    }

    void closesWhatItHolds()
    {
        LocalConnection cleared = connection(), left = connection();
        {
            Pool pool(m_deadlines);
            pool.put(std::move(cleared.transport));
            pool.clear();
            QVERIFY(cleared.isClosed());
            QVERIFY(pool.take("p|host|80||") == nullptr);
            pool.put(std::move(left.transport));
            QVERIFY(!left.isClosed());
        }
        QVERIFY(left.isClosed());
    }

    void seesThatAnIdleConnectionIsOfNoUse()
    {
        LocalConnection quiet = connection();
        QVERIFY(!quiet.transport->stale());
        quiet.transport->close();
        QVERIFY(quiet.transport->stale());

        LocalConnection closed = connection();
        closed.closePeer();
        QVERIFY(closed.transport->stale());

        // Bytes that nobody asked for would be taken for the next answer.
        LocalConnection talking = connection();
        talking.say("HTTP/1.1 408 Request Timeout\r\n\r\n");
        QVERIFY(talking.transport->stale());

        LocalConnection unread = connection();
        unread.say("x");
        fill(*unread.transport);
        QVERIFY(!unread.transport->input().empty());
        QVERIFY(unread.transport->stale());
        unread.transport->input().consume(1);
        QVERIFY(!unread.transport->stale());
    }
};

QTEST_GUILESS_MAIN(PoolTest)
#include "pool_test.moc"
