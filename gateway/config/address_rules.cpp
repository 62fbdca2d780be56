// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/address_rules.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

#include "base/strings.h"

namespace gateway::config {

namespace {

using Ipv4 = std::array<std::uint8_t, 4>;
using Ipv6 = std::array<std::uint8_t, 16>;

std::optional<Ipv6> parseIpv6(std::string_view text)
{
    Ipv6 address{};
    if (inet_pton(AF_INET6, std::string(text).c_str(), address.data()) != 1) return std::nullopt;
    return address;
}

std::optional<Ipv4> parseIpv4(std::string_view text)
{
    Ipv4 address{};
    if (inet_pton(AF_INET, std::string(text).c_str(), address.data()) == 1) return address;
    constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    const auto wide = parseIpv6(text);
    if (!wide || !std::equal(kMapped.begin(), kMapped.end(), wide->begin())) return std::nullopt;
    std::copy(wide->begin() + 12, wide->end(), address.begin());
    return address;
}

bool isPrivate(const Ipv4& address)
{
    const auto [a, b, c, d] = address;
    return a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168) || (a == 169 && b == 254) ||
           (a == 100 && b >= 64 && b < 128);
}

bool isPort(std::string_view text)
{
    if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), isAsciiDigit)) return false;
    const int port = std::stoi(std::string(text));
    return port > 0 && port < 65536;
}

bool isHostName(std::string_view text)
{
    return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
        return isAsciiAlnum(c) || c == '-' || c == '.' || c == '_';
    });
}

bool isScheme(std::string_view text)
{
    return !text.empty() && asciiLower(text.front()) >= 'a' && asciiLower(text.front()) <= 'z' &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return isAsciiAlnum(c) || c == '+' || c == '-' || c == '.'; });
}

/// Splits "host", "host:port", "[address]" or "[address]:port".
bool splitAuthority(std::string_view text, std::string_view& host, std::string_view& port)
{
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return false;
        host = text.substr(1, close - 1);
        if (!parseIpv6(host)) return false;
        rest = text.substr(close + 1);
    } else {
        host = text.substr(0, text.find(':'));
        if (!isHostName(host)) return false;
        rest = text.substr(host.size());
    }
    if (rest.empty()) return true;
    port = rest.substr(1);
    return rest.front() == ':' && isPort(port);
}

} // namespace

bool isIpLiteral(std::string_view text)
{
    return parseIpv4(text) || parseIpv6(text);
}

bool isLoopback(std::string_view host)
{
    if (equalsIgnoreCase(host, "localhost")) return true;
    if (const auto address = parseIpv4(host)) return address->front() == 127;
    const auto wide = parseIpv6(host);
    return wide && wide->back() == 1 &&
           std::all_of(wide->begin(), wide->end() - 1, [](auto byte) { return byte == 0; });
}

bool isNearby(std::string_view host)
{
    if (isLoopback(host)) return true;
    if (const auto address = parseIpv4(host)) return isPrivate(*address);
    if (const auto wide = parseIpv6(host)) {
        const bool unique = ((*wide)[0] & 0xFEU) == 0xFC;
        const bool linkLocal = (*wide)[0] == 0xFE && ((*wide)[1] & 0xC0U) == 0x80;
        return unique || linkLocal;
    }
    const std::string name = lowered(host);
    return name.find('.') == std::string::npos || name.ends_with(".local") || name.ends_with(".localhost") ||
           name.ends_with(".internal") || name.ends_with(".lan") || name.ends_with(".home.arpa");
}

std::optional<UrlParts> splitUrl(std::string_view url)
{
    const auto isForbidden = [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '\\';
    };
    if (std::any_of(url.begin(), url.end(), isForbidden)) return std::nullopt;
    const auto mark = url.find("://");
    if (mark == std::string_view::npos || !isScheme(url.substr(0, mark))) return std::nullopt;
    UrlParts parts;
    parts.scheme = url.substr(0, mark);
    std::string_view authority = url.substr(mark + 3);
    const auto end = authority.find_first_of("/?#");
    if (end != std::string_view::npos) {
        parts.path = authority.substr(end);
        authority = authority.substr(0, end);
    }
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        parts.userInfo = true;
        authority.remove_prefix(at + 1);
    }
    if (!splitAuthority(authority, parts.host, parts.port)) return std::nullopt;
    return parts;
}

bool isHostPort(std::string_view text)
{
    std::string_view host;
    std::string_view port;
    return splitAuthority(text, host, port) || parseIpv6(text);
}

} // namespace gateway::config
