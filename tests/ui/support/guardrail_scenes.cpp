// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <QDialog>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QScrollArea>

#include "ui/support/fake_link.h"
#include "ui/support/window_scene.h"

namespace ui {

namespace {

void scrollTo(Scene& scene, const char* name)
{
    auto* widget = scene.window().findChild<QWidget*>(QLatin1String(name));
    for (QWidget* each = widget; each != nullptr; each = each->parentWidget()) {
        if (auto* area = qobject_cast<QScrollArea*>(each)) area->ensureWidgetVisible(widget, 0, 180);
    }
}

void shootTests(Scene& scene)
{
    QWidget& window = scene.window();
    scene.tab("Tests 3");
    scene.press("runGuardrailTestsButton");
    const auto* result = window.findChild<QListWidget*>(QStringLiteral("guardrailTestsList"));
    Scene::waitUntil([result] { return result->item(2)->text().contains(QLatin1String("failed")); });
    scene.shoot("guardrails-tests");
    scene.tab("Try it");
}

void shootReplay(Scene& scene, FakeLink& link)
{
    const std::vector<gateway::LogRow> rows = link.rows();
    std::vector<gateway::LogRow> kept = rows;
    int number = 0;
    for (gateway::LogRow& row : kept) {
        row.dialect = "openai";
        if (++number % 3 == 0) continue;
        row.requestBody = R"({"messages": [{"role": "user", "content": "Please write to ann)" +
                          std::to_string(number) +
                          R"(@turnpike-mail.org about the bill of last week, and say that it is paid."}]})";
    }
    link.setRows(kept);
    scene.press("guardrailReplayButton");
    const auto* examples = scene.dialog().findChild<QListWidget*>(QStringLiteral("guardrailExamplesList"));
    Scene::waitUntil([examples] { return examples->count() > 0; });
    scene.shootDialog("guardrails-replay");
    scene.closeDialog();
    link.setRows(rows);
}

void shootToolRules(Scene& scene, FakeLink& link)
{
    gateway::Config config = *link.config();
    gateway::GuardrailConfig rule;
    rule.id = gateway::GuardrailId("tools");
    rule.check = "tool_rules";
    rule.on = "response";
    rule.action = "block";
    rule.scope.emplace();
    rule.paramsJson = R"({"rules": [{"tool": "mcp__files__*", "decision": "allow",
        "arguments": {"path": "/srv/.*"}}, {"tool": "shell", "decision": "deny"}]})";
    config.guardrails = {rule};
    link.setConfig(config);
    settleScene();
    scrollTo(scene, "toolRuleNameEdit");
    scene.shoot("guardrails-tools");
}

} // namespace

void shootGuardrails(Scene& scene, FakeLink& link)
{
    const gateway::Config before = *link.config();
    gateway::UsageRow uses;
    uses.name = "personal-data";
    uses.requests = 1204;
    link.guardrailUses = {uses};
    scene.open("guardrails");
    scene.shoot("guardrails-empty");
    gateway::Config config = before;
    gateway::GuardrailConfig rule;
    rule.id = gateway::GuardrailId("personal-data");
    rule.check = "pii";
    rule.action = "mask";
    rule.restore = true;
    rule.scope.emplace();
    config.guardrails.push_back(rule);
    rule.id = gateway::GuardrailId("answers");
    rule.on = "response";
    rule.mode = "observe";
    config.guardrails.push_back(rule);
    config.guardrails.front().tests = {{"Write to ann@turnpike-mail.org", "request", "hit"},
                                       {"Why is the sky blue?", "request", "pass"},
                                       {"Call me at noon", "request", "hit"}};
    link.setConfig(config);
    scene.shoot("guardrails");
    scrollTo(scene, "guardrailKindMaskComboBox");
    scene.shoot("guardrails-masks");
    scene.window()
        .findChild<QPlainTextEdit*>(QStringLiteral("guardrailTryEdit"))
        ->setPlainText(QStringLiteral("Write to ann@turnpike-mail.org"));
    auto* result = scene.window().findChild<QPlainTextEdit*>(QStringLiteral("guardrailResultEdit"));
    Scene::waitUntil([result] { return !result->toPlainText().isEmpty(); });
    scene.shoot("guardrails-tried");
    shootTests(scene);
    shootReplay(scene, link);
    shootToolRules(scene, link);
    link.setConfig(before);
}

} // namespace ui
