// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "gateway/prompts.h"

#include "base/json_cursor.h"
#include "base/json_scan.h"
#include "base/nearest_name.h"
#include "base/strings.h"
#include "config/config_limits.h"
#include "config/config_rules.h"

namespace gateway::config {

namespace {

constexpr std::size_t kMaxPresets = 200;
constexpr std::size_t kMaxPromptTexts = 32;
constexpr std::size_t kMaxPromptBytes = std::size_t{256} << 10;
constexpr std::size_t kMaxPresetTools = 128;

/// Errors: a variable that nobody knows, which would go to the model as it stands.
void checkPromptText(const std::string& path, const std::string& text, ProblemList& problems)
{
    if (text.empty()) problems.error(path, "Is missing: what is to be said.");
    if (text.size() > kMaxPromptBytes) problems.error(path, "At most 262144 bytes are possible.");
    for (const std::string& name : promptVariables(text)) {
        if (isPromptVariable(name)) continue;
        problems.error(path, "There is no variable " + quotedName(name) + ", but " +
                                 alternatives(promptVariableNames()) + "." +
                                 didYouMean(name, promptVariableNames()));
    }
}

void checkPromptTexts(const std::string& path, const std::vector<PromptText>& texts, ProblemList& problems)
{
    if (!checkCount(path, texts.size(), kMaxPromptTexts, problems)) return;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::string at = elementPath(path, i);
        if (texts[i].role != "system" && texts[i].role != "user")
            problems.error(at + ".role",
                           "Found " + quotedName(texts[i].role) + R"(, allowed is "system" or "user".)");
        checkPromptText(at + ".text", texts[i].text, problems);
    }
}

bool isParameterValue(std::string_view name, std::string_view json)
{
    for (const std::string_view each : {"temperature", "top_p", "presence_penalty", "frequency_penalty"}) {
        if (name == each) return jsonKindOf(json) == JsonKind::Number;
    }
    for (const std::string_view each : {"max_tokens", "max_completion_tokens", "top_k"}) {
        if (name == each) return jsonInteger(json).value_or(0) > 0;
    }
    return name != "seed" || jsonInteger(json).has_value();
}

/// What is not for a decoration to say: who answers, how, and to what.
void checkPromptParameters(const std::string& path, const std::string& json, ProblemList& problems)
{
    if (json.empty()) return;
    JsonDocument document;
    if (scanJson(json, document, kMaxDepth) || document.root != JsonKind::Object) {
        problems.error(path, "Needs a JSON object.");
        return;
    }
    for (const std::string_view key : {"model", "models", "messages", "stream", "stream_options", "tools"}) {
        if (document.find(key)) problems.error(memberPath(path, key), "Cannot be set here.");
    }
    // Translated to other dialects they would be left out without a word.
    for (const JsonMember& member : document.members) {
        if (!isParameterValue(member.key, member.value))
            problems.error(memberPath(path, member.key), "Needs a number that it can have.");
    }
}

void checkDecoration(const std::string& path, const DecorationConfig& decoration, ProblemList& problems)
{
    checkPromptTexts(path + ".before", decoration.before, problems);
    checkPromptTexts(path + ".after", decoration.after, problems);
    checkPromptParameters(path + ".defaults", decoration.defaultsJson, problems);
    checkPromptParameters(path + ".pinned", decoration.pinnedJson, problems);
    const std::string& lasts = decoration.cachePrefix;
    if (!lasts.empty() && lasts != "5m" && lasts != "1h")
        problems.error(path + ".cache_prefix",
                       "Found " + quotedName(lasts) + R"(, allowed is "5m" or "1h".)");
}

void checkPresetTools(const std::string& path, const std::string& json, ProblemList& problems)
{
    if (json.empty()) return;
    JsonDocument document;
    if (scanJson(json, document, kMaxDepth) || document.root != JsonKind::Array) {
        problems.error(path, "Needs a list of tools.");
        return;
    }
    std::size_t count = 0;
    forEachElement(json, [&](std::string_view tool, JsonKind kind) {
        const std::string at = elementPath(path, count++);
        const std::string_view function =
            kind == JsonKind::Object ? memberValue(tool, "function") : std::string_view();
        if (jsonKindOf(memberValue(function, "name")) != JsonKind::String)
            problems.error(at, "Needs a tool as OpenAI's chat completions have it: "
                               R"({"type":"function","function":{"name":"…","parameters":{…}}}.)");
        return count <= kMaxPresetTools;
    });
    checkCount(path, count, kMaxPresetTools, problems);
}

} // namespace

void checkPrompts(const Config& config, ProblemList& problems)
{
    for (const RouteConfig& route : config.routes) {
        if (route.decorate)
            checkDecoration(memberPath("routes", route.id.text) + ".decorate", *route.decorate, problems);
    }
    if (!checkCount("presets", config.presets.size(), kMaxPresets, problems)) return;
    for (const PresetConfig& preset : config.presets) {
        const std::string path = memberPath("presets", preset.id.text);
        checkName(path, preset.id.text, problems);
        const auto same = std::count_if(config.presets.begin(), config.presets.end(),
                                        [&](const PresetConfig& each) { return each.id == preset.id; });
        if (same > 1) problems.error(path, "There are two presets of this name.");
        if (preset.model.empty())
            problems.error(path + ".model", "Is missing: a route, or provider/model.");
        else if (presetName(preset.model))
            problems.error(path + ".model", "A preset cannot lead to a preset.");
        if (!preset.system.empty()) checkPromptText(path + ".system", preset.system, problems);
        checkDecoration(path, preset, problems);
        checkPresetTools(path + ".tools", preset.toolsJson, problems);
    }
}

} // namespace gateway::config
