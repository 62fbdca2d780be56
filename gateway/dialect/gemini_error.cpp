// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "base/strings.h"
#include "dialect/gemini_parts.h"
#include "dialect/provider_error.h"

namespace gateway::dialect::gemini {
namespace {

constexpr std::string_view kTypes = "type.googleapis.com/google.rpc.";

/// google.rpc.Code, by the HTTP status that its documentation pairs it with.
std::string_view statusName(int status)
{
    switch (status) {
    case 401:
        return "UNAUTHENTICATED";
    case 402:
        return "FAILED_PRECONDITION";
    case 403:
        return "PERMISSION_DENIED";
    case 404:
        return "NOT_FOUND";
    case 405:
    case 501:
        return "UNIMPLEMENTED";
    case 408:
    case 504:
        return "DEADLINE_EXCEEDED";
    case 409:
        return "ABORTED";
    case 429:
        return "RESOURCE_EXHAUSTED";
    case 499:
        return "CANCELLED";
    case 502:
    case 503:
        return "UNAVAILABLE";
    default:
        return status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
    }
}

void beginDetail(JsonWriter& json, std::string_view type)
{
    json.beginObject().key("@type").string(std::string(kTypes).append(type));
}

} // namespace

std::string encodeError(const Error& error)
{
    std::string out;
    JsonWriter json(out);
    const int status = httpStatus(error);
    json.beginObject().key("error").beginObject().key("code").integer(status);
    json.key("message").string(error.message).key("status").string(statusName(status));
    json.key("details").beginArray();
    beginDetail(json, "ErrorInfo");
    json.key("reason").string(codeName(error.code)).endObject();
    if (!error.param.empty()) {
        beginDetail(json, "BadRequest");
        json.key("fieldViolations").beginArray().beginObject().key("field").string(error.param);
        json.key("description").string(error.message).endObject().endArray().endObject();
    }
    if (error.retryAfter) {
        // Google's tools look for it here, not in the header.
        beginDetail(json, "RetryInfo");
        const auto seconds = (error.retryAfter->count() + 999) / 1000;
        json.key("retryDelay").string(std::to_string(seconds) + "s").endObject();
    }
    json.endArray().endObject().endObject();
    return out;
}

std::string encodeStreamError(const Error& error, bool jsonArray)
{
    if (jsonArray) return ",\r\n" + encodeError(error) + ']';
    return "data: " + encodeError(error) + "\r\n\r\n";
}

Dialect::ProviderError readError(std::string_view body)
{
    JsonDocument document;
    if (scanJson(body, document)) return {};
    // A stream that was refused answers with its only element.
    std::string_view object = body;
    if (document.root == JsonKind::Array) {
        forEachElement(body, [&object](std::string_view element, JsonKind) {
            object = element;
            return false;
        });
    }
    Dialect::ProviderError found = readErrorBody(object);
    const Fields error = Fields(object).object("error");
    if (found.type.empty()) found.type = error.text("status");
    found.shaped = found.shaped && document.root == JsonKind::Object;
    if (found.message.find("maximum number of tokens") != std::string::npos)
        found.code = Code::ContextLengthExceeded;
    forEachObject(error.array("details"), [&found](const Fields& detail) {
        // Google says 400 to a key that it does not know.
        if (detail.text("reason") == "API_KEY_INVALID") found.code = Code::ProviderAuthFailed;
    });
    return found;
}

} // namespace gateway::dialect::gemini
