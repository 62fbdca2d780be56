// SPDX-License-Identifier: GPL-3.0-or-later
// Which process a request came from, in the log, in budgets and in routes.
#include <memory>
#include <tuple>

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "e2e/model_call.h"

using namespace support;
using namespace e2e;

namespace {

// One status a line; all requests on one connection. The last argument stands for a secret.
constexpr const char* kTool = R"(
import http.client, json, sys
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=60)
body = json.dumps({"model": sys.argv[2], "messages": [{"role": "user", "content": "hello"}]})
for _ in range(int(sys.argv[3])):
    connection.request("POST", "/v1/chat/completions", body,
                       {"Content-Type": "application/json", "Authorization": "Bearer " + sys.argv[4]})
    answer = connection.getresponse()
    answer.read()
    print(answer.status, answer.getheader("x-turnpike-model"), flush=True)
)";
// Its head is late enough for the slowest look at the system.
constexpr const char* kSlow = "lab/mock:slow-head:600";

QJsonObject price()
{
    return {{"input", 1000}, {"output", 1000}, {"cache_read", 1000}, {"cache_write", 1000}};
}

} // namespace

class OriginTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void namesProgramAndRepository();
    void keepsNoWordOfTheCommandLine();
    void knowsAConnectionsLaterRequests();
    void tellsWhatIsInNoRepository();
    void goesOnWithoutAProcessThatHasEnded();
    void dividesUsage();
    void holdsARepositoryToItsBudget();
    void routesByRepository();
    void saysWhenAKeyWasUsed();

private:
    /// What the tool said, in that folder of the test's.
    [[nodiscard]] QByteArray run(const QString& folder, const QString& model, int requests = 1) const;
    [[nodiscard]] QString place(const QString& name) const
    {
        return QDir(m_folder.path()).canonicalPath() + '/' + name;
    }
    void begin(const QJsonObject& more = {});

    QTemporaryDir m_folder;
    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void OriginTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    for (const char* repository : {"api", "web"}) {
        QDir().mkpath(m_folder.filePath(QLatin1String(repository) + QStringLiteral("/.git")));
        QDir().mkpath(m_folder.filePath(QLatin1String(repository) + QStringLiteral("/src")));
        QFile head(m_folder.filePath(QLatin1String(repository) + QStringLiteral("/.git/HEAD")));
        QVERIFY(head.open(QIODevice::WriteOnly));
        head.write("ref: refs/heads/main\n");
    }
    QDir().mkpath(m_folder.filePath(QStringLiteral("plain")));
    QFile tool(m_folder.filePath(QStringLiteral("tool.py")));
    QVERIFY(tool.open(QIODevice::WriteOnly));
    tool.write(kTool);
}

void OriginTest::init()
{
    m_upstream.reset();
}

void OriginTest::begin(const QJsonObject& more)
{
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    QJsonObject providers = m_gateway->configuration()["providers"].toObject();
    QJsonObject lab = providers["lab"].toObject();
    lab["models"] = QJsonObject{{"mock", QJsonObject{{"price", price()}}},
                                {"mock:slow-head:600", QJsonObject{{"price", price()}}}};
    providers["lab"] = lab;
    m_gateway->configure({{"providers", providers}});
    m_gateway->configure(more);
    QVERIFY(m_gateway->start());
}

