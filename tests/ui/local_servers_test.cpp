// SPDX-License-Identifier: GPL-3.0-or-later
// Model servers of this computer: real sockets, a real gateway in this process, and ports of the test's own.
#include <algorithm>
#include <memory>

#include <QDialog>
#include <QLabel>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include "gateway/gateway.h"

#include "models/local_servers.h"
#include "support/canned_server.h"
#include "ui/support/window_walk.h"
#include "widgets/found_servers.h"

namespace ui {
namespace {

using support::CannedServer;

QByteArray listOf(const QByteArray& owner, int models)
{
    QByteArray list;
    for (int i = 0; i < models; ++i) {
        list += (i > 0 ? "," : "") + QByteArray("{\"id\":\"m") + QByteArray::number(i) + "\"" +
                (owner.isEmpty() ? QByteArray() : ",\"owned_by\":\"" + owner + "\"") + "}";
    }
    return "{\"object\":\"list\",\"data\":[" + list + "]}";
}

std::unique_ptr<CannedServer> serverThatSays(const QByteArray& reply)
{
    return std::make_unique<CannedServer>([reply](const QByteArray&) { return reply; });
}

gateway::ProviderPreset presetAt(const char* id, const char* name, const QByteArray& url,
                                 const char* kind = "openai-compatible")
{
    gateway::ProviderPreset preset;
    preset.id = id;
    preset.name = name;
    preset.kind = kind;
    preset.baseUrl = url.toStdString();
    preset.local = true;
    preset.dataPolicy = gateway::DataPolicy{false, 0, "local"};
    return preset;
}

/// Asks a real gateway, about presets whose ports are the test's.
class LinkWithPresets : public FakeLink {
public:
    explicit LinkWithPresets(gateway::Gateway& door) : m_door(door) {}
    [[nodiscard]] const std::vector<gateway::ProviderPreset>& presets() const override { return mine; }
    QFuture<gateway::ProviderTest> testProviderWith(const gateway::ProviderConfig& provider,
                                                    const gateway::Secret& key) override
    {
        return m_door.testProviderWith(provider, key);
    }
    std::vector<gateway::ProviderPreset> mine;

private:
    gateway::Gateway& m_door;
};

struct Engine {
    Engine()
    {
        gateway::GatewayOptions options;
        options.configPath = folder.filePath(QStringLiteral("config.json")).toStdString();
        options.dataDir = folder.filePath(QStringLiteral("data")).toStdString();
        options.port = 0;
        door = std::make_unique<gateway::Gateway>(options);
        link = std::make_unique<LinkWithPresets>(*door);
        door->start();
        const bool up = QTest::qWaitFor(
            [this] { return door->activity().state == gateway::EngineState::Running; }, 20000);
        if (!up) qFatal("The gateway does not start.");
    }
    [[nodiscard]] bool look(LocalServers& servers) const
    {
        servers.look();
        return QTest::qWaitFor([&servers] { return servers.hasLooked(); }, 20000);
    }
    QTemporaryDir folder;
    std::unique_ptr<gateway::Gateway> door;
    std::unique_ptr<LinkWithPresets> link;
};

const FoundServer* named(const LocalServers& servers, const char* name)
{
    for (const FoundServer& server : servers.found()) {
        if (server.name == QLatin1String(name)) return &server;
    }
    return nullptr;
}

} // namespace

class LocalServersTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(ThemeChoice::Dark); }

    void findsWhatAnswersAndHowManyModelsItHas()
    {
        Engine engine;
        const auto ollama = serverThatSays(
            CannedServer::json(200, "{\"models\":[{\"name\":\"qwen3:8b\"},{\"name\":\"gemma3\"}]}"));
        const auto studio = serverThatSays(CannedServer::json(200, listOf("organization_owner", 3)));
        engine.link->mine = {presetAt("ollama", "Ollama", ollama->url(), "ollama"),
                             presetAt("lm-studio", "LM Studio", studio->url("/v1"))};
        LocalServers servers(*engine.link);
        QVERIFY(engine.look(servers));
        QCOMPARE(servers.found().size(), 2U);
        QCOMPARE(named(servers, "Ollama")->models, 2);
        QVERIFY(named(servers, "Ollama")->provider.local);
        QCOMPARE(named(servers, "Ollama")->provider.kind, std::string("ollama"));
        QCOMPARE(named(servers, "LM Studio")->models, 3);
        QVERIFY(ollama->heads().front().startsWith("GET /api/tags "));
        QVERIFY(studio->heads().front().startsWith("GET /v1/models "));
        QVERIFY(!studio->heads().front().toLower().contains("authorization"));
    }

    void tellsServersOfOnePortApartByWhatTheySay_data()
    {
        QTest::addColumn<QByteArray>("owner");
        QTest::addColumn<QString>("name");
        QTest::newRow("llama.cpp") << QByteArray("llamacpp") << QStringLiteral("llama.cpp");
        QTest::newRow("another's mark") << QByteArray("vllm") << QStringLiteral("vLLM");
        QTest::newRow("no known mark") << QByteArray("somebody") << QStringLiteral("Model server");
        QTest::newRow("no mark") << QByteArray() << QStringLiteral("Model server");
    }

    void tellsServersOfOnePortApartByWhatTheySay()
    {
        QFETCH(QByteArray, owner);
        QFETCH(QString, name);
        Engine engine;
        const auto server = serverThatSays(CannedServer::json(200, listOf(owner, 1)));
        engine.link->mine = {presetAt("llama.cpp", "llama.cpp", server->url("/v1")),
                             presetAt("localai", "LocalAI", server->url("/v1")),
                             presetAt("vllm", "vLLM", "http://127.0.0.1:1/v1")};
        LocalServers servers(*engine.link);
        QVERIFY(engine.look(servers));
        QCOMPARE(servers.found().size(), 1U);
        QCOMPARE(servers.found().front().name, name);
        QCOMPARE(servers.found().front().provider.baseUrl, server->url("/v1").toStdString());
        QCOMPARE(server->heads().size(), 1); // Asked once, however many could be there.
    }

    void takesAServerWithoutAMarkAtItsWord()
    {
        Engine engine;
        const auto jan = serverThatSays(CannedServer::json(200, listOf({}, 1)));
        const auto other = serverThatSays(CannedServer::json(200, listOf({}, 1)));
        engine.link->mine = {presetAt("jan", "Jan", jan->url("/v1")),
                             presetAt("vllm", "vLLM", other->url("/v1"))};
        LocalServers servers(*engine.link);
        QVERIFY(engine.look(servers));
        QVERIFY(named(servers, "Jan") != nullptr);
        QVERIFY(named(servers, "vLLM") == nullptr); // That one always says its name.
        QVERIFY(named(servers, "Model server") != nullptr);
    }

    void somethingElseOnThePortIsNotOffered_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::newRow("a page") << QByteArray(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n"
            "\r\n<html></html>");
        QTest::newRow("other JSON") << CannedServer::json(200, "{\"status\":\"up\"}");
        QTest::newRow("a list") << CannedServer::json(200, "[1,2]");
        QTest::newRow("models are no list") << CannedServer::json(200, "{\"models\":3}");
        QTest::newRow("not found") << CannedServer::json(404, "{}");
        QTest::newRow("wants a key") << CannedServer::json(401, "{\"error\":{\"message\":\"No.\"}}");
        QTest::newRow("no HTTP") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n");
        QTest::newRow("a redirect") << QByteArray(
            "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/v1/models\r\n"
            "Content-Length: 0\r\n\r\n");
    }

    void somethingElseOnThePortIsNotOffered()
    {
        QFETCH(QByteArray, reply);
        Engine engine;
        const auto server = serverThatSays(reply);
        engine.link->mine = {presetAt("jan", "Jan", server->url("/v1"))};
        LocalServers servers(*engine.link);
        QVERIFY(engine.look(servers));
        QVERIFY(servers.found().empty());
        QCOMPARE(server->heads().size(), 1);
    }

    void aServerThatNeverAnswersHoldsNobodyUp()
    {
        Engine engine;
        const auto mute = serverThatSays({});
        const auto good = serverThatSays(CannedServer::json(200, listOf("llamacpp", 1)));
        engine.link->mine = {presetAt("jan", "Jan", mute->url("/v1")),
                             presetAt("llama.cpp", "llama.cpp", good->url("/v1"))};
        LocalServers servers(*engine.link);
        servers.setPatience(std::chrono::milliseconds(800));
        servers.look();
        QTRY_COMPARE(servers.found().size(), 1U); // Shown before the other's time is over.
        QVERIFY(QTest::qWaitFor([&] { return servers.hasLooked(); }, 5000));
        QVERIFY(!servers.isLooking());
        QCOMPARE(servers.found().size(), 1U);
        QCOMPARE(servers.found().front().name, QStringLiteral("llama.cpp"));
    }

    void aLookCanBeStopped()
    {
        Engine engine;
        const auto mute = serverThatSays({});
        engine.link->mine = {presetAt("jan", "Jan", mute->url("/v1"))};
        LocalServers servers(*engine.link);
        servers.setPatience(std::chrono::hours(1));
        servers.look();
        QVERIFY(servers.isLooking());
        servers.cancel();
        QVERIFY(!servers.isLooking());
        QVERIFY(!servers.hasLooked());
    }

    void asksOnlyThisComputerAndNotItself()
    {
        FakeLink link;
        LocalServers servers(link);
        servers.look();
        QTRY_VERIFY(servers.hasLooked());
        QVERIFY(link.asked.size() >= 5);
        for (const std::string& url : link.asked) {
            QVERIFY2(loopbackPort(url) != 0, url.c_str());
        }
        QVERIFY(std::find(link.asked.begin(), link.asked.end(), "http://127.0.0.1:11434") !=
                link.asked.end());
        gateway::ActivitySnapshot activity = link.activity();
        activity.port = 11434;
        link.setActivity(activity);
        link.asked.clear();
        servers.look();
        QTRY_VERIFY(servers.hasLooked());
        QVERIFY(std::find(link.asked.begin(), link.asked.end(), "http://127.0.0.1:11434") ==
                link.asked.end());
    }

    void knowsLoopback_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<int>("port");
        QTest::newRow("v4") << QStringLiteral("http://127.0.0.1:8080/v1") << 8080;
        QTest::newRow("v6") << QStringLiteral("http://[::1]:8080/v1") << 8080;
        QTest::newRow("name") << QStringLiteral("http://localhost:1234") << 1234;
        QTest::newRow("no port") << QStringLiteral("http://localhost") << 80;
        QTest::newRow("elsewhere") << QStringLiteral("http://192.168.1.2:8080/v1") << 0;
        QTest::newRow("any") << QStringLiteral("http://0.0.0.0:8080/v1") << 0;
        QTest::newRow("looks like it") << QStringLiteral("http://127.0.0.1.example.com:80/") << 0;
        QTest::newRow("user") << QStringLiteral("http://localhost@example.com:80/") << 0;
        QTest::newRow("nothing") << QString() << 0;
    }

    void knowsLoopback()
    {
        QFETCH(QString, url);
        QFETCH(int, port);
        QCOMPARE(loopbackPort(url.toStdString()), port);
    }

    void whatIsConfiguredIsNotOfferedAgain()
    {
        OpenedWindow at;
        gateway::ProviderTest answer;
        answer.ok = answer.hasList = true;
        answer.models = {"a", "b"};
        at.link.localServers["http://127.0.0.1:11434"] = answer;
        LocalServers servers(at.link);
        servers.look();
        QTRY_VERIFY(servers.hasLooked());
        QCOMPARE(servers.found().size(), 1U);
        gateway::Config config = *at.link.config();
        gateway::ProviderConfig mine;
        mine.id = gateway::ProviderId("mine");
        mine.kind = "ollama";
        mine.baseUrl = "http://localhost:11434/";
        config.providers.push_back(mine);
        at.link.setConfig(config);
        QVERIFY(servers.found().empty()); // At once,
        at.link.asked.clear();
        servers.look();
        QTRY_VERIFY(servers.hasLooked());
        QVERIFY(servers.found().empty()); // and it is not even asked.
        QVERIFY(std::find(at.link.asked.begin(), at.link.asked.end(), "http://127.0.0.1:11434") ==
                at.link.asked.end());
    }

    void oneClickAddsAndUndoTakesBack()
    {
        OpenedWindow at;
        gateway::ProviderTest answer;
        answer.ok = answer.hasList = true;
        answer.models = {"a", "b"};
        at.link.localServers["http://127.0.0.1:11434"] = answer;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.window.openPage(QStringLiteral("providers"));
        OpenedWindow::settle();
        QVERIFY(at.press("addServerButton", QStringLiteral("Add Ollama")));
        const gateway::ProviderConfig* added = at.link.config()->findProvider("ollama");
        QVERIFY(added != nullptr);
        QVERIFY(added->local);
        QVERIFY(added->keys.empty());
        QCOMPARE(added->baseUrl, std::string("http://127.0.0.1:11434"));
        QVERIFY(added->proxy.empty());
        QVERIFY(added->dataPolicy == gateway::DataPolicy({false, 0, "local"}));
        QVERIFY(!at.press("addServerButton"));
        QTest::keyClick(&at.window, Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(at.link.config()->findProvider("ollama") == nullptr);
        QVERIFY(at.press("addServerButton", QStringLiteral("Add Ollama"))); // It is offered again.
    }

    void theDialogAndTheFirstPageOfferThemToo()
    {
        OpenedWindow at;
        gateway::ProviderTest answer;
        answer.ok = answer.hasList = true;
        at.link.localServers["http://127.0.0.1:1234/v1"] = answer;
        at.link.localServers["http://127.0.0.1:1234/v1"].owner = "organization_owner";
        at.window.openPage(QStringLiteral("providers"), QStringLiteral("add"));
        OpenedWindow::settle();
        QVERIFY(at.dialog() != nullptr);
        QPushButton* add = nullptr;
        for (QPushButton* each : at.dialog()->findChildren<QPushButton*>(QStringLiteral("addServerButton"))) {
            if (each->isVisible()) add = each;
        }
        QVERIFY(add != nullptr);
        add->click();
        OpenedWindow::settle();
        QVERIFY(at.dialog() == nullptr);
        QVERIFY(at.link.config()->findProvider("lm-studio") != nullptr);

        OpenedWindow fresh;
        fresh.link.localServers = at.link.localServers;
        auto* found = fresh.window.findChild<FoundServers*>();
        QVERIFY(found != nullptr);
        found->look();
        OpenedWindow::settle();
        QVERIFY(fresh.press("addServerButton", QStringLiteral("Add LM Studio")));
        QVERIFY(fresh.link.config()->findProvider("lm-studio") != nullptr);
    }

    void whereNoneIsFoundItSaysHowToStartOne()
    {
        OpenedWindow at;
        at.window.openPage(QStringLiteral("providers"));
        OpenedWindow::settle();
        const auto says = [&at](const char* text) {
            for (const QLabel* label : at.window.findChildren<QLabel*>()) {
                if (label->isVisible() && label->text().contains(QLatin1String(text))) return true;
            }
            return false;
        };
        QVERIFY(says("No model server was found"));
        QVERIFY(says("ollama serve"));
        QVERIFY(at.press("hideServersButton"));
        QVERIFY(!says("ollama serve"));
        QVERIFY(at.press("findServersButton"));
        QVERIFY(says("ollama serve"));
    }
};

} // namespace ui

QTEST_MAIN(ui::LocalServersTest)
#include "local_servers_test.moc"
