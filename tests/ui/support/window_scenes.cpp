// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/support/window_scenes.h"

#include <utility>

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QEventLoop>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>
#include <QTimer>

#include "dialogs/new_key_dialog.h"
#include "main_window.h"
#include "tray_icon.h"
#include "ui/support/fake_link.h"
#include "ui/support/window_scene.h"

namespace ui {
namespace {

void addServers(FakeLink& link)
{
    gateway::ProviderTest answer;
    answer.ok = answer.hasList = true;
    for (int i = 0; i < 12; ++i) {
        answer.models.push_back("model-" + std::to_string(i));
    }
    link.localServers["http://127.0.0.1:11434"] = answer;
    answer.models.resize(1);
    link.localServers["http://127.0.0.1:8080/v1"] = answer;
}

int failedRow(const QTableView& table)
{
    for (int row = 0; row < table.model()->rowCount(); ++row) {
        if (table.model()->index(row, 1).data().toString().startsWith(QLatin1String("429"))) return row;
    }
    return 0;
}

void shootHome(Scene& scene)
{
    scene.shoot("home");
    scene.scroll(1);
    scene.shoot("home-end");
    scene.scroll(0);
    for (const auto& [range, name] :
         {std::pair{"1 h", "home-1h"}, {"7 d", "home-7d"}, {"30 d", "home-30d"}}) {
        Scene::press(scene.window(), "segmentButton", QLatin1String(range));
        scene.shoot(name);
    }
    Scene::press(scene.window(), "segmentButton", QStringLiteral("24 h"));
}

void shootRequests(Scene& scene, FakeLink& link)
{
    scene.open("requests");
    scene.shoot("requests");
    auto* table = scene.window().findChild<QTableView*>(QStringLiteral("requestsTable"));
    table->verticalScrollBar()->setValue(200);
    link.logOneMore();
    link.logOneMore();
    scene.shoot("requests-waiting");
    table->verticalScrollBar()->setValue(0);
    scene.selectRow("requestsTable", 2);
    scene.shoot("request-detail");
    scene.selectRow("requestsTable", failedRow(*table));
    scene.shoot("request-detail-failed");
    scene.press("closeDetailButton");
    scene.type("filterEdit", QStringLiteral("provider:nobody"));
    QCoreApplication::processEvents(QEventLoop::AllEvents, 400);
    scene.press("refreshButton");
    scene.shoot("requests-filtered");
    scene.type("filterEdit", {});
}

void shootTabs(Scene& scene, FakeLink& link)
{
    for (const auto& [row, name] : {std::pair{0, "openai"}, {2, "groq"}, {3, "lab"}}) {
        scene.selectProvider(row);
        for (const char* tab : {"Overview", "Keys", "Connection", "Data policy"}) {
            scene.tab(tab);
            const QString file =
                QStringLiteral("tab-%1-%2").arg(QLatin1String(name), QLatin1String(tab).toString());
            scene.shoot(file.toLower().replace(QLatin1Char(' '), QLatin1Char('-')).toLatin1().constData());
        }
    }
    scene.selectProvider(0);
    scene.tab("Connection");
    scene.type("baseUrlEdit", QStringLiteral("openai"));
    emit scene.window().findChild<QLineEdit*>(QStringLiteral("baseUrlEdit"))->textEdited({});
    scene.press("addHeaderButton");
    scene.shoot("tab-connection-problem");
    scene.scroll(1);
    scene.shoot("tab-connection-end");
    scene.press("discardConnectionButton");
    const gateway::ActivitySnapshot before = link.activity();
    link.setKeysAside();
    scene.tab("Overview");
    scene.shoot("tab-overview-aside");
    scene.tab("Keys");
    scene.shoot("tab-keys-aside");
    scene.selectRow("keysTable", 1);
    scene.press("testKeyButton");
    scene.tab("In order");
    scene.shoot("tab-keys-in-order");
    scene.tab("By weight");
    link.setActivity(before);
    scene.press("findServersButton");
    scene.shoot("servers-none");
    addServers(link);
    scene.press("findServersButton");
    scene.shoot("servers-found");
    scene.press("hideServersButton");
    scene.tab("Overview");
}

void shootProviders(Scene& scene, FakeLink& link)
{
    scene.open("providers");
    scene.selectProvider(0);
    scene.press("testButton");
    scene.shoot("providers");
    scene.selectProvider(1);
    scene.press("testButton");
    scene.shoot("providers-failed");
    scene.selectProvider(3);
    scene.shoot("providers-local");
    scene.selectProvider(2);
    link.neverAnswers = true;
    scene.press("testButton");
    scene.shoot("providers-testing");
    link.neverAnswers = false;
    shootTabs(scene, link);
    scene.selectProvider(0);
    scene.tab("Keys");
    scene.press("addKeyButton");
    scene.shootDialog("add-key");
    Scene::press(scene.dialog(), "acceptButton");
    scene.shootDialog("add-key-problem");
    scene.closeDialog();
    scene.press("removeProviderButton");
    scene.shootDialog("confirm-remove");
    scene.closeDialog();
    scene.tab("Overview");
}

void shootUpdate(Scene& scene, FakeLink& link)
{
    scene.press("updateCatalogButton");
    scene.shootDialog("update-catalog");
    link.neverAnswers = true;
    Scene::press(scene.dialog(), "acceptButton");
    scene.shootDialog("update-catalog-looking");
    link.neverAnswers = false;
    Scene::press(scene.dialog(), "cancelButton");
    Scene::press(scene.dialog(), "acceptButton");
    scene.shootDialog("update-catalog-found");
    Scene::press(scene.dialog(), "onlyOwnButton");
    scene.shootDialog("update-catalog-own");
    Scene::press(scene.dialog(), "acceptButton");
    scene.shoot("models-updated");
    link.nextUpdate.problem = "openrouter.ai cannot be reached: the name was not found. Check the network.";
    scene.press("updateCatalogButton");
    Scene::press(scene.dialog(), "acceptButton");
    scene.shootDialog("update-catalog-failed");
    scene.closeDialog();
    link.catalog.updateProblem = "The newer list is damaged and was left out. Take it anew, or go back.";
    scene.press("refreshListsButton");
    scene.shoot("models-damaged");
    link.catalog.updateProblem.clear();
}

void shootModels(Scene& scene, FakeLink& link)
{
    scene.open("models");
    scene.shoot("models");
    scene.selectRow("modelsTable", 7);
    scene.shoot("model-detail");
    scene.type("aliasEdit", QStringLiteral("clever"));
    scene.type("inputPriceEdit", QStringLiteral("2.75"));
    scene.press("saveModelButton");
    scene.type("contextEdit", QStringLiteral("many"));
    scene.press("saveModelButton");
    scene.shoot("model-detail-problem");
    scene.press("discardButton");
    scene.selectRow("modelsTable", 8);
    scene.scroll(0);
    scene.shoot("model-detail-deprecated");
    scene.press("closeModelButton");
    scene.press("localChipButton");
    scene.shoot("models-filtered");
    scene.type("findModelEdit", QStringLiteral("nothing like it"));
    scene.shoot("models-none-match");
    scene.press("clearFiltersButton");
    auto* table = scene.window().findChild<QTableView*>(QStringLiteral("modelsTable"));
    table->sortByColumn(4, Qt::AscendingOrder);
    for (const int row : {1, 4, 7, 9}) {
        table->selectionModel()->select(table->model()->index(row, 0),
                                        QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
    scene.shoot("models-chosen");
    scene.press("compareButton");
    scene.shootDialog("compare-models");
    scene.closeDialog();
    table->clearSelection();
    table->sortByColumn(-1, Qt::AscendingOrder);
    shootUpdate(scene, link);
}

void shootAddKinds(Scene& scene)
{
    for (const auto& [preset, name] : {std::pair{"Google Vertex AI", "add-vertex"},
                                       {"Amazon Bedrock", "add-bedrock"},
                                       {"Azure OpenAI", "add-azure"},
                                       {"Google Gemini", "add-gemini"},
                                       {"Cohere", "add-cohere"},
                                       {"Ollama", "add-ollama"}}) {
        scene.open("providers", "add");
        Scene::type(scene.dialog(), "findPresetEdit",
                    QString::fromLatin1(preset).section(QLatin1Char(' '), -1));
        Scene::press(scene.dialog(), "presetButton", QLatin1String(preset));
        scene.shootDialog(name);
        scene.closeDialog();
    }
    scene.open("providers", "add");
    Scene::press(scene.dialog(), "presetButton", QStringLiteral("Google Vertex AI"));
    Scene::type(scene.dialog(), "keyEdit", QStringLiteral("{\"type\": \"service_account\"}"));
    Scene::press(scene.dialog(), "acceptButton");
    scene.shootDialog("add-vertex-problem");
    Scene::press(scene.dialog(), "segmentButton", QStringLiteral("File"));
    Scene::type(scene.dialog(), "findPresetEdit", QStringLiteral("nobody"));
    scene.shootDialog("add-provider-none-found");
    scene.closeDialog();
}

void shootAddProvider(Scene& scene, FakeLink& link)
{
    scene.open("providers", "add");
    scene.shootDialog("add-provider");
    Scene::type(scene.dialog(), "keyEdit", QStringLiteral("sk-ant-made-up"));
    scene.shootDialog("add-provider-recognized");
    Scene::press(scene.dialog(), "testButton");
    scene.shootDialog("add-provider-tested");
    link.neverAnswers = true;
    Scene::press(scene.dialog(), "testButton");
    scene.shootDialog("add-provider-testing");
    link.neverAnswers = false;
    scene.closeDialog();
    scene.open("providers", "add");
    Scene::press(scene.dialog(), "presetButton", QStringLiteral("Other (OpenAI-compatible)"));
    Scene::press(scene.dialog(), "acceptButton");
    scene.shootDialog("add-provider-problem");
    Scene::press(scene.dialog(), "segmentButton", QStringLiteral("Environment variable"));
    scene.shootDialog("add-provider-variable");
    scene.closeDialog();
    shootAddKinds(scene);
}

void shootSettings(Scene& scene)
{
    scene.open("settings");
    scene.shoot("settings");
    scene.scroll(0.5);
    scene.shoot("settings-middle");
    scene.open("settings", "config");
    scene.scroll(1);
    scene.press("copyPathButton");
    scene.shoot("settings-end");
}

// The icon in its three looks, and the menu, which is a window of its own.
void shootTrayMenu(const Album& album, const char* name)
{
    const auto windows = QApplication::topLevelWidgets();
    for (QWidget* window : windows) {
        auto* menu = qobject_cast<QMenu*>(window);
        if (menu == nullptr || menu->parentWidget() != nullptr) continue;
        menu->popup(QPoint(0, 0));
        album.shoot(*menu, QLatin1String(name));
        menu->hide();
    }
    QWidget icons;
    icons.setFixedSize(3 * 72, 72);
    const QIcon looks[] = {trayPicture({}, false), trayPicture(Theme::instance().color("danger"), false),
                           trayPicture(Theme::instance().color("muted"), true)};
    for (int i = 0; i < 3; ++i) {
        auto* label = new QLabel(&icons);
        label->setPixmap(looks[i].pixmap(QSize(64, 64)));
        label->move(4 + 72 * i, 4);
    }
    icons.show();
    album.shoot(icons, QStringLiteral("tray-icons"));
}

void shootStates(Scene& scene, const Album& album, FakeLink& link)
{
    scene.open("home");
    const TrayIcon tray(scene.window());
    shootTrayMenu(album, "tray-menu");
    gateway::ActivitySnapshot activity = link.activity();
    activity.port = 4778;
    activity.state = gateway::EngineState::Paused;
    link.setActivity(activity);
    scene.window().commands().copyBaseUrl->trigger();
    scene.shoot("paused-banner-toast");
    shootTrayMenu(album, "tray-menu-paused");
    auto* more = scene.window().findChild<QPushButton*>(QStringLiteral("endpointMenuButton"));
    more->menu()->popup(more->mapToGlobal(QPoint(0, more->height())));
    album.shoot(*more->menu(), QStringLiteral("endpoint-menu"));
    more->menu()->hide();
    scene.window().commands().foldSideBar->trigger();
    scene.shoot("folded");
    scene.window().commands().foldSideBar->trigger();
    activity.state = gateway::EngineState::Running;
    activity.logProblem =
        "The request log cannot be written: the disk is full. Requests go on, logging is off.";
    activity.lostLogRows = 12;
    activity.providers[2].state = gateway::ProviderHealth::State::KeyRefused;
    activity.providers[2].problem = "Groq refused the key main (401: Invalid API Key).";
    link.setActivity(activity);
    scene.shoot("banner-bad");
    scene.open("providers");
    scene.selectProvider(2);
    scene.shoot("providers-refused");
}

void shootFull(const Album& album, Preferences& preferences)
{
    FakeLink link;
    link.makeUpData(240);
    Scene scene(album, preferences, link);
    shootHome(scene);
    shootRequests(scene, link);
    shootUsage(scene, link);
    shootProviders(scene, link);
    shootAddProvider(scene, link);
    shootModels(scene, link);
    shootRouteTests(scene);
    shootRoutes(scene, link);
    shootGuardrails(scene, link);
    shootPrompts(scene, link);
    shootKeys(scene, link);
    shootCache(scene, link);
    shootSettings(scene);
    shootStates(scene, album, link);
}

void shootEmpty(const Album& album, Preferences& preferences)
{
    FakeLink link;
    Scene scene(album, preferences, link);
    scene.shoot("empty-home");
    Scene::press(scene.window(), "segmentButton", QStringLiteral("Python"));
    scene.scroll(1);
    scene.shoot("empty-home-end");
    scene.open("requests");
    scene.shoot("empty-requests");
    scene.open("usage");
    scene.shoot("empty-usage");
    scene.open("providers");
    scene.shoot("empty-providers");
    scene.open("models");
    scene.shoot("empty-models");
    scene.open("routes");
    scene.shoot("empty-routes");
    scene.open("providers");
    addServers(link);
    scene.press("findServersButton");
    scene.shoot("empty-providers-found");
    scene.open("providers", "add");
    scene.shootDialog("add-provider-found");
    scene.closeDialog();
    link.localServers.clear();
    gateway::Config config = *link.config();
    config.keys.clear();
    link.setConfig(config);
    link.secrets.clear();
    scene.open("settings");
    scene.shoot("empty-settings");
    scene.open("keys");
    scene.shoot("empty-keys");
    scene.open("home");
    scene.shoot("empty-home-without-key");
    gateway::ActivitySnapshot activity = link.activity();
    activity.keychain = gateway::KeychainState::Unavailable;
    activity.keychainProblem = "No Secret Service answers on this computer.";
    link.setActivity(activity);
    scene.open("providers", "add");
    scene.shootDialog("add-without-keychain");
    scene.closeDialog();
    scene.shoot("banner-warning");
}

void shootFailed(const Album& album, Preferences& preferences)
{
    FakeLink link;
    link.dropQueries = true;
    link.fileProblems = {{gateway::ConfigProblem::Weight::Error, "routes.smart.stratgy",
                          "is not known; the nearest name is \"strategy\".", 14}};
    Scene scene(album, preferences, link);
    scene.shoot("failed-home");
    scene.open("requests");
    scene.shoot("failed-requests");
    scene.open("usage");
    scene.shoot("failed-usage");
    scene.open("models");
    scene.shoot("failed-models");
    scene.open("settings", "config");
    scene.shoot("failed-settings");
    gateway::ActivitySnapshot activity = link.activity();
    activity.state = gateway::EngineState::Failed;
    activity.port = 0;
    link.setActivity(activity);
    emit link.failed(QStringLiteral("port_in_use"),
                     QStringLiteral("All ports from 4777 to 4786 are taken by other programs."));
    scene.open("home");
    scene.shoot("failed-engine");
    scene.window().commands().copyKey->trigger();
    link.secrets.clear();
    scene.window().commands().copyKey->trigger();
    scene.shoot("failed-toast");
}

void shootLoading(const Album& album, Preferences& preferences)
{
    FakeLink link;
    link.makeUpData(5);
    link.neverAnswers = true;
    Scene scene(album, preferences, link);
    scene.shoot("loading-home");
    scene.open("models");
    scene.open("requests");
    QEventLoop waiting; // Only what takes a while is spoken of.
    QTimer::singleShot(500, &waiting, &QEventLoop::quit);
    waiting.exec();
    scene.shoot("loading-requests");
    scene.open("models");
    scene.shoot("loading-models");
}

void shootLong(const Album& album, Preferences& preferences)
{
    FakeLink link;
    link.makeUpCrowd();
    Scene scene(album, preferences, link);
    scene.shoot("crowd-home");
    scene.scroll(1);
    scene.shoot("crowd-home-end");
    scene.open("requests");
    scene.shoot("crowd-requests");
    scene.selectRow("requestsTable", 1);
    scene.shoot("crowd-request-detail");
    scene.open("usage");
    scene.shoot("crowd-usage");
    scene.open("providers");
    scene.selectProvider(4);
    scene.press("testButton");
    scene.shoot("crowd-providers");
    scene.tab("Keys");
    scene.shoot("crowd-keys");
    scene.tab("Connection");
    scene.shoot("crowd-connection");
    scene.press("removeProviderButton");
    scene.shootDialog("crowd-confirm");
    scene.closeDialog();
    scene.open("models");
    scene.shoot("crowd-models");
    scene.type("findModelEdit", QStringLiteral("research"));
    scene.selectRow("modelsTable", 0);
    scene.shoot("crowd-model-detail");
    scene.open("routes");
    scene.shoot("crowd-routes");
    scene.open("keys");
    scene.shoot("crowd-virtual-keys");
}

} // namespace

Album::Album(QString folder, QSize size, QString only)
    : m_folder(std::move(folder)), m_size(size), m_only(std::move(only))
{
}

void Album::shoot(QWidget& widget, const QString& name) const
{
    settleScene();
    if (!name.contains(m_only)) return;
    widget.grab().save(QStringLiteral("%1/%2-%3-%4.png")
                           .arg(m_folder, name,
                                Theme::instance().isDark() ? QStringLiteral("dark") : QStringLiteral("light"))
                           .arg(m_size.width()));
}

void shootEverything(const Album& album, Preferences& preferences)
{
    shootFull(album, preferences);
    shootEmpty(album, preferences);
    shootFailed(album, preferences);
    shootLoading(album, preferences);
    shootLong(album, preferences);
}

} // namespace ui
