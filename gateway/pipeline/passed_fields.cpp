// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/passed_fields.h"

#include <algorithm>
#include <array>

#include "base/redaction.h"
#include "base/strings.h"

namespace gateway::pipeline {

namespace {

constexpr std::array<std::string_view, 41> kKept{
    // the connection and its framing, which are made anew
    "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "host",
    "content-length", "expect", "accept-encoding", "content-encoding", "http2-settings", "via",
    "max-forwards",
    // who the client is, to us and to others
    "authorization", "proxy-authorization", "proxy-authenticate", "x-api-key", "api-key", "x-goog-api-key",
    "cookie", "cookie2", "origin", "referer", "forwarded", "x-real-ip", "x-request-id", "dnt", "sec-gpc",
    // of a signature that another key made
    "x-amz-date", "x-amz-security-token", "x-amz-content-sha256",
    // for this gateway
    "x-session-id", "session-id", "x-claude-code-session-id", "http-referer", "x-title", "traceparent",
    "tracestate", "baggage"};
constexpr std::array<std::string_view, 8> kKeptBegins{
    "x-turnpike-", "x-portkey-", "cf-aig-", "x-litellm-", "helicone-", "sec-", "x-forwarded-", "proxy-"};

constexpr std::array<std::string_view, 30> kDropped{"connection",
                                                    "keep-alive",
                                                    "proxy-connection",
                                                    "te",
                                                    "trailer",
                                                    "transfer-encoding",
                                                    "upgrade",
                                                    "content-length",
                                                    "content-encoding",
                                                    "content-type",
                                                    "date",
                                                    "server",
                                                    "via",
                                                    "alt-svc",
                                                    "proxy-authenticate",
                                                    "www-authenticate",
                                                    "set-cookie",
                                                    "set-cookie2",
                                                    "location",
                                                    "refresh",
                                                    "clear-site-data",
                                                    "link",
                                                    "strict-transport-security",
                                                    "x-content-type-options",
                                                    "cache-control",
                                                    "vary",
                                                    "x-request-id",
                                                    "x-frame-options",
                                                    "service-worker-allowed",
                                                    "x-should-retry"};
constexpr std::array<std::string_view, 7> kDroppedBegins{
    "access-control-", "cross-origin-", "content-security-policy", "x-turnpike-", "permissions-policy",
    "report",          "origin-"};

template <std::size_t N, std::size_t M>
bool isIn(std::string_view name, const std::array<std::string_view, N>& names,
          const std::array<std::string_view, M>& begins)
{
    return std::any_of(names.begin(), names.end(),
                       [name](std::string_view each) { return equalsIgnoreCase(each, name); }) ||
           std::any_of(begins.begin(), begins.end(),
                       [name](std::string_view each) { return startsWithIgnoreCase(name, each); });
}

/// What a Connection field names is meant for the next hop only.
bool isNamedIn(std::string_view list, std::string_view name)
{
    for (const std::string_view each : splitAt(list, ',')) {
        if (equalsIgnoreCase(trimmed(each), name)) return true;
    }
    return false;
}

} // namespace

upstream::RequestFields passedRequestFields(const listener::RequestHead& head)
{
    upstream::RequestFields passed;
    for (const HeaderField& field : head.fields) {
        if (isIn(field.name, kKept, kKeptBegins)) continue;
        const bool hop =
            std::any_of(head.fields.begin(), head.fields.end(), [&field](const HeaderField& each) {
                return equalsIgnoreCase(each.name, "connection") && isNamedIn(each.value, field.name);
            });
        if (hop) continue;
        const auto same = std::find_if(passed.begin(), passed.end(), [&field](const auto& each) {
            return equalsIgnoreCase(each.first, field.name);
        });
        if (same == passed.end())
            passed.emplace_back(field.name, field.value);
        else
            same->second.append(", ").append(field.value);
    }
    return passed;
}

listener::Headers passedAnswerFields(const upstream::ReplyHead& reply,
                                     const std::vector<std::string_view>& secrets)
{
    listener::Headers passed;
    const std::string_view connection = reply.field("connection");
    for (const auto& [name, value] : reply.fields) {
        if (isIn(name, kDropped, kDroppedBegins) || isNamedIn(connection, name)) continue;
        if (withoutSecrets(value, secrets) != value) continue;
        passed.emplace_back(name, value);
    }
    return passed;
}

} // namespace gateway::pipeline
