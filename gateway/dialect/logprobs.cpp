// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/logprobs.h"

#include <algorithm>
#include <string>

#include "dialect/content_text.h"

namespace gateway::dialect {
namespace {

constexpr double kUnlikeliest = -9999;

std::string readBytes(std::string_view list)
{
    std::string bytes;
    forEachElement(list, [&bytes](std::string_view value, JsonKind) {
        const auto byte = jsonInteger(value);
        if (byte && *byte >= 0 && *byte <= 255) bytes += static_cast<char>(*byte);
    });
    return bytes;
}

std::optional<TokenLogprob> readToken(std::string_view value)
{
    const JsonObject fields(value);
    if (fields.kind("token") != JsonKind::String) return std::nullopt;
    TokenLogprob token{fields.text("token"), logprobOf(fields.raw("logprob"))};
    token.bytes = readBytes(fields.array("bytes"));
    if (token.bytes == token.token) token.bytes.clear();
    forEachElement(fields.array("top_logprobs"), [&token](std::string_view other, JsonKind) {
        const JsonObject likely(other);
        if (likely.kind("token") != JsonKind::String) return true;
        TokenLogprob read{likely.text("token"), logprobOf(likely.raw("logprob"))};
        read.bytes = readBytes(likely.array("bytes"));
        if (read.bytes == read.token) read.bytes.clear();
        token.top.push_back(std::move(read));
        return token.top.size() < kMostTopLogprobs;
    });
    return token;
}

void writeMembers(JsonWriter& json, const TokenLogprob& token)
{
    json.key("token").string(token.token).key("logprob").number(token.logprob).key("bytes").beginArray();
    for (const char byte : token.bytes.empty() ? token.token : token.bytes)
        json.integer(static_cast<unsigned char>(byte));
    json.endArray();
}

} // namespace

double logprobOf(std::string_view number)
{
    return jsonNumber(number).value_or(kUnlikeliest);
}

std::vector<TokenLogprob> readLogprobs(std::string_view list)
{
    std::vector<TokenLogprob> tokens;
    if (list.size() <= 2) return tokens; // Responses has an empty list where none were asked for
    forEachElement(list, [&tokens](std::string_view value, JsonKind) {
        if (auto token = readToken(value)) tokens.push_back(*std::move(token));
        return tokens.size() < kMaxTokens;
    });
    return tokens;
}

void writeLogprob(JsonWriter& json, const TokenLogprob& token)
{
    json.beginObject();
    writeMembers(json, token);
    json.key("top_logprobs").beginArray();
    for (const TokenLogprob& likely : token.top) {
        json.beginObject();
        writeMembers(json, likely);
        json.endObject();
    }
    json.endArray().endObject();
}

void writeLogprobs(JsonWriter& json, const std::vector<TokenLogprob>& tokens)
{
    json.beginArray();
    for (const TokenLogprob& token : tokens)
        writeLogprob(json, token);
    json.endArray();
}

std::vector<TokenLogprob> joinedLogprobs(const std::vector<Part>& parts)
{
    std::vector<TokenLogprob> tokens;
    for (const Part& part : parts) {
        if (const auto* text = std::get_if<TextPart>(&part))
            tokens.insert(tokens.end(), text->logprobs.begin(), text->logprobs.end());
    }
    return tokens;
}

void wishLogprobs(Request& request, bool wanted, std::optional<std::int64_t> top)
{
    request.logprobs = wanted;
    if (!top || *top <= 0) return;
    if (wanted)
        request.topLogprobs = top;
    else
        noteDropped(request.dropped, "top_logprobs");
}

void dropLogprobs(Request& request)
{
    if (!request.logprobs) return;
    if (request.topLogprobs) noteDropped(request.dropped, "top_logprobs");
    noteDropped(request.dropped, "logprobs");
}

std::int64_t topLogprobs(Request& request, std::int64_t most)
{
    const std::int64_t top = request.topLogprobs.value_or(0);
    if (top > most) noteDropped(request.dropped, "top_logprobs>" + std::to_string(most));
    return std::min(top, most);
}

} // namespace gateway::dialect
