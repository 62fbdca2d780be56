// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"
#include "gateway/error.h"

#include "access/access_fields.h"

namespace gateway::access {

/// Keeps web pages out: a browser names the page's host (DNS rebinding) or origin (cross-site request), and
/// neither is ours. Made once for a listening port; immutable, any thread.
class OriginGuard {
public:
    /// `port` is the one that is really listened on.
    OriginGuard(const ServerConfig& server, std::uint16_t port);

    /// Host first, then Origin and Sec-Fetch-Site. 400 for a missing, empty or repeated Host, else 403.
    [[nodiscard]] std::optional<Error> check(const AccessFields& fields) const;
    [[nodiscard]] bool allowsHost(std::string_view host) const;
    /// The origin to answer with in Access-Control-Allow-Origin; empty: no CORS header.
    [[nodiscard]] std::string_view allowedOrigin(const AccessFields& fields) const;

private:
    std::vector<std::string> m_hosts; // lower case, as they may stand in a Host field
    std::vector<std::string> m_origins;
};

} // namespace gateway::access
