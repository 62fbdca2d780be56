// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/origin.h"

#include <charconv>

#include "base/strings.h"

namespace gateway::upstream {

std::string Origin::authority() const
{
    const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    const std::uint16_t usual = tls ? 443 : 80;
    return port == usual ? name : name + ":" + std::to_string(port);
}

void Origin::seal()
{
    poolKey = (tls ? "s|" : "p|") + host + "|" + std::to_string(port) + "|" + caFile + "|" + proxy;
}

std::optional<BaseUrl> parseBaseUrl(std::string_view url)
{
    BaseUrl base;
    const auto mark = url.find("://");
    if (mark == std::string_view::npos) return std::nullopt;
    base.origin.tls = equalsIgnoreCase(url.substr(0, mark), "https");
    if (!base.origin.tls && !equalsIgnoreCase(url.substr(0, mark), "http")) return std::nullopt;
    url.remove_prefix(mark + 3);
    if (url.find_first_of("?#@ \t\r\n") != std::string_view::npos) return std::nullopt;
    const auto slash = url.find('/');
    std::string_view authority = url.substr(0, slash);
    std::string_view path = slash == std::string_view::npos ? std::string_view() : url.substr(slash);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    base.path = path;

    std::string_view port;
    if (authority.starts_with('[')) {
        const auto close = authority.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        base.origin.host = authority.substr(1, close - 1);
        port = authority.substr(close + 1);
    } else {
        const auto colon = authority.find(':');
        base.origin.host = authority.substr(0, colon);
        port = colon == std::string_view::npos ? std::string_view() : authority.substr(colon);
    }
    if (base.origin.host.empty()) return std::nullopt;
    base.origin.port = base.origin.tls ? 443 : 80;
    if (!port.empty()) {
        if (port.front() != ':') return std::nullopt;
        port.remove_prefix(1);
        const auto parsed = std::from_chars(port.data(), port.data() + port.size(), base.origin.port);
        if (parsed.ec != std::errc() || parsed.ptr != port.data() + port.size() || base.origin.port == 0)
            return std::nullopt;
    }
    return base;
}

} // namespace gateway::upstream
