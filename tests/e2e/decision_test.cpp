// SPDX-License-Identifier: GPL-3.0-or-later
// What a dry run says of a request is what becomes of it.
#include <memory>
#include <random>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QTest>

#include "gateway/config_io.h"
#include "gateway/dry_run.h"

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

constexpr int kRequests = 500;

QJsonObject target(const QString& provider, const QString& model, const QJsonObject& when = {})
{
    QJsonObject made{{"provider", provider}, {"model", model}};
    if (!when.isEmpty()) made["when"] = when;
    return made;
}

/// Strategies whose choice depends on the request alone: what is measured while requests run is no part of a
/// dry run.
QJsonObject routes()
{
    const auto made = [](const char* strategy, const QJsonArray& targets) {
        return QJsonObject{{"strategy", strategy}, {"targets", targets}};
    };
    const QJsonObject cold{{"params.temperature", QJsonObject{{"$lt", 0.4}}}};
    const QJsonObject either{
        {"$or", QJsonArray{QJsonObject{{"tools", true}}, QJsonObject{{"stream", true}}}}};
    QJsonObject sticky =
        made("sticky", {target("a", "gpt-4.1"), target("b", "gpt-4.1"), target("c", "gpt-4.1")});
    sticky["sticky_by"] = "params.user";
    return {{"plain", made("priority", {target("a", "gpt-4-0314"), target("b", "gpt-3.5-turbo"),
                                        target("c", "gpt-4.1")})},
            {"rules", made("conditional", {target("a", "gpt-4.1", cold), target("b", "gpt-4.1", either),
                                           QJsonObject{{"route", "cheap"}}})},
            {"cheap", made("lowest_cost", {target("a", "gpt-4.1"), target("b", "gpt-4.1-mini"),
                                           target("c", "gpt-4.1-nano")})},
            {"held", sticky},
            {"alone", made("priority", {target("a", "gpt-4-0314")})},
            {"nested",
             made("conditional",
                  {QJsonObject{{"route", "held"},
                               {"when", QJsonObject{{"text.last_user", QJsonObject{{"$contains", "7"}}}}}},
                   QJsonObject{{"route", "plain"}}})}};
}

QByteArray randomBody(std::minstd_rand& random)
{
    const auto below = [&random](int end) { return std::uniform_int_distribution<int>(0, end - 1)(random); };
    const char* const kRoutes[] = {"plain", "rules", "cheap", "held", "nested", "alone"};
    QJsonObject body{{"model", kRoutes[below(6)]},
                     {"max_tokens", 1 + below(4000)},
                     {"temperature", below(10) / 10.0},
                     {"user", QString::number(below(50))}};
    const QString said =
        QString::number(below(1000)) + QString(below(4) == 0 ? 40'000 : 10, QLatin1Char('x'));
    body["messages"] = QJsonArray{QJsonObject{{"role", "user"}, {"content", said}}};
    if (below(3) == 0) {
        const QJsonObject function{{"name", "f"}, {"parameters", QJsonObject()}};
        body["tools"] = QJsonArray{QJsonObject{{"type", "function"}, {"function", function}}};
    }
    if (below(3) == 0) body["stream"] = true;
    switch (below(8)) {
    case 0:
        body["provider"] = QJsonObject{{"data_collection", "deny"}};
        break;
    case 1:
        body["provider"] = QJsonObject{{"zdr", true}};
        break;
    case 2:
        body["provider"] = QJsonObject{{"require_parameters", true}};
        break;
    default:
        break;
    }
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

} // namespace

class DecisionTest : public QObject {
    Q_OBJECT

private slots:
    void saysWhatWillHappen()
    {
        FakeUpstream upstream;
        QVERIFY(upstream.start());
        GatewayProcess gateway(upstream.url());
        QJsonObject provider = gateway.configuration()["providers"].toObject()["lab"].toObject();
        provider["kind"] = "openai";
        QJsonObject discreet = provider, forgetful = provider;
        discreet["data_policy"] = QJsonObject{{"trains_on_data", false}};
        forgetful["data_policy"] = QJsonObject{{"retention_days", 0}};
        gateway.configure({{"providers", QJsonObject{{"a", provider}, {"b", discreet}, {"c", forgetful}}},
                           {"routes", routes()}});
        QVERIFY2(gateway.start(), gateway.errors());
        const QByteArray text = QJsonDocument(gateway.configuration()).toJson();
        const gateway::ParsedConfig parsed = gateway::parseConfig(text.toStdString());
        QVERIFY(parsed.usable());
        std::minstd_rand random{20'261'126};
        const HeaderList key{{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey}};
        QMap<QByteArray, int> chosen;
        int refused = 0;
        for (int i = 0; i < kRequests; ++i) {
            const QByteArray body = randomBody(random);
            const auto said =
                gateway::dryRun(parsed.config, gateway.folder().toStdString(), body.toStdString(), {});
            const HttpReply reply = http(gateway.port(), "POST", "/v1/chat/completions", key, body);
            if (!said) {
                QVERIFY2(reply.body.contains(QByteArray::fromStdString(said.error().message)), reply.body);
                ++refused;
                continue;
            }
            QVERIFY2(reply.status == 200, reply.body);
            const auto& first = said->choices.front();
            const QByteArray real =
                reply.header("x-turnpike-provider") + '/' + reply.header("x-turnpike-model");
            QCOMPARE(real, QByteArray::fromStdString(first.provider + '/' + first.model));
            ++chosen[real];
        }
        QVERIFY2(chosen.size() >= 6, QByteArray::number(chosen.size())); // the requests differed enough
        QVERIFY2(refused > 0, QByteArray::number(refused));
    }
};

QTEST_GUILESS_MAIN(DecisionTest)
#include "decision_test.moc"
