// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "base/json_cursor.h"
#include "base/json_text.h"
#include "dialect/dialect.h"
#include "dialect/prompt_edit.h"
#include "dialect/span_edit.h"
#include "dialect/tool_offers.h"

namespace gateway::dialect {

namespace {

/// Two names of one parameter: newer models of OpenAI's know the second only.
constexpr std::pair<std::string_view, std::string_view> kLimitNames{"max_tokens", "max_completion_tokens"};

std::string miniRequest(std::string_view model, std::string_view parametersJson, std::string_view toolsJson)
{
    std::string text;
    JsonWriter json(text);
    json.beginObject().key("model").string(model);
    json.key("messages").raw(R"([{"role":"user","content":"."}])");
    forEachMember(parametersJson, [&json](const JsonMember& member) {
        json.key(unescapeJson(member.key).value_or(std::string())).raw(member.value);
    });
    if (!toolsJson.empty()) json.key("tools").raw(toolsJson);
    json.endObject();
    return text;
}

/// A body that says no more than that, in the words of a dialect.
Result<std::string> miniBody(DialectId dialect, const std::string& mini, std::string_view model,
                             std::vector<std::string>* unsaid)
{
    auto request = dialectOf(DialectId::OpenAiChat).decodeRequest(mini, {});
    if (!request) return request.error();
    request->model = model;
    std::string body = dialectOf(dialect).encodeRequest(*request);
    if (unsaid) *unsaid = std::move(request->dropped);
    return body;
}

std::string path(std::string_view within, std::string_view name)
{
    return within.empty() ? std::string(name) : std::string(within).append(".").append(name);
}

/// The tools of `list` whose names `own` has not.
std::string toolsBesides(std::string_view own, std::string_view list, std::vector<SetMember>& set)
{
    std::vector<std::string> known;
    std::string all = "[";
    const auto append = [&all](std::string_view tool) {
        if (all.size() > 1) all.push_back(',');
        all.append(tool);
    };
    forEachElement(own, [&](std::string_view tool, JsonKind) {
        append(tool);
        for (std::string& name : toolNamesIn(tool))
            known.push_back(std::move(name));
    });
    forEachElement(list, [&](std::string_view tool, JsonKind) {
        const auto names = toolNamesIn(tool);
        const bool isThere = std::any_of(names.begin(), names.end(), [&known](const std::string& name) {
            return std::find(known.begin(), known.end(), name) != known.end();
        });
        if (isThere) return;
        append(tool);
        for (const std::string& name : names)
            set.push_back({"tools", {}, jsonQuoted(name)});
    });
    return all.append("]");
}

std::string merged(std::string_view object, std::string_view members, bool pins, std::string_view within,
                   std::vector<SetMember>& set)
{
    JsonDocument document;
    if (scanJson(object, document)) return std::string(object);
    SpanEdit edit(object, document.members);
    forEachMember(members, [&](const JsonMember& member) {
        const std::string key = unescapeJson(member.key).value_or(std::string());
        const JsonMember* own = document.find(key);
        if (within.empty() && key == "tools") {
            const std::size_t before = set.size();
            std::string tools = toolsBesides(own ? own->value : std::string_view(), member.value, set);
            if (set.size() != before) edit.set(key, std::move(tools));
            return;
        }
        if (own && own->kind == JsonKind::Object && member.kind == JsonKind::Object) {
            edit.set(key, merged(own->value, member.value, pins, path(within, key), set));
            return;
        }
        const bool isOther = key == kLimitNames.first || key == kLimitNames.second;
        const std::string_view twin = !isOther                   ? std::string_view()
                                      : key == kLimitNames.first ? kLimitNames.second
                                                                 : kLimitNames.first;
        const JsonMember* other = twin.empty() ? nullptr : document.find(twin);
        if (!pins && (own || other)) return;
        if (own && own->value == member.value) return;
        if (other) edit.remove(twin);
        const JsonMember* former = own ? own : other;
        set.push_back({path(within, key), former ? std::string(former->value) : std::string(),
                       std::string(member.value)});
        edit.set(key, std::string(member.value));
    });
    return edit.text();
}

} // namespace

Result<PromptMembers> promptMembers(DialectId dialect, std::string_view parametersJson,
                                    std::string_view toolsJson, std::string_view model)
{
    PromptMembers members;
    if (dialect == DialectId::OpenAiChat) {
        members.json = parametersJson.empty() ? "{}" : std::string(parametersJson);
        if (!toolsJson.empty()) members.json = withMember(members.json, "tools", std::string(toolsJson));
        return members;
    }
    const auto bare = miniBody(dialect, miniRequest(model, {}, {}), model, nullptr);
    if (!bare) return bare.error();
    const auto full =
        miniBody(dialect, miniRequest(model, parametersJson, toolsJson), model, &members.unsaid);
    if (!full) return full.error();
    // What the second says and the first does not.
    JsonWriter json(members.json);
    json.beginObject();
    forEachMember(*full, [&](const JsonMember& member) {
        const std::string key = unescapeJson(member.key).value_or(std::string());
        if (memberValue(*bare, key) != member.value) json.key(key).raw(member.value);
    });
    json.endObject();
    return members;
}

std::string withPromptMembers(std::string_view body, std::string_view membersJson, bool pins,
                              std::vector<SetMember>& set)
{
    return merged(body, membersJson, pins, {}, set);
}

} // namespace gateway::dialect
