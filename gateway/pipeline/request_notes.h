// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gateway/config.h"
#include "gateway/error.h"
#include "gateway/snapshot.h"

#include "access/virtual_keys.h"
#include "base/json_scan.h"
#include "base/price.h"
#include "listener/request_head.h"

namespace gateway::pipeline {

/// What a request's headers ask of the gateway (contract, section 6), ours and the peers'.
struct RequestWishes {
    std::string route;  // x-turnpike-route
    std::string config; // x-portkey-config
    std::optional<std::int64_t>
        totalTimeoutMs;                    // x-turnpike-timeout-ms, cf-aig-request-timeout, x-litellm-timeout
    std::optional<std::uint32_t> attempts; // cf-aig-max-attempts, x-litellm-num-retries
    std::optional<PriceList> prices;       // cf-aig-custom-cost
    DataRules data;                        // x-turnpike-data-policy
};

/// Error: a header that must not be obeyed, or has no sense.
[[nodiscard]] std::optional<Error> readWishes(const listener::RequestHead& head, RequestWishes& into);
/// Name and tags of the virtual key; null: none was needed.
void noteKey(const access::VirtualKey* key, LogRow& row);
/// Client, further tags, metadata, session and trace of the log row.
void noteClient(const listener::RequestHead& head, LogRow& row);
/// The session that the body names, where the head named none.
void noteSession(const JsonDocument& body, LogRow& row);

} // namespace gateway::pipeline
