// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/preset_templates.h"

#include <QCoreApplication>

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::PresetTemplates)
};

PresetTemplate templateOf(const char* name, const QString& title, const QString& description,
                          const QString& system)
{
    PresetTemplate made{title, {}};
    made.preset.id = gateway::PresetId(name);
    made.preset.description = description.toStdString();
    made.preset.system = system.toStdString();
    return made;
}

} // namespace

std::vector<PresetTemplate> presetTemplates()
{
    PresetTemplate reviewer = templateOf(
        "reviewer", Text::tr("Code reviewer"), Text::tr("Reviews a change, strictly and shortly"),
        Text::tr("You review changes of code. Name what is wrong or risky, worst first, each with its line "
                 "and a better version. Say nothing about what is fine."));
    reviewer.preset.defaultsJson = R"({"temperature": 0})";
    PresetTemplate translator = templateOf(
        "translator", Text::tr("Translator"), Text::tr("Translates into English"),
        Text::tr("Translate what the user writes into English. Keep its tone, its formatting, code "
                 "and names. Answer with the translation alone."));
    translator.preset.defaultsJson = R"({"temperature": 0.2})";
    PresetTemplate json = templateOf("json", Text::tr("JSON answers"),
                                     Text::tr("Answers with one JSON object and nothing else"),
                                     Text::tr("Answer with one JSON object and nothing else."));
    json.preset.pinnedJson = R"({"response_format": {"type": "json_object"}})";
    return {reviewer, translator, json};
}

QStringList presetGoals(const gateway::Config& config, const gateway::ModelTable& models)
{
    QStringList goals;
    for (const gateway::RouteConfig& route : config.routes) {
        goals.append(QString::fromStdString(route.id.text));
    }
    for (const auto& [pattern, goal] : config.aliases) {
        const bool isOne = pattern.find_first_of("*?") == std::string::npos;
        if (isOne && !goal.starts_with("preset/") && !goal.starts_with("@preset/"))
            goals.append(QString::fromStdString(pattern));
    }
    for (const gateway::ProviderConfig& provider : config.providers) {
        for (const gateway::ModelConfig& model : provider.models) {
            if (!model.hidden) goals.append(QString::fromStdString(provider.id.text + "/" + model.name));
        }
    }
    for (const gateway::ModelRow& row : models.rows) {
        const bool isChat = row.mode.empty() || row.mode == "chat";
        if (isChat && !row.hidden && (row.listed || row.configured))
            goals.append(QString::fromStdString(row.provider.text + "/" + row.model));
    }
    goals.removeDuplicates();
    return goals;
}

} // namespace ui
