// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/decorating.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include "gateway/prompts.h"

#include "base/json_cursor.h"
#include "base/json_text.h"
#include "base/strings.h"
#include "dialect/prompt_edit.h"

namespace gateway::pipeline {

namespace {

using dialect::AddedText;
using routing::Decoration;

// A row of the log tells what was added, not all of it.
constexpr std::size_t kMostToldText = 1000, kMostToldValue = 200;
constexpr std::string_view kMetadata = "metadata.";

/// A value for the log; of a large one how large it is.
std::string told(const std::string& json)
{
    return json.size() <= kMostToldValue ? json : "\"(" + std::to_string(json.size()) + " bytes)\"";
}

std::string nameOf(const Decoration& decoration)
{
    return decoration.preset ? "preset/" + decoration.preset->id.text : decoration.route->id.text;
}

/// The texts of a preset or a route on one side, in order.
std::vector<PromptText> textsOf(const Decoration& decoration, bool before)
{
    std::vector<PromptText> texts;
    if (before && decoration.preset && !decoration.preset->system.empty())
        texts.push_back({"system", decoration.preset->system});
    const auto& own = before ? decoration.config->before : decoration.config->after;
    texts.insert(texts.end(), own.begin(), own.end());
    return texts;
}

class Decorator {
public:
    Decorator(DialectId dialect, std::string_view body, std::string_view model, const PromptValueOf& valueOf)
        : m_dialect(dialect), m_model(model), m_valueOf(valueOf), m_json(m_result.rewritesJson)
    {
        m_result.body = body;
        m_json.beginArray();
    }

    Result<Decorated> decorate(const std::vector<Decoration>& decorations)
    {
        for (const Decoration& each : decorations)
            addTexts(each, true);
        // From the innermost on: behind the client's words, and where parameters go.
        for (auto each = decorations.rbegin(); each != decorations.rend(); ++each) {
            addTexts(*each, false);
            if (m_result.cachePrefix.empty()) m_result.cachePrefix = each->config->cachePrefix;
            if (auto problem = addParameters(*each)) return *std::move(problem);
        }
        m_result.body = dialect::withPromptTexts(m_dialect, m_result.body, m_texts);
        m_json.endArray();
        if (m_result.rewritesJson == "[]") m_result.rewritesJson.clear();
        return std::move(m_result);
    }

private:
    void addTexts(const Decoration& decoration, bool before)
    {
        for (const PromptText& each : textsOf(decoration, before)) {
            m_texts.push_back({each.role == "system", before, withPromptVariables(each.text, m_valueOf)});
            m_json.beginObject().key("by").string(nameOf(decoration)).key("change").string("text");
            m_json.key("role").string(each.role).key("where").string(before ? "before" : "after");
            m_json.key("text").string(shortened(each.text, kMostToldText)).endObject();
        }
    }

    std::optional<Error> addParameters(const Decoration& decoration)
    {
        const std::string none;
        const std::string& tools = decoration.preset ? decoration.preset->toolsJson : none;
        if (auto problem = setMembers(decoration, decoration.config->defaultsJson, tools, false))
            return problem;
        return setMembers(decoration, decoration.config->pinnedJson, {}, true);
    }

    std::optional<Error> setMembers(const Decoration& decoration, std::string_view parameters,
                                    std::string_view tools, bool pins)
    {
        if (parameters.empty() && tools.empty()) return std::nullopt;
        auto members = dialect::promptMembers(m_dialect, parameters, tools, m_model);
        if (!members) {
            Error error = members.error();
            error.message =
                "What `" + nameOf(decoration) + "` sets is refused: " + error.message + " Change it there.";
            return error;
        }
        std::vector<dialect::SetMember> set;
        m_result.body = dialect::withPromptMembers(m_result.body, members->json, pins, set);
        for (const dialect::SetMember& each : set) {
            m_json.beginObject().key("by").string(nameOf(decoration)).key("change").string("parameter");
            m_json.key("name").string(each.name);
            if (!each.before.empty()) m_json.key("before").raw(told(each.before));
            m_json.key("now").raw(told(each.now)).endObject();
        }
        for (const std::string& name : members->unsaid) {
            m_json.beginObject().key("by").string(nameOf(decoration)).key("change").string("unsaid");
            m_json.key("name").string(name).endObject();
        }
        return std::nullopt;
    }

    DialectId m_dialect;
    std::string_view m_model;
    const PromptValueOf& m_valueOf;
    std::vector<AddedText> m_texts;
    Decorated m_result;
    JsonWriter m_json;
};

std::string localText(std::int64_t seconds, const char* form)
{
    const auto when = static_cast<std::time_t>(seconds);
    std::tm local{};
    localtime_r(&when, &local);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), form, &local)};
}

std::string weekdayName(std::int64_t seconds)
{
    constexpr std::array kDays{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    const auto when = static_cast<std::time_t>(seconds);
    std::tm local{};
    localtime_r(&when, &local);
    return kDays.at(static_cast<std::size_t>(local.tm_wday));
}

} // namespace

std::string promptValue(std::string_view name, const LogRow& row, std::int64_t now)
{
    if (name == "date") return localText(now, "%Y-%m-%d");
    if (name == "time") return localText(now, "%H:%M");
    if (name == "weekday") return weekdayName(now);
    if (name == "model") return row.requestedModel;
    if (name == "route") return row.route;
    if (name == "key") return row.key;
    if (name == "client") return row.client;
    if (name == "session") return row.session;
    if (!isPromptMetadata(name)) return {};
    std::string value;
    forEachMember(row.metadataJson, [&](const JsonMember& member) {
        if (isNamed(member, name.substr(kMetadata.size())))
            value = decodeJsonString(member.value).value_or(std::string(member.value));
    });
    return value;
}

bool isPromptMetadata(std::string_view name)
{
    return name.starts_with(kMetadata);
}

Result<Decorated> decorated(DialectId dialect, std::string_view body,
                            const std::vector<Decoration>& decorations, std::string_view model,
                            const PromptValueOf& valueOf)
{
    return Decorator(dialect, body, model, valueOf).decorate(decorations);
}

bool asksForMetadata(const std::vector<Decoration>& decorations)
{
    const auto asks = [](const PromptText& text) {
        const auto names = promptVariables(text.text);
        return std::any_of(names.begin(), names.end(),
                           [](const std::string& name) { return isPromptMetadata(name); });
    };
    return std::any_of(decorations.begin(), decorations.end(), [&](const Decoration& each) {
        const auto before = textsOf(each, true);
        return std::any_of(before.begin(), before.end(), asks) ||
               std::any_of(each.config->after.begin(), each.config->after.end(), asks);
    });
}

} // namespace gateway::pipeline
