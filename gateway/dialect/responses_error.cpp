// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/provider_error.h"
#include "dialect/responses_parts.h"

namespace gateway::dialect::responses {
namespace {

constexpr std::string_view kQuota = "insufficient_quota";

/// Ours, or the provider's that only its owner can raise: Codex takes no other code for final.
bool isSpent(const Error& error)
{
    return error.code == Code::BudgetExceeded || (error.code == Code::RateLimitExceeded && error.final);
}

std::string_view errorCode(const Error& error)
{
    return isSpent(error) ? kQuota : codeName(error.code);
}

std::string_view errorType(const Error& error)
{
    if (isSpent(error)) return kQuota;
    const int status = httpStatus(error);
    if (status == 429) return "rate_limit_error";
    if (status < 500) return "invalid_request_error";
    return status == 502 || status == 504 || error.source == Source::Upstream ? "upstream_error"
                                                                              : "server_error";
}

void writeErrorObject(JsonWriter& json, const Error& error)
{
    json.beginObject().key("message").string(error.message).key("type").string(errorType(error));
    json.key("param");
    if (error.param.empty()) {
        json.null();
    } else {
        json.string(error.param);
    }
    json.key("code").string(errorCode(error)).endObject();
}

} // namespace

int errorStatus(const Error& error)
{
    return error.code == Code::BudgetExceeded ? 429 : httpStatus(error);
}

std::string encodeError(const Error& error)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("error");
    writeErrorObject(json, error);
    json.endObject();
    return out;
}

std::string errorEvent(const Error& error, std::int64_t sequence)
{
    std::string out = "event: error\ndata: ";
    JsonWriter json(out);
    json.beginObject().key("type").string("error").key("sequence_number").integer(sequence);
    json.key("code").string(errorCode(error)).key("message").string(error.message).key("param");
    if (error.param.empty()) {
        json.null();
    } else {
        json.string(error.param);
    }
    // The reference has the members flat, OpenAI's servers send them in an object: clients look for either.
    json.key("error");
    writeErrorObject(json, error);
    json.endObject();
    out += "\n\n";
    return out;
}

std::string failureObject(const Error& error)
{
    std::string_view code = "server_error";
    if (isSpent(error)) {
        code = kQuota;
    } else if (error.code == Code::ContextLengthExceeded || error.code == Code::RateLimitExceeded) {
        code = codeName(error.code);
    } else if (httpStatus(error) >= 400 && httpStatus(error) < 500) {
        code = "invalid_prompt";
    }
    std::string out;
    JsonWriter(out).beginObject().key("code").string(code).key("message").string(error.message).endObject();
    return out;
}

Error failureOf(const JsonObject& holder)
{
    const JsonKind kind = holder.kind("error");
    if (kind == JsonKind::Object || kind == JsonKind::String) return streamFailure(holder.raw("error"));
    std::string flat;
    JsonWriter json(flat);
    // The type of a flat event is "error", which says nothing.
    json.beginObject().key("type").string(holder.text("code")).key("code").string(holder.text("code"));
    json.key("message").string(holder.text("message")).endObject();
    return streamFailure(flat);
}

} // namespace gateway::dialect::responses
