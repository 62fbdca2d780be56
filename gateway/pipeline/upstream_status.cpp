// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/upstream_status.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <optional>

#include "base/json_scan.h"
#include "base/json_text.h"
#include "base/redaction.h"
#include "base/strings.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMaxQuoted = 600;
constexpr double kMaxDelaySeconds = 7 * 24 * 3600;

bool passesThrough(int status)
{
    switch (status) {
    case 400:
    case 404:
    case 409:
    case 413:
    case 422:
    case 429:
        return true;
    default:
        return false;
    }
}

Code codeFor(int status)
{
    switch (status) {
    case 401:
    case 403:
        return Code::ProviderAuthFailed;
    case 408:
    case 504:
        return Code::UpstreamTimeout;
    case 503:
    case 529:
        return Code::UpstreamOverloaded;
    default:
        return status >= 300 && status < 400 ? Code::UpstreamRedirect : Code::UpstreamError;
    }
}

Retry retryFor(int status, const routing::RetryRules& rules)
{
    if (rules.onStatus.contains(status)) return Retry::SameTarget;
    // The request itself is at fault: another target would say the same.
    if (status == 400 || status == 413 || status == 422) return Retry::Never;
    return Retry::NextTarget;
}

/// OpenAI's word, which many follow, for a quota that only its owner can raise.
bool isSpent(const dialect::Dialect::ProviderError& error)
{
    return error.type == "insufficient_quota";
}

std::string sentence(std::string_view provider, int status, const std::string& said)
{
    const std::string who(provider);
    if (status == 401 || status == 403)
        return who + " refused the key that Turnpike holds for it (" + std::to_string(status) +
               "). Replace the key in Providers." + (said.empty() ? "" : " It said: " + said);
    if (status >= 300 && status < 400)
        return who + " answered with a redirect, which is never followed. Correct the provider's base_url.";
    if (!said.empty()) return said;
    return who + " answered with status " + std::to_string(status) +
           " and no message. Try again or use another target.";
}

/// Google says how long to wait in the error itself (google.rpc.RetryInfo, "34.07s"), not in a header.
std::optional<std::chrono::milliseconds> retryDelay(std::string_view body)
{
    std::optional<std::chrono::milliseconds> delay;
    const auto readDetail = [&delay](std::string_view detail, JsonKind) {
        std::string text = decodeJsonString(memberValue(detail, "retryDelay")).value_or(std::string());
        if (!text.ends_with('s')) return;
        text.pop_back();
        const double seconds = jsonNumber(text).value_or(-1);
        if (seconds >= 0 && seconds <= kMaxDelaySeconds)
            delay = std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1000)));
    };
    const auto readAnswer = [&](std::string_view answer, JsonKind) {
        forEachElement(memberValue(memberValue(answer, "error"), "details"), readDetail);
    };
    if (jsonKindOf(body) == JsonKind::Array)
        forEachElement(body, readAnswer); // a stream that was refused
    else
        readAnswer(body, JsonKind::Object);
    return delay;
}

/// The body without secrets; empty where one stands in it in JSON escapes, which whoever reads it undoes.
std::string passedOn(std::string_view body, const std::vector<std::string_view>& secrets)
{
    std::string clean = withoutSecrets(body, secrets);
    if (clean.find('\\') == std::string::npos) return clean;
    std::string read;
    for (std::size_t at = 0; at < clean.size();) {
        const bool escape = clean[at] == '\\';
        const std::size_t size = !escape ? 1 : clean.compare(at, 2, "\\u") == 0 ? 6 : 2;
        const std::string_view piece = std::string_view(clean).substr(at, size);
        const auto meant = escape ? unescapeJson(piece) : std::nullopt;
        read += meant ? std::string_view(*meant) : piece;
        at += piece.size();
    }
    return withoutSecrets(read, secrets) == read ? clean : std::string();
}

} // namespace

Error refusedReply(const RefusedReply& reply, const routing::RetryRules& rules,
                   const std::vector<std::string_view>& secrets)
{
    Error error;
    error.source = Source::Upstream;
    JsonDocument document;
    const bool isJson = !reply.body.empty() && !scanJson(reply.body, document) &&
                        (document.root == JsonKind::Object || document.root == JsonKind::Array);
    dialect::Dialect::ProviderError read;
    if (isJson) read = reply.dialect.readError(reply.body);
    // Some say 400 where the key is at fault; the client's own key is not.
    const int status = read.code == Code::ProviderAuthFailed ? 401 : reply.head.status;
    error.retry = retryFor(status, rules);
    error.contentRefused = read.contentRefused;
    // In this order: of a secret that is cut in two, half would stay.
    const std::string said = shortened(withoutSecrets(read.message, secrets), kMaxQuoted);
    if (passesThrough(status)) {
        error.code = read.code != Code::Undecided ? read.code
                     : status == 429              ? Code::RateLimitExceeded
                                                  : Code::UpstreamRefused;
        error.status = status;
        if (isJson && (reply.anyShape || (reply.sameDialect && read.shaped)))
            error.upstreamBody = passedOn(reply.body, secrets);
    } else {
        error.code = codeFor(status);
    }
    if (status == 429 && isSpent(read)) {
        // Waiting does not help against an account without credit, and some agents try for minutes.
        error.final = true;
        error.retry = Retry::NextTarget;
    }
    error.message = sentence(reply.provider, status, said);
    error.detail = "status " + std::to_string(status);
    if (const auto wait = reply.head.retryAfterMs(std::time(nullptr)))
        error.retryAfter = std::chrono::milliseconds(*wait);
    else if (isJson)
        error.retryAfter = retryDelay(reply.body);
    return error;
}

namespace {

/// A limit or a budget of ours, which no provider was asked about.
bool isOwnRefusal(const Error& error)
{
    return error.source == Source::Gateway &&
           (error.code == Code::RateLimitExceeded || error.code == Code::BudgetExceeded);
}

/// That with the shortest wait, else the last one.
Error mildest(const std::vector<Error>& refusals)
{
    const Error* found = &refusals.back();
    for (const Error& each : refusals) {
        if (each.retryAfter && (!found->retryAfter || *each.retryAfter < *found->retryAfter)) found = &each;
    }
    return *found;
}

} // namespace

Error finalError(std::vector<Error> failures)
{
    if (std::all_of(failures.begin(), failures.end(), isOwnRefusal)) return mildest(failures);
    Error last = std::move(failures.back());
    failures.pop_back();
    const bool alike = std::all_of(failures.begin(), failures.end(),
                                   [&](const Error& each) { return httpStatus(each) == httpStatus(last); });
    // What must not be retried elsewhere is the verdict on the request itself.
    if (failures.empty() || alike || last.retry == Retry::Never) return last;
    std::string message = "All " + std::to_string(failures.size() + 1) + " targets failed.";
    failures.push_back(std::move(last));
    for (const Error& each : failures)
        message += " [" + std::to_string(httpStatus(each)) + " " + std::string(codeName(each.code)) + "] " +
                   each.message;
    return upstreamError(Code::AllTargetsFailed, Retry::Never, message);
}

} // namespace gateway::pipeline
