// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/asked_model.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "base/json_text.h"
#include "base/strings.h"

namespace gateway::guardrail {

std::vector<Parameter> modelParameters(std::vector<Parameter> own)
{
    std::vector<Parameter> all{{"model",
                                Parameter::Type::Text,
                                "Model",
                                "null",
                                {},
                                0,
                                0,
                                "A route, provider/model or a model. Each question has its price."}};
    for (Parameter& each : own)
        all.push_back(std::move(each));
    all.push_back({"timeout_ms", Parameter::Type::Number, "Wait at most (ms)", "10000", {}, 100, 120'000});
    return all;
}

Result<std::string> askedModel(const Parameters& parameters)
{
    std::string model = parameters.text("model");
    if (model.empty() || model.size() > 256 || hasControlByte(model))
        return clientError(Code::InvalidRequest, "Needs a route, provider/model or a model.", "model");
    return model;
}

Inquiry chatInquiry(std::string_view model, std::string_view system, std::string_view user,
                    std::int64_t mostTokens, std::chrono::milliseconds timeout)
{
    Inquiry inquiry;
    inquiry.path = "/v1/chat/completions";
    inquiry.timeout = timeout;
    JsonWriter json(inquiry.body);
    json.beginObject().key("model").string(model).key("temperature").integer(0);
    json.key("max_tokens").integer(mostTokens).key("messages").beginArray();
    if (!system.empty())
        json.beginObject().key("role").string("system").key("content").string(system).endObject();
    json.beginObject().key("role").string("user").key("content").string(user).endObject();
    json.endArray().endObject();
    return inquiry;
}

Error modelFailed(int status)
{
    return gatewayError(Code::Internal, "The model that is asked answered with status " +
                                            std::to_string(status) + ". Its request is in the log.");
}

Result<std::string> chatReply(int status, std::string_view reply)
{
    if (status < 200 || status > 299) return modelFailed(status);
    const auto answer = nlohmann::json::parse(reply, nullptr, false);
    const auto text = nlohmann::json::json_pointer("/choices/0/message/content");
    if (answer.is_discarded() || !answer.contains(text) || !answer.at(text).is_string())
        return gatewayError(Code::Internal, "The model that is asked said nothing.");
    return answer.at(text).get<std::string>();
}

} // namespace gateway::guardrail
