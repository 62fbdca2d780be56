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
    const QJsonObject either{{"$or", QJsonArray{QJsonObject{{"tools", true}}, QJsonObject{{"stream", true}}}},
                             {"url.pathname", "/v1/chat/completions"}};
    QJsonObject sticky =
        made("sticky", {target("a", "gpt-4.1"), target("b", "gpt-4.1"), target("c", "gpt-4.1")});
    sticky["sticky_by"] = "params.user";
    QJsonObject session = sticky;
    session["sticky_by"] = "session";
    // What was said is at fault, which opens no circuit.
    QJsonObject falling = made("priority", {target("a", "mock:refused-prompt"), target("a", "gpt-4.1")});
    falling["fallbacks"] = QJsonObject{{"content_refused", "told"}, {"rate_limit", "c/gpt-4.1"}};
    falling["retry"] = QJsonObject{{"attempts", 0}};
    // Its first target costs little and meets all rules, so that only the fallback is left out by them.
    QJsonObject dear = made("priority", {target("d", "mock:status:503"), target("a", "gpt-4.1-nano"),
                                         target("c", "gpt-4.1-nano")});
    dear["retry"] = QJsonObject{{"attempts", 0}};
    dear["fallbacks"] = QJsonObject{{"overloaded", "b/gpt-4.1"}};
    return {
        {"plain",
         made("priority", {target("a", "gpt-4-0314"), target("b", "gpt-3.5-turbo"), target("c", "gpt-4.1")})},
        {"rules", made("conditional", {target("a", "gpt-4.1", cold), target("b", "gpt-4.1", either),
                                       QJsonObject{{"route", "cheap"}}})},
        {"cheap", made("lowest_cost",
                       {target("a", "gpt-4.1"), target("b", "gpt-4.1-mini"), target("c", "gpt-4.1-nano")})},
        {"held", sticky},
        {"session", session},
        {"told",
         made("conditional", {target("a", "gpt-4.1", {{"headers.x-team", "red"}}),
                              target("b", "gpt-4.1", {{"metadata.plan", "paid"}}), target("c", "gpt-4.1")})},
        {"falling", falling},
        {"dear", dear},
        {"alone", made("priority", {target("a", "gpt-4-0314")})},
        {"nested",
         made("conditional",
              {QJsonObject{{"route", "held"},
                           {"when", QJsonObject{{"text.last_user", QJsonObject{{"$contains", "7"}}}}}},
               QJsonObject{{"route", "plain"}}})}};
}

/// A client's own routes, in Portkey's words.
QByteArray portkeyConfig(bool chooses)
{
    if (!chooses)
        return R"({"strategy":{"mode":"fallback"},"targets":[{"provider":"@b","override_params":)"
               R"({"model":"gpt-4.1-mini"}},{"provider":"@a","override_params":{"model":"gpt-4.1"}}]})";
    return R"({"strategy":{"mode":"conditional","conditions":[{"query":{"metadata.plan":{"$eq":"paid"}},)"
           R"("then":"one"}]},"targets":[{"name":"one","provider":"@c","override_params":{"model":"gpt-4.1"}}]})";
}

/// What else a client says beside its body.
HeaderList randomHeaders(std::minstd_rand& random)
{
    const auto below = [&random](int end) { return std::uniform_int_distribution<int>(0, end - 1)(random); };
    HeaderList headers;
    if (below(3) == 0) headers.emplaceBack("X-Team", below(2) == 0 ? "red" : "blue");
    headers.emplaceBack("x-turnpike-session", QByteArray::number(below(30))); // without, chance would choose
    switch (below(12)) {
    case 0:
        headers.emplaceBack("x-turnpike-route", below(2) == 0 ? "told" : "nowhere");
        break;
    case 1:
        headers.emplaceBack("x-turnpike-data-policy", below(2) == 0 ? "no-training" : "zero-retention");
        break;
    case 2:
        headers.emplaceBack("x-portkey-config", portkeyConfig(below(2) == 0));
        break;
    case 3:
        headers.emplaceBack("x-portkey-config", "told");
        break;
    case 4:
        headers.emplaceBack("cf-aig-metadata", "{\"plan\":\"paid\"}");
        break;
    default:
        break;
    }
    return headers;
}

QByteArray randomBody(std::minstd_rand& random)
{
    const auto below = [&random](int end) { return std::uniform_int_distribution<int>(0, end - 1)(random); };
    const char* const kRoutes[] = {"plain", "rules",   "cheap", "held",   "nested",
                                   "alone", "session", "told",  "falling"};
    QJsonObject body{{"model", kRoutes[below(9)]},
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

/// Who would answer first, as the dry run says, where the first choice fails by itself.
QByteArray answering(const gateway::DryRun& run)
{
    const auto named = [](const gateway::DryChoice& choice) {
        return QByteArray::fromStdString(choice.provider + '/' + choice.model);
    };
    const gateway::DryChoice& first = run.choices.front();
    const bool refuses = first.model == "mock:refused-prompt";
    if (!refuses && first.model != "mock:status:503") return named(first);
    for (const gateway::DryFallback& fallback : run.fallbacks) {
        if (fallback.kind == (refuses ? "content_refused" : "overloaded") && !fallback.choices.empty())
            return named(fallback.choices.front());
    }
    return run.choices.size() > 1 ? named(run.choices[1]) : QByteArray();
}

} // namespace

class DecisionTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void saysWhatWillHappen();
    void saysWhereAFailureWillLead_data();
    void saysWhereAFailureWillLead();

private:
    struct Asked {
        gateway::Result<gateway::DryRun> said{gateway::DryRun()};
        HttpReply reply;
        [[nodiscard]] QByteArray real() const
        {
            return reply.header("x-turnpike-provider") + '/' + reply.header("x-turnpike-model");
        }
    };
    [[nodiscard]] Asked asked(const QByteArray& body, const HeaderList& headers,
                              const QByteArray& metadata = {}) const;

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
    gateway::ParsedConfig m_config;
};

void DecisionTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    QJsonObject provider = m_gateway->configuration()["providers"].toObject()["lab"].toObject();
    provider["kind"] = "openai";
    QJsonObject discreet = provider, forgetful = provider;
    discreet["data_policy"] = QJsonObject{{"trains_on_data", false}};
    forgetful["data_policy"] = QJsonObject{{"retention_days", 0}};
    QJsonObject failing = forgetful;
    failing["models"] = QJsonObject{
        {"mock:status:503", QJsonObject{{"price", QJsonObject{{"input", 0.01}, {"output", 0.01}}}}}};
    m_gateway->configure(
        {{"providers", QJsonObject{{"a", provider}, {"b", discreet}, {"c", forgetful}, {"d", failing}}},
         {"routes", routes()}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
    m_config = gateway::parseConfig(QJsonDocument(m_gateway->configuration()).toJson().toStdString());
    QVERIFY(m_config.usable());
}

DecisionTest::Asked DecisionTest::asked(const QByteArray& body, const HeaderList& headers,
                                        const QByteArray& metadata) const
{
    gateway::DryRunOptions options;
    for (const auto& [name, value] : headers)
        options.headers.emplace_back(name.toStdString(), value.toStdString());
    options.metadataJson = metadata.toStdString();
    HeaderList sent = headers;
    sent.emplaceBack("Authorization", QByteArray("Bearer ") + GatewayProcess::kKey);
    if (!metadata.isEmpty()) sent.emplaceBack("x-turnpike-metadata", metadata);
    return {gateway::dryRun(m_config.config, m_gateway->folder().toStdString(), body.toStdString(), options),
            http(m_gateway->port(), "POST", "/v1/chat/completions", sent, body)};
}

void DecisionTest::saysWhatWillHappen()
{
    std::minstd_rand random{20'261'126};
    QMap<QByteArray, int> chosen;
    int refused = 0;
    for (int i = 0; i < kRequests; ++i) {
        const QByteArray body = randomBody(random);
        const HeaderList headers = randomHeaders(random);
        const QByteArray metadata = i % 4 == 0 ? "{\"plan\":\"paid\"}" : "";
        const Asked request = asked(body, headers, metadata);
        const HttpReply& reply = request.reply;
        if (!request.said) {
            QVERIFY2(reply.body.contains(QByteArray::fromStdString(request.said.error().message)),
                     reply.body + request.said.error().message.c_str());
            ++refused;
            continue;
        }
        QVERIFY2(reply.status == 200, reply.body);
        const QByteArray will = answering(*request.said);
        QVERIFY2(request.real() == will,
                 will + " was said, " + request.real() + " came of " + body.left(300));
        ++chosen[request.real()];
    }
    QVERIFY2(chosen.size() >= 6, QByteArray::number(chosen.size())); // the requests differed enough
    QVERIFY2(refused > 0, QByteArray::number(refused));
}

void DecisionTest::saysWhereAFailureWillLead_data()
{
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<HeaderList>("headers");
    QTest::addColumn<QByteArray>("real");
    QTest::addColumn<bool>("turns");
    QTest::newRow("to the fallback") << QByteArray() << HeaderList() << QByteArray("b/gpt-4.1") << true;
    QTest::newRow("not for that price") << QByteArray(",\"provider\":{\"max_price\":{\"prompt\":0.5}}")
                                        << HeaderList() << QByteArray("a/gpt-4.1-nano") << false;
    QTest::newRow("not with these rules")
        << QByteArray() << HeaderList{{"x-turnpike-data-policy", "zero-retention"}}
        << QByteArray("c/gpt-4.1-nano") << false;
}

void DecisionTest::saysWhereAFailureWillLead()
{
    QFETCH(QByteArray, more);
    QFETCH(HeaderList, headers);
    QFETCH(QByteArray, real);
    QFETCH(bool, turns);
    const Asked request =
        asked(R"({"model":"dear","messages":[{"role":"user","content":"hi"}])" + more + "}", headers);
    QVERIFY2(request.reply.status == 200, request.reply.body);
    QCOMPARE(request.real(), real);
    QVERIFY(request.said);
    QCOMPARE(request.said->fallbacks.size(), std::size_t(1));
    const gateway::DryFallback& fallback = request.said->fallbacks.front();
    QCOMPARE(fallback.route, std::string("dear"));
    QCOMPARE(fallback.kind, std::string("overloaded"));
    QCOMPARE(fallback.goal, std::string("b/gpt-4.1"));
    QCOMPARE(!fallback.choices.empty(), turns);
    QCOMPARE(fallback.problem.empty(), turns);
    QCOMPARE(answering(*request.said), real);
}

QTEST_GUILESS_MAIN(DecisionTest)
#include "decision_test.moc"
