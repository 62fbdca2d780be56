// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/provider_error.h"

#include <algorithm>
#include <array>
#include <string>

#include "dialect/json_object.h"

namespace gateway::dialect {
namespace {

// OpenAI's words for what comes out the same however often it is tried.
constexpr std::string_view kQuota = "insufficient_quota";
constexpr std::string_view kInvalidPrompt = "invalid_prompt";

bool contains(std::string_view text, std::string_view part)
{
    const auto same = [](char left, char right) {
        return (left >= 'A' && left <= 'Z' ? static_cast<char>(left + 32) : left) == right;
    };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool tellsLongContext(std::string_view code, std::string_view message)
{
    constexpr std::array kPhrases{"context_length_exceeded", "maximum context length", "prompt is too long",
                                  "context window",          "context length",         "input is too long"};
    if (contains(code, "context_length") || contains(code, "context_window")) return true;
    return std::any_of(kPhrases.begin(), kPhrases.end(),
                       [message](const char* phrase) { return contains(message, phrase); });
}

/// OpenAI's and Azure's codes, and Anthropic's words, which come with no code of their own.
bool tellsRefusedContent(std::string_view code, std::string_view message)
{
    constexpr std::array kCodes{"content_filter", "content_policy", "responsibleaipolicyviolation",
                                kInvalidPrompt.data()};
    return std::any_of(kCodes.begin(), kCodes.end(),
                       [code](const char* each) { return contains(code, each); }) ||
           contains(message, "content filtering policy");
}

void readErrorObject(const JsonObject& error, Dialect::ProviderError& into)
{
    into.message = error.text("message");
    into.type = error.text("type");
    const std::string code = error.text("code");
    if (into.type.empty()) {
        into.type = code;
    }
    if (tellsLongContext(code + ' ' + into.type, into.message)) {
        into.code = Code::ContextLengthExceeded;
    }
    into.contentRefused = tellsRefusedContent(code + ' ' + into.type, into.message);
}

Code streamCode(std::string_view type, std::int64_t status)
{
    if (contains(type, "overloaded") || contains(type, "unavailable") || status == 503 || status == 529) {
        return Code::UpstreamOverloaded;
    }
    if (contains(type, "timeout") || status == 408 || status == 504) return Code::UpstreamTimeout;
    if (contains(type, "rate_limit") || contains(type, kQuota) || status == 429)
        return Code::RateLimitExceeded;
    if (contains(type, kInvalidPrompt)) return Code::UpstreamRefused;
    return Code::UpstreamError;
}

} // namespace

Dialect::ProviderError readErrorBody(std::string_view body)
{
    Dialect::ProviderError found;
    JsonDocument document;
    if (scanJson(body, document) || document.root != JsonKind::Object) return found;
    const JsonObject root(document);
    if (root.kind("error") == JsonKind::Object) {
        const JsonObject error = root.object("error");
        readErrorObject(error, found);
        found.shaped = error.kind("message") == JsonKind::String;
    } else if (root.kind("error") == JsonKind::String) {
        found.message = root.text("error");
    } else {
        readErrorObject(root, found);
        if (found.message.empty()) {
            found.message = root.text("detail");
        }
    }
    if (found.code == Code::Undecided && tellsLongContext({}, found.message)) {
        found.code = Code::ContextLengthExceeded;
    }
    if (found.message.size() > kMaxProviderMessage) {
        found.message.resize(kMaxProviderMessage);
    }
    return found;
}

Error streamFailure(std::string_view error)
{
    Dialect::ProviderError found;
    std::int64_t status = 0;
    std::string kind; // OpenAI's is told by the code, of which the type is only a group
    if (jsonKindOf(error) == JsonKind::Object) {
        const JsonObject object(error);
        readErrorObject(object, found);
        kind = found.type + ' ' + object.text("code");
        status = object.integer("code").value_or(object.integer("status").value_or(0));
    } else {
        found.message = textOf(error);
    }
    if (found.message.size() > kMaxProviderMessage) {
        found.message.resize(kMaxProviderMessage);
    }
    const Code code = found.code != Code::Undecided ? found.code : streamCode(kind, status);
    std::string message = "The provider reported an error in its stream";
    message += found.message.empty() ? "." : ": " + found.message;
    Error failure = upstreamError(code, Retry::NextTarget, std::move(message));
    failure.contentRefused = found.contentRefused;
    failure.final = code == Code::RateLimitExceeded && contains(kind, kQuota);
    if (code == Code::UpstreamRefused) {
        failure.retry = Retry::Never;
        failure.status = 400;
    }
    return failure;
}

Error truncatedStream()
{
    return upstreamError(Code::UpstreamTruncated, Retry::NextTarget,
                         "The provider's stream ended before its answer was complete. Try again.");
}

Error unreadableAnswer(std::string_view what)
{
    return upstreamError(Code::UpstreamInvalidResponse, Retry::NextTarget,
                         "The provider's answer cannot be read: " + std::string(what) + '.');
}

} // namespace gateway::dialect
