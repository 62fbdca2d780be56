// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/failure_kind.h"

namespace gateway::routing {

std::string_view failureKind(const Error& failure)
{
    if (failure.contentRefused) return "content_refused";
    switch (failure.code) {
    case Code::ContextLengthExceeded:
        return "context_length";
    case Code::ProviderAuthFailed:
    case Code::ProviderKeyUnavailable:
        return "auth";
    case Code::RateLimitExceeded:
        return "rate_limit";
    case Code::UpstreamOverloaded:
        return "overloaded";
    case Code::UpstreamConnectError:
    case Code::UpstreamDnsError:
    case Code::UpstreamConnectionReset:
    case Code::UpstreamConnectionClosed:
    case Code::UpstreamTlsError:
        return "network";
    case Code::UpstreamTimeout:
        return "timeout";
    case Code::UpstreamTruncated:
    case Code::UpstreamInvalidResponse:
    case Code::UpstreamResponseTooLarge:
    case Code::UpstreamRedirect:
    case Code::UpstreamError:
        return "server_error";
    default:
        return {};
    }
}

} // namespace gateway::routing