QByteArray OriginTest::run(const QString& folder, const QString& model, int requests) const
{
    QProcess tool;
    tool.setWorkingDirectory(place(folder));
    tool.start(QStringLiteral("python3"),
               {place(QStringLiteral("tool.py")), QString::number(m_gateway->port()), model,
                QString::number(requests), QString::fromLatin1(GatewayProcess::kKey)});
    if (!tool.waitForFinished(60'000)) return "did not end";
    return tool.readAllStandardOutput() + tool.readAllStandardError();
}

void OriginTest::namesProgramAndRepository()
{
    begin();
    QCOMPARE(run("api/src", kSlow), QByteArray("200 mock:slow-head:600\n"));
    const QJsonObject row = m_gateway->rows(1).last().toObject();
    QCOMPARE(row["program"].toString(), QStringLiteral("tool.py"));
    QCOMPARE(row["folder"].toString(), place("api/src"));
    QCOMPARE(row["repository"].toString(), place("api"));
    const QByteArray csv = m_gateway->run({"logs", "--format", "csv"});
    QVERIFY(csv.contains("program,repository"));
    QVERIFY(csv.contains("tool.py," + place("api").toUtf8()));
}

void OriginTest::keepsNoWordOfTheCommandLine()
{
    begin();
    QCOMPARE(run("api", kSlow), QByteArray("200 mock:slow-head:600\n"));
    const QByteArray said = QJsonDocument(m_gateway->rows(1)).toJson();
    QVERIFY(said.contains("tool.py"));
    QVERIFY(!said.contains(GatewayProcess::kKey));
}

void OriginTest::knowsAConnectionsLaterRequests()
{
    begin();
    QVERIFY(run("api", kSlow, 1).startsWith("200"));
    // The first of a connection may be over before it is known, those after a slow one are not.
    QCOMPARE(run("web", kSlow, 3).count("200 "), 3);
    const QJsonArray rows = m_gateway->rows(4);
    QCOMPARE(rows.size(), 4);
    QCOMPARE(rows[0].toObject()["repository"].toString(), place("api"));
    for (int i = 1; i < 4; ++i)
        QCOMPARE(rows[i].toObject()["repository"].toString(), place("web"));
}

void OriginTest::tellsWhatIsInNoRepository()
{
    begin();
    QVERIFY(run("plain", kSlow).startsWith("200"));
    const QJsonObject row = m_gateway->rows(1).last().toObject();
    QCOMPARE(row["program"].toString(), QStringLiteral("tool.py"));
    QCOMPARE(row["folder"].toString(), place("plain"));
    QCOMPARE(row["repository"].toString(), QString());
}

void OriginTest::goesOnWithoutAProcessThatHasEnded()
{
    begin();
    const ModelCall call{Shape::OpenAi, "lab/mock", false, false, {}};
    for (int i = 0; i < 20; ++i) {
        RawClient client(m_gateway->port());
        client.send(requestBytes(m_gateway->port(), "POST", pathOf(call),
                                 headersOf(call, GatewayProcess::kKey), bodyOf(call)));
        if (i % 2 == 0) client.abort();
    }
    RawClient client(m_gateway->port());
    client.send(requestBytes(m_gateway->port(), "POST", pathOf(call), headersOf(call, GatewayProcess::kKey),
                             bodyOf(call)));
    QCOMPARE(client.receive().status, 200);
}

void OriginTest::dividesUsage()
{
    begin();
    QVERIFY(run("api", kSlow, 2).startsWith("200"));
    QVERIFY(run("web", kSlow, 1).startsWith("200"));
    std::ignore = m_gateway->rows(3);
    const auto usage = [this](const char* by) {
        QMap<QString, int> requests;
        const QByteArray told = m_gateway->run({"usage", "--json", "--by", QLatin1String(by)});
        for (const QJsonValue& each : QJsonDocument::fromJson(told).array())
            requests[each.toObject()[QLatin1String(by)].toString()] = each.toObject()["requests"].toInt();
        return requests;
    };
    QCOMPARE(usage("repository"), (QMap<QString, int>{{place("api"), 2}, {place("web"), 1}}));
    QCOMPARE(usage("program"), (QMap<QString, int>{{"tool.py", 3}}));
    QCOMPARE(usage("day").size(), 1);
    QCOMPARE(usage("session").value(QString()), 3);
    QCOMPARE(usage("client").size(), 1);
}

void OriginTest::holdsARepositoryToItsBudget()
{
    // One answer costs $0.023; a call is let in as long as anything is left.
    const QJsonObject scope{{"repository", "api"}};
    begin({{"budgets", QJsonObject{{"api", QJsonObject{{"usd", 0.01}, {"per", "day"}, {"scope", scope}}}}}});
    QCOMPARE(run("api/src", "lab/mock"), QByteArray("200 mock\n"));
    // Not even the first request of a connection gets past it.
    QVERIFY2(run("api", "lab/mock").startsWith("402"), "the repository's budget is used up");
    QCOMPARE(run("web", "lab/mock"), QByteArray("200 mock\n"));
    QCOMPARE(run("plain", "lab/mock"), QByteArray("200 mock\n"));
    // It is known again after a restart, from the log.
    QCOMPARE(m_gateway->terminate(), 0);
    QVERIFY(m_gateway->start());
    QVERIFY(run("api", "lab/mock").startsWith("402"));
    QCOMPARE(run("web", "lab/mock"), QByteArray("200 mock\n"));
}

void OriginTest::routesByRepository()
{
    const auto target = [](const char* model, const QJsonObject& when) {
        return QJsonObject{{"provider", "lab"}, {"model", model}, {"when", when}};
    };
    const QJsonArray targets{
        target("mock-api", {{"repository", QJsonObject{{"$glob", "*/api"}}}}),
        target("mock-tool", {{"program", "tool.py"}, {"repository", QJsonObject{{"$ne", place("web")}}}}),
        QJsonObject{{"provider", "lab"}, {"model", "mock"}}};
    begin({{"routes", QJsonObject{{"by", QJsonObject{{"strategy", "conditional"}, {"targets", targets}}}}}});
    QCOMPARE(run("api", "by"), QByteArray("200 mock-api\n"));
    QCOMPARE(run("plain", "by"), QByteArray("200 mock-tool\n"));
    QCOMPARE(run("web", "by"), QByteArray("200 mock\n"));
}

void OriginTest::saysWhenAKeyWasUsed()
{
    begin();
    const auto used = [this]() -> QJsonValue {
        const QByteArray told = m_gateway->run({"key", "list", "--json"});
        return QJsonDocument::fromJson(told).array().at(0).toObject().value("last_used");
    };
    QVERIFY(used().isNull());
    QVERIFY(run("api", kSlow).startsWith("200"));
    const QJsonObject row = m_gateway->rows(1).last().toObject();
    QCOMPARE(used().toObject()["program"].toString(), QStringLiteral("tool.py"));
    QCOMPARE(used().toObject()["time"], row["time"]);
    QVERIFY(m_gateway->run({"key", "list"}).contains("tool.py"));
}

QTEST_GUILESS_MAIN(OriginTest)
#include "origin_test.moc"
