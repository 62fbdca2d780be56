// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/hook_body.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/head_scan.h"
#include "base/json_text.h"
#include "base/strings.h"

namespace gateway::guardrail {

namespace {

constexpr std::array<std::string_view, 8> kHookOwnFields{
    "authorization", "content-length",    "content-type",    "host",
    "connection",    "transfer-encoding", "accept-encoding", "expect"};

} // namespace

Result<HookAddress> HookAddress::parse(const Parameters& parameters)
{
    HookAddress address{parameters.text("url")};
    address.timeout = std::chrono::milliseconds(parameters.number("timeout_ms"));
    if (!address.url.starts_with("http://") && !address.url.starts_with("https://"))
        return clientError(Code::InvalidRequest,
                           R"(Needs an address that begins with "http://" or "https://".)", "url");
    for (const auto& header : parameters.json("headers").items()) {
        const std::string& name = header.key();
        const nlohmann::json& value = header.value();
        const bool isField = !name.empty() && value.is_string() &&
                             !hasControlByte(value.get<std::string>()) &&
                             std::all_of(name.begin(), name.end(), [](char c) { return isTokenByte(c); });
        if (!isField)
            return clientError(Code::InvalidRequest, "Needs names and texts of one line.", "headers");
        const bool isOwn = std::any_of(kHookOwnFields.begin(), kHookOwnFields.end(),
                                       [&](std::string_view each) { return equalsIgnoreCase(each, name); });
        if (isOwn)
            return clientError(Code::InvalidRequest,
                               "`" + name +
                                   "` cannot be set here; a token stands in the guardrail's \"secret\".",
                               "headers");
        address.fields.emplace_back(name, value.get<std::string>());
    }
    return address;
}

std::vector<Parameter> hookParameters()
{
    return {{"url", Parameter::Type::Text, "Address"},
            {"headers", Parameter::Type::Json, "Headers", "{}"},
            {"timeout_ms", Parameter::Type::Number, "Wait at most (ms)", "3000", {}, 50, 60'000}};
}

std::string hookBody(const Subject& subject)
{
    const bool isAnswer = subject.stage == Stage::Response;
    std::string body;
    JsonWriter json(body);
    const auto side = [&](std::string_view name, bool told, std::string_view text, std::string_view whole) {
        json.key(name).beginObject();
        if (told) {
            json.key("text").string(text);
            json.key("json").raw(whole.empty() ? std::string_view("null") : whole);
        }
        if (name == "request") json.key("isStreamingRequest").boolean(subject.isStream);
        json.endObject();
    };
    json.beginObject();
    side("request", !isAnswer || !subject.question.empty(), isAnswer ? subject.question : subject.text,
         isAnswer ? std::string_view() : subject.json);
    side("response", isAnswer, subject.text, subject.json);
    json.key("requestType").string(subject.requestType);
    json.key("metadata").raw(subject.metadataJson.empty() ? std::string_view("{}") : subject.metadataJson);
    json.key("eventType").string(isAnswer ? "afterRequestHook" : "beforeRequestHook").endObject();
    return body;
}

} // namespace gateway::guardrail
