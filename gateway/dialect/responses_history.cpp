// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/responses_history.h"

#include "base/json_text.h"
#include "dialect/json_object.h"
#include "dialect/responses_parts.h"
#include "dialect/signature.h"
#include "dialect/span_edit.h"

namespace gateway::dialect::responses {
namespace {

bool isReference(std::string_view item)
{
    return textOf(memberValue(item, "type")) == "item_reference";
}

bool isForeignItem(std::string_view item)
{
    return isMarked(textOf(memberValue(item, "encrypted_content")));
}

std::string_view idPrefix(std::string_view type)
{
    if (type == "reasoning") return "rs";
    if (type == "function_call") return "fc";
    if (type == "custom_tool_call") return "ctc";
    return type == "message" ? "msg" : "item";
}

std::string textMessage(std::string_view quotedText, std::string_view role)
{
    const bool answer = role == "assistant";
    std::string out = R"({"type":"message","role":)" + jsonQuoted(role) + R"(,"content":[{"type":")";
    out.append(answer ? "output" : "input").append("_text\",\"text\":").append(quotedText);
    return out + (answer ? R"(,"annotations":[]}]})" : "}]}");
}

/// An input item as the API lists it: with a type, an id, and a message's content as parts.
std::string listedItem(std::string_view item, std::string_view id)
{
    std::string listed = compactJson(item);
    JsonObject object(listed);
    if (object.text("type").empty() && object.has("role")) {
        listed = withMember(listed, "type", "\"message\"");
        object = JsonObject(listed);
    }
    if (object.text("type") == "message" && object.kind("content") == JsonKind::String) {
        const std::string message = textMessage(object.raw("content"), object.text("role"));
        listed = withMember(listed, "content", std::string(memberValue(message, "content")));
        object = JsonObject(listed);
    }
    if (!object.text("id").empty()) return listed;
    return withMember(listed, "id", jsonQuoted(std::string(idPrefix(object.text("type"))) + std::string(id)));
}

std::string_view inputOf(const JsonDocument& request)
{
    const JsonMember* input = request.find("input");
    return input ? input->value : std::string_view();
}

/// Calls visit(item) for each item, with references resolved where they can be.
template <class F>
void forEachItem(std::string_view input, const FindItem& findItem, F&& visit)
{
    forEachElement(input, [&](std::string_view item, JsonKind kind) {
        if (kind == JsonKind::Object && isReference(item)) {
            const std::string_view found = findItem(textOf(memberValue(item, "id")));
            visit(found.empty() ? item : found);
        } else {
            visit(item);
        }
    });
}

} // namespace

bool hasForeignItems(std::string_view input)
{
    // Most inputs do not hold the mark, and looking for it is far cheaper than walking the items.
    if (!holdsMarked(input)) return false;
    bool found = false;
    forEachElement(input, [&found](std::string_view item, JsonKind) {
        found = isForeignItem(item);
        return !found;
    });
    return found;
}

std::string withoutForeignItems(std::string_view input)
{
    std::string out = "[";
    forEachElement(input, [&out](std::string_view item, JsonKind) {
        if (isForeignItem(item)) return;
        out.append(out.size() > 1 ? "," : "").append(item);
    });
    return out + ']';
}

std::string previousId(const JsonDocument& request)
{
    const JsonMember* previous = request.find("previous_response_id");
    return previous ? textOf(previous->value) : std::string();
}

std::vector<std::string> referredItems(const JsonDocument& request)
{
    std::vector<std::string> ids;
    const std::string_view input = inputOf(request);
    if (input.find("\"item_reference\"") == std::string_view::npos) return ids;
    forEachElement(input, [&ids](std::string_view item, JsonKind kind) {
        if (kind == JsonKind::Object && isReference(item)) {
            ids.push_back(textOf(memberValue(item, "id")));
        }
    });
    return ids;
}

bool wantsKept(const JsonDocument& request)
{
    const JsonMember* store = request.find("store");
    return !store || store->kind != JsonKind::False;
}

std::vector<std::string> inputItems(const JsonDocument& request, std::string_view idBase,
                                    const FindItem& findItem)
{
    std::vector<std::string> items;
    const std::string_view input = inputOf(request);
    const auto nextId = [&] { return '_' + std::string(idBase) + "_in" + std::to_string(items.size()); };
    if (jsonKindOf(input) == JsonKind::String) {
        items.push_back(listedItem(textMessage(compactJson(input), "user"), nextId()));
        return items;
    }
    forEachItem(input, findItem, [&](std::string_view item) { items.push_back(listedItem(item, nextId())); });
    return items;
}

Result<std::string> expandedRequest(std::string_view body, const JsonDocument& request,
                                    const std::vector<std::string_view>& earlier, const FindItem& findItem)
{
    std::string items = "[";
    bool fits = true;
    const auto add = [&items, &fits](std::string_view item) {
        fits = fits && items.size() + item.size() < kMaxExpandedBytes;
        if (fits) items.append(items.size() > 1 ? "," : "").append(item);
    };
    for (const std::string_view item : earlier) {
        add(item);
    }
    const std::string_view input = inputOf(request);
    if (jsonKindOf(input) == JsonKind::String) {
        add(textMessage(input, "user"));
    } else {
        forEachItem(input, findItem, add);
    }
    if (!fits) {
        return clientError(
            Code::RequestTooLarge,
            "The conversation that the request goes on from is larger than 128 MiB. Begin a new "
            "one, or refer to fewer items.",
            "input");
    }
    items += ']';
    SpanEdit edit(body, request.members);
    edit.set("input", std::move(items));
    edit.remove("previous_response_id");
    return edit.text();
}

std::vector<std::string> outputItems(std::string_view answer)
{
    std::vector<std::string> items;
    forEachElement(memberValue(answer, "output"),
                   [&items](std::string_view item, JsonKind) { items.emplace_back(item); });
    return items;
}

std::string idOf(std::string_view itemOrAnswer)
{
    return textOf(memberValue(itemOrAnswer, "id"));
}

} // namespace gateway::dialect::responses
