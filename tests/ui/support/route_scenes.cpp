// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>

#include "ui/support/window_scene.h"

namespace ui {
namespace {

void choose(Scene& scene, const char* comboBox, const char* what)
{
    auto* combo = scene.window().findChild<QComboBox*>(QLatin1String(comboBox));
    combo->setCurrentIndex(combo->findData(QLatin1String(what)));
    settleScene();
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

} // namespace

void shootRouteTests(Scene& scene)
{
    scene.open("routes");
    const bool beside = scene.isVisible("dryRunButton");
    if (!beside) scene.press("showDryRunButton");
    scene.shoot("routes-dry-run-start");
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

void shootRoutes(Scene& scene)
{
    scene.open("routes");
    scene.shoot("routes");
    scene.scroll(1);
    scene.shoot("routes-end");
    scene.tab("Set aside");
    scene.scroll(1);
    scene.shoot("routes-set-aside");
    scene.tab("Go to");
    scene.scroll(1);
    scene.shoot("routes-go-to");
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
    scene.tab("Lines");
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
