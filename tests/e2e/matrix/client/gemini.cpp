// SPDX-License-Identifier: GPL-3.0-or-later
// A client of Gemini's generateContent, whose streams come as events or as one JSON array.
#include <algorithm>

#include "client/client.h"

namespace matrix {

namespace {

using nlohmann::json;

// Google's own schemas, whose types are written in capitals and which have no additionalProperties.
constexpr std::string_view kGoogleToolSchema =
    R"({"type":"OBJECT","properties":{"city":{"type":"STRING","description":"Its name"}},"required":["city"]})";
constexpr std::string_view kGoogleSchema =
    R"({"type":"OBJECT","properties":{"answer":{"type":"INTEGER"}},"required":["answer"]})";

json contentsOf(const Ask& ask)
{
    json parts = json::array({json{{"text", ask.text}}});
    if (ask.feature == Feature::Image)
        parts.push_back({{"inlineData", {{"mimeType", "image/png"}, {"data", kImage}}}});
    json contents = json::array();
    if (ask.feature == Feature::History) {
        const json question{{"text", kFirstUser}};
        const json answer{{"text", kFirstAnswer}};
        contents.push_back({{"role", "user"}, {"parts", json::array({question})}});
        contents.push_back({{"role", "model"}, {"parts", json::array({answer})}});
    }
    contents.push_back({{"role", "user"}, {"parts", parts}});
    if (!ask.replay.is_null()) {
        json result{{"name", kToolName}, {"response", {{"result", kCalls[0].result}}}};
        if (!ask.callId.empty()) result["id"] = ask.callId;
        contents.push_back(ask.replay);
        contents.push_back({{"role", "user"}, {"parts", json::array({json{{"functionResponse", result}}})}});
    }
    if (!hasCalls(ask.feature)) return contents;
    json calls = json::array();
    json results = json::array();
    for (const CallRow& call : kCalls) {
        calls.push_back({{"functionCall", {{"name", kToolName}, {"args", json::parse(call.arguments)}}}});
        const json response{{"result", call.result}};
        results.push_back({{"functionResponse", {{"name", kToolName}, {"response", response}}}});
    }
    contents.push_back({{"role", "model"}, {"parts", calls}});
    contents.push_back({{"role", "user"}, {"parts", results}});
    return contents;
}

void readPart(const json& part, Told& told)
{
    if (part.contains("functionCall")) {
        const json& call = told.object(part, "functionCall");
        told.calls.push_back(
            {call.value("id", ""), told.string(call, "name"), told.object(call, "args").dump()});
    } else if (part.value("thought", false)) {
        told.thinking += told.string(part, "text");
    } else if (part.contains("text") || !part.contains("thoughtSignature")) {
        told.text += told.string(part, "text");
    }
}

void readUsage(const json& usage, Told& told)
{
    told.input = told.number(usage, "promptTokenCount");
    told.reasoning = usage.value("thoughtsTokenCount", std::int64_t{0});
    told.output = usage.value("candidatesTokenCount", std::int64_t{0}) + told.reasoning;
    told.cached = usage.value("cachedContentTokenCount", std::int64_t{0});
    told.expect(told.number(usage, "totalTokenCount") == told.input + told.output, "the total is the sum");
}

void readResponse(const json& response, Told& told)
{
    (void)told.string(response, "modelVersion");
    for (const json& candidate : told.array(response, "candidates")) {
        told.expect(told.finish.empty(), "nothing behind the finish reason");
        if (candidate.contains("content")) {
            const json& content = told.object(candidate, "content");
            told.expect(content.value("role", "model") == "model", "the role is model");
            told.replay = content;
            for (const json& part : content.contains("parts") ? told.array(content, "parts") : json::array())
                readPart(part, told);
        }
        if (!candidate.contains("finishReason")) continue;
        told.finishFrom(told.string(candidate, "finishReason"),
                        {{"STOP", "stop"}, {"MAX_TOKENS", "length"}, {"SAFETY", "filter"}});
        if (told.finish == "stop" && !told.calls.empty()) told.finish = "calls";
    }
    if (response.contains("usageMetadata")) readUsage(response["usageMetadata"], told);
}

void readErrorObject(const json& body, Told& told)
{
    const json& error = told.object(body, "error");
    (void)told.number(error, "code");
    (void)told.string(error, "status");
    told.error = told.string(error, "message");
}

class GeminiClient : public Client {
public:
    std::string_view name() const override { return "gemini"; }
    Wire write(const Ask& ask) const override;
    void readWhole(const json& answer, Told& told) const override
    {
        readResponse(answer, told);
        told.expect(answer.contains("usageMetadata"), "an answer has its usage");
    }
    void readStream(std::string_view body, Told& told) const override
    {
        for (const std::string& line : linesOf(body))
            told.expect(line.empty() || line.starts_with("data: "), "there are data lines only");
        json all = json::array();
        for (const StreamEvent& event : eventsOf(body, told))
            all.push_back(told.parsed(event.data));
        readAll(body, all, told);
    }
    void readError(const json& body, int status, Told& told) const override
    {
        readErrorObject(body, told);
        told.expect(told.object(body, "error").value("code", 0) == status, "the error's code is the status");
    }

protected:
    static void readAll(std::string_view body, const json& all, Told& told)
    {
        told.expect(std::all_of(body.begin(), body.end(), [](char byte) { return byte > 0; }),
                    "the stream is ASCII");
        for (const json& one : all) {
            told.expect(told.error.empty(), "nothing behind an error");
            if (one.contains("error"))
                readErrorObject(one, told);
            else
                readResponse(one, told);
        }
    }
};

Wire GeminiClient::write(const Ask& ask) const
{
    json body{{"contents", contentsOf(ask)}};
    json config{{"maxOutputTokens", limitOf(ask.feature)}};
    if (ask.feature == Feature::System)
        body["systemInstruction"] = {{"role", "user"}, {"parts", json::array({json{{"text", kSystem}}})}};
    if (hasTools(ask.feature)) {
        const json declaration{{"name", kToolName},
                               {"description", kToolDescription},
                               {"parameters", json::parse(kGoogleToolSchema)}};
        body["tools"] = json::array({json{{"functionDeclarations", json::array({declaration})}}});
    }
    if (ask.feature == Feature::Tools) body["toolConfig"] = {{"functionCallingConfig", {{"mode", "ANY"}}}};
    if (reasons(ask.feature))
        config["thinkingConfig"] = {{"includeThoughts", true}, {"thinkingBudget", kBudget}};
    if (hasFormat(ask.feature)) {
        config["responseMimeType"] = "application/json";
        config["responseSchema"] = json::parse(kGoogleSchema);
    }
    body["generationConfig"] = config;
    return {"/v1beta/models/" + ask.model +
                (ask.stream ? ":streamGenerateContent?alt=sse" : ":generateContent"),
            {{"x-goog-api-key", std::string(kClientKey)}},
            body};
}

class GeminiArrayClient : public GeminiClient {
public:
    std::string_view name() const override { return "gemini-array"; }
    std::string_view streamType() const override { return "application/json"; }
    Wire write(const Ask& ask) const override
    {
        Wire wire = GeminiClient::write(ask);
        wire.path = wire.path.substr(0, wire.path.find('?'));
        return wire;
    }
    void readStream(std::string_view body, Told& told) const override
    {
        const json all = told.parsed(body);
        told.expect(all.is_array(), "the stream is one array");
        readAll(body, all, told);
    }
};

} // namespace

const Client& geminiClient()
{
    static const GeminiClient client;
    return client;
}

const Client& geminiArrayClient()
{
    static const GeminiArrayClient client;
    return client;
}

} // namespace matrix
