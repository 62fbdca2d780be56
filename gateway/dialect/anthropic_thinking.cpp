// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/anthropic_thinking.h"

#include "dialect/json_object.h"
#include "dialect/signature.h"
#include "dialect/span_edit.h"

namespace gateway::dialect::anthropic {
namespace {

bool isThinking(std::string_view type)
{
    return type == "thinking" || type == "redacted_thinking";
}

bool isOthers(std::string_view block, JsonKind kind)
{
    if (kind != JsonKind::Object) return false;
    const JsonObject fields(block);
    const std::string type = fields.text("type");
    if (type == "thinking") return isMarked(fields.text("signature"));
    return type == "redacted_thinking" && isMarked(fields.text("data"));
}

bool isOthersCitation(std::string_view citation)
{
    return isMarked(textOf(memberValue(citation, "encrypted_index")));
}

bool citesOthers(std::string_view block)
{
    bool found = false;
    forEachElement(memberValue(block, "citations"), [&found](std::string_view citation, JsonKind) {
        found = isOthersCitation(citation);
        return !found;
    });
    return found;
}

std::string withoutCitations(std::string_view block)
{
    std::string kept = "[";
    forEachElement(memberValue(block, "citations"), [&kept](std::string_view citation, JsonKind) {
        if (!isOthersCitation(citation)) kept.append(kept.size() > 1 ? "," : "").append(citation);
    });
    if (kept == "[") return withoutMember(block, "citations");
    return withMember(block, "citations", kept + ']');
}

std::string withoutBlocks(std::string_view content)
{
    std::string kept = "[";
    forEachElement(content, [&kept](std::string_view block, JsonKind kind) {
        if (isOthers(block, kind)) return;
        kept.append(kept.size() > 1 ? "," : "")
            .append(citesOthers(block) ? withoutCitations(block) : std::string(block));
    });
    return kept + ']';
}

} // namespace

bool hasOthers(std::string_view messages)
{
    if (!holdsMarked(messages)) return false;
    bool found = false;
    forEachElement(messages, [&found](std::string_view message, JsonKind) {
        forEachElement(memberValue(message, "content"), [&found](std::string_view block, JsonKind kind) {
            found = isOthers(block, kind) || citesOthers(block);
            return !found;
        });
        return !found;
    });
    return found;
}

std::string withoutOthers(std::string_view messages)
{
    std::string out = "[";
    forEachElement(messages, [&out](std::string_view message, JsonKind) {
        const std::string_view content = memberValue(message, "content");
        std::string changed;
        if (holdsMarked(content) && jsonKindOf(content) == JsonKind::Array) {
            std::string kept = withoutBlocks(content);
            if (kept == "[]") return; // a turn of nothing else is refused, too
            changed = withMember(message, "content", std::move(kept));
        }
        out.append(out.size() > 1 ? "," : "").append(changed.empty() ? message : changed);
    });
    return out + ']';
}

bool lacksThinking(std::string_view messages)
{
    bool lacks = false;
    forEachElement(messages, [&lacks](std::string_view message, JsonKind) {
        if (textOf(memberValue(message, "role")) != "assistant") return;
        bool calls = false;
        bool begun = false;
        bool thought = false;
        forEachElement(memberValue(message, "content"), [&](std::string_view block, JsonKind) {
            const std::string type = textOf(memberValue(block, "type"));
            calls = calls || type == "tool_use";
            thought = thought || (!begun && isThinking(type));
            begun = true;
        });
        lacks = calls && !thought;
    });
    return lacks;
}

} // namespace gateway::dialect::anthropic
