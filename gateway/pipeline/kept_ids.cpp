// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/kept_ids.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/json_text.h"
#include "base/strings.h"
#include "dialect/json_object.h"
#include "dialect/span_edit.h"

namespace gateway::pipeline {

namespace {

constexpr char kMark = '~';
constexpr std::size_t kMaxId = 256;
constexpr std::array<std::string_view, 7> kIds{
    "id", "first_id", "last_id", "input_file_id", "output_file_id", "error_file_id", "remixed_from_video_id"};

bool isIdText(std::string_view text)
{
    return !text.empty() && text.size() <= kMaxId && text.find("..") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char byte) {
               return isAsciiAlnum(byte) || byte == '-' || byte == '_' || byte == '.';
           });
}

std::string quoted(std::string_view text)
{
    std::string json;
    appendJsonString(json, text);
    return json;
}

std::string objectWithIds(std::string_view object, const std::vector<JsonMember>& members,
                          std::string_view provider, std::string_view base)
{
    dialect::SpanEdit edit(object, members);
    for (const std::string_view key : kIds) {
        const std::string id = dialect::textOf(edit.value(key));
        if (isIdText(id)) edit.set(key, quoted(keptId(id, provider)));
    }
    if (edit.value("results_url").starts_with('"')) {
        const std::string id = dialect::textOf(edit.value("id"));
        edit.set("results_url", quoted(std::string(base) + "/v1/messages/batches/" + id + "/results"));
    }
    return edit.text();
}

} // namespace

std::optional<KeptId> readKeptId(std::string_view text)
{
    const std::size_t mark = text.find(kMark);
    KeptId id{std::string(text.substr(0, mark)), {}};
    if (!isIdText(id.native)) return std::nullopt;
    if (mark == std::string_view::npos) return id;
    id.provider = text.substr(mark + 1);
    if (!isIdText(id.provider)) return std::nullopt;
    return id;
}

std::string keptId(std::string_view native, std::string_view provider)
{
    return std::string(native) + kMark + std::string(provider);
}

std::string withKeptIds(std::string_view json, const JsonDocument& document, std::string_view provider,
                        std::string_view base)
{
    const JsonMember* list = document.find("data");
    if (!list || list->kind != JsonKind::Array) return objectWithIds(json, document.members, provider, base);
    std::string elements = "[";
    forEachElement(list->value, [&](std::string_view value, JsonKind kind) {
        if (elements.size() > 1) elements += ',';
        if (kind != JsonKind::Object) {
            elements += value;
            return;
        }
        std::vector<JsonMember> members;
        forEachMember(value, [&members](const JsonMember& member) { members.push_back(member); });
        elements += objectWithIds(value, members, provider, base);
    });
    elements += ']';
    const std::string whole = dialect::withMember(json, "data", std::move(elements));
    std::vector<JsonMember> members;
    forEachMember(whole, [&members](const JsonMember& member) { members.push_back(member); });
    return objectWithIds(whole, members, provider, base);
}

} // namespace gateway::pipeline
