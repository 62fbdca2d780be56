// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include <QAction>
#include <QComboBox>
#include <QDateTime>
#include <QDialog>
#include <QFile>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>

#include "gateway/config_io.h"

#include "dialogs/import_dialog.h"
#include "ui/support/fake_link.h"
#include "ui/support/window_scene.h"
#include "widgets/route_picture.h"

namespace ui {
namespace {

void choose(Scene& scene, const char* comboBox, const char* what)
{
    auto* combo = scene.window().findChild<QComboBox*>(QLatin1String(comboBox));
    combo->setCurrentIndex(combo->findData(QLatin1String(what)));
    settleScene();
}

constexpr const char* kLiteLlm =
    "model_list:\n"
    "  - model_name: smart\n"
    "    litellm_params: {model: openrouter/meta/llama, api_key: not-a-real-key-0001, weight: 3}\n"
    "  - model_name: smart\n"
    "    litellm_params: {model: mistral/mistral-large, api_key: os.environ/MISTRAL_KEY}\n"
    "  - model_name: summaries\n"
    "    litellm_params: {model: openai/gpt-4.1-mini, temperature: 0.2}\n"
    "  - model_name: nova\n"
    "    litellm_params: {model: bedrock/amazon.nova-pro-v1:0, aws_region_name: eu-central-1,\n"
    "      aws_access_key_id: os.environ/AWS_ID, aws_secret_access_key: os.environ/AWS_SECRET}\n"
    "  - model_name: \"*\"\n"
    "    litellm_params: {model: \"openai/*\"}\n"
    "router_settings:\n"
    "  routing_strategy: simple-shuffle\n"
    "  context_window_fallbacks: [{summaries: [smart]}]\n"
    "litellm_settings: {cache: true, success_callback: [langfuse]}\n";

void shootImport(Scene& scene)
{
    scene.press("importRoutesButton");
    scene.shootDialog("routes-import");
    auto* dialog = qobject_cast<ImportDialog*>(&scene.dialog());
    const QTemporaryDir folder;
    const auto choose = [&](const char* name, const QByteArray& text) {
        QFile file(folder.filePath(QLatin1String(name)));
        if (file.open(QIODevice::WriteOnly)) file.write(text);
        file.close();
        dialog->chooseFile(file.fileName());
        const auto* choice = dialog->findChild<QWidget*>(QStringLiteral("chooseFileButton"));
        Scene::waitUntil([choice] { return choice->isEnabled(); });
    };
    choose("notes.json", "{\"a\": 1}");
    scene.shootDialog("routes-import-none");
    choose("config.yaml", kLiteLlm);
    scene.shootDialog("routes-import-found");
    Scene::press(scene.dialog(), "segmentButton", QStringLiteral("Line by line"));
    scene.shootDialog("routes-import-lines");
    scene.closeDialog();
}

void shootVersions(Scene& scene, FakeLink& link)
{
    gateway::RouteConfig older = link.config()->routes[0];
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch() * 1000;
    std::vector<gateway::RouteVersion> before;
    older.targets.pop_back();
    before.push_back({older.id, now - 200'000'000'000, "file", gateway::routeText(older)});
    older.strategy = "weighted";
    older.targets[0].weight = 7;
    older.retry.attempts = 3;
    before.push_back({older.id, now - 9'000'000'000, "window", gateway::routeText(older)});
    link.versions.insert(link.versions.begin(), before.begin(), before.end());
    scene.tab("Versions");
    scene.shoot("routes-versions");
    scene.selectRow("versionsTable", 1);
    scene.shoot("routes-versions-difference");
    scene.press("rollBackButton");
    scene.shoot("routes-rolled-back");
    scene.press("revertButton");
    scene.press("duplicateRouteButton");
    scene.tab("Versions");
    scene.shoot("routes-versions-none");
    scene.tab("Edit");
    scene.press("revertButton");
    scene.selectIn("routesList", 0);
}

void shootPicture(Scene& scene, FakeLink& link)
{
    gateway::Config config = *link.config();
    config.routes[0].strategy = "conditional";
    config.routes[0].targets[0].whenJson = R"({"input_tokens":{"$gt":60000},"tools":true})";
    config.routes[0].fallbacks = {{"context_length", "local"},
                                  {"rate_limit", "groq/llama-3.3-70b-versatile"}};
    config.routes[0].targets.emplace_back().route = gateway::RouteId("by-size");
    const gateway::Config before = *link.config();
    link.setConfig(config);
    settleScene();
    if (!scene.isVisible("routePictureView")) scene.tab("Picture");
    auto* picture = scene.window().findChild<RoutePicture*>();
    picture->setFocus();
    scene.shoot("routes-picture");
    scene.tab("Edit");
    link.setConfig(before);
}

// Nested conditions, and one that the builder cannot show; begins and ends with the JSON.
void shootGroups(Scene& scene)
{
    auto* text = scene.window().findChild<QPlainTextEdit*>(QStringLiteral("conditionTextEdit"));
    const QString before = text->toPlainText();
    const bool low = scene.window().height() < 700; // The dry run stands instead of the cards there.
    if (low) scene.press("showDryRunButton");
    text->setPlainText(
        QStringLiteral(R"({"$and":[{"tools":false},{"$or":[{"input_tokens":{"$lt":4000}},)"
                       R"({"$not":{"$or":[{"key":"cursor"},{"metadata.plan":{"$in":["pro","team"]}}]}}]},)"
                       R"({"hour":{"$gte":9}}]})"));
    scene.tab("Builder");
    scene.shoot("routes-condition-groups");
    scene.tab("JSON");
    scene.shoot("routes-condition-groups-json");
    text->setPlainText(QStringLiteral(R"({"$or":[{},{"hour":9}]})"));
    scene.shoot("routes-condition-unshown");
    text->setPlainText(QString());
    scene.tab("Builder");
    scene.shoot("routes-condition-none");
    scene.tab("JSON");
    text->setPlainText(before);
    scene.tab("Builder");
    if (low) scene.press("showDryRunButton");
}

// The second target of the first route is set aside, then about to be tried.
void shootCircuits(Scene& scene, FakeLink& link)
{
    using Circuit = gateway::TargetHealth::Circuit;
    const gateway::ActivitySnapshot before = link.activity();
    gateway::ActivitySnapshot activity = before;
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch() * 1000;
    activity.targets = {
        {gateway::ProviderId("openai"), "gpt-4.1", Circuit::Open, 4, 80, now, now + 60'000'000}};
    const auto shootBoth = [&](const char* cards, const char* picture) {
        link.setActivity(activity);
        settleScene();
        scene.scroll(0.25);
        scene.shoot(cards);
        scene.scroll(0);
        if (scene.isVisible("routePictureView")) return;
        scene.tab("Picture");
        scene.shoot(picture);
        scene.tab("Edit");
    };
    shootBoth("routes-set-aside-target", "routes-set-aside-picture");
    activity.targets[0].circuit = Circuit::HalfOpen;
    shootBoth("routes-half-open-target", "routes-half-open-picture");
    link.setActivity(before);
}

// What is pretended of the first target.
void simulateFirst(Scene& scene, int what)
{
    auto* button = scene.window().findChild<QPushButton*>(QStringLiteral("simulateButton"));
    button->menu()->actions().constFirst()->menu()->actions().at(what)->trigger();
    settleScene();
}

void runDry(Scene& scene)
{
    auto* result = scene.window().findChild<QPlainTextEdit*>(QStringLiteral("dryRunResultEdit"));
    const QString before = result->toPlainText();
    scene.press("dryRunButton");
    Scene::waitUntil([&] { return !result->toPlainText().isEmpty() && result->toPlainText() != before; });
}

bool showsLabel(const QWidget& root, const QString& part)
{
    const auto labels = root.findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&part](const QLabel* label) {
        return label->isVisible() && label->text().contains(part);
    });
}

void chooseSource(Scene& scene, int fromEnd)
{
    auto* sources = scene.window().findChild<QComboBox*>(QStringLiteral("dryRunSourceComboBox"));
    sources->setCurrentIndex(sources->count() - fromEnd);
    settleScene();
}

// Two targets with examples, the third the default; a request that is tried, and one that is like none.
void shootMeaning(Scene& scene, FakeLink& link)
{
    const gateway::Config before = *link.config();
    gateway::Config config = before;
    config.routes[0].strategy = "semantic";
    config.routes[0].targets[0].examples = {
        "Why does this function return null?", "Fix the segmentation fault in my program",
        "Write a unit test for this class", "How do I reverse a linked list in Python?"};
    config.routes[0].targets[1].description = "Translates texts into other languages";
    link.setConfig(config);
    settleScene();
    scene.selectIn("routesList", 0);
    scene.scroll(0.2);
    scene.shoot("routes-meaning");
    auto* text = scene.window().findChild<QPlainTextEdit*>(QStringLiteral("meaningTryEdit"));
    const auto attempt = [&](const char* asked, const QString& said, const char* name) {
        text->setPlainText(QLatin1String(asked));
        Scene::waitUntil([&] { return showsLabel(scene.window(), said); });
        scene.scroll(0.5);
        scene.shoot(name);
    };
    attempt("Why is this pointer null in my function?", QStringLiteral("It would go to "),
            "routes-meaning-tried");
    attempt("Who won the football match?", QStringLiteral("to the default"), "routes-meaning-default");
    text->clear();
    link.setConfig(before);
    settleScene();
    scene.scroll(0);
}

// A change of the last route that breaks a test of the first, which leads there.
void shootOtherTests(Scene& scene, FakeLink& link)
{
    const gateway::Config before = *link.config();
    gateway::Config config = before;
    gateway::RouteTest test;
    test.name = "At home in the end";
    test.requestJson = R"({"model":"smart","messages":[{"role":"user","content":"hi"}]})";
    test.expect.target = "lab";
    test.down = {"anthropic", "openai"};
    config.routes[0].tests = {test};
    link.setConfig(config);
    settleScene();
    scene.selectIn("routesList", 2);
    choose(scene, "targetProviderComboBox", "groq");
    scene.window()
        .findChild<QComboBox*>(QStringLiteral("targetModelComboBox"))
        ->setEditText(QStringLiteral("gpt-oss-20b"));
    scene.press("applyButton");
    Scene::waitUntil([&] { return scene.isVisible("applyAnywayButton"); });
    scene.scroll(1);
    scene.shoot("routes-apply-refused-other");
    scene.press("revertButton");
    link.setConfig(before);
    settleScene();
    scene.selectIn("routesList", 0);
    scene.scroll(0);
}

} // namespace

void shootRouteTests(Scene& scene)
{
    scene.open("routes");
    const bool beside = scene.isVisible("dryRunButton");
    if (!beside) scene.press("showDryRunButton");
    scene.shoot("routes-dry-run-start");
    scene.press("dryRunHeadersButton");
    scene.window()
        .findChild<QPlainTextEdit*>(QStringLiteral("dryRunHeadersEdit"))
        ->setPlainText(QStringLiteral("user-agent: my-agent/1.0\nx-turnpike-tags nightly"));
    settleScene();
    scene.shoot("routes-dry-run-headers");
    scene.window().findChild<QPlainTextEdit*>(QStringLiteral("dryRunHeadersEdit"))->clear();
    scene.press("dryRunHeadersButton");
    simulateFirst(scene, 1);
    runDry(scene);
    scene.shoot("routes-dry-run-simulated");
    scene.press("saveTestButton");
    chooseSource(scene, 3);
    scene.shoot("routes-dry-run-stand-in");
    scene.press("replayButton");
    Scene::waitUntil([&] {
        return showsLabel(scene.dialog(), QStringLiteral("They cost")) ||
               showsLabel(scene.dialog(), QStringLiteral("yet"));
    });
    scene.shootDialog("routes-replay");
    scene.closeDialog();
    if (!beside) scene.press("showDryRunButton");
    scene.scroll(1);
    scene.shoot("routes-tests");
    scene.press("runTestsButton");
    Scene::waitUntil([&] { return showsLabel(scene.window(), QStringLiteral("Passed")); });
    scene.shoot("routes-tests-passed");
    scene.press("editTestButton");
    scene.shootDialog("routes-test-edit");
    scene.closeDialog();
    scene.press("removeTargetButton");
    scene.press("removeTargetButton");
    scene.press("applyButton");
    Scene::waitUntil([&] { return scene.isVisible("applyAnywayButton"); });
    scene.scroll(1);
    scene.shoot("routes-apply-refused");
    scene.press("applyAnywayButton");
    scene.shootDialog("routes-apply-anyway");
    scene.closeDialog();
    scene.press("revertButton");
}

void shootRoutes(Scene& scene, FakeLink& link)
{
    scene.open("routes");
    scene.shoot("routes");
    shootOtherTests(scene, link);
    shootVersions(scene, link);
    shootPicture(scene, link);
    shootMeaning(scene, link);
    shootCircuits(scene, link);
    shootImport(scene);
    scene.scroll(1);
    scene.shoot("routes-end");
    for (const auto& [tab, name] :
         {std::pair{"Set aside", "routes-set-aside"}, {"Slow", "routes-slow"}, {"Go to", "routes-go-to"}}) {
        scene.tab(tab);
        scene.scroll(0.5);
        scene.shoot(name);
    }
    scene.selectIn("routesList", 1);
    scene.scroll(0);
    scene.shoot("routes-condition");
    if (!scene.isVisible("dryRunButton")) scene.press("showDryRunButton");
    scene.press("dryRunButton");
    auto* result = scene.window().findChild<QPlainTextEdit*>(QStringLiteral("dryRunResultEdit"));
    Scene::waitUntil([result] { return !result->toPlainText().isEmpty(); });
    scene.shoot("routes-dry-run");
    scene.tab("JSON");
    scene.shoot("routes-condition-json");
    shootGroups(scene);
    scene.selectIn("routesList", 0);
    choose(scene, "strategyComboBox", "weighted");
    scene.scroll(0.4);
    scene.shoot("routes-weighted");
    choose(scene, "strategyComboBox", "lowest_usage");
    scene.press("addTargetButton");
    scene.scroll(0.5);
    scene.shoot("routes-problem");
    scene.press("revertButton");
    scene.press("addRouteButton");
    scene.shootDialog("routes-add");
    scene.closeDialog();
    scene.press("deleteRouteButton");
    scene.shoot("routes-deleted");
}

} // namespace ui
