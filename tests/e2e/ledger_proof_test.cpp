// SPDX-License-Identifier: GPL-3.0-or-later
// The log's account of what providers are owed is theirs, to the nano-dollar: in every client's words, from
// every kind of provider, streamed and not.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include <QFile>
#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QTest>
#include <QThread>

#include "e2e/every_dialect.h"
#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

constexpr int kRequests = 300;
constexpr int kAtOnce = 8; // clients, with so many requests each:
constexpr int kOfEach = 12;

qint64 nanosOf(const QJsonValue& usd)
{
    return std::llround(usd.toDouble() * 1e9);
}

/// Of decimal text or a JSON number.
qint64 nanosOfPrice(const QJsonValue& price)
{
    const QString text = price.isString() ? price.toString() : QString::number(price.toDouble(), 'g', 12);
    const qsizetype point = text.indexOf('.');
    const QString whole = text.left(point < 0 ? text.size() : point);
    const QString rest = point < 0 ? QString() : text.mid(point + 1);
    return (whole + rest.leftJustified(9, '0')).toLongLong();
}

QJsonObject over(QJsonObject base, const QJsonObject& more)
{
    for (auto each = more.begin(); each != more.end(); ++each)
        base[each.key()] = each.value();
    return base;
}

/// What one answer costs: tokens times prices, in an arithmetic of the test's own. Every product is a whole
/// number of millionths of nano-dollars and all of them together stay far below 2^63; the sum is rounded once
/// for each request, a half upwards, and sums of requests are sums of what was rounded.
qint64 costOf(const QJsonObject& told, const QJsonObject& prices)
{
    const auto tokens = [&](const char* kind) { return told[QLatin1String(kind)].toInteger(); };
    const qint64 input =
        tokens("fresh") + tokens("cache_read") + tokens("cache_write") + tokens("cache_write_1h");
    QJsonObject held = prices;
    for (const QJsonValue tier : prices["tiers"].toArray()) {
        // They stand in ascending order.
        if (input > tier["above"].toInteger()) held = over(held, tier.toObject());
    }
    const auto price = [&](const char* kind, const char* otherwise) {
        return held[QLatin1String(held.contains(QLatin1String(kind)) ? kind : otherwise)];
    };
    const QJsonValue write = price("cache_write", "input");
    const QJsonValue hour = held.contains("cache_write_hour") ? held["cache_write_hour"] : write;
    const qint64 sum = tokens("fresh") * nanosOfPrice(held["input"]) +
                       tokens("cache_read") * nanosOfPrice(price("cache_read", "input")) +
                       tokens("cache_write") * nanosOfPrice(write) +
                       tokens("cache_write_1h") * nanosOfPrice(hour) +
                       tokens("spoken") * nanosOfPrice(held["output"]) +
                       tokens("thought") * nanosOfPrice(price("reasoning", "output"));
    return (sum + 500'000) / 1'000'000;
}

/// A row of the catalog, or a tier of it, in the words that prices of one's own have.
QJsonObject inOwnWords(const QJsonObject& row)
{
    QJsonObject prices;
    const QList<std::pair<const char*, const char*>> words{{"input", "input"},
                                                           {"output", "output"},
                                                           {"cache_read", "cache_read"},
                                                           {"cache_write", "cache_write"},
                                                           {"cache_write_1h", "cache_write_hour"},
                                                           {"output_reasoning", "reasoning"},
                                                           {"above", "above"}};
    for (const auto& [listed, own] : words) {
        if (row.contains(QLatin1String(listed))) prices[QLatin1String(own)] = row[QLatin1String(listed)];
    }
    QJsonArray tiers;
    for (const QJsonValue tier : row["tiers"].toArray())
        tiers.append(inOwnWords(tier.toObject()));
    if (!tiers.isEmpty()) prices["tiers"] = tiers;
    return prices;
}

QJsonObject listedPrices(const QString& kind, const QString& model)
{
    QFile file(QStringLiteral(TURNPIKE_FIXTURES "/../../resources/catalog.json"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    for (const QJsonValue row : jsonOf(file.readAll())["models"].toArray()) {
        if (row["kind"] == kind && row["id"] == model) return inOwnWords(row.toObject());
    }
    return {};
}

const QJsonObject kWhole{{"input", 0.37},
                         {"output", 1.49},
                         {"cache_read", 0.037},
                         {"cache_write", 0.4625},
                         {"cache_write_hour", 0.74}};
// Fractions of a nano-dollar for a token, and nothing for caches.
const QJsonObject kFine{{"input", 0.000375}, {"output", 0.001505}};
const QJsonObject kThinking{{"input", 3}, {"output", 15}, {"cache_read", 0.3}, {"reasoning", 22.2222}};

/// Tokens as the log says them.
QList<qint64> tokensOfRow(const QJsonObject& row)
{
    const QJsonObject used = row["usage"].toObject();
    QList<qint64> tokens;
    for (const char* kind : {"input_tokens", "cache_read_tokens", "cache_write_tokens",
                             "cache_write_1h_tokens", "output_tokens", "reasoning_tokens"})
        tokens.append(used[QLatin1String(kind)].toInteger());
    return tokens;
}

QList<qint64> tokensOfTold(const QJsonObject& told)
{
    const auto tokens = [&](const char* kind) { return told[QLatin1String(kind)].toInteger(); };
    const qint64 writes = tokens("cache_write") + tokens("cache_write_1h");
    return {tokens("fresh") + tokens("cache_read") + writes,
            tokens("cache_read"),
            writes,
            tokens("cache_write_1h"),
            tokens("spoken") + tokens("thought"),
            tokens("thought")};
}

} // namespace

class LedgerProofTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void agreesRowByRow();
    void agreesForRequestsAtOnce();

private:
    void addModel(const QString& provider, const QString& kind, const QString& model,
                  const QJsonObject& own = {});
    [[nodiscard]] QJsonArray told() const
    {
        return QJsonDocument::fromJson(http(m_upstream.port(), "GET", "/__told").body).array();
    }
    [[nodiscard]] QJsonObject pricesOf(const QJsonValue& told) const
    {
        return m_prices[told["model"].toString()];
    }
    /// All that the upstream counts up to.
    [[nodiscard]] qint64 owed(const QJsonArray& told) const
    {
        qint64 sum = 0;
        for (const QJsonValue each : told)
            sum += costOf(each.toObject(), pricesOf(each));
        return sum;
    }
    void compareTotals(const QJsonArray& told);

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
    QJsonObject m_providers;
    std::vector<QByteArray> m_models;     // as clients name them
    QHash<QString, QJsonObject> m_prices; // by the upstream's name of a model
};

void LedgerProofTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    addModel("lab", "openai-compatible", "whole", kWhole);
    addModel("lab", "openai-compatible", "fine", kFine);
    addModel("lab", "openai-compatible", "thinking", kThinking);
    addModel("oa", "openai", "gpt-5.6-sol");
    addModel("oa", "openai", "gpt-5.4-pro"); // which answers the Responses API alone
    addModel("ant", "anthropic", "whole-messages", kWhole);
    addModel("ant", "anthropic", "claude-sonnet-4-5");
    addModel("gem", "gemini", "gemini-2.5-pro");
    addModel("gem", "gemini", "thinking-content", kThinking);
    addModel("coh", "cohere", "command-a-03-2025");
    addModel("coh", "cohere", "fine-chat", kFine);
    addModel("oll", "ollama", "fine-local", kFine);
}

