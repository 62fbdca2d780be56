// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// The stable names of everything that can go wrong; the table in error.cpp gives each its text form and HTTP
/// status. Names and statuses are the product's public contract: add, never change.
enum class Code : std::uint8_t {
    Undecided,
    BadRequest,
    InvalidJson,
    DuplicateKey,
    InvalidRequest,
    ContextLengthExceeded,
    GuardrailBlocked,
    InvalidApiKey,
    BudgetExceeded,
    HostNotAllowed,
    OriginNotAllowed,
    ModelNotAllowed,
    DataPolicy,
    UnknownUrl,
    ModelNotFound,
    MethodNotAllowed,
    RequestTimeout,
    LengthRequired,
    RequestTooLarge,
    UriTooLong,
    UnsupportedMediaType,
    ExpectationFailed,
    UpgradeRequired,
    HeadersTooLarge,
    NotImplemented,
    VersionNotSupported,
    RateLimitExceeded,
    ProviderAuthFailed,
    UpstreamConnectError,
    UpstreamDnsError,
    UpstreamConnectionReset,
    UpstreamConnectionClosed,
    UpstreamTlsError,
    UpstreamTruncated,
    UpstreamInvalidResponse,
    UpstreamResponseTooLarge,
    UpstreamRedirect,
    UpstreamError,
    UpstreamRefused,
    AllTargetsFailed,
    Overloaded,
    NoProviderConfigured,
    GatewayPaused,
    ProviderKeyUnavailable,
    LedgerUnavailable,
    UpstreamOverloaded,
    UpstreamTimeout,
    NotCached,
    ClientCancelled,
    Internal,
};

enum class Source : std::uint8_t { Undecided, Client, Gateway, Upstream };

/// What routing does next; it looks at nothing else of an error.
enum class Retry : std::uint8_t { Undecided, Never, SameTarget, NextTarget };

/// Why something failed. `message` may be shown to the user and returned to the client; `detail` is for the
/// log and has been redacted by whoever wrote it.
struct Error {
    Code code = Code::Undecided;
    Source source = Source::Undecided;
    Retry retry = Retry::Never;
    std::string message;
    std::string detail;
    std::string param; // The request field at fault, as the client wrote it.
    std::optional<std::chrono::milliseconds> retryAfter; // From the provider or from our own limits.
    std::string allow;                                   // For method_not_allowed: the Allow header.
    std::string upstreamBody;                            // A provider's own JSON error, to be passed on.
    bool contentRefused = false;                         // By a provider, for what is said.
    bool final = false; // Not to be repeated, whatever its status says: a quota that is used up.
    int status = 0;     // Only where the code leaves it open (provider's 4xx).
};

/// Text form as in the contract, section 7: "invalid_api_key".
[[nodiscard]] std::string_view codeName(Code code);
/// HTTP status of an error: `status` where set, else that of its code.
[[nodiscard]] int httpStatus(const Error& error);
/// True for answers a client should not repeat (`x-should-retry: false`).
[[nodiscard]] bool isFinal(const Error& error);

[[nodiscard]] Error clientError(Code code, std::string message, std::string param = {});
[[nodiscard]] Error gatewayError(Code code, std::string message, std::string detail = {});
[[nodiscard]] Error upstreamError(Code code, Retry retry, std::string message, std::string detail = {});

} // namespace gateway
