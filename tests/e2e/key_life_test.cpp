// SPDX-License-Identifier: GPL-3.0-or-later
// What a virtual key may ask, and how it is made anew, through the public door and a real socket.
#include <algorithm>
#include <memory>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "gateway/gateway.h"

#include "e2e/started_gateway.h"
#include "support/error_reply.h"
#include "support/http_client.h"

using gateway::Gateway;
using gateway::RouteConfig;
using gateway::RouteId;
using gateway::VirtualKeyConfig;
using gateway::VirtualKeyId;
using support::http;

namespace {

template <class T>
T resultOf(QFuture<T> future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 20'000)) qFatal("no answer came");
    return future.takeResult();
}

RouteConfig echoRoute(const char* id)
{
    RouteConfig route;
    route.id = RouteId(id);
    auto& target = route.targets.emplace_back();
    target.provider = gateway::ProviderId("sandbox");
    target.model = "echo";
    return route;
}

QByteArray bytesOf(const gateway::Secret& key)
{
    return {key.reveal().data(), static_cast<qsizetype>(key.reveal().size())};
}

} // namespace

class KeyLifeTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_gateway = e2e::startedGateway(*m_folder);
        QVERIFY(m_gateway);
        gateway::Config config = *m_gateway->config();
        config.routes = {echoRoute("team-a"), echoRoute("other")};
        config.aliases = {{"fast", "team-a"}, {"else", "other"}};
        QVERIFY(resultOf(m_gateway->apply(config)).empty());
    }
    void cleanup() { m_gateway.reset(); }

    void takesItsRoutesOnly()
    {
        const QByteArray key = made([](VirtualKeyConfig& config) { config.routes = {"team-*"}; });
        QCOMPARE(asked(key, "team-a").status, 200);
        QCOMPARE(asked(key, "fast").status, 200);
        for (const char* model : {"other", "else", "sandbox/echo"}) {
            const auto reply = asked(key, model);
            QCOMPARE(reply.status, 403);
            QCOMPARE(support::errorCode(reply), QByteArray("model_not_allowed"));
        }
        QCOMPARE(asked(key, "other", {{"x-turnpike-route", "team-a"}}).status, 200);
        QCOMPARE(asked(key, "team-a", {{"x-turnpike-route", "other"}}).status, 403);
        QCOMPARE(listed(key), QByteArrayList({"fast", "team-a"}));
        // Nor by a configuration of its own.
        const auto configured = [&](const char* model) {
            const QByteArray config = QByteArray("{\"override_params\":{\"model\":\"") + model + "\"}}";
            return asked(key, "team-a", {{"x-portkey-config", config}}).status;
        };
        QCOMPARE(configured("other"), 403);
        QCOMPARE(configured("team-a"), 200);
    }

    void takesItsModelsBesideItsRoutes()
    {
        const QByteArray key = made([](VirtualKeyConfig& config) {
            config.routes = {"team-a"};
            config.models = {"sandbox/echo", "other"};
        });
        QCOMPARE(asked(key, "team-a").status, 200);
        QCOMPARE(asked(key, "sandbox/echo").status, 200);
        QCOMPARE(asked(key, "sandbox/tools").status, 403);
        QCOMPARE(asked(key, "other").status, 403); // A route, and not one of its own.
    }

    void isMadeAnewWithBothGoodForAWhile()
    {
        const QByteArray before = made([](VirtualKeyConfig&) {});
        const VirtualKeyConfig first = m_gateway->config()->keys.back();
        QVERIFY(before.startsWith(QByteArray::fromStdString(first.prefix)));
        QVERIFY(first.prefix.size() < 10 && !first.created.empty());

        auto fresh = resultOf(m_gateway->rotateKey(VirtualKeyId("mine"), gateway::seconds(3600)));
        QVERIFY(fresh.problems.empty());
        const QByteArray after = bytesOf(fresh.key);
        QVERIFY(after != before);
        QCOMPARE(asked(before, "team-a").status, 200);
        QCOMPARE(asked(after, "team-a").status, 200);
        const VirtualKeyConfig rotated = m_gateway->config()->keys.back();
        QVERIFY(rotated.former && rotated.former->sha256 == first.sha256);

        // Made anew once more, and at once: of the three only the last is good.
        fresh = resultOf(m_gateway->rotateKey(VirtualKeyId("mine"), gateway::seconds(0)));
        QCOMPARE(asked(before, "team-a").status, 401);
        QCOMPARE(asked(after, "team-a").status, 401);
        QCOMPARE(asked(bytesOf(fresh.key), "team-a").status, 200);
        QVERIFY(!m_gateway->config()->keys.back().former);
    }

    void tellsThatThereIsNoSuchKey()
    {
        const auto none = resultOf(m_gateway->rotateKey(VirtualKeyId("nobody"), gateway::seconds(0)));
        QCOMPARE(none.problems.size(), std::size_t{1});
        QVERIFY(none.key.reveal().empty());
    }

private:
    template <class Change>
    [[nodiscard]] QByteArray made(Change change)
    {
        VirtualKeyConfig config;
        config.id = VirtualKeyId("mine");
        change(config);
        return bytesOf(resultOf(m_gateway->createKey(config)).key);
    }
    [[nodiscard]] support::HttpReply asked(const QByteArray& key, const QByteArray& model,
                                           support::HeaderList fields = {}) const
    {
        fields.append({"x-api-key", key});
        return http(m_gateway->activity().port, "POST", "/v1/chat/completions", fields,
                    "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"model\":\"" + model + "\"}");
    }
    [[nodiscard]] QByteArrayList listed(const QByteArray& key) const
    {
        QByteArrayList names;
        const auto reply = http(m_gateway->activity().port, "GET", "/v1/models", {{"x-api-key", key}});
        for (const auto& row : QJsonDocument::fromJson(reply.body)["data"].toArray())
            names << row.toObject()["id"].toString().toUtf8();
        std::sort(names.begin(), names.end());
        return names;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Gateway> m_gateway;
};

QTEST_GUILESS_MAIN(KeyLifeTest)
#include "key_life_test.moc"
