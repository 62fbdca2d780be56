// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/answers.h"

namespace gateway::pipeline {

namespace {

/// RFC 9110, section 15.5.22, and RFC 6455, section 4.4.
void addUpgrade(const Error& error, listener::Headers& headers)
{
    const bool webSocket = error.allow == "websocket";
    headers.emplace_back("Upgrade", webSocket ? "websocket" : "HTTP/1.1");
    if (webSocket) headers.emplace_back("Sec-WebSocket-Version", "13");
}

} // namespace

listener::Answer errorAnswer(const dialect::Dialect& dialect, const Error& error, std::string_view requestId)
{
    listener::Answer answer;
    answer.status = dialect.errorStatus(error);
    answer.body = error.upstreamBody.empty() ? dialect.encodeError(error, requestId) : error.upstreamBody;
    answer.headers.emplace_back("x-request-id", std::string(requestId));
    if (const auto field = dialect.requestIdField(); !field.empty())
        answer.headers.emplace_back(field, std::string(requestId));
    if (answer.status == 401) answer.headers.emplace_back("WWW-Authenticate", "Bearer");
    if (error.code == Code::UpgradeRequired)
        addUpgrade(error, answer.headers);
    else if (!error.allow.empty())
        answer.headers.emplace_back("Allow", error.allow);
    if (error.retryAfter) {
        // Whole seconds, rounded up: a client that comes back too early would be refused again.
        const auto waitSeconds = (error.retryAfter->count() + 999) / 1000;
        answer.headers.emplace_back("retry-after", std::to_string(waitSeconds));
    } else if (error.code == Code::Overloaded || error.code == Code::GatewayPaused) {
        answer.headers.emplace_back("retry-after", error.code == Code::Overloaded ? "1" : "30");
    }
    if (isFinal(error)) answer.headers.emplace_back("x-should-retry", "false");
    switch (error.code) {
    // The client and we do not agree on where its request ends, or cannot know that we do.
    case Code::BadRequest:
    case Code::LengthRequired:
    case Code::ExpectationFailed:
    case Code::RequestTimeout:
    case Code::NotImplemented:
    case Code::VersionNotSupported:
    case Code::HeadersTooLarge:
    case Code::UriTooLong:
        answer.close = true;
        break;
    default:
        break;
    }
    return answer;
}

} // namespace gateway::pipeline
