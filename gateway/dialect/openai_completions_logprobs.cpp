// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "dialect/logprobs.h"
#include "dialect/openai_completions_parts.h"

namespace gateway::dialect::completions {
namespace {

/// {" token":-0.5,…}; likeliest first, which the object need not be.
std::vector<TokenLogprob> readLikeliest(std::string_view object)
{
    std::vector<TokenLogprob> top;
    forEachMember(object, [&top](const JsonMember& member) {
        auto token = unescapeJson(member.key);
        if (token) top.push_back({*std::move(token), logprobOf(member.value)});
        return top.size() < kMostTopLogprobs;
    });
    std::stable_sort(top.begin(), top.end(), [](const TokenLogprob& one, const TokenLogprob& other) {
        return one.logprob > other.logprob;
    });
    return top;
}

void writeLikeliest(JsonWriter& json, const std::vector<TokenLogprob>& top)
{
    json.beginObject();
    for (auto token = top.begin(); token != top.end(); ++token) {
        // Pieces of characters look alike, and a name must not stand in an object twice.
        const bool repeated = std::any_of(top.begin(), token, [&token](const TokenLogprob& earlier) {
            return earlier.token == token->token;
        });
        if (!repeated) json.key(token->token).number(token->logprob);
    }
    json.endObject();
}

template <class F>
void writeList(JsonWriter& json, std::string_view name, const std::vector<TokenLogprob>& tokens, F&& write)
{
    json.key(name).beginArray();
    for (const TokenLogprob& token : tokens)
        write(token);
    json.endArray();
}

} // namespace

std::vector<TokenLogprob> readLogprobs(const JsonObject& logprobs)
{
    std::vector<TokenLogprob> tokens;
    forEachElement(logprobs.array("tokens"), [&tokens](std::string_view value, JsonKind) {
        tokens.push_back({textOf(value), logprobOf({})});
        return tokens.size() < kMaxTokens;
    });
    std::size_t place = 0;
    forEachElement(logprobs.array("token_logprobs"), [&](std::string_view value, JsonKind) {
        if (place < tokens.size()) tokens[place].logprob = logprobOf(value);
        return ++place < tokens.size();
    });
    place = 0;
    forEachElement(logprobs.array("top_logprobs"), [&](std::string_view value, JsonKind kind) {
        if (place < tokens.size() && kind == JsonKind::Object) tokens[place].top = readLikeliest(value);
        return ++place < tokens.size();
    });
    return tokens;
}

void writeLogprobs(JsonWriter& json, const std::vector<TokenLogprob>& tokens, std::int64_t offset)
{
    if (tokens.empty()) {
        json.null();
        return;
    }
    json.beginObject();
    writeList(json, "tokens", tokens, [&json](const TokenLogprob& token) { json.string(token.token); });
    writeList(json, "token_logprobs", tokens,
              [&json](const TokenLogprob& token) { json.number(token.logprob); });
    const bool any = std::any_of(tokens.begin(), tokens.end(),
                                 [](const TokenLogprob& token) { return !token.top.empty(); });
    if (any) {
        writeList(json, "top_logprobs", tokens,
                  [&json](const TokenLogprob& token) { writeLikeliest(json, token.top); });
    } else {
        json.key("top_logprobs").null();
    }
    writeList(json, "text_offset", tokens, [&json, &offset](const TokenLogprob& token) {
        json.integer(std::exchange(offset, offset + static_cast<std::int64_t>(utf8Length(token.token))));
    });
    json.endObject();
}

} // namespace gateway::dialect::completions
