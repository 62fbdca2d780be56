// SPDX-License-Identifier: GPL-3.0-or-later
// The models of all providers and newer catalogs, asked through the public door; the lists come from a server
// of this program.
#include <algorithm>
#include <memory>
#include <sys/stat.h>

#include <QDir>
#include <QFile>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include "gateway/gateway.h"

using namespace gateway;
using Kind = CatalogChange::Kind;

namespace {

constexpr int kPatience = 20'000;

/// JSON is written with single quotes here.
QByteArray json(QByteArray text)
{
    return text.replace('\'', '"');
}

/// Answers each path with what it was told; a path it was told nothing of waits for ever.
class ListServer : public QTcpServer {
public:
    ListServer()
    {
        connect(this, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket* socket = nextPendingConnection())
                connect(socket, &QTcpSocket::readyRead, this, [this, socket] { answer(*socket); });
        });
        if (!listen(QHostAddress::LocalHost)) qFatal("no port");
    }
    [[nodiscard]] QString url() const { return QStringLiteral("http://127.0.0.1:%1").arg(serverPort()); }

    QHash<QByteArray, QByteArray> bodies;
    QByteArray status = "200 OK";
    QByteArrayList asked;

private:
    void answer(QTcpSocket& socket)
    {
        const QByteArray request = socket.peek(socket.bytesAvailable());
        if (!request.contains("\r\n\r\n")) return;
        socket.readAll();
        const QByteArray path = request.split(' ').value(1);
        asked.append(path);
        if (!bodies.contains(path)) return;
        const QByteArray body = bodies.value(path);
        socket.write("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " +
                     QByteArray::number(body.size()) + "\r\n\r\n" + body);
    }
};

/// What the future gives; fails the test where it does not come in time.
template <class T>
T resultOf(QFuture<T> future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, kPatience)) qFatal("no answer came");
    return future.resultCount() > 0 ? future.result() : T();
}

const ModelRow* find(const ModelTable& table, std::string_view provider, std::string_view model)
{
    const auto found = std::find_if(table.rows.begin(), table.rows.end(), [&](const ModelRow& row) {
        return row.provider.text == provider && row.model == model;
    });
    return found == table.rows.end() ? nullptr : &*found;
}

const CatalogChange* find(const CatalogUpdate& update, std::string_view model, std::string_view field)
{
    const auto found =
        std::find_if(update.changes.begin(), update.changes.end(), [&](const CatalogChange& change) {
            return change.model == model && change.field == field;
        });
    return found == update.changes.end() ? nullptr : &*found;
}

constexpr const char* kOpenRouter =
    "{'data':[{'id':'openai/gpt-4.1','pricing':{'prompt':'0.000007','completion':'0.000009'}},"
    "{'id':'maker/brand-new','context_length':4096,'pricing':{'prompt':'1e-6','completion':'2e-6'}},"
    "{'id':'maker/wrong','pricing':{'prompt':'-3'}}]}";
constexpr const char* kModelsDev =
    "{'anthropic':{'models':{'claude-haiku-4-5':{'id':'claude-haiku-4-5','cost':{'input':1.75,'output':7}},"
    "'claude-next-9':{'id':'claude-next-9','cost':{'input':4,'output':20}}}},"
    "'nobody':{'models':{'x':{'id':'x'}}}}";

} // namespace

class CatalogUpdateTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void tellsEveryModelOfEveryProvider();
    void refreshesTheProvidersLists();
    void looksTakesAndKeeps();
    void putsBothListsInForce();
    void marksWhatTheConfigurationSays();
    void goesBackToTheProgramsCatalog();
    void exportsWhatClientsAreTold();
    void cancelsALook();
    void allowsOneLookAtATime();
    void saysWhyALookFailed();
    void takesNothingWithoutALook();
    void setsADamagedFileAside();
    void prefersALaterCatalogOfTheProgram();

