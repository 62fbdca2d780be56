// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/config_rules.h"

#include <algorithm>

#include "base/iso_time.h"
#include "base/nearest_name.h"
#include "base/sha256.h"
#include "base/strings.h"
#include "config/address_rules.h"
#include "config/config_fields.h"

namespace gateway::config {

namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::size_t kMaxIdBytes = 64;
constexpr std::size_t kMaxModelBytes = 256;
constexpr std::size_t kMaxKeys = 5000;
constexpr std::size_t kMaxPrefixBytes = 16;

/// "http://localhost:3000": a scheme, a host, perhaps a port, nothing after it.
bool isOrigin(const std::string& text)
{
    const auto parts = splitUrl(text);
    return parts && parts->path.empty() && !parts->userInfo;
}

void checkLimits(const ServerLimits& limits, ProblemList& problems)
{
    const std::string path = "server.limits.";
    checkRange(path + "request_line_bytes", limits.requestLineBytes, 512, 1 << 20, problems);
    checkRange(path + "header_bytes", limits.headerBytes, 1024, 1 << 20, problems);
    checkRange(path + "header_fields", limits.headerFields, 10, 1000, problems);
    checkRange(path + "connections", limits.connections, 1, 100'000, problems);
    checkRange(path + "header_ms", limits.header.count(), 1, kDayMs, problems);
    checkRange(path + "body_idle_ms", limits.bodyIdle.count(), 1, kDayMs, problems);
    checkRange(path + "body_ms", limits.body.count(), 1, kDayMs, problems);
    checkRange(path + "keepalive_idle_ms", limits.keepaliveIdle.count(), 1, kDayMs, problems);
    checkRange(path + "websocket_idle_ms", limits.webSocketIdle.count(), 1, kDayMs, problems);
}

void checkReach(const ServerConfig& server, ProblemList& problems)
{
    const bool open = !isLoopback(server.host);
    if (open && !server.requireKey)
        problems.error("server.require_key",
                       "A gateway that other machines can reach must ask for a key: set "
                       "require_key to true, or host to 127.0.0.1.");
    else if (open)
        problems.warn("server.host",
                      "Other machines can reach the gateway at " + quotedName(server.host) + ".");
    else if (!server.requireKey)
        problems.warn("server.require_key", "Every program on this machine can use your provider keys.");
}

void checkFormerKey(const VirtualKeyConfig& key, ProblemList& problems)
{
    const std::string path = memberPath("keys", key.id.text);
    if (key.prefix.size() > kMaxPrefixBytes || hasControlByte(key.prefix))
        problems.error(path + ".prefix", "Needs the first characters of the key, 16 at most.");
    if (!key.created.empty() && !parseIsoTime(key.created))
        problems.error(path + ".created", "Needs a time such as 2026-12-31T18:00:00Z.");
    if (!key.former) return;
    if (!parseSha256(key.former->sha256) || equalsIgnoreCase(key.former->sha256, key.sha256))
        problems.error(path + ".former.sha256",
                       "Needs the SHA-256 that the key had before, as 64 hex digits.");
    if (!parseIsoTime(key.former->until))
        problems.error(path + ".former.until", "Needs a date such as 2026-12-31 or 2026-12-31T18:00:00Z.");
}

void checkVirtualKey(const VirtualKeyConfig& key, ProblemList& problems)
{
    static const std::vector<std::string> kDialects = {"openai", "responses", "anthropic",
                                                       "gemini", "cohere",    "ollama"};
    const std::string path = memberPath("keys", key.id.text);
    if (!parseSha256(key.sha256))
        problems.error(path + ".sha256",
                       "Needs the SHA-256 of the key as 64 hex digits; `turnpiked key create` makes one.");
    if (key.budget) checkKeyBudget(path + ".budget", *key.budget, problems);
    checkRateLimits(path + ".limits", key.limits, problems);
    if (!key.expires.empty() && !parseIsoTime(key.expires))
        problems.error(path + ".expires", "Found " + quotedName(key.expires) +
                                              ", needs a date such as 2026-12-31 or 2026-12-31T18:00:00Z.");
    for (std::size_t i = 0; i < key.models.size(); ++i) {
        if (!isModelName(key.models[i]))
            problems.error(elementPath(path + ".models", i),
                           "Needs a model name or a pattern such as \"gpt-*\".");
    }
    for (std::size_t i = 0; i < key.routes.size(); ++i) {
        if (!isModelName(key.routes[i]))
            problems.error(elementPath(path + ".routes", i),
                           "Needs a route or a pattern such as \"team-*\".");
    }
    checkFormerKey(key, problems);
    for (std::size_t i = 0; i < key.tags.size(); ++i) {
        if (key.tags[i].empty() || key.tags[i].size() > kMaxIdBytes || hasControlByte(key.tags[i]))
            problems.error(elementPath(path + ".tags", i), "Needs a text of 1 to 64 bytes.");
    }
    for (std::size_t i = 0; i < key.dialects.size(); ++i) {
        const std::string& dialect = key.dialects[i];
        const std::string at = elementPath(path + ".dialects", i);
        if (std::find(kDialects.begin(), kDialects.end(), dialect) == kDialects.end())
            problems.error(at, "Found " + quotedName(dialect) + ", allowed are " + alternatives(kDialects) +
                                   "." + didYouMean(dialect, kDialects));
    }
}

} // namespace

void checkRange(const std::string& path, std::int64_t value, std::int64_t least, std::int64_t most,
                ProblemList& problems)
{
    if (value >= least && value <= most) return;
    problems.error(path, "Found " + std::to_string(value) + ", allowed are " + std::to_string(least) +
                             " to " + std::to_string(most) + ".");
}

bool checkCount(const std::string& path, std::size_t count, std::size_t most, ProblemList& problems)
{
    if (count <= most) return true;
    problems.error(path, "Has " + std::to_string(count) + " entries, at most " + std::to_string(most) +
                             " are allowed.");
    return false;
}

void checkName(const std::string& path, const std::string& name, ProblemList& problems)
{
    const auto isNameByte = [](char c) { return isAsciiAlnum(c) || c == '.' || c == '_' || c == '-'; };
    if (name.empty() || name.size() > kMaxIdBytes || !std::all_of(name.begin(), name.end(), isNameByte))
        problems.error(path, "The name " + quotedName(name) +
                                 " needs 1 to 64 letters, digits, dots, dashes or underscores.");
    else if (isOwnerKey(name))
        problems.error(path, "The name " + quotedName(name) +
                                 " must not begin with x-: such keys are yours, and not read.");
}

bool isProvider(const Config& config, std::string_view name)
{
    return name == kSandbox || config.findProvider(name) != nullptr;
}

std::vector<std::string> providerNames(const Config& config)
{
    std::vector<std::string> names;
    for (const ProviderConfig& provider : config.providers)
        names.push_back(provider.id.text);
    if (!config.findProvider(kSandbox)) names.emplace_back(kSandbox);
    return names;
}

bool isModelName(std::string_view name)
{
    return !name.empty() && name.size() <= kMaxModelBytes && trimmed(name).size() == name.size() &&
           !hasControlByte(name);
}

void checkRetry(const std::string& path, const RetryConfig& retry, ProblemList& problems)
{
    if (retry.attempts) checkRange(path + ".attempts", *retry.attempts, 0, 10, problems);
    if (retry.backoff) checkRange(path + ".backoff_ms", retry.backoff->count(), 0, kDayMs, problems);
    if (retry.maxBackoff)
        checkRange(path + ".max_backoff_ms", retry.maxBackoff->count(), 0, kDayMs, problems);
    if (retry.backoff && retry.maxBackoff && *retry.maxBackoff < *retry.backoff)
        problems.error(path + ".max_backoff_ms", "Must not be less than backoff_ms.");
    if (!retry.onStatus) return;
    for (std::size_t i = 0; i < retry.onStatus->size(); ++i)
        checkRange(elementPath(path + ".on_status", i), (*retry.onStatus)[i], 100, 599, problems);
}

void checkTimeout(const std::string& path, const TimeoutConfig& timeout, ProblemList& problems)
{
    const auto check = [&path, &problems](const char* key, const std::optional<milliseconds>& value) {
        if (value) checkRange(path + key, value->count(), 1, kDayMs, problems);
    };
    check(".connect_ms", timeout.connect);
    check(".first_byte_ms", timeout.firstByte);
    check(".idle_ms", timeout.idle);
    check(".total_ms", timeout.total);
}

void checkProxy(const std::string& path, const std::string& proxy, ProblemList& problems)
{
    if (proxy == "system" || proxy == "none") return;
    const auto parts = splitUrl(proxy);
    const bool known =
        parts && (equalsIgnoreCase(parts->scheme, "http") || equalsIgnoreCase(parts->scheme, "socks5"));
    if (!known || (!parts->path.empty() && parts->path != "/"))
        problems.error(
            path, "Needs \"system\", \"none\", or a URL such as http://host:3128 or socks5://host:1080.");
    else if (parts->userInfo)
        problems.warn(path, "The proxy's password stands here in clear text.");
}

void checkServer(const ServerConfig& server, ProblemList& problems)
{
    const bool known = equalsIgnoreCase(server.host, "localhost") || isIpLiteral(server.host);
    if (known)
        checkReach(server, problems);
    else
        problems.error("server.host",
                       "Found " + quotedName(server.host) +
                           ", needs an IP address or localhost, for example 127.0.0.1 or ::1.");
    // A number past the signed range comes out as its largest and is refused as well.
    const auto most = static_cast<std::uint64_t>(INT64_MAX);
    checkRange("server.max_body_bytes", static_cast<std::int64_t>(std::min(server.maxBodyBytes, most)), 1024,
               1 << 30, problems);
    checkRange("server.drain_seconds", server.drain.count(), 0, 3600, problems);
    checkRange("server.io_threads", server.ioThreads, 1, 64, problems);
    if (server.adminKey.kind == SecretKind::Undecided)
        problems.error("server.admin_key", "Needs keychain:NAME, env:VARIABLE or file:PATH.");
    if (server.logBodies == LogBodies::Undecided)
        problems.error("server.log_bodies", "Allowed are \"off\", \"errors\" and \"all\".");
    for (std::size_t i = 0; i < server.allowedOrigins.size(); ++i) {
        if (!isOrigin(server.allowedOrigins[i]))
            problems.error(elementPath("server.allowed_origins", i),
                           "Needs an exact origin such as http://localhost:3000, without a path; patterns "
                           "are not allowed.");
    }
    for (std::size_t i = 0; i < server.allowedHosts.size(); ++i) {
        if (!isHostPort(server.allowedHosts[i]))
            problems.error(elementPath("server.allowed_hosts", i),
                           "Needs a host name or address, with or without a port; patterns are not allowed.");
    }
    checkLimits(server.limits, problems);
}

void checkNetwork(const NetworkConfig& network, ProblemList& problems)
{
    checkProxy("network.proxy", network.proxy, problems);
    for (std::size_t i = 0; i < network.noProxy.size(); ++i) {
        if (trimmed(network.noProxy[i]).empty() || hasControlByte(network.noProxy[i]))
            problems.error(elementPath("network.no_proxy", i), "Needs a host, a domain or an address.");
    }
}

void checkKeys(const Config& config, ProblemList& problems)
{
    if (!checkCount("keys", config.keys.size(), kMaxKeys, problems)) return;
    for (std::size_t i = 0; i < config.keys.size(); ++i) {
        const VirtualKeyConfig& key = config.keys[i];
        const std::string path = memberPath("keys", key.id.text);
        checkName(path, key.id.text, problems);
        checkVirtualKey(key, problems);
        for (std::size_t k = 0; k < i; ++k) {
            if (config.keys[k].id == key.id) problems.error(path, "There are two keys of this name.");
            if (!key.sha256.empty() && equalsIgnoreCase(config.keys[k].sha256, key.sha256))
                problems.error(path + ".sha256",
                               "The same key as " + quotedName(config.keys[k].id.text) + ".");
        }
    }
}

} // namespace gateway::config
