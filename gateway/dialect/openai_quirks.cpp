// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/openai_quirks.h"

#include <algorithm>

#include "base/json_cursor.h"
#include "base/json_text.h"
#include "dialect/content_text.h"

namespace gateway::dialect::openai {
namespace {

constexpr std::string_view kDeveloper = "\"developer\"";

std::string_view otherLimit(const Quirks& quirks)
{
    if (quirks.maxTokensField.empty()) return {};
    return quirks.maxTokensField == "max_tokens" ? "max_completion_tokens" : "max_tokens";
}

bool wantsSchema(std::string_view responseFormat)
{
    return decodeJsonString(memberValue(responseFormat, "type")) == "json_schema";
}

bool hasDevelopers(std::string_view messages)
{
    // Most conversations have none, and looking for the word is cheaper than looking at each message.
    if (messages.find(kDeveloper) == std::string_view::npos) return false;
    bool found = false;
    forEachElement(messages, [&found](std::string_view message, JsonKind) {
        found = memberValue(message, "role") == kDeveloper;
        return !found;
    });
    return found;
}

std::string withSystemRoles(std::string_view messages)
{
    std::string out;
    const char* done = messages.data();
    forEachElement(messages, [&](std::string_view message, JsonKind) {
        const std::string_view role = memberValue(message, "role");
        if (role != kDeveloper) return;
        out.append(done, role.data());
        out += "\"system\"";
        done = role.data() + role.size();
    });
    return out.append(done, messages.data() + messages.size());
}

void rename(SpanEdit& body, std::string_view from, std::string_view to)
{
    const std::string value(body.value(from));
    if (value.empty()) return;
    if (body.value(to).empty()) body.set(to, value);
    body.remove(from);
}

/// Some chat templates take one system message only, so that the wish goes into the one that is there.
std::string withInstruction(std::string_view messages, const std::string& instruction)
{
    std::string_view first;
    forEachElement(messages, [&first](std::string_view message, JsonKind) {
        first = message;
        return false;
    });
    const std::string_view content = memberValue(first, "content");
    std::string out;
    if (memberValue(first, "role") == "\"system\"" && jsonKindOf(content) == JsonKind::String) {
        const std::string text = jsonQuoted("\n\n" + instruction);
        out.append(messages.data(), content.data() + content.size() - 1);
        out.append(text, 1);
        return out.append(content.data() + content.size(), messages.data() + messages.size());
    }
    out = R"([{"role":"system","content":)";
    appendJsonString(out, instruction);
    return out.append(first.empty() ? "}" : "},").append(messages.substr(1));
}

void fitFormat(SpanEdit& body)
{
    const std::string format(body.value("response_format"));
    const std::string messages(body.value("messages"));
    if (!wantsSchema(format) || jsonKindOf(messages) != JsonKind::Array) return;
    body.set("messages", withInstruction(messages, formatInstruction(format)));
    body.set("response_format", R"({"type":"json_object"})");
}

} // namespace

bool suits(const JsonDocument& body, const Quirks& quirks)
{
    const auto value = [&body](std::string_view key) {
        const JsonMember* member = body.find(key);
        return member ? member->value : std::string_view();
    };
    const auto absent = [&value](std::string_view key) { return key.empty() || value(key).empty(); };
    return absent(otherLimit(quirks)) && (quirks.seedField.empty() || absent("seed")) &&
           (!quirks.noStreamOptions || absent("stream_options")) &&
           (!quirks.noJsonSchema || !wantsSchema(value("response_format"))) &&
           (!quirks.noDeveloperRole || !hasDevelopers(value("messages"))) &&
           std::all_of(quirks.drop.begin(), quirks.drop.end(), absent);
}

void fit(SpanEdit& body, const Quirks& quirks, std::vector<std::string>& dropped)
{
    if (const std::string_view other = otherLimit(quirks); !other.empty())
        rename(body, other, quirks.maxTokensField);
    if (!quirks.seedField.empty()) rename(body, "seed", quirks.seedField);
    if (quirks.noStreamOptions) body.remove("stream_options");
    if (quirks.noDeveloperRole && hasDevelopers(body.value("messages")))
        body.set("messages", withSystemRoles(std::string(body.value("messages"))));
    if (quirks.noJsonSchema) fitFormat(body);
    for (const std::string& name : quirks.drop) {
        if (body.value(name).empty()) continue;
        body.remove(name);
        noteDropped(dropped, name);
    }
}

} // namespace gateway::dialect::openai
