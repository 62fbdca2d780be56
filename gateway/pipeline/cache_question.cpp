// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/cache_question.h"

#include <array>
#include <optional>

#include "cache/canonical_json.h"

namespace gateway::pipeline {

namespace {

// Members that change nothing of what is answered.
constexpr std::array<std::string_view, 13> kAside{
    "model",      "models", "stream",    "stream_options",   "user",
    "metadata",   "cache",  "tags",      "prompt_cache_key", "safety_identifier",
    "session_id", "trace",  "keep_alive"};

std::optional<std::string> plainText(std::string_view body)
{
    return cache::canonicalJson(body, kAside);
}

/// The request in `to`'s words, without what stands aside; nothing where it cannot say all of it.
std::optional<std::string> saidIn(const dialect::Dialect& to, Request request)
{
    request.stream = request.includeUsage = false;
    request.user.clear();
    request.metadataJson.clear();
    request.promptCacheKey.clear();
    request.model = "m"; // some dialects write no body without one
    request.dropped.clear();
    std::string body = to.encodeRequest(request);
    if (!request.dropped.empty()) return std::nullopt;
    return body;
}

/// Nothing where the neutral form loses anything of the body.
std::optional<std::string> neutralText(const dialect::Dialect& dialect, const dialect::PathFacts& path,
                                       std::string_view body, const std::string& plain)
{
    const auto request = dialect.decodeRequest(body, path);
    if (!request) return std::nullopt;
    const dialect::Dialect& common = dialect::dialectOf(DialectId::OpenAiChat);
    const auto neutral = saidIn(common, request.value());
    if (!neutral) return std::nullopt;
    // Back again: what is the same now was all there.
    const auto read = common.decodeRequest(*neutral, {});
    if (!read) return std::nullopt;
    const auto back = saidIn(dialect, read.value());
    if (!back || plainText(*back) != plain) return std::nullopt;
    return plainText(*neutral);
}

} // namespace

std::string questionText(const dialect::Dialect& dialect, const dialect::PathFacts& path,
                         std::string_view body)
{
    const auto plain = plainText(body);
    if (!plain) return std::string(body);
    if (path.operation == Operation::Chat) {
        if (const auto neutral = neutralText(dialect, path, body, *plain)) return "neutral:" + *neutral;
    }
    return std::string(dialectName(dialect.id())) + (path.batch ? ":batch:" : ":") + *plain;
}

} // namespace gateway::pipeline
