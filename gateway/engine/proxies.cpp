// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/proxies.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <QHostAddress>
#include <QNetworkProxyFactory>
#include <QUrl>

#include "base/strings.h"

namespace gateway::engine {

namespace {

bool isLoopback(const std::string& host)
{
    if (host == "localhost") return true;
    return QHostAddress(QString::fromStdString(host)).isLoopback();
}

/// NO_PROXY as curl reads it: a name matches itself and what lies below it, `*` everything.
bool isExcluded(const std::string& host, const std::vector<std::string>& list)
{
    return std::any_of(list.begin(), list.end(), [&](std::string entry) {
        if (entry == "*") return true;
        if (entry.starts_with('.')) entry.erase(0, 1);
        return !entry.empty() &&
               (host == entry || (host.size() > entry.size() && host.ends_with("." + entry)));
    });
}

/// What every program on this machine leaves out, which holds for a proxy of ours, too.
std::vector<std::string> excludedByEnvironment()
{
    std::vector<std::string> list;
    for (const char* name : {"no_proxy", "NO_PROXY"}) {
        const char* value = std::getenv(name);
        if (value == nullptr) continue;
        for (const std::string_view entry : splitAt(value, ',')) {
            if (const auto trim = trimmed(entry); !trim.empty()) list.push_back(lowered(trim));
        }
    }
    return list;
}

std::string systemProxy(const upstream::Origin& origin)
{
    QUrl url;
    url.setScheme(origin.tls ? QStringLiteral("https") : QStringLiteral("http"));
    url.setHost(QString::fromStdString(origin.host));
    url.setPort(origin.port);
    const auto proxies = QNetworkProxyFactory::systemProxyForQuery(QNetworkProxyQuery(url));
    for (const QNetworkProxy& proxy : proxies) {
        const bool socks = proxy.type() == QNetworkProxy::Socks5Proxy;
        if (!socks && proxy.type() != QNetworkProxy::HttpProxy &&
            proxy.type() != QNetworkProxy::HttpCachingProxy)
            continue;
        QUrl found;
        found.setScheme(socks ? QStringLiteral("socks5") : QStringLiteral("http"));
        found.setHost(proxy.hostName());
        found.setPort(proxy.port());
        if (!proxy.user().isEmpty()) {
            found.setUserName(proxy.user());
            found.setPassword(proxy.password());
        }
        return found.toString(QUrl::FullyEncoded).toStdString();
    }
    return {};
}

} // namespace

std::string proxyFor(const upstream::Origin& origin, const ProviderConfig& provider,
                     const NetworkConfig& network)
{
    if (origin.host.empty()) return {};
    const std::string& wish = provider.proxy.empty() ? network.proxy : provider.proxy;
    if (wish == "none" || isLoopback(origin.host) || isExcluded(origin.host, network.noProxy)) return {};
    if (wish == "system") return systemProxy(origin);
    return isExcluded(origin.host, excludedByEnvironment()) ? std::string() : wish;
}

} // namespace gateway::engine
