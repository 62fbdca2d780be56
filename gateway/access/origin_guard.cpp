// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/origin_guard.h"

#include <algorithm>

#include "base/strings.h"

namespace gateway::access {

namespace {

constexpr std::uint16_t kHttpPort = 80;

bool isIpv6(std::string_view host)
{
    return std::count(host.begin(), host.end(), ':') > 1 && !host.starts_with('[');
}

bool namesPort(std::string_view host)
{
    const auto colon = host.rfind(':');
    return colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
}

bool isWildcard(std::string_view host)
{
    return host == "0.0.0.0" || host.find_first_not_of("0:") == std::string_view::npos;
}

} // namespace

OriginGuard::OriginGuard(const ServerConfig& server, std::uint16_t port) : m_origins(server.allowedOrigins)
{
    const std::string suffix = ":" + std::to_string(port);
    const auto allow = [&](std::string host, bool withoutPort) {
        host = lowered(host);
        if (isIpv6(host)) host = "[" + host + "]";
        if (namesPort(host)) {
            m_hosts.push_back(host);
            return;
        }
        m_hosts.push_back(host + suffix);
        // Clients leave the port out where it is the scheme's own.
        if (withoutPort || port == kHttpPort) m_hosts.push_back(host);
    };
    allow("127.0.0.1", false);
    allow("localhost", false);
    allow("::1", false);
    // A page cannot make its own name out of an address, so the one we are bound to is safe.
    if (!isWildcard(server.host)) allow(server.host, false);
    for (const std::string& host : server.allowedHosts)
        allow(host, true); // A reverse proxy passes its own name on, mostly without a port.
}

bool OriginGuard::allowsHost(std::string_view host) const
{
    return std::any_of(m_hosts.begin(), m_hosts.end(),
                       [host](const std::string& allowed) { return equalsIgnoreCase(allowed, host); });
}

std::string_view OriginGuard::allowedOrigin(const AccessFields& fields) const
{
    if (fields.origins != 1) return {};
    const auto found = std::find(m_origins.begin(), m_origins.end(), fields.origin);
    return found == m_origins.end() ? std::string_view() : *found;
}

std::optional<Error> OriginGuard::check(const AccessFields& fields) const
{
    if (fields.hosts != 1 || fields.host.empty())
        return clientError(Code::BadRequest, "The request needs exactly one Host field that is not empty.");
    if (!allowsHost(fields.host)) {
        return clientError(Code::HostNotAllowed,
                           "The Host field names none of this gateway's addresses. Use "
                           "http://127.0.0.1, or add the name to server.allowed_hosts.");
    }
    if (fields.origins == 0 && !fields.foreignSite) return std::nullopt;
    // An origin that the user allowed may ask from another site; that is what the list is for.
    if (!allowedOrigin(fields).empty()) return std::nullopt;
    return clientError(Code::OriginNotAllowed,
                       "Web pages may not use this gateway. Add the page's exact origin to "
                       "server.allowed_origins if you trust it.");
}

} // namespace gateway::access
