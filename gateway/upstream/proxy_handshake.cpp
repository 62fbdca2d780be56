// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/proxy_handshake.h"

#include <openssl/evp.h>

#include "base/head_scan.h"
#include "base/strings.h"

namespace gateway::upstream {

namespace {

constexpr std::size_t kMaxProxyHead = 64 * 1024;

Error refused(const Proxy& proxy, const std::string& why)
{
    return upstreamError(Code::UpstreamConnectError, Retry::NextTarget,
                         "The proxy " + proxy.host + ":" + std::to_string(proxy.port) + " " + why +
                             ". Check network.proxy.");
}

/// Sends and waits for an answer of at least so many bytes.
net::Task<bool> ask(Transport& transport, std::string_view question, std::size_t bytes)
{
    if (!question.empty()) {
        const auto written = co_await transport.write(question, {});
        if (written.error) co_return false;
    }
    while (transport.input().view().size() < bytes) {
        const auto result = co_await transport.read();
        if (result.error) co_return false;
    }
    co_return true;
}

net::Task<Outcome> connectThroughHttp(Transport& transport, const Proxy& proxy, const Origin& origin)
{
    const std::string host =
        origin.host.find(':') == std::string::npos ? origin.host : "[" + origin.host + "]";
    const std::string target = host + ":" + std::to_string(origin.port);
    std::string head = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
    if (const std::string login = proxyAuthorization(proxy); !login.empty())
        head += "Proxy-Authorization: " + login + "\r\n";
    head += "\r\n";
    const auto written = co_await transport.write(head, {});
    if (written.error) co_return refused(proxy, "closed the connection");
    std::size_t end = std::string_view::npos;
    while ((end = findHeadEnd(transport.input().view())) == std::string_view::npos) {
        if (transport.input().view().size() > kMaxProxyHead)
            co_return refused(proxy, "sent an endless answer");
        const auto result = co_await transport.read();
        if (result.error) co_return refused(proxy, "closed the connection");
    }
    const std::string_view answer = transport.input().view().substr(0, end);
    const bool opened = answer.size() > 12 && answer.starts_with("HTTP/1.") && answer.substr(8, 2) == " 2";
    const std::string status(answer.size() > 12 ? answer.substr(9, 3)
                                                : std::string_view("something unreadable"));
    transport.input().consume(end);
    if (!opened) co_return refused(proxy, "answered CONNECT with " + status);
    co_return Done{};
}

net::Task<Outcome> connectThroughSocks(Transport& transport, const Proxy& proxy, const Origin& origin)
{
    const bool login = !proxy.user.empty();
    if (origin.host.size() > 255 || proxy.user.size() > 255 || proxy.password.size() > 255)
        co_return refused(proxy, "cannot be told so long a name");
    const std::string hello = login ? std::string("\x05\x01\x02", 3) : std::string("\x05\x01\x00", 3);
    if (!co_await ask(transport, hello, 2)) co_return refused(proxy, "closed the connection");
    const std::string choice(transport.input().view().substr(0, 2));
    transport.input().consume(2);
    if (choice[0] != 5 || choice[1] != (login ? 2 : 0))
        co_return refused(proxy, "wants another way of signing in");
    if (login) {
        std::string credentials("\x01", 1);
        credentials += static_cast<char>(proxy.user.size());
        credentials += proxy.user;
        credentials += static_cast<char>(proxy.password.size());
        credentials += proxy.password;
        if (!co_await ask(transport, credentials, 2)) co_return refused(proxy, "closed the connection");
        const bool accepted = transport.input().view()[1] == 0;
        transport.input().consume(2);
        if (!accepted) co_return refused(proxy, "refused the user name or password");
    }
    std::string request("\x05\x01\x00\x03", 4);
    request += static_cast<char>(origin.host.size());
    request += origin.host;
    request += static_cast<char>(origin.port >> 8);
    request += static_cast<char>(origin.port & 0xff);
    if (!co_await ask(transport, request, 5)) co_return refused(proxy, "closed the connection");
    const std::string_view reply = transport.input().view();
    if (reply[1] != 0) co_return refused(proxy, "could not reach " + origin.host);
    const std::size_t addressBytes = reply[3] == 1   ? 4
                                     : reply[3] == 4 ? 16
                                                     : 1 + static_cast<unsigned char>(reply[4]);
    const std::size_t total = 4 + addressBytes + 2;
    if (!co_await ask(transport, {}, total)) co_return refused(proxy, "closed the connection");
    transport.input().consume(total);
    co_return Done{};
}

} // namespace

std::optional<Proxy> parseProxy(std::string_view url)
{
    Proxy proxy;
    const auto mark = url.find("://");
    if (mark == std::string_view::npos) return std::nullopt;
    const std::string scheme = lowered(url.substr(0, mark));
    proxy.socks = scheme == "socks5" || scheme == "socks5h";
    if (!proxy.socks && scheme != "http") return std::nullopt;
    url.remove_prefix(mark + 3);
    while (url.ends_with('/'))
        url.remove_suffix(1);
    if (const auto at = url.rfind('@'); at != std::string_view::npos) {
        const std::string_view login = url.substr(0, at);
        const auto colon = login.find(':');
        proxy.user = percentDecoded(login.substr(0, colon));
        if (colon != std::string_view::npos) proxy.password = percentDecoded(login.substr(colon + 1));
        url.remove_prefix(at + 1);
    }
    const auto base = parseBaseUrl("http://" + std::string(url));
    if (!base || !base->path.empty()) return std::nullopt;
    proxy.host = base->origin.host;
    const bool named = url.rfind(':') != std::string_view::npos && url.back() != ']';
    proxy.port = named ? base->origin.port : (proxy.socks ? 1080 : 8080);
    return proxy;
}

std::string proxyAuthorization(const Proxy& proxy)
{
    if (proxy.user.empty()) return {};
    const std::string login = proxy.user + ":" + proxy.password;
    std::string encoded(4 * ((login.size() + 2) / 3) + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                        reinterpret_cast<const unsigned char*>(login.data()), static_cast<int>(login.size()));
    encoded.resize(static_cast<std::size_t>(length));
    return "Basic " + encoded;
}

net::Task<Outcome> tunnel(Transport& transport, const Proxy& proxy, const Origin& origin)
{
    if (proxy.socks) co_return co_await connectThroughSocks(transport, proxy, origin);
    co_return co_await connectThroughHttp(transport, proxy, origin);
}

} // namespace gateway::upstream
