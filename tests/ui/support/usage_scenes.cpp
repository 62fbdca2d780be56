// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QDialog>
#include <QMenu>
#include <QPlainTextEdit>
#include <QTableView>

#include "ui/support/fake_link.h"
#include "ui/support/window_scene.h"
#include "widgets/choice_button.h"

namespace ui {
namespace {

void group(Scene& scene, const char* by)
{
    auto* button = scene.window().findChild<ChoiceButton*>(QStringLiteral("usageGroupButton"));
    for (QAction* action : button->menu()->actions()) {
        if (action->data().toString() == QLatin1String(by)) action->trigger();
    }
    settleScene();
}

} // namespace

void shootUsage(Scene& scene, FakeLink& link)
{
    scene.open("usage");
    scene.shoot("usage");
    scene.scroll(0.5);
    scene.shoot("usage-middle");
    scene.scroll(1);
    scene.selectRow("usageTable", 1);
    scene.shoot("usage-end");
    scene.scroll(0);
    for (const auto& [range, name] : {std::pair{"1 h", "usage-1h"},
                                      {"7 d", "usage-7d"},
                                      {"30 d", "usage-30d"},
                                      {"Custom", "usage-custom"}}) {
        Scene::press(scene.window(), "segmentButton", QLatin1String(range));
        scene.shoot(name);
    }
    link.groupsAtMost = 3;
    group(scene, "session");
    scene.scroll(1);
    scene.shoot("usage-others");
    scene.scroll(0);
    link.groupsAtMost = 0;
    group(scene, "model");
    scene.press("legendButton");
    scene.press("comparePriorButton");
    scene.shoot("usage-hidden-part");
    scene.press("legendButton");
    scene.press("comparePriorButton");
    scene.press("aboutUsageButton");
    scene.shootDialog("usage-about");
    Scene::press(scene.dialog(), "recalculateButton");
    scene.shootDialog("recalculate");
    link.neverAnswers = true;
    Scene::press(scene.dialog(), "acceptButton");
    scene.shootDialog("recalculate-applying");
    scene.closeDialog();
    link.neverAnswers = false;
    scene.press("reconcileButton");
    scene.shootDialog("reconcile");
    Scene::press(scene.dialog(), "acceptButton");
    scene.shootDialog("reconcile-problem");
    scene.dialog()
        .findChild<QPlainTextEdit*>(QStringLiteral("csvPlainTextEdit"))
        ->setPlainText(QStringLiteral("date,model,input_tokens\n2026-11-20,gpt-4.1,182400\n"));
    Scene::press(scene.dialog(), "acceptButton");
    scene.shootDialog("reconcile-by-model");
    Scene::press(scene.dialog(), "segmentButton", QStringLiteral("Day by day"));
    scene.shootDialog("reconcile-days");
    scene.closeDialog();
    Scene::press(scene.window(), "segmentButton", QStringLiteral("24 h"));
}

} // namespace ui
