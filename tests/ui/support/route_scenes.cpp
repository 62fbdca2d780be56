// SPDX-License-Identifier: GPL-3.0-or-later
#include <QComboBox>
#include <QPlainTextEdit>

#include "ui/support/window_scene.h"

namespace ui {
namespace {

void choose(Scene& scene, const char* comboBox, const char* what)
{
    auto* combo = scene.window().findChild<QComboBox*>(QLatin1String(comboBox));
    combo->setCurrentIndex(combo->findData(QLatin1String(what)));
    settleScene();
}

} // namespace

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
