// SPDX-License-Identifier: GPL-3.0-or-later
// Google's generateContent as its REST reference has it, with a key of AI Studio; and Vertex AI, which has
// another path and takes OAuth tokens.
#include "upstream/protocol.h"

namespace matrix {

namespace {

using nlohmann::json;

/// In the words of JSON Schema, where Google's own has its types in capitals.
json lowered(json schema)
{
    if (schema.contains("type") && schema["type"].is_string()) {
        std::string type = schema["type"];
        for (char& letter : type)
            letter = static_cast<char>(letter | 0x20);
        schema["type"] = type;
    }
    const json properties = schema.value("properties", json::object());
    for (const auto& [key, member] : properties.items())
        schema["properties"][key] = lowered(member);
    return schema;
}

void readPart(const json& part, bool user, Seen& seen, std::size_t& calls, std::size_t& results)
{
    if (part.contains("text") && !part.value("thought", false))
        (user ? seen.user : seen.assistant) += part["text"].get<std::string>();
    if (part.contains("inlineData")) seen.images.push_back(part["inlineData"]["data"]);
    if (part.contains("functionCall")) {
        const json& call = part["functionCall"];
        seen.calls.push_back({call.value("id", ""), call["name"], call.value("args", json::object())});
        ++calls;
        if (part.contains("thoughtSignature")) seen.signature = part["thoughtSignature"];
        if (user) seen.fault = "a functionCall in the user's turn";
    }
    if (part.contains("functionResponse")) {
        const json& result = part["functionResponse"];
        if (result["name"] != kToolName) seen.fault = "a functionResponse to " + result["name"].dump();
        seen.results.push_back({result.value("id", ""), result["response"].dump()});
        ++results;
        if (!user) seen.fault = "a functionResponse in the model's turn";
    }
}

void readContents(const json& contents, Seen& seen)
{
    std::string before;
    std::size_t open = 0; // calls of the turn before
    for (const json& content : contents) {
        const std::string role = content.value("role", "user");
        if (role == before) seen.fault = "two turns of the same role";
        if (before.empty() && role != "user") seen.fault = "the first turn is not the user's";
        std::size_t calls = 0;
        std::size_t results = 0;
        for (const json& part : content["parts"])
            readPart(part, role == "user", seen, calls, results);
        if (results != open)
            seen.fault = "the number of function response parts has to equal that of the function call parts";
        open = calls;
        before = role;
    }
    if (before != "user") seen.fault = "the last turn is not the user's";
}

json usageOf(const Answer& answer)
{
    const std::int64_t thoughts = answer.reasoned ? kReasoningTokens : 0;
    json usage{
        {"promptTokenCount", kInputTokens},
        {"candidatesTokenCount", kOutputTokens - thoughts},
        {"totalTokenCount", kInputTokens + kOutputTokens},
        {"cachedContentTokenCount", kCachedTokens},
        {"promptTokensDetails", json::array({json{{"modality", "TEXT"}, {"tokenCount", kInputTokens}}})}};
    if (thoughts > 0) usage["thoughtsTokenCount"] = thoughts;
    return usage;
}

const char* reasonOf(const Answer& answer)
{
    if (answer.ending == Ending::Length) return "MAX_TOKENS";
    return answer.ending == Ending::Refusal ? "SAFETY" : "STOP";
}

json responseOf(const Answer& answer, const json& parts, bool last)
{
    json candidate{{"index", 0}};
    if (!parts.empty()) candidate["content"] = {{"role", "model"}, {"parts", parts}};
    if (last) candidate["finishReason"] = reasonOf(answer);
    if (last && answer.ending == Ending::Refusal)
        candidate["safetyRatings"] = json::array({json{
            {"category", "HARM_CATEGORY_DANGEROUS_CONTENT"}, {"probability", "HIGH"}, {"blocked", true}}});
    return {{"candidates", json::array({candidate})},
            {"usageMetadata", usageOf(answer)},
            {"modelVersion", "gemini-2.5-pro"},
            {"responseId", "m1"}};
}

json callPart(const CallRow& call, bool first)
{
    json part{{"functionCall", {{"name", kToolName}, {"args", json::parse(call.arguments)}}}};
    if (first) part["thoughtSignature"] = kSignature;
    return part;
}

class Gemini : public Protocol {
public:
    std::string_view root() const override { return "/gemini"; }
    std::string_view schema() const override { return "gemini"; }
    std::string headFault(const fake::HttpRequest& request, std::string_view path) const override
    {
        if (path != "/v1beta/models/gemini-2.5-pro:generateContent" &&
            path != "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse")
            return "the path is " + std::string(path);
        return headerFault(request, "x-goog-api-key", kProviderKey);
    }
    Seen read(const json& body, std::string_view path) const override;
    std::string whole(const Answer& answer) const override
    {
        json parts = json::array();
        if (answer.reasoned) parts.push_back({{"text", joined(answer.thinking)}, {"thought", true}});
        if (!answer.text.empty() && answer.ending != Ending::Refusal)
            parts.push_back({{"text", joined(answer.text)}});
        for (const CallRow& call : answer.calls)
            parts.push_back(callPart(call, &call == answer.calls.data()));
        return responseOf(answer, parts, true).dump(2);
    }
    std::vector<std::string> events(const Answer& answer) const override;
    std::string error(unsigned status, std::string_view message) const override
    {
        const char* name = status == 429  ? "RESOURCE_EXHAUSTED"
                           : status < 500 ? "INVALID_ARGUMENT"
                                          : "INTERNAL";
        return json{{"error", {{"code", status}, {"message", message}, {"status", name}}}}.dump(2);
    }
};

Seen Gemini::read(const json& body, std::string_view path) const
{
    Seen seen;
    readContents(body["contents"], seen);
    if (body.contains("systemInstruction")) {
        for (const json& part : body["systemInstruction"]["parts"])
            seen.system += part["text"].get<std::string>();
    }
    for (const json& tool : body.value("tools", json::array())) {
        for (const json& one : tool.value("functionDeclarations", json::array())) {
            if (one.contains("parameters") && one.contains("parametersJsonSchema"))
                seen.fault = "parameters and parametersJsonSchema exclude each other";
            const json schema = one.contains("parameters") ? lowered(one["parameters"])
                                                           : one.value("parametersJsonSchema", json());
            seen.tools.push_back({one["name"], one.value("description", ""), schema});
        }
    }
    const json calling =
        body.value("toolConfig", json::object()).value("functionCallingConfig", json::object());
    seen.choice = calling.value("mode", "");
    if (seen.choice == "ANY") seen.choice = "required";
    const json config = body.value("generationConfig", json::object());
    const bool typed = config.value("responseMimeType", "") == "application/json";
    for (const char* name : {"responseSchema", "responseJsonSchema"}) {
        if (config.contains(name) && !typed) seen.fault = "a schema wants responseMimeType application/json";
        if (config.contains(name)) seen.format = lowered(config[name]);
    }
    if (typed && !seen.tools.empty()) seen.fault = "tools with a response of application/json";
    if (config.contains("maxOutputTokens")) seen.maxTokens = config["maxOutputTokens"].get<std::int64_t>();
    const json thinking = config.value("thinkingConfig", json::object());
    seen.reasons = thinking.value("includeThoughts", false);
    if (thinking.contains("thinkingLevel")) seen.fault = "thinkingLevel is not for Gemini 2.5";
    const std::int64_t budget = thinking.value("thinkingBudget", std::int64_t{-1});
    if (budget != -1 && budget < 128) seen.fault = "the least thinkingBudget of this model is 128";
    seen.stream = path.find(":stream") != std::string_view::npos;
    return seen;
}

std::vector<std::string> Gemini::events(const Answer& answer) const
{
    std::vector<std::string> events;
    const auto add = [&](const json& part) {
        events.push_back("data: " + responseOf(answer, json::array({part}), false).dump() + "\r\n\r\n");
    };
    if (answer.reasoned) {
        for (const std::string& piece : answer.thinking)
            add({{"text", piece}, {"thought", true}});
    }
    if (answer.ending != Ending::Refusal) {
        for (const std::string& piece : answer.text)
            add({{"text", piece}});
    }
    if (answer.ending == Ending::Failure) {
        events.push_back("data: " + json::parse(error(503, kErrorMessage)).dump() + "\r\n\r\n");
        return events;
    }
    // Calls come whole.
    for (const CallRow& call : answer.calls)
        add(callPart(call, &call == answer.calls.data()));
    const json empty = answer.ending == Ending::Refusal ? json::array() : json::array({json{{"text", ""}}});
    events.push_back("data: " + responseOf(answer, empty, true).dump() + "\r\n\r\n");
    return events;
}

class Vertex : public Gemini {
public:
    std::string_view root() const override { return "/vertex"; }
    std::string headFault(const fake::HttpRequest& request, std::string_view path) const override
    {
        constexpr std::string_view kBegin =
            "/v1/projects/matrix/locations/global/publishers/google/models/gemini-2.5-pro:";
        if (!path.starts_with(kBegin)) return "the path is " + std::string(path);
        path.remove_prefix(kBegin.size());
        if (path != "generateContent" && path != "streamGenerateContent?alt=sse")
            return "the verb is " + std::string(path);
        return headerFault(request, "authorization", "Bearer " + std::string(kProviderKey));
    }
};

} // namespace

const Protocol& gemini()
{
    static const Gemini protocol;
    return protocol;
}

const Protocol& vertex()
{
    static const Vertex protocol;
    return protocol;
}

} // namespace matrix
