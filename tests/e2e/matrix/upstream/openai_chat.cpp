// SPDX-License-Identifier: GPL-3.0-or-later
// OpenAI's Chat Completions as its API reference has it; the servers that follow it and tell their reasoning
// in reasoning_content; Azure OpenAI, which differs in its path, its key and how it refuses.
#include "upstream/protocol.h"

namespace matrix {

namespace {

using nlohmann::json;

constexpr std::int64_t kCreated = 1'700'000'000;

std::string textOf(const json& content)
{
    if (content.is_string()) return content;
    std::string text;
    for (const json& part : content.is_array() ? content : json::array())
        text += part.value("text", "");
    return text;
}

void readUser(const json& content, Seen& seen)
{
    seen.user += textOf(content);
    for (const json& part : content.is_array() ? content : json::array()) {
        if (part["type"] == "image_url") seen.images.push_back(imageOf(part["image_url"]["url"]));
    }
}

void readAssistant(const json& message, bool openAis, Seen& seen)
{
    if (openAis && message.contains("reasoning_content")) seen.fault = "reasoning_content is not OpenAI's";
    seen.assistant += textOf(message.value("content", json()));
    if (!message.contains("tool_calls")) {
        if (textOf(message.value("content", json())).empty()) seen.fault = "an empty assistant message";
        return;
    }
    for (const json& call : message["tool_calls"]) {
        const json arguments = json::parse(call["function"]["arguments"].get<std::string>(), nullptr, false);
        seen.calls.push_back({call["id"], call["function"]["name"], arguments});
    }
}

json usageOf(const Answer& answer)
{
    return {{"prompt_tokens", kInputTokens},
            {"completion_tokens", kOutputTokens},
            {"total_tokens", kInputTokens + kOutputTokens},
            {"prompt_tokens_details", {{"cached_tokens", kCachedTokens}, {"audio_tokens", 0}}},
            {"completion_tokens_details",
             {{"reasoning_tokens", answer.reasoned ? kReasoningTokens : 0},
              {"audio_tokens", 0},
              {"accepted_prediction_tokens", 0},
              {"rejected_prediction_tokens", 0}}}};
}

class OpenAiChat : public Protocol {
public:
    std::string_view root() const override { return "/chat"; }
    std::string_view schema() const override { return "openai_chat"; }
    std::string headFault(const fake::HttpRequest& request, std::string_view path) const override
    {
        if (path != "/v1/chat/completions") return "the path is " + std::string(path);
        return headerFault(request, "authorization", "Bearer " + std::string(kProviderKey));
    }
    Seen read(const json& body, std::string_view path) const override;
    std::string whole(const Answer& answer) const override;
    std::vector<std::string> events(const Answer& answer) const override;
    std::string error(unsigned status, std::string_view message) const override
    {
        const char* type = status == 429  ? "requests"
                           : status < 500 ? "invalid_request_error"
                                          : "server_error";
        const json code = status == 429 ? json("rate_limit_exceeded") : json();
        return json{{"error", {{"message", message}, {"type", type}, {"param", nullptr}, {"code", code}}}}
            .dump();
    }

protected:
    /// True where the model is one of OpenAI's own, whose API refuses what it does not know.
    virtual bool openAis() const { return true; }
    /// A refusal is told in a field of its own; false: by the finish reason alone.
    virtual bool hasRefusals() const { return true; }
    virtual bool tellsThinking() const { return false; }

private:
    std::string finishOf(const Answer& answer) const;
    json chunk(const Answer& answer, const json& delta, const json& finish) const;
    void addContent(const Answer& answer, std::vector<std::string>& events) const;
};

std::string reasoningFault(const json& body)
{
    const std::string model = body["model"];
    const bool reasons = model.starts_with("o");
    if (!reasons && body.contains("reasoning_effort")) return "reasoning_effort is not for this model";
    for (const char* name : {"max_tokens", "temperature", "top_p", "stop"}) {
        if (reasons && body.contains(name)) return std::string(name) + " is not for models that reason";
    }
    return {};
}

Seen OpenAiChat::read(const json& body, std::string_view) const
{
    Seen seen;
    if (openAis()) seen.fault = reasoningFault(body);
    for (const json& message : body["messages"]) {
        const std::string role = message["role"];
        if (role == "system" || role == "developer") seen.system += textOf(message["content"]);
        if (role == "user") readUser(message["content"], seen);
        if (role == "assistant") readAssistant(message, openAis(), seen);
        if (role == "tool") seen.results.push_back({message["tool_call_id"], textOf(message["content"])});
        if (role != "tool" && seen.fault.empty()) seen.fault = role == "user" ? pairingFault(seen) : "";
    }
    for (const json& tool : body.value("tools", json::array())) {
        const json& function = tool["function"];
        seen.tools.push_back({function["name"], function.value("description", ""),
                              function.value("parameters", json::object())});
    }
    if (body.contains("tool_choice") && seen.tools.empty()) seen.fault = "tool_choice without tools";
    seen.choice = body.contains("tool_choice") && body["tool_choice"].is_string()
                      ? body["tool_choice"].get<std::string>()
                      : "";
    if (body.contains("response_format") && body["response_format"].contains("json_schema"))
        seen.format = body["response_format"]["json_schema"]["schema"];
    seen.reasons = body.contains("reasoning_effort");
    for (const char* name : {"max_tokens", "max_completion_tokens"}) {
        if (body.contains(name)) seen.maxTokens = body[name].get<std::int64_t>();
    }
    seen.stream = body.value("stream", false);
    if (!seen.stream && body.contains("stream_options")) seen.fault = "stream_options without stream";
    if (seen.fault.empty()) seen.fault = pairingFault(seen);
    return seen;
}

std::string OpenAiChat::finishOf(const Answer& answer) const
{
    if (answer.ending == Ending::Calls) return "tool_calls";
    if (answer.ending == Ending::Length) return "length";
    return answer.ending == Ending::Refusal && !hasRefusals() ? "content_filter" : "stop";
}

std::string OpenAiChat::whole(const Answer& answer) const
{
    const std::string text = joined(answer.text);
    const bool refuses = answer.ending == Ending::Refusal && hasRefusals();
    json message{{"role", "assistant"}, {"annotations", json::array()}};
    message["content"] = refuses || text.empty() ? json() : json(text);
    message["refusal"] = refuses ? json(text) : json();
    if (tellsThinking() && answer.reasoned) message["reasoning_content"] = joined(answer.thinking);
    for (const CallRow& call : answer.calls) {
        message["tool_calls"].push_back({{"id", call.id},
                                         {"type", "function"},
                                         {"function", {{"name", kToolName}, {"arguments", call.arguments}}}});
    }
    return json{{"id", "chatcmpl-m1"},
                {"object", "chat.completion"},
                {"created", kCreated},
                {"model", answer.model},
                {"choices", json::array({json{{"index", 0},
                                              {"message", message},
                                              {"logprobs", nullptr},
                                              {"finish_reason", finishOf(answer)}}})},
                {"usage", usageOf(answer)},
                {"service_tier", "default"},
                {"system_fingerprint", "fp_m1"}}
        .dump();
}

json OpenAiChat::chunk(const Answer& answer, const json& delta, const json& finish) const
{
    json one{{"id", "chatcmpl-m1"},
             {"object", "chat.completion.chunk"},
             {"created", kCreated},
             {"model", answer.model},
             {"service_tier", "default"},
             {"system_fingerprint", "fp_m1"},
             {"choices",
              json::array(
                  {json{{"index", 0}, {"delta", delta}, {"logprobs", nullptr}, {"finish_reason", finish}}})}};
    if (answer.includeUsage) one["usage"] = nullptr;
    return one;
}

void OpenAiChat::addContent(const Answer& answer, std::vector<std::string>& events) const
{
    const auto add = [&](const json& delta) { events.push_back(sse({}, chunk(answer, delta, nullptr))); };
    if (tellsThinking()) {
        for (const std::string& piece : answer.thinking)
            add({{"reasoning_content", piece}});
    }
    const char* field = answer.ending == Ending::Refusal && hasRefusals() ? "refusal" : "content";
    for (const std::string& piece : answer.text)
        add({{field, piece}});
    for (std::size_t i = 0; i < answer.calls.size(); ++i) {
        const json first{{"index", i},
                         {"id", answer.calls[i].id},
                         {"type", "function"},
                         {"function", {{"name", kToolName}, {"arguments", ""}}}};
        add({{"tool_calls", json::array({first})}});
        for (const std::string& piece : pieces(answer.calls[i].arguments, 6)) {
            const json next{{"index", i}, {"function", {{"arguments", piece}}}};
            add({{"tool_calls", json::array({next})}});
        }
    }
}

std::vector<std::string> OpenAiChat::events(const Answer& answer) const
{
    std::vector<std::string> events{
        sse({}, chunk(answer, {{"role", "assistant"}, {"content", ""}, {"refusal", nullptr}}, nullptr))};
    addContent(answer, events);
    if (answer.ending == Ending::Failure) {
        events.push_back("data: " + error(500, kErrorMessage) + "\n\n");
        return events;
    }
    events.push_back(sse({}, chunk(answer, json::object(), finishOf(answer))));
    if (answer.includeUsage) {
        json last = chunk(answer, json::object(), nullptr);
        last["choices"] = json::array();
        last["usage"] = usageOf(answer);
        events.push_back(sse({}, last));
    }
    events.emplace_back("data: [DONE]\n\n");
    return events;
}

class Compatible : public OpenAiChat {
public:
    std::string_view root() const override { return "/compatible"; }

protected:
    bool openAis() const override { return false; }
    bool tellsThinking() const override { return true; }
};

class Azure : public OpenAiChat {
public:
    std::string_view root() const override { return "/azure"; }
    std::string headFault(const fake::HttpRequest& request, std::string_view path) const override
    {
        constexpr std::string_view kBegin = "/openai/deployments/";
        constexpr std::string_view kEnd = "/chat/completions?api-version=2024-10-21";
        if (!path.starts_with(kBegin) || !path.ends_with(kEnd)) return "the path is " + std::string(path);
        if (!request.header("authorization").empty()) return "a key has to be sent as api-key";
        return headerFault(request, "api-key", kProviderKey);
    }

protected:
    bool hasRefusals() const override { return false; }
};

} // namespace

const Protocol& openAiChat()
{
    static const OpenAiChat protocol;
    return protocol;
}

const Protocol& compatible()
{
    static const Compatible protocol;
    return protocol;
}

const Protocol& azure()
{
    static const Azure protocol;
    return protocol;
}

} // namespace matrix