private:
    void open();
    [[nodiscard]] QString updatePath() const { return m_folder->filePath("data/catalog-update.json"); }
    [[nodiscard]] bool writeUpdate(const QByteArray& text)
    {
        QDir().mkpath(m_folder->filePath("data"));
        QFile file(updatePath());
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    }
    void lookAndTake(CatalogOrigin origin)
    {
        QCOMPARE(resultOf(m_gateway->lookForCatalogUpdate(origin)).problem, std::string());
        QCOMPARE(resultOf(m_gateway->takeCatalogUpdate()), QString());
    }

    std::unique_ptr<ListServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Gateway> m_gateway;
    std::unique_ptr<QSignalSpy> m_notes;
};

void CatalogUpdateTest::init()
{
    m_server = std::make_unique<ListServer>();
    m_server->bodies = {{"/router", json(kOpenRouter)},
                        {"/dev", json(kModelsDev)},
                        {"/v1/models", json("{'data':[{'id':'tiny'},{'id':'named'},{'id':'veiled'}]}")}};
    m_folder = std::make_unique<QTemporaryDir>();
    QFile config(m_folder->filePath("config.json"));
    QVERIFY(config.open(QIODevice::WriteOnly));
    config.write(json("{'server':{'port':0,'require_key':false},'providers':{"
                      "'anthropic':{'kind':'anthropic','base_url':'http://127.0.0.1:1','models':"
                      "{'claude-haiku-4-5':{'price':{'input':0.5}}}},"
                      "'router':{'kind':'openai-compatible','base_url':'https://openrouter.ai/api/v1',"
                      "'proxy':'http://127.0.0.1:1'},"
                      "'lab':{'kind':'openai-compatible','base_url':'") +
                 m_server->url().toUtf8() +
                 json("/v1','local':true,'models':{'named':{'alias':'nick','context':77},"
                      "'veiled':{'hidden':true},'own':{'price':{'input':1,'output':0.000001}}}}}}"));
    config.close();
    open();
}

void CatalogUpdateTest::open()
{
    m_gateway.reset();
    GatewayOptions options;
    options.configPath = m_folder->filePath("config.json").toStdString();
    options.dataDir = m_folder->filePath("data").toStdString();
    options.openRouterListUrl = (m_server->url() + "/router").toStdString();
    options.modelsDevListUrl = (m_server->url() + "/dev").toStdString();
    m_gateway = std::make_unique<Gateway>(options);
    m_notes = std::make_unique<QSignalSpy>(m_gateway.get(), &Gateway::note);
    QSignalSpy started(m_gateway.get(), &Gateway::started);
    m_gateway->start();
    QTRY_COMPARE_WITH_TIMEOUT(started.count(), 1, kPatience);
}

void CatalogUpdateTest::cleanup()
{
    m_gateway.reset();
    m_server.reset();
}

