// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <utility>

#include "dialect/gemini_parts.h"
#include "dialect/span_edit.h"

namespace gateway::dialect::gemini {
namespace {

/// Settings that stand in `generationConfig` here and at the top elsewhere, as the targets' overrides have
/// them.
struct Alias {
    std::string_view name, own;
};
constexpr std::array kAliases{Alias{"max_tokens", "maxOutputTokens"},
                              Alias{"max_completion_tokens", "maxOutputTokens"},
                              Alias{"stop", "stopSequences"}};
constexpr std::array<std::string_view, 9> kSettings{"temperature",      "topP",          "topK",
                                                    "maxOutputTokens",  "seed",          "presencePenalty",
                                                    "frequencyPenalty", "stopSequences", "thinkingConfig"};

std::string_view settingNamed(std::string_view name)
{
    for (const Alias& alias : kAliases) {
        if (alias.name == name) return alias.own;
    }
    const auto* found = std::find_if(kSettings.begin(), kSettings.end(), [name](std::string_view own) {
        return own == name || snakeName(own) == name;
    });
    return found == kSettings.end() ? std::string_view() : *found;
}

/// The setting written into a config, under whichever spelling is there.
std::string withSetting(const std::string& config, std::string_view own, std::string_view value)
{
    const std::string snake = snakeName(own);
    const std::string_view key = memberValue(config, snake).empty() ? own : std::string_view(snake);
    const bool list = own == "stopSequences" && jsonKindOf(value) == JsonKind::String;
    return withMember(config, key, list ? '[' + std::string(value) + ']' : std::string(value));
}

/// Takes the settings out of an override and into `config`; answers what is left of it.
std::string takeSettings(std::string_view overrides, std::string& config)
{
    std::string rest;
    JsonWriter json(rest);
    json.beginObject();
    forEachMember(overrides, [&](const JsonMember& member) {
        const std::string name = unescapeJson(member.key).value_or(std::string());
        if (const std::string_view own = settingNamed(name); !own.empty()) {
            config = withSetting(config, own, member.value);
        } else if (name == "generationConfig" || name == "generation_config") {
            forEachMember(member.value, [&config](const JsonMember& setting) {
                const std::string key = unescapeJson(setting.key).value_or(std::string());
                const std::string_view known = settingNamed(key);
                config = withSetting(config, known.empty() ? key : known, setting.value);
            });
        } else {
            json.key(name).raw(member.value);
        }
    });
    json.endObject();
    return rest;
}

/// "models/NAME", as the API repeats a model in its bodies.
std::string modelValue(std::string_view model)
{
    return jsonQuoted("models/" + std::string(model));
}

/// Each request of the list with the model that the path now names.
std::string withModels(std::string_view requests, const std::string& model)
{
    std::string out;
    const char* at = requests.data();
    forEachElement(requests, [&](std::string_view request, JsonKind) {
        out.append(at, request.data());
        const bool named = !memberValue(request, "model").empty();
        out += named ? withMember(request, "model", model) : std::string(request);
        at = request.data() + request.size();
    });
    return out.append(at, requests.data() + requests.size());
}

void exchangeModel(SpanEdit& changes, const std::string& model)
{
    const std::string value = modelValue(model);
    if (!changes.value("model").empty()) changes.set("model", value);
    if (const auto requests = changes.value("requests"); jsonKindOf(requests) == JsonKind::Array)
        changes.set("requests", withModels(requests, value));
    for (const char* key : {"generateContentRequest", "generate_content_request"}) {
        const std::string_view inner = changes.value(key);
        if (!memberValue(inner, "model").empty()) changes.set(key, withMember(inner, "model", value));
    }
}

Result<std::string> edited(std::string_view body, const JsonDocument& document, const BodyEdit& edit)
{
    SpanEdit changes(body, document.members);
    if (!edit.model.empty()) exchangeModel(changes, edit.model);
    BodyEdit rest = edit;
    rest.model.clear();
    if (isJsonObject(edit.overrideJson)) {
        const bool snake = !changes.value("generation_config").empty();
        const std::string_view key = snake ? "generation_config" : "generationConfig";
        const std::string_view present = changes.value(key);
        const std::string before(jsonKindOf(present) == JsonKind::Object ? present : "{}");
        std::string config = before;
        rest.overrideJson = takeSettings(edit.overrideJson, config);
        if (config != before) changes.set(key, std::move(config));
    }
    if (auto outcome = applyOverrides(changes, rest); !outcome) return outcome.error();
    return changes.text();
}

} // namespace

Result<std::string> edit(std::string_view body, const JsonDocument& document, const BodyEdit& wanted)
{
    if (!holdsForeign(body)) return edited(body, document, wanted);
    const std::string own = withoutForeign(body);
    JsonDocument again;
    if (scanJson(own, again)) return edited(body, document, wanted); // cannot be: only texts were exchanged
    return edited(own, again, wanted);
}

} // namespace gateway::dialect::gemini
