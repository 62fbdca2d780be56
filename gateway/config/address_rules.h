// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

namespace gateway::config {

/// An IPv4 or IPv6 address in text, without brackets.
bool isIpLiteral(std::string_view text);
/// localhost, 127.0.0.0/8, ::1, and the IPv4 ones written as IPv6.
bool isLoopback(std::string_view host);
/// Loopback, the private and link-local ranges, and names that only a local network knows.
bool isNearby(std::string_view host);

struct UrlParts {
    std::string_view scheme; // as written
    std::string_view host;   // without brackets
    std::string_view port;   // empty when not written
    std::string_view path;   // from the first slash; query and fragment are part of it
    bool userInfo = false;
};
/// Takes an absolute URL apart; nothing where it is none or holds spaces or control bytes.
std::optional<UrlParts> splitUrl(std::string_view url);
/// host, host:port, address or [address]:port.
bool isHostPort(std::string_view text);

} // namespace gateway::config
