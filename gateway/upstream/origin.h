// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::upstream {

/// Where a provider's server is, and how it is reached.
struct Origin {
    bool tls = false;
    std::string host; // without brackets
    std::uint16_t port = 0;
    std::string caFile; // PEM; empty: the system's store
    std::string proxy;  // http://… or socks5://…; empty: direct

    /// The Host header.
    [[nodiscard]] std::string authority() const;
    /// Connections with equal keys are interchangeable. Made by seal(), to be called when the rest is set.
    std::string poolKey;
    void seal();
};

struct BaseUrl {
    Origin origin;
    std::string path; // without a slash at the end; empty for the root
};

/// http and https only; no user info, no query, no fragment.
[[nodiscard]] std::optional<BaseUrl> parseBaseUrl(std::string_view url);

} // namespace gateway::upstream
