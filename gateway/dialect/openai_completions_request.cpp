// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/json_text.h"
#include "dialect/content_text.h"
#include "dialect/json_object.h"
#include "dialect/logprobs.h"
#include "dialect/openai_completions_parts.h"
#include "dialect/request_facts.h"

namespace gateway::dialect::completions {
namespace {

constexpr std::size_t kMaxStops = 4;
constexpr std::int64_t kMostLogprobs = 5;

/// The prompt where it is one text, perhaps in a list; nothing for every other form.
std::optional<std::string> onePrompt(const JsonObject& root)
{
    if (root.kind("prompt") == JsonKind::String) return root.text("prompt");
    std::optional<std::string> prompt;
    std::size_t count = 0;
    forEachElement(root.array("prompt"), [&](std::string_view value, JsonKind kind) {
        if (++count == 1 && kind == JsonKind::String) prompt = textOf(value);
        return count < 2;
    });
    return count == 1 ? prompt : std::nullopt;
}

/// What changes the answer and has no counterpart in a chat.
void noteUnsayable(const JsonObject& root, Request& request)
{
    for (const char* field : {"suffix", "logit_bias"}) {
        const std::string_view value = root.raw(field);
        if (!value.empty() && value != "\"\"" && compactJson(value) != "{}")
            noteDropped(request.dropped, field);
    }
    for (const char* field : {"n", "best_of"}) {
        if (root.integer(field).value_or(1) != 1) noteDropped(request.dropped, field);
    }
    if (root.boolean("echo").value_or(false)) noteDropped(request.dropped, "echo");
}

void readSampling(const JsonObject& root, Request& request)
{
    request.maxTokens = root.integer("max_tokens");
    request.temperature = root.number("temperature");
    request.topP = root.number("top_p");
    request.topK = root.integer("top_k");
    request.seed = root.integer("seed");
    request.presencePenalty = root.number("presence_penalty");
    request.frequencyPenalty = root.number("frequency_penalty");
    const auto logprobs = root.integer("logprobs"); // 0 asks for those of the answer alone
    wishLogprobs(request, logprobs.value_or(-1) >= 0, logprobs);
    if (root.kind("stop") == JsonKind::String) request.stop.push_back(root.text("stop"));
    forEachElement(root.array("stop"),
                   [&request](std::string_view value, JsonKind) { request.stop.push_back(textOf(value)); });
    std::erase(request.stop, std::string());
}

std::string_view speakerOf(Role role)
{
    return role == Role::Assistant ? "Assistant: " : "User: ";
}

/// A conversation as the text that a model of this kind would go on with. One question alone stays as it is.
std::string promptOf(Request& request)
{
    std::string system;
    std::vector<std::pair<Role, std::string>> turns;
    for (const Message& message : request.messages) {
        const bool lost = std::any_of(message.parts.begin(), message.parts.end(), [](const Part& part) {
            return !std::holds_alternative<TextPart>(part) && !std::holds_alternative<ThinkingPart>(part);
        });
        if (lost) noteDropped(request.dropped, "messages");
        std::string text = joinedText(message.parts);
        if (text.empty()) continue;
        if (message.role == Role::System) {
            system += (system.empty() ? "" : "\n\n") + text;
        } else {
            turns.emplace_back(message.role, std::move(text));
        }
    }
    std::string prompt = system;
    const bool single = turns.size() == 1 && turns.front().first == Role::User;
    for (const auto& [role, text] : turns) {
        if (!prompt.empty()) prompt += "\n\n";
        if (!single) prompt += speakerOf(role);
        prompt += text;
    }
    if (!single && !turns.empty()) prompt += "\n\nAssistant:";
    return prompt;
}

void noteUnsayable(Request& request)
{
    const auto drop = [&request](bool given, std::string_view name) {
        if (given) noteDropped(request.dropped, name);
    };
    drop(!request.tools.empty(), "tools");
    drop(request.reasoning.wanted(), "reasoning");
    drop(!request.responseFormatJson.empty(), "response_format");
    drop(request.topK.has_value(), "top_k");
    drop(!request.verbosity.empty(), "verbosity");
    drop(request.stop.size() > kMaxStops, "stop>4");
}

} // namespace

Result<Request> decodeRequest(std::string_view body)
{
    const JsonObject root(body);
    Request request;
    request.model = root.text("model");
    request.stream = root.boolean("stream").value_or(false);
    request.includeUsage = root.object("stream_options").boolean("include_usage").value_or(false);
    request.user = root.text("user");
    if (!root.has("prompt")) return invalidRequest("'prompt' is required.", "prompt");
    auto prompt = onePrompt(root);
    if (!prompt)
        return invalidRequest("'prompt' has to be one text for this model: its provider takes neither token "
                              "numbers nor several prompts in one call. Send one call for each.",
                              "prompt");
    if (prompt->empty()) return invalidRequest("'prompt' must not be empty.", "prompt");
    Message& message = request.messages.emplace_back();
    message.role = Role::User;
    message.parts.emplace_back(TextPart{*std::move(prompt), {}});
    readSampling(root, request);
    if (request.maxTokens && *request.maxTokens <= 0)
        return invalidRequest("'max_tokens' has to be a positive whole number.", "max_tokens");
    noteUnsayable(root, request);
    return request;
}

std::string encodeRequest(Request& request)
{
    std::string out;
    JsonWriter json(out);
    const auto number = [&json](std::string_view name, const std::optional<double>& value) {
        if (value) json.key(name).number(*value);
    };
    json.beginObject().key("model").string(request.model).key("prompt").string(promptOf(request));
    noteUnsayable(request);
    if (request.maxTokens) json.key("max_tokens").integer(*request.maxTokens);
    number("temperature", request.temperature);
    number("top_p", request.topP);
    number("presence_penalty", request.presencePenalty);
    number("frequency_penalty", request.frequencyPenalty);
    if (request.seed) json.key("seed").integer(*request.seed);
    if (!request.stop.empty()) {
        json.key("stop").beginArray();
        for (std::size_t i = 0; i < std::min(request.stop.size(), kMaxStops); ++i)
            json.string(request.stop[i]);
        json.endArray();
    }
    if (request.logprobs) json.key("logprobs").integer(topLogprobs(request, kMostLogprobs));
    if (!request.user.empty()) json.key("user").string(request.user);
    if (request.stream) {
        json.key("stream").boolean(true);
        json.key("stream_options").beginObject().key("include_usage").boolean(true).endObject();
    }
    json.endObject();
    return out;
}

} // namespace gateway::dialect::completions
