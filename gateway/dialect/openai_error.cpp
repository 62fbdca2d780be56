// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/openai_parts.h"

namespace gateway::dialect::openai {
namespace {

std::string_view errorType(const Error& error)
{
    const int status = httpStatus(error);
    if (status == 429) return "rate_limit_error";
    if (status < 500) return "invalid_request_error";
    return status == 502 || status == 504 || error.source == Source::Upstream ? "upstream_error"
                                                                              : "server_error";
}

} // namespace

std::string encodeError(const Error& error)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("error").beginObject();
    json.key("message").string(error.message).key("type").string(errorType(error)).key("param");
    if (error.param.empty()) {
        json.null();
    } else {
        json.string(error.param);
    }
    json.key("code").string(codeName(error.code)).endObject().endObject();
    return out;
}

std::string encodeStreamError(const Error& error)
{
    return "data: " + encodeError(error) + "\n\n";
}

} // namespace gateway::dialect::openai