void LedgerProofTest::addModel(const QString& provider, const QString& kind, const QString& model,
                               const QJsonObject& own)
{
    QJsonObject made = m_providers.contains(provider) ? m_providers[provider].toObject()
                                                      : providerOf(kind, m_upstream.url(), "drawn");
    if (!own.isEmpty())
        made["models"] = over(made["models"].toObject(), {{model, QJsonObject{{"price", own}}}});
    m_providers[provider] = made;
    m_models.push_back((provider + "/" + model).toUtf8());
    m_prices[model] = own.isEmpty() ? listedPrices(kind, model) : own;
    QVERIFY2(m_prices[model].contains("input"), qPrintable(model));
}

void LedgerProofTest::init()
{
    m_upstream.reset();
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    m_gateway->configure({{"providers", m_providers}});
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

void LedgerProofTest::compareTotals(const QJsonArray& told)
{
    QList<qint64> tokens(6, 0);
    for (const QJsonValue each : told) {
        const QList<qint64> one = tokensOfTold(each.toObject());
        for (qsizetype i = 0; i < tokens.size(); ++i)
            tokens[i] += one[i];
    }
    const QJsonArray models =
        QJsonDocument::fromJson(m_gateway->run({"usage", "--by", "model", "--json"})).array();
    qint64 cost = 0;
    QHash<QByteArray, qint64> sums;
    for (const QJsonValue each : models) {
        cost += nanosOf(each["cost_usd"]);
        for (const char* kind : {"requests", "input_tokens", "cache_read_tokens", "cache_write_tokens",
                                 "output_tokens", "reasoning_tokens"})
            sums[kind] += each[QLatin1String(kind)].toInteger();
    }
    QCOMPARE(sums["requests"], told.size());
    QCOMPARE(sums["input_tokens"], tokens[0]);
    QCOMPARE(sums["cache_read_tokens"], tokens[1]);
    QCOMPARE(sums["cache_write_tokens"], tokens[2]);
    QCOMPARE(sums["output_tokens"], tokens[4]);
    QCOMPARE(sums["reasoning_tokens"], tokens[5]);
    QCOMPARE(cost, owed(told));
}

void LedgerProofTest::agreesRowByRow()
{
    std::vector<Question> questions;
    for (const QByteArray& model : m_models) {
        for (const Words words : kAllWords) {
            for (const bool stream : {false, true})
                questions.push_back({words, model, stream});
        }
    }
    std::mt19937 random(20'261'127);
    while (questions.size() < kRequests)
        questions.push_back(questions[random() % questions.size()]);
    std::shuffle(questions.begin(), questions.end(), random);
    for (const Question& question : questions) {
        const HttpReply reply = e2e::ask(m_gateway->port(), question);
        QVERIFY2(reply.status == 200 && reply.complete, pathOf(question) + question.model + reply.body);
    }
    const QJsonArray told = this->told();
    const QJsonArray rows = m_gateway->rows(kRequests);
    QCOMPARE(told.size(), kRequests);
    QCOMPARE(rows.size(), kRequests);
    for (qsizetype i = 0; i < rows.size(); ++i) {
        const QJsonObject row = rows[i].toObject();
        const QJsonObject one = told[i].toObject();
        const QByteArray which =
            row["provider"].toString().toUtf8() + " for " + pathOf(questions[static_cast<size_t>(i)]);
        QCOMPARE(row["model"], one["model"]);
        QVERIFY2(tokensOfRow(row) == tokensOfTold(one),
                 which + " " + QJsonDocument(row["usage"].toObject()).toJson() + QJsonDocument(one).toJson());
        QVERIFY2(nanosOf(row["cost_usd"]) == costOf(one, pricesOf(one)),
                 which + " " + QByteArray::number(costOf(one, pricesOf(one))) + " is owed, not " +
                     QByteArray::number(nanosOf(row["cost_usd"])) + " for " + QJsonDocument(one).toJson());
        QCOMPARE(row["cost_source"].toString(), QString("computed"));
    }
    compareTotals(told);
}

void LedgerProofTest::agreesForRequestsAtOnce()
{
    std::vector<std::unique_ptr<QThread>> clients;
    std::atomic<int> good = 0;
    for (int client = 0; client < kAtOnce; ++client) {
        clients.emplace_back(QThread::create([this, client, &good] {
            std::mt19937 random(static_cast<unsigned>(client) + 1);
            for (int i = 0; i < kOfEach; ++i) {
                const Question question{kAllWords[random() % kAllWords.size()],
                                        m_models[random() % m_models.size()], random() % 2 == 0};
                const HttpReply reply = e2e::ask(m_gateway->port(), question);
                good += reply.status == 200 && reply.complete ? 1 : 0;
            }
        }));
        clients.back()->start();
    }
    for (const auto& client : clients)
        client->wait();
    QCOMPARE(good.load(), kAtOnce * kOfEach);
    QCOMPARE(m_gateway->rows(kAtOnce * kOfEach).size(), kAtOnce * kOfEach);
    compareTotals(told());
}

QTEST_GUILESS_MAIN(LedgerProofTest)
#include "ledger_proof_test.moc"
