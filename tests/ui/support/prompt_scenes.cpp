// SPDX-License-Identifier: GPL-3.0-or-later
#include <QScrollArea>

#include "models/preset_templates.h"
#include "ui/support/fake_link.h"
#include "ui/support/window_scene.h"

namespace ui {
namespace {

gateway::GuardrailConfig ruleOf(const char* name, const char* action, bool everywhere)
{
    gateway::GuardrailConfig rule;
    rule.id = gateway::GuardrailId(name);
    rule.check = "pii";
    rule.action = action;
    if (everywhere) rule.scope.emplace();
    return rule;
}

gateway::Config decoratedConfig(gateway::Config config)
{
    config.guardrails = {ruleOf("personal-data", "mask", true), ruleOf("no-cards", "block", false),
                         ruleOf("a-long-name-for-a-guardrail-of-the-whole-team-and-friends", "flag", false)};
    config.guardrails[2].mode = "observe";
    gateway::RouteConfig& route = config.routes[0];
    route.guardrails = {"no-cards"};
    route.decorate.emplace();
    route.decorate->before = {{"system", "Today is {{date}}. You help the team {{metadata.team}}."}};
    route.decorate->after = {{"user", "Answer in English."}};
    route.decorate->pinnedJson = R"({"temperature": 0.2})";
    route.decorate->defaultsJson = R"({"max_tokens": 4000, "response_format": {"type": "json_object"}})";
    route.decorate->cachePrefix = "5m";
    return config;
}

void showWidget(Scene& scene, const char* objectName)
{
    for (auto* shown : scene.window().findChildren<QWidget*>(QLatin1String(objectName))) {
        if (!shown->isVisible()) continue;
        for (QWidget* each = shown->parentWidget(); each != nullptr; each = each->parentWidget()) {
            if (auto* area = qobject_cast<QScrollArea*>(each)) {
                area->ensureWidgetVisible(shown, 0, 200);
                break;
            }
        }
        break;
    }
    settleScene();
}

/// The page Presets in its states.
void shootPresets(Scene& scene, FakeLink& link)
{
    gateway::Config config = *link.config();
    scene.open("presets");
    scene.shoot("prompts-presets-empty");
    for (const PresetTemplate& each : presetTemplates()) {
        config.presets.push_back(each.preset);
        config.presets.back().model = "local";
    }
    config.presets[0].before = {{"user", "The team is {{metadata.team}}."}};
    config.presets[0].toolsJson = R"([{"type": "function", "function": {"name": "look_up"}}])";
    link.setConfig(config);
    settleScene();
    scene.shoot("prompts-presets");
    showWidget(scene, "presetToolsEdit");
    scene.shoot("prompts-presets-end");
    scene.type("presetNameEdit", QStringLiteral("not a name"));
    showWidget(scene, "presetNameEdit");
    scene.shoot("prompts-presets-problem");
    scene.press("revertButton");
    scene.press("deletePresetButton");
    scene.shootDialog("prompts-presets-delete");
    scene.closeDialog();
}

} // namespace

void shootPrompts(Scene& scene, FakeLink& link)
{
    const gateway::Config before = *link.config();
    scene.open("requests");
    scene.selectRow("requestsTable", 0);
    scene.shoot("prompts-request");
    scene.open("routes");
    if (scene.isVisible("showDryRunButton") && !scene.isVisible("addTargetButton"))
        scene.press("showDryRunButton"); // In a low window it stands instead of the cards.
    scene.selectIn("routesList", 0);
    showWidget(scene, "openGuardrailsButton");
    scene.shoot("prompts-route-empty");
    link.setConfig(decoratedConfig(before));
    settleScene();
    showWidget(scene, "promptTextEdit");
    scene.shoot("prompts-route");
    showWidget(scene, "parameterValueEdit");
    scene.shoot("prompts-route-parameters");
    showWidget(scene, "routeGuardrailCheckBox");
    scene.shoot("prompts-route-guardrails");
    scene.press("addPromptTextButton");
    scene.press("addParameterButton");
    showWidget(scene, "parameterValueEdit");
    scene.shoot("prompts-route-problem");
    scene.press("revertButton");
    link.setConfig(before);
    shootPresets(scene, link);
    link.setConfig(before);
}

} // namespace ui
