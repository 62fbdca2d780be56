// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDialog>

#include "ui/support/fake_budgets.h"
#include "ui/support/fake_link.h"
#include "ui/support/window_scene.h"

namespace ui {
namespace {

void shootQuestions(Scene& scene, FakeLink& link)
{
    const gateway::ActivitySnapshot before = link.activity();
    link.ask(madeUpQuestion());
    gateway::SpendQuestion loop = madeUpQuestion();
    loop.id = 2;
    loop.kind = gateway::SpendQuestion::Kind::AgentLoop;
    loop.subject = "claude-code-7f3a";
    loop.client = "claude-code";
    loop.reason = "The tool read_file was called 8 times with the same arguments.";
    loop.moreNanos = loop.limitNanos = 0;
    link.ask(loop);
    scene.shoot("keys-questions");
    scene.press("questionDetailsButton");
    scene.shootDialog("keys-question");
    scene.closeDialog();
    gateway::ActivitySnapshot paused = before;
    paused.spendingPaused = true;
    link.setActivity(paused);
    scene.open("home");
    scene.shoot("keys-spending-paused-home");
    link.setActivity(before);
    scene.shoot("keys-spend-home");
    scene.open("settings", "notifications");
    scene.shoot("keys-notifications");
}

gateway::Config withAllSorts(gateway::Config more)
{
    gateway::VirtualKeyConfig paused;
    paused.id = gateway::VirtualKeyId("nightly");
    paused.paused = true;
    more.keys.push_back(paused);
    paused.paused = false;
    paused.id = gateway::VirtualKeyId("workshop");
    paused.expires = "2020-01-31";
    more.keys.push_back(paused);
    more.budgets[1].atLimit = gateway::AtLimit::Reroute;
    more.budgets[1].route = more.routes.front().id;
    return more;
}

void shootBudgets(Scene& scene)
{
    scene.tab("Budgets");
    scene.selectRow("budgetsTable", 1);
    scene.shoot("keys-budgets");
    scene.press("editBudgetButton");
    scene.shootDialog("keys-budget-edit");
    scene.closeDialog();
    scene.press("removeBudgetButton");
    scene.shootDialog("keys-budget-remove");
    scene.closeDialog();
    scene.open("keys", "new-budget");
    Scene::press(scene.dialog(), "acceptButton");
    scene.shootDialog("keys-budget-problem");
    scene.closeDialog();
    scene.selectRow("budgetsTable", 2);
    scene.shoot("keys-budgets-used-up");
    scene.press("allowMoreButton");
    scene.shootDialog("keys-allow-more");
    scene.closeDialog();
}

} // namespace

void shootKeys(Scene& scene, FakeLink& link)
{
    const gateway::Config before = *link.config();
    gateway::Config more = withAllSorts(before);
    link.setConfig(more);
    scene.open("keys");
    scene.shoot("keys");
    scene.selectRow("virtualKeysTable", 1);
    scene.shoot("keys-chosen");
    scene.press("editVirtualKeyButton");
    scene.shootDialog("keys-edit");
    scene.closeDialog();
    scene.press("rotateVirtualKeyButton");
    scene.shootDialog("keys-rotate");
    Scene::press(scene.dialog(), "acceptButton");
    scene.shootDialog("keys-rotated");
    scene.closeDialog();
    scene.shoot("keys-overlap");
    scene.press("pauseVirtualKeyButton");
    scene.shoot("keys-paused");
    scene.press("revokeVirtualKeyButton");
    scene.shootDialog("keys-revoke");
    scene.closeDialog();
    scene.open("keys", "new-key");
    scene.shootDialog("keys-new");
    Scene::type(scene.dialog(), "nameEdit", QStringLiteral("my key"));
    Scene::press(scene.dialog(), "acceptButton");
    Scene::type(scene.dialog(), "rphEdit", QStringLiteral("many"));
    Scene::press(scene.dialog(), "acceptButton");
    scene.shootDialog("keys-new-problem");
    Scene::type(scene.dialog(), "rphEdit", {});
    Scene::type(scene.dialog(), "nameEdit", QStringLiteral("aider"));
    Scene::press(scene.dialog(), "acceptButton");
    Scene::press(scene.dialog(), "copyButton");
    scene.shootDialog("keys-new-shown");
    scene.closeDialog();
    shootBudgets(scene);
    more.budgets[1].atLimit = gateway::AtLimit::Ask;
    link.setConfig(more);
    scene.open("keys", "budget:opus");
    scene.press("editBudgetButton");
    scene.shootDialog("keys-budget-asks");
    scene.closeDialog();
    scene.open("keys", "alerts");
    scene.selectRow("alertsTable", 2);
    scene.shoot("keys-alerts");
    shootQuestions(scene, link);
    scene.open("keys", "budgets");
    more.budgets.clear();
    more.keys.clear();
    link.setConfig(more);
    scene.shoot("keys-budgets-empty");
    scene.tab("Keys");
    scene.shoot("keys-empty");
    link.setConfig(before);
}

} // namespace ui
