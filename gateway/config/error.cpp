// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/error.h"

#include <array>

namespace gateway {

namespace {

struct CodeRow {
    Code code;
    int status;
    std::string_view name;
};

// In the order of the enumeration, so that a code is its own index.
constexpr std::array kCodes = {
    CodeRow{Code::Undecided, 500, "undecided"},
    CodeRow{Code::BadRequest, 400, "bad_request"},
    CodeRow{Code::InvalidJson, 400, "invalid_json"},
    CodeRow{Code::DuplicateKey, 400, "duplicate_key"},
    CodeRow{Code::InvalidRequest, 400, "invalid_request"},
    CodeRow{Code::ContextLengthExceeded, 400, "context_length_exceeded"},
    CodeRow{Code::GuardrailBlocked, 400, "guardrail_blocked"},
    CodeRow{Code::InvalidApiKey, 401, "invalid_api_key"},
    CodeRow{Code::BudgetExceeded, 402, "budget_exceeded"},
    CodeRow{Code::HostNotAllowed, 403, "host_not_allowed"},
    CodeRow{Code::OriginNotAllowed, 403, "origin_not_allowed"},
    CodeRow{Code::ModelNotAllowed, 403, "model_not_allowed"},
    CodeRow{Code::DataPolicy, 403, "data_policy"},
    CodeRow{Code::UnknownUrl, 404, "unknown_url"},
    CodeRow{Code::ModelNotFound, 404, "model_not_found"},
    CodeRow{Code::MethodNotAllowed, 405, "method_not_allowed"},
    CodeRow{Code::RequestTimeout, 408, "request_timeout"},
    CodeRow{Code::LengthRequired, 411, "length_required"},
    CodeRow{Code::RequestTooLarge, 413, "request_too_large"},
    CodeRow{Code::UriTooLong, 414, "uri_too_long"},
    CodeRow{Code::UnsupportedMediaType, 415, "unsupported_media_type"},
    CodeRow{Code::ExpectationFailed, 417, "expectation_failed"},
    CodeRow{Code::UpgradeRequired, 426, "upgrade_required"},
    CodeRow{Code::HeadersTooLarge, 431, "headers_too_large"},
    CodeRow{Code::NotImplemented, 501, "not_implemented"},
    CodeRow{Code::VersionNotSupported, 505, "version_not_supported"},
    CodeRow{Code::RateLimitExceeded, 429, "rate_limit_exceeded"},
    CodeRow{Code::ProviderAuthFailed, 502, "provider_auth_failed"},
    CodeRow{Code::UpstreamConnectError, 502, "upstream_connect_error"},
    CodeRow{Code::UpstreamDnsError, 502, "upstream_dns_error"},
    CodeRow{Code::UpstreamConnectionReset, 502, "upstream_connection_reset"},
    CodeRow{Code::UpstreamConnectionClosed, 502, "upstream_connection_closed"},
    CodeRow{Code::UpstreamTlsError, 502, "upstream_tls_error"},
    CodeRow{Code::UpstreamTruncated, 502, "upstream_truncated"},
    CodeRow{Code::UpstreamInvalidResponse, 502, "upstream_invalid_response"},
    CodeRow{Code::UpstreamResponseTooLarge, 502, "upstream_response_too_large"},
    CodeRow{Code::UpstreamRedirect, 502, "upstream_redirect"},
    CodeRow{Code::UpstreamError, 502, "upstream_error"},
    CodeRow{Code::UpstreamRefused, 400, "upstream_refused"},
    CodeRow{Code::AllTargetsFailed, 502, "all_targets_failed"},
    CodeRow{Code::Overloaded, 503, "overloaded"},
    CodeRow{Code::NoProviderConfigured, 503, "no_provider_configured"},
    CodeRow{Code::GatewayPaused, 503, "gateway_paused"},
    CodeRow{Code::ProviderKeyUnavailable, 503, "provider_key_unavailable"},
    CodeRow{Code::LedgerUnavailable, 503, "ledger_unavailable"},
    CodeRow{Code::UpstreamOverloaded, 503, "upstream_overloaded"},
    CodeRow{Code::UpstreamTimeout, 504, "upstream_timeout"},
    CodeRow{Code::NotCached, 504, "not_cached"},
    CodeRow{Code::ClientCancelled, 499, "client_cancelled"},
    CodeRow{Code::Internal, 500, "internal_error"},
};

constexpr bool isOrdered()
{
    for (std::size_t i = 0; i < kCodes.size(); ++i) {
        if (static_cast<std::size_t>(kCodes[i].code) != i) return false;
    }
    return kCodes.size() == static_cast<std::size_t>(Code::Internal) + 1;
}
static_assert(isOrdered());

const CodeRow& rowOf(Code code)
{
    const auto index = static_cast<std::size_t>(code);
    return kCodes[index < kCodes.size() ? index : 0];
}

Error makeError(Code code, Source source, Retry retry, std::string message)
{
    Error error;
    error.code = code;
    error.source = source;
    error.retry = retry;
    error.message = std::move(message);
    return error;
}

} // namespace

std::string_view codeName(Code code)
{
    return rowOf(code).name;
}

int httpStatus(const Error& error)
{
    return error.status != 0 ? error.status : rowOf(error.code).status;
}

bool isFinal(const Error& error)
{
    if (error.final) return true;
    // By code first: a spent budget is told as 429 where a client would otherwise try again.
    const int byCode = rowOf(error.code).status;
    if (byCode >= 401 && byCode <= 403) return true;
    const int status = httpStatus(error);
    return status >= 401 && status <= 403;
}

Error clientError(Code code, std::string message, std::string param)
{
    Error error = makeError(code, Source::Client, Retry::Never, std::move(message));
    error.param = std::move(param);
    return error;
}

Error gatewayError(Code code, std::string message, std::string detail)
{
    Error error = makeError(code, Source::Gateway, Retry::Never, std::move(message));
    error.detail = std::move(detail);
    return error;
}

Error upstreamError(Code code, Retry retry, std::string message, std::string detail)
{
    Error error = makeError(code, Source::Upstream, retry, std::move(message));
    error.detail = std::move(detail);
    return error;
}

} // namespace gateway
