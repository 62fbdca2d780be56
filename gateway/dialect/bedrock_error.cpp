// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/bedrock_parts.h"
#include "dialect/provider_error.h"

namespace gateway::dialect::bedrock {
namespace {

bool sameName(std::string_view left, std::string_view right)
{
    // Streams begin their types with a small letter, the heads of refusals with a large one.
    return !left.empty() && left.substr(1) == right.substr(1) && (left[0] | 0x20) == (right[0] | 0x20);
}

Code codeOf(std::string_view type)
{
    if (sameName(type, "throttlingException")) return Code::RateLimitExceeded;
    if (sameName(type, "modelTimeoutException")) return Code::UpstreamTimeout;
    if (sameName(type, "serviceUnavailableException") || sameName(type, "modelNotReadyException"))
        return Code::UpstreamOverloaded;
    return Code::UpstreamError;
}

} // namespace

Dialect::ProviderError readError(std::string_view body)
{
    Dialect::ProviderError found = readErrorBody(body);
    JsonDocument document;
    if (scanJson(body, document) || document.root != JsonKind::Object) return found;
    const JsonObject root(document);
    // What stands before the service itself writes the word with a large letter.
    if (found.message.empty()) found.message = root.text("Message");
    if (found.message.size() > kMaxProviderMessage) found.message.resize(kMaxProviderMessage);
    if (found.type.empty()) found.type = root.text("__type");
    found.shaped = root.kind("message") == JsonKind::String;
    return found;
}

Error streamException(std::string_view type, std::string_view payload)
{
    const Dialect::ProviderError found = readError(payload);
    std::string message = "The provider reported an error in its stream";
    message += found.message.empty() ? "." : ": " + found.message;
    const Code code = found.code != Code::Undecided ? found.code : codeOf(type);
    return upstreamError(code, Retry::NextTarget, std::move(message));
}

std::string_view exceptionName(const Error& error)
{
    switch (httpStatus(error)) {
    case 429:
        return "throttlingException";
    case 503:
        return "serviceUnavailableException";
    case 504:
        return "modelTimeoutException";
    default:
        return httpStatus(error) < 500 ? "validationException" : "internalServerException";
    }
}

std::string errorBody(const Error& error)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("message").string(error.message).key("code").string(codeName(error.code));
    json.endObject();
    return out;
}

} // namespace gateway::dialect::bedrock
