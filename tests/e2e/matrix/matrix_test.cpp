// SPDX-License-Identifier: GPL-3.0-or-later
// Every dialect that clients speak through every protocol that providers speak, by a table: one gateway, all
// providers scripted in one other process that checks what it is sent. See README.md.
#include <algorithm>
#include <map>
#include <memory>
#include <sstream>

#include <QDateTime>
#include <QTest>

#include "client/client.h"
#include "support/http_client.h"
#include "support/processes.h"
#include "table.h"

using namespace support;

namespace matrix {

namespace {

constexpr unsigned kWholeEvents = 0; // the seed of a stream that is not cut

struct Cell {
    const Inbound& inbound;
    const Outbound& outbound;
    Feature feature;
    bool stream;
    unsigned seed;
    bool secondTurn = false; // of Feature::SignedTurn
    [[nodiscard]] bool callsTool() const
    {
        return feature == Feature::Tools || (feature == Feature::SignedTurn && !secondTurn);
    }
    [[nodiscard]] bool isReasoned() const
    {
        return feature == Feature::Reasoning || (feature == Feature::SignedTurn && !secondTurn);
    }
};

std::string routeOf(const Cell& cell)
{
    return std::string(cell.outbound.name) + (reasons(cell.feature) ? "-reasoning" : "-route");
}

const Client& clientOf(const Inbound& inbound)
{
    const auto& all = allClients();
    return **std::find_if(all.begin(), all.end(),
                          [&inbound](const Client* client) { return client->name() == inbound.name; });
}

QString nameOf(const Cell& cell)
{
    std::string_view feature;
    for (const FeatureRow& row : kFeatures) {
        if (row.feature == cell.feature) feature = row.name;
    }
    const QString how = !cell.stream ? QString("whole") : QString("streamed, seed %1").arg(cell.seed);
    return QString("%1 to %2, %3, %4")
        .arg(QLatin1String(cell.inbound.name.data()), QLatin1String(cell.outbound.name.data()),
             QLatin1String(feature.data(), qsizetype(feature.size())), how);
}

/// What is not as it has to be, appended to what the reader has found.
class Verdict {
public:
    Verdict(const Cell& cell, Told& told) : m_cell(cell), m_told(told) {}
    void judgeAnswer();
    void judgeFailure();

private:
    template <class Value>
    void same(const char* what, const Value& is, const Value& wanted)
    {
        if (is == wanted) return;
        std::ostringstream text;
        text << what << " is `" << is << "` instead of `" << wanted << "`";
        m_told.fault(text.str());
    }
    void judgeCalls();
    void judgeThinking();
    void judgeUsage();
    [[nodiscard]] std::string wantedText() const;
    [[nodiscard]] std::string wantedFinish() const;