void CatalogUpdateTest::tellsEveryModelOfEveryProvider()
{
    const ModelTable table = resultOf(m_gateway->models());
    QVERIFY(!table.catalogDate.empty() && table.updateDate.empty() && table.updateProblem.empty());
    const ModelRow* gpt = find(table, "router", "openai/gpt-4.1");
    QVERIFY(gpt && gpt->known && !gpt->configured && !gpt->listed && gpt->tools);
    QVERIFY(gpt->priceSource == FactSource::Catalog && gpt->contextSource == FactSource::Catalog);
    QCOMPARE(gpt->mode, std::string("chat"));
    QCOMPARE(gpt->date, table.catalogDate);
    QVERIFY(!gpt->source.empty());
    const ModelRow* haiku = find(table, "anthropic", "claude-haiku-4-5");
    QVERIFY(haiku && haiku->configured && haiku->priceSource == FactSource::Config);
    QCOMPARE(haiku->prices.input.value_or(0), 500'000'000);
    QVERIFY(haiku->prices.output.value_or(0) > 0); // of the catalog
    QVERIFY(haiku->contextSource == FactSource::Catalog);
    const ModelRow* named = find(table, "lab", "named");
    QVERIFY(named && named->local && !named->known && !named->hidden);
    QCOMPARE(named->alias, std::string("nick"));
    QCOMPARE(named->context.value_or(0), 77);
    QVERIFY(named->contextSource == FactSource::Config && named->priceSource == FactSource::Unknown);
    QVERIFY(find(table, "lab", "veiled")->hidden);
    QCOMPARE(find(table, "lab", "own")->prices.output.value_or(0), 1'000);
    // In the configuration's order, then by name; the sandbox is not among them.
    QCOMPARE(table.rows.front().provider.text, std::string("anthropic"));
    QCOMPARE(table.rows.back().provider.text, std::string("lab"));
    QVERIFY(std::is_sorted(table.rows.begin(), table.rows.end(), [](const auto& left, const auto& right) {
        return left.provider == right.provider && left.model < right.model;
    }));
}

void CatalogUpdateTest::refreshesTheProvidersLists()
{
    QVERIFY(!find(resultOf(m_gateway->models()), "lab", "tiny"));
    ModelTable table = resultOf(m_gateway->refreshModels());
    const ModelRow* tiny = find(table, "lab", "tiny");
    QVERIFY(tiny && tiny->listed && !tiny->configured);
    QVERIFY(find(table, "lab", "named")->listed && !find(table, "lab", "own")->listed);
    // One that fails keeps its list, which is then not the latest word any more.
    m_server->status = "500 Not Today";
    table = resultOf(m_gateway->refreshModels());
    QVERIFY(find(table, "lab", "tiny") && !find(table, "lab", "tiny")->listed);
    m_server->status = "200 OK";
    m_server->bodies["/v1/models"] = json("{'data':[{'id':'other'}]}");
    table = resultOf(m_gateway->refreshModels());
    QVERIFY(!find(table, "lab", "tiny") && find(table, "lab", "other")->listed);
    QCOMPARE(m_server->asked.count("/v1/models"), 3);
}

void CatalogUpdateTest::looksTakesAndKeeps()
{
    const CatalogUpdate found = resultOf(m_gateway->lookForCatalogUpdate(CatalogOrigin::OpenRouter));
    QCOMPARE(found.problem, std::string());
    QVERIFY(found.origin == CatalogOrigin::OpenRouter && found.date.size() == 10);
    QCOMPARE(found.modelsRead, std::size_t{2});
    QCOMPARE(found.refusedRows, std::size_t{1});
    const CatalogChange* price = find(found, "openai/gpt-4.1", "input");
    QVERIFY(price && price->kind == Kind::Price && !price->overridden);
    QCOMPARE(price->provider, std::string("openrouter"));
    QCOMPARE(price->after, std::string("7"));
    const CatalogChange* fresh = find(found, "maker/brand-new", "");
    QVERIFY(fresh && fresh->kind == Kind::NewModel);
    // Nothing is in force before it is taken.
    ModelTable table = resultOf(m_gateway->models());
    QVERIFY(table.updateDate.empty() && !find(table, "router", "maker/brand-new"));
    QVERIFY(!QFile::exists(updatePath()));

    QCOMPARE(resultOf(m_gateway->takeCatalogUpdate()), QString());
    struct stat status = {};
    QCOMPARE(::stat(updatePath().toLocal8Bit().constData(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
    for (int start = 0; start < 2; ++start) {
        table = resultOf(m_gateway->models());
        QCOMPARE(table.updateDate, found.date);
        QVERIFY(!table.updateSource.empty() && table.updateProblem.empty());
        const ModelRow* row = find(table, "router", "openai/gpt-4.1");
        QCOMPARE(row->prices.input.value_or(0), 7'000'000'000);
        QVERIFY(row->priceSource == FactSource::Update && row->contextSource == FactSource::Catalog);
        QVERIFY(row->tools && row->date == found.date);
        QCOMPARE(find(table, "router", "maker/brand-new")->context.value_or(0), 4096);
        open(); // and at the next start
    }
    QVERIFY(resultOf(m_gateway->lookForCatalogUpdate(CatalogOrigin::OpenRouter)).changes.empty());
}

void CatalogUpdateTest::putsBothListsInForce()
{
    lookAndTake(CatalogOrigin::OpenRouter);
    lookAndTake(CatalogOrigin::ModelsDev);
    for (int start = 0; start < 2; ++start) {
        const ModelTable table = resultOf(m_gateway->models());
        QVERIFY(find(table, "router", "maker/brand-new"));
        QCOMPARE(find(table, "anthropic", "claude-next-9")->prices.output.value_or(0), 20'000'000'000);
        open();
    }
}

void CatalogUpdateTest::marksWhatTheConfigurationSays()
{
    const CatalogUpdate found = resultOf(m_gateway->lookForCatalogUpdate(CatalogOrigin::ModelsDev));
    QCOMPARE(found.foreignRows, std::size_t{1});
    QVERIFY(find(found, "claude-haiku-4-5", "input")->overridden);
    QVERIFY(!find(found, "claude-haiku-4-5", "output")->overridden);
    QCOMPARE(resultOf(m_gateway->takeCatalogUpdate()), QString());
    const ModelTable table = resultOf(m_gateway->models());
    const ModelRow* haiku = find(table, "anthropic", "claude-haiku-4-5");
    QCOMPARE(haiku->prices.input.value_or(0), 500'000'000);
    QCOMPARE(haiku->prices.output.value_or(0), 7'000'000'000);
    QVERIFY(haiku->priceSource == FactSource::Config);
}

void CatalogUpdateTest::goesBackToTheProgramsCatalog()
{
    lookAndTake(CatalogOrigin::OpenRouter);
    QCOMPARE(resultOf(m_gateway->dropCatalogUpdate()), QString());
    QVERIFY(!QFile::exists(updatePath()));
    for (int start = 0; start < 2; ++start) {
        const ModelTable table = resultOf(m_gateway->models());
        QVERIFY(table.updateDate.empty() && !find(table, "router", "maker/brand-new"));
        open();
    }
    QCOMPARE(resultOf(m_gateway->dropCatalogUpdate()), QString()); // there is none, which is what was asked
}

void CatalogUpdateTest::exportsWhatClientsAreTold()
{
    const QString path = m_folder->filePath("models.json");
    QCOMPARE(resultOf(m_gateway->exportModels(path)), QString());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonObject list = QJsonDocument::fromJson(file.readAll()).object();
    QCOMPARE(list["object"].toString(), QString("list"));
    QStringList names;
    for (const QJsonValue& model : list["data"].toArray())
        names << model["id"].toString();
    QVERIFY2(names.contains("claude-haiku-4-5"), qPrintable(names.join(' ')));
    QVERIFY(resultOf(m_gateway->exportModels(m_folder->filePath("no/such/folder.json")))
                .contains("could not be written"));
}

void CatalogUpdateTest::cancelsALook()
{
    m_server->bodies.remove("/router");
    const auto look = m_gateway->lookForCatalogUpdate(CatalogOrigin::OpenRouter);
    QTRY_COMPARE_WITH_TIMEOUT(m_server->asked.count("/router"), 1, kPatience);
    m_gateway->cancelCatalogUpdate();
    QVERIFY(QString::fromStdString(resultOf(look).problem).contains("cancelled"));
    m_gateway->cancelCatalogUpdate(); // there is none now
    m_server->bodies["/router"] = json(kOpenRouter);
    QCOMPARE(resultOf(m_gateway->lookForCatalogUpdate(CatalogOrigin::OpenRouter)).problem, std::string());
}

void CatalogUpdateTest::allowsOneLookAtATime()
{
    m_server->bodies.remove("/router");
    const auto first = m_gateway->lookForCatalogUpdate(CatalogOrigin::OpenRouter);
    QVERIFY(!resultOf(m_gateway->lookForCatalogUpdate(CatalogOrigin::ModelsDev)).problem.empty());
    QVERIFY(!first.isFinished());
    QSignalSpy stopped(m_gateway.get(), &Gateway::stopped);
    m_gateway->stopNow();
    QVERIFY(!resultOf(first).problem.empty()); // who stops need not wait for it
    QTRY_COMPARE_WITH_TIMEOUT(stopped.count(), 1, kPatience);
    QVERIFY(!resultOf(m_gateway->lookForCatalogUpdate(CatalogOrigin::ModelsDev)).problem.empty());
    QVERIFY(!resultOf(m_gateway->refreshModels()).rows.empty());
}

void CatalogUpdateTest::saysWhyALookFailed()
{
    const auto problem = [this] {
        return QString::fromStdString(
            resultOf(m_gateway->lookForCatalogUpdate(CatalogOrigin::OpenRouter)).problem);
    };
    m_server->status = "503 Not Now";
    QVERIFY(problem().contains("503"));
    m_server->status = "200 OK";
    for (const char* body : {"<html>", "{}", "{'data':[", "{'openai':{'models':{}}}"}) {
        m_server->bodies["/router"] = json(body);
        QVERIFY2(problem().contains("OpenRouter"), body);
    }
    m_server->close();
    QVERIFY(!problem().isEmpty());
    QVERIFY(!resultOf(m_gateway->takeCatalogUpdate()).isEmpty());
}

void CatalogUpdateTest::takesNothingWithoutALook()
{
    QVERIFY(!resultOf(m_gateway->takeCatalogUpdate()).isEmpty());
    lookAndTake(CatalogOrigin::OpenRouter);
    QVERIFY(!resultOf(m_gateway->takeCatalogUpdate()).isEmpty()); // it was taken already
    QVERIFY(!resultOf(m_gateway->models()).updateDate.empty());
}

void CatalogUpdateTest::setsADamagedFileAside()
{
    QVERIFY(writeUpdate(json("{'schema':1,'date':'2099-01-01','source':'s','models':[{'id':'a'")));
    open();
    const ModelTable table = resultOf(m_gateway->models());
    QVERIFY(table.updateDate.empty() && !table.rows.empty());
    QVERIFY(QString::fromStdString(table.updateProblem).contains(".damaged-"));
    QCOMPARE(m_notes->count(), 1);
    QVERIFY(!QFile::exists(updatePath()));
    QCOMPARE(QDir(m_folder->filePath("data")).entryList({"catalog-update.json.damaged-*"}).size(), 1);
    lookAndTake(CatalogOrigin::OpenRouter);
    QVERIFY(resultOf(m_gateway->models()).updateProblem.empty());
    QVERIFY(writeUpdate(QByteArray()));
    open();
    QVERIFY(!resultOf(m_gateway->models()).updateProblem.empty());
}

void CatalogUpdateTest::prefersALaterCatalogOfTheProgram()
{
    const QByteArray rows =
        "'source':'s','models':[{'id':'openai/gpt-4.1','kind':'openrouter','in':['text'],'input':'55'}]}";
    const auto price = [this] {
        return find(resultOf(m_gateway->models()), "router", "openai/gpt-4.1")->prices.input.value_or(0);
    };
    QVERIFY(writeUpdate(json("{'schema':1,'date':'2000-01-01'," + rows)));
    open();
    QVERIFY(price() != 55'000'000'000);
    QVERIFY(resultOf(m_gateway->models()).updateDate.empty());
    QVERIFY(resultOf(m_gateway->models()).updateProblem.empty());
    QVERIFY(writeUpdate(json("{'schema':1,'date':'2099-01-01'," + rows)));
    open();
    QCOMPARE(price(), 55'000'000'000);
}

QTEST_GUILESS_MAIN(CatalogUpdateTest)
#include "catalog_update_test.moc"
