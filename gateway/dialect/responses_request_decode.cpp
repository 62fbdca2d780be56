// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/model_traits.h"
#include "dialect/request_facts.h"
#include "dialect/responses_input.h"
#include "dialect/responses_parts.h"
#include "dialect/responses_tools.h"

namespace gateway::dialect::responses {
namespace {

/// What lives on OpenAI's servers only, or with the answers that are kept here (which the gateway puts in
/// before it decodes). A later target may be OpenAI.
std::optional<Error> refuseHeldState(const JsonObject& root)
{
    const std::string previous = root.text("previous_response_id");
    if (!previous.empty()) {
        return heldElsewhere("The response `" + previous.substr(0, 80) +
                                 "` is not kept here. Send the whole conversation as `input`.",
                             "previous_response_id");
    }
    for (const char* field : {"conversation", "prompt"}) {
        if (root.has(field)) {
            return heldElsewhere("'" + std::string(field) +
                                     "' names something on OpenAI's servers, and the model is elsewhere. "
                                     "Send it as `instructions` and `input`.",
                                 field);
        }
    }
    return std::nullopt;
}

void readSampling(const JsonObject& root, Request& request)
{
    request.maxTokens = root.integer("max_output_tokens");
    request.temperature = root.number("temperature");
    request.topP = root.number("top_p");
    request.parallelToolCalls = root.boolean("parallel_tool_calls");
}

void readReasoningWish(const JsonObject& root, Request& request)
{
    const JsonObject wish = root.object("reasoning");
    request.reasoning.effort = effortNamed(wish.text("effort"));
    request.reasoning.summary = wish.text(wish.has("summary") ? "summary" : "generate_summary");
}

/// `text.format` says flat what Chat Completions puts into an object `json_schema`.
void readText(const JsonObject& root, Request& request)
{
    const JsonObject text = root.object("text");
    request.verbosity = text.text("verbosity");
    const JsonObject format = text.object("format");
    const std::string type = format.text("type");
    if (type == "json_object") {
        request.responseFormatJson = R"({"type":"json_object"})";
    } else if (type == "json_schema") {
        JsonWriter json(request.responseFormatJson);
        json.beginObject().key("type").string(type).key("json_schema").beginObject();
        for (const char* field : {"name", "description", "schema", "strict"}) {
            if (format.has(field)) {
                json.key(field).raw(compactJson(format.raw(field)));
            }
        }
        json.endObject().endObject();
    }
}

void readInclude(const JsonObject& root, Request& request)
{
    const auto top = root.integer("top_logprobs");
    bool logprobs = top.value_or(0) > 0;
    forEachElement(root.array("include"), [&](std::string_view value, JsonKind) {
        const std::string name = textOf(value);
        logprobs = logprobs || name == kIncludeLogprobs;
        if (name != kIncludeLogprobs && name != kIncludeReasoning) noteDropped(request.dropped, "include");
    });
    wishLogprobs(request, logprobs, top);
}

void noteUnsayable(const JsonObject& root, Request& request)
{
    constexpr std::array kFields{"max_tool_calls", "moderation", "context_management"};
    for (const char* field : kFields) {
        if (root.has(field)) {
            noteDropped(request.dropped, field);
        }
    }
    if (root.boolean("background").value_or(false)) {
        noteDropped(request.dropped, "background");
    }
    if (root.text("truncation") == "auto") {
        noteDropped(request.dropped, "truncation");
    }
}

} // namespace

Result<Request> decodeRequest(std::string_view body)
{
    const JsonObject root(body);
    if (auto held = refuseHeldState(root)) return *std::move(held);
    Request request;
    request.model = root.text("model");
    request.stream = root.boolean("stream").value_or(false);
    request.includeUsage = true;
    request.user = root.text(root.has("user") ? "user" : "safety_identifier");
    request.serviceTier = root.text("service_tier");
    request.promptCacheKey = root.text("prompt_cache_key");
    if (root.kind("metadata") == JsonKind::Object) {
        request.metadataJson = compactJson(root.raw("metadata"));
    }
    if (std::string instructions = root.text("instructions"); !instructions.empty()) {
        request.messages.push_back({Role::System, {TextPart{std::move(instructions), {}}}});
    }
    ToolReader tools(request);
    tools.read(root.array("tools"));
    InputReader input(request, tools);
    if (auto problem = input.read(root.raw("input"))) return *std::move(problem);
    if (request.messages.empty()) {
        return invalidRequest("'input' is required and has to be a text or a list of items.", "input");
    }
    tools.readChoice(root);
    readSampling(root, request);
    if (request.maxTokens && *request.maxTokens <= 0) {
        return invalidRequest("'max_output_tokens' has to be a positive whole number.", "max_output_tokens");
    }
    readReasoningWish(root, request);
    readText(root, request);
    readInclude(root, request);
    noteUnsayable(root, request);
    return request;
}

} // namespace gateway::dialect::responses