    const Cell& m_cell;
    Told& m_told;
};

std::string Verdict::wantedText() const
{
    if (m_cell.callsTool()) return {};
    switch (m_cell.feature) {
    case Feature::Structured:
    case Feature::StructuredTools:
        return joined(kJsonPieces);
    case Feature::Refusal:
        return m_cell.outbound.refusalHasText ? std::string(kRefusal) : std::string();
    default:
        return joined(kTextPieces);
    }
}

std::string Verdict::wantedFinish() const
{
    if (m_cell.callsTool()) return "calls";
    switch (m_cell.feature) {
    case Feature::ParallelTools:
        return "calls";
    case Feature::Length:
        return "length";
    case Feature::Refusal:
        // What such a server of the old Completions refuses, only the finish reason can tell.
        if (m_cell.inbound.name == "completions" && m_cell.outbound.name == "compatible") return "filter";
        return std::string(m_cell.outbound.refusal);
    default:
        return "stop";
    }
}

void Verdict::judgeCalls()
{
    const std::size_t wanted = m_cell.callsTool() ? 1 : m_cell.feature == Feature::ParallelTools ? 2 : 0;
    same("the number of calls", m_told.calls.size(), wanted);
    for (std::size_t i = 0; i < std::min(wanted, m_told.calls.size()); ++i) {
        const Told::Call& call = m_told.calls[i];
        same("a call's name", call.name, std::string(kToolName));
        same("a call's arguments", m_told.parsed(call.arguments), nlohmann::json::parse(kCalls[i].arguments));
        for (std::size_t other = 0; other < i; ++other)
            m_told.expect(call.id.empty() || call.id != m_told.calls[other].id,
                          "calls have ids of their own");
    }
}

void Verdict::judgeThinking()
{
    const bool shown = m_cell.isReasoned() && m_cell.outbound.tellsThinking && m_cell.inbound.showsThinking;
    same("the reasoning", m_told.thinking, shown ? joined(kThinkingPieces) : std::string());
}

void Verdict::judgeUsage()
{
    same("the input's count", m_told.input, kInputTokens);
    same("the output's count", m_told.output, kOutputTokens);
    // A server of the old Completions tells neither.
    const bool old = m_cell.inbound.name == "completions" && m_cell.outbound.name == "compatible";
    const bool cached = m_cell.inbound.tellsCached && m_cell.outbound.tellsCached && !old;
    same("the cached count", m_told.cached, cached ? kCachedTokens : 0);
    const bool reasoning =
        m_cell.isReasoned() && m_cell.inbound.tellsReasoningTokens && m_cell.outbound.tellsReasoningTokens;
    same("the reasoning's count", m_told.reasoning, reasoning ? kReasoningTokens : 0);
}

void Verdict::judgeAnswer()
{
    same("the error", m_told.error, std::string());
    same("the text", m_told.text, wantedText());
    same("the finish", m_told.finish, wantedFinish());
    judgeCalls();
    judgeThinking();
    judgeUsage();
}

void Verdict::judgeFailure()
{
    m_told.expect(m_told.error.find(kErrorMessage) != std::string::npos,
                  "the error has the provider's words");
    m_told.expect(m_told.finish.empty(), "a failed answer has no finish");
    if (m_cell.feature == Feature::ErrorInside) same("the text before it", m_told.text, joined(kTextPieces));
}

HttpReply ask(quint16 port, const Wire& wire)
{
    HeaderList headers;
    for (const auto& [name, value] : wire.headers)
        headers.append({QByteArray::fromStdString(name), QByteArray::fromStdString(value)});
    return http(port, "POST", QByteArray::fromStdString(wire.path), headers,
                QByteArray::fromStdString(wire.body.dump()));
}

void read(const Cell& cell, const HttpReply& reply, Told& told)
{
    const Client& client = clientOf(cell.inbound);
    const std::string body = reply.body.toStdString();
    const bool refused = cell.feature == Feature::ErrorBefore;
    const QByteArray type = reply.header("content-type");
    told.expect(reply.complete, "the answer is whole");
    if (reply.status != (refused ? 429 : 200)) {
        told.fault("status " + std::to_string(reply.status) + ": " + body.substr(0, 2500));
        return;
    }
    if (refused) {
        client.readError(told.parsed(body), reply.status, told);
        told.expect(reply.header("retry-after") == QByteArray::number(kRetryAfter), "retry-after is kept");
        told.expect(type.startsWith("application/json"), "an error is JSON");
        Verdict(cell, told).judgeFailure();
        return;
    }
    const std::string_view wanted = cell.stream ? client.streamType() : "application/json";
    told.expect(type.startsWith(QByteArray(wanted.data(), qsizetype(wanted.size()))),
                "the right content-type");
    if (cell.stream)
        client.readStream(body, told);
    else
        client.readWhole(told.parsed(body), told);
    Verdict verdict(cell, told);
    if (cell.feature == Feature::ErrorInside)
        verdict.judgeFailure();
    else
        verdict.judgeAnswer();
}

} // namespace

class MatrixTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void understandsEveryAnswer_data();
    void understandsEveryAnswer();
    void cleanupTestCase();

private:
    void configure();
    [[nodiscard]] bool passes(const Cell& cell);
    [[nodiscard]] bool turnPasses(const Cell& cell, const Ask& question, Told& told);
    unsigned m_seed = 0;
    std::map<std::string_view, int> m_absent;
    std::map<std::string_view, int> m_open;
    int m_cells = 0;
    ServerProcess m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void MatrixTest::configure()
{
    QJsonObject providers;
    QJsonObject routes;
    const auto text = [](std::string_view value) {
        return QString::fromUtf8(value.data(), qsizetype(value.size()));
    };
    for (const Outbound& one : kOutbounds) {
        const QJsonArray keys{QJsonObject{{"id", "main"}, {"secret", text(one.secret)}}};
        providers[text(one.name)] = QJsonObject{
            {"kind", text(one.kind)}, {"base_url", m_upstream.url() + text(one.base)}, {"keys", keys}};
        for (const auto& [suffix, model] :
             {std::pair{"-route", one.model}, {"-reasoning", one.reasoningModel}}) {
            const QJsonArray targets{QJsonObject{{"provider", text(one.name)}, {"model", text(model)}}};
            routes[text(one.name) + suffix] =
                QJsonObject{{"targets", targets}, {"retry", QJsonObject{{"attempts", 0}}}};
        }
    }
    m_gateway->configure({{"providers", providers}, {"routes", routes}});
}

void MatrixTest::initTestCase()
{
    QVERIFY(
        m_upstream.start(QStringLiteral(TURNPIKE_BIN "/matrix_upstream"), {"--port", "0", "--no-record"}));
    qputenv("TURNPIKE_TEST_AWS_KEY", "AKIDMATRIX:wJalrXUtnFEMIKEY");
    m_gateway = std::make_unique<GatewayProcess>();
    configure();
    QVERIFY2(m_gateway->start(), m_gateway->errors());
    const QByteArray given = qgetenv("TURNPIKE_MATRIX_SEED");
    m_seed = given.isEmpty() ? unsigned(QDateTime::currentSecsSinceEpoch() % 1'000'000 + 1) : given.toUInt();
    qInfo("streams are cut with seed %u; TURNPIKE_MATRIX_SEED repeats it", m_seed);
}

void MatrixTest::understandsEveryAnswer_data()
{
    QTest::addColumn<int>("inbound");
    QTest::addColumn<int>("outbound");
    for (std::size_t i = 0; i < kInbounds.size(); ++i) {
        for (std::size_t o = 0; o < kOutbounds.size(); ++o)
            QTest::addRow("%s to %s", kInbounds[i].name.data(), kOutbounds[o].name.data())
                << int(i) << int(o);
    }
}

bool MatrixTest::passes(const Cell& cell)
{
    const Client& client = clientOf(cell.inbound);
    ++m_cells;
    Marker marker;
    marker.feature = cell.feature;
    marker.seed = cell.seed;
    marker.forced = cell.feature == Feature::Tools && client.canForce();
    marker.unformatted = !cell.outbound.takesFormatWithTools;
    Ask question{cell.feature, routeOf(cell), markerText(marker), cell.stream, {}, {}};
    if (cell.feature != Feature::SignedTurn) {
        Told told;
        return turnPasses(cell, question, told);
    }
    Told first;
    question.stream = false;
    if (!turnPasses({cell.inbound, cell.outbound, cell.feature, false, cell.seed}, question, first))
        return false;
    marker.signedTurn = cell.inbound.keepsSignatures && cell.outbound.wantsSignature;
    question.text = markerText(marker);
    question.stream = cell.stream;
    question.replay = first.replay;
    question.callId = first.calls.empty() ? std::string() : first.calls[0].id;
    Told second;
    return turnPasses({cell.inbound, cell.outbound, cell.feature, cell.stream, cell.seed, true}, question,
                      second);
}

bool MatrixTest::turnPasses(const Cell& cell, const Ask& question, Told& told)
{
    const HttpReply reply = ask(m_gateway->port(), clientOf(cell.inbound).write(question));
    try {
        read(cell, reply, told);
    } catch (const nlohmann::json::exception& fault) {
        told.fault(fault.what());
    }
    if (told.faults.empty()) return true;
    qWarning("%s%s", qPrintable(nameOf(cell)), cell.secondTurn ? ", second turn" : "");
    std::string before;
    for (const std::string& fault : told.faults) {
        if (fault != before) qWarning("    %s", fault.c_str());
        before = fault;
    }
    if (qEnvironmentVariableIsSet("TURNPIKE_MATRIX_VERBOSE")) qWarning("%s", reply.body.constData());
    return false;
}

void MatrixTest::understandsEveryAnswer()
{
    QFETCH(int, inbound);
    QFETCH(int, outbound);
    int failed = 0;
    for (const FeatureRow& row : kFeatures) {
        for (const bool stream : {false, true}) {
            const Inbound& in = kInbounds[std::size_t(inbound)];
            const Outbound& out = kOutbounds[std::size_t(outbound)];
            const CellName name{in.name, out.name, row.feature, stream};
            if (const auto reason = whyNot(name); !reason.empty()) {
                ++m_absent[reason];
                continue;
            }
            for (const unsigned seed :
                 stream ? std::vector<unsigned>{kWholeEvents, m_seed} : std::vector<unsigned>{kWholeEvents}) {
                const bool passed = passes({in, out, row.feature, stream, seed});
                const auto fault = openFault(name);
                if (!fault.empty()) ++m_open[fault];
                if (!fault.empty() && passed)
                    qWarning("mended, so take it out of the table: %s", fault.data());
                failed += passed != fault.empty();
            }
        }
    }
    QCOMPARE(failed, 0);
}

void MatrixTest::cleanupTestCase()
{
    qInfo("%d cells", m_cells);
    for (const auto& [reason, count] : m_absent)
        qInfo("%d that cannot be: %s", count, reason.data());
    for (const auto& [fault, count] : m_open)
        qInfo("%d with a known fault: %s", count, fault.data());
}

} // namespace matrix

QTEST_GUILESS_MAIN(matrix::MatrixTest)
#include "matrix_test.moc"
