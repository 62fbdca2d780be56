// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/responses_object.h"

#include <array>

#include "dialect/responses_parts.h"
#include "dialect/span_edit.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect::responses {
namespace {

struct Echoed {
    std::string_view name;
    std::string_view otherwise; // what OpenAI answers where the request does not say
};

constexpr std::array kEchoed{
    Echoed{"background", "false"},
    Echoed{"instructions", "null"},
    Echoed{"max_output_tokens", "null"},
    Echoed{"max_tool_calls", "null"},
    Echoed{"metadata", "{}"},
    Echoed{"parallel_tool_calls", "true"},
    Echoed{"previous_response_id", "null"},
    Echoed{"prompt_cache_key", "null"},
    Echoed{"reasoning", R"({"effort":null,"summary":null})"},
    Echoed{"safety_identifier", "null"},
    Echoed{"service_tier", R"("default")"},
    Echoed{"store", "true"},
    Echoed{"temperature", "1.0"},
    Echoed{"text", R"({"format":{"type":"text"}})"},
    Echoed{"tool_choice", R"("auto")"},
    Echoed{"tools", "[]"},
    Echoed{"top_logprobs", "0"},
    Echoed{"top_p", "1.0"},
    Echoed{"truncation", R"("disabled")"},
    Echoed{"user", "null"},
};

std::string echoed(const JsonDocument* document, const Echoed& field)
{
    const JsonMember* member = document ? document->find(field.name) : nullptr;
    if (!member || member->kind == JsonKind::Null) return std::string(field.otherwise);
    std::string value = compactJson(member->value);
    if (field.name == "text" && member->kind == JsonKind::Object && !JsonObject(value).has("format")) {
        value = withMember(value, "format", R"({"type":"text"})");
    }
    return value;
}

} // namespace

ResponseObject::ResponseObject(const CompletionContext& context) : m_created(context.createdSeconds)
{
    JsonWriter json(m_head);
    json.beginObject().key("id").string(responseId(context)).key("object").string("response");
    json.key("created_at").integer(m_created).key("model").string(context.model);
    for (const Echoed& field : kEchoed) {
        m_echo.append(",\"").append(field.name).append("\":").append(echoed(context.document, field));
    }
}

std::string ResponseObject::text(const State& state) const
{
    std::string out = m_head;
    out.reserve(m_head.size() + m_echo.size() + state.output.size() + 512);
    const bool done = state.status == "completed";
    out.append(",\"status\":\"").append(state.status).append("\",\"completed_at\":");
    // A stream's end is not in the context; nobody has been seen to depend on it.
    out.append(done ? std::to_string(m_created) : "null");
    out.append(",\"error\":").append(state.failure.empty() ? "null" : state.failure);
    out.append(",\"incomplete_details\":");
    if (state.incompleteWhy.empty()) {
        out.append("null");
    } else {
        out.append("{\"reason\":\"").append(state.incompleteWhy).append("\"}");
    }
    out.append(",\"output\":[").append(state.output).append("]").append(m_echo).append(",\"usage\":");
    if (state.usage && state.usage->known) {
        JsonWriter json(out);
        writeResponsesUsage(json, *state.usage, state.cost);
    } else {
        out.append("null");
    }
    out += '}';
    return out;
}

} // namespace gateway::dialect::responses
