// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/result.h"

#include "net/task.h"
#include "upstream/origin.h"
#include "upstream/transport.h"

namespace gateway::upstream {

struct Proxy {
    bool socks = false;
    std::string host;
    std::uint16_t port = 0;
    std::string user, password;
};

/// http://[user:password@]host[:port] or socks5://…; user and password are percent-encoded there.
[[nodiscard]] std::optional<Proxy> parseProxy(std::string_view url);
/// For a plain request through a HTTP proxy: the Proxy-Authorization value, empty without a user.
[[nodiscard]] std::string proxyAuthorization(const Proxy& proxy);
/// CONNECT (RFC 9110, section 9.3.6) or SOCKS5 (RFC 1928, 1929): after it the transport reaches the origin.
[[nodiscard]] net::Task<Outcome> tunnel(Transport& transport, const Proxy& proxy, const Origin& origin);

} // namespace gateway::upstream
