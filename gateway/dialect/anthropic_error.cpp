// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/anthropic_parts.h"

namespace gateway::dialect::anthropic {
namespace {

std::string_view errorType(const Error& error)
{
    // Clients wait and repeat on overloaded_error; our other 503s do not pass by waiting.
    if (error.code == Code::Overloaded || error.code == Code::UpstreamOverloaded) return "overloaded_error";
    switch (httpStatus(error)) {
    case 401:
        return "authentication_error";
    case 402:
        return "billing_error";
    case 403:
        return "permission_error";
    case 404:
        return "not_found_error";
    case 413:
        return "request_too_large";
    case 429:
        return "rate_limit_error";
    case 504:
        return "timeout_error";
    default:
        return httpStatus(error) < 500 ? "invalid_request_error" : "api_error";
    }
}

} // namespace

std::string encodeError(const Error& error, std::string_view requestId)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("type").string("error").key("error").beginObject();
    json.key("type").string(errorType(error)).key("message").string(error.message);
    json.key("code").string(codeName(error.code));
    if (!error.param.empty()) {
        json.key("param").string(error.param);
    }
    if (error.code == Code::InvalidRequest && error.param == kThreadParam) {
        // Anthropic's SDKs read these and send the whole conversation instead.
        json.key("details").beginObject().key("error_code").string("thread_unsupported_request");
        json.key("unsupported").beginArray().string(kThreadParam).endArray().endObject();
    }
    json.endObject();
    if (!requestId.empty()) {
        json.key("request_id").string(requestId);
    }
    json.endObject();
    return out;
}

std::string encodeStreamError(const Error& error, std::string_view requestId)
{
    return "event: error\ndata: " + encodeError(error, requestId) + "\n\n";
}

} // namespace gateway::dialect::anthropic
