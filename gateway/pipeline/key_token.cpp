// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/key_token.h"

#include <chrono>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/wall_clock.h"
#include "pipeline/thread_context.h"
#include "upstream/request_head.h"

namespace gateway::pipeline {

namespace {

constexpr std::int64_t kSpareSeconds = 60; // a token must not run out on its way
constexpr std::size_t kMaxTokenAnswer = 256 * 1024;
constexpr milliseconds kPatience{15'000};

Code codeOfExchange(int status)
{
    switch (status) {
    case 400:
    case 401:
    case 403:
        return Code::ProviderAuthFailed;
    case 408:
    case 504:
        return Code::UpstreamTimeout;
    case 429:
    case 503:
        return Code::UpstreamOverloaded;
    default:
        return status >= 300 && status < 400 ? Code::UpstreamRedirect : Code::UpstreamError;
    }
}

net::Task<Result<Secret>> fetchToken(ThreadContext& context, const ProviderRuntime& provider,
                                     const ProviderKeyRuntime& key)
{
    auto wanted = provider.kind->tokenCall(key.secret, nowSeconds());
    if (!wanted) co_return wanted.error();
    auto base = upstream::parseBaseUrl(wanted->url);
    if (!base)
        co_return upstreamError(Code::ProviderAuthFailed, Retry::NextTarget,
                                "The address at which the key of `" + provider.config.id.text +
                                    "` is exchanged for a token is not valid. Replace the key in Providers.");
    base->origin.proxy = provider.base.origin.proxy;
    base->origin.caFile = provider.base.origin.caFile;
    base->origin.seal();
    const upstream::RequestFields fields{{"Content-Type", wanted->contentType},
                                         {"Content-Length", std::to_string(wanted->body.size())},
                                         {"Accept", "application/json"},
                                         {"Accept-Encoding", "identity"}};
    std::string head;
    upstream::appendRequestHead(head, "POST", base->path, base->origin.authority(), fields, {});
    upstream::CallTimeouts timeouts;
    timeouts.connect = timeouts.firstByte = timeouts.idle = kPatience;
    upstream::Call call(context.upstream, base->origin, timeouts);
    auto reply = co_await call.exchange(head, wanted->body);
    wipe(wanted->body);
    if (!reply) co_return reply.error();
    const int status = reply.value()->status;
    auto answer = co_await call.receiveAll(kMaxTokenAnswer);
    if (!answer) co_return answer.error();
    if (status != 200) co_return tokenRefusal(provider.config.id.text, status);
    auto token = provider.kind->readToken(answer.value());
    wipe(answer.value());
    if (!token) co_return token.error();
    if (key.health) key.health->token.set(key.secret, token.value(), nowSeconds());
    co_return token->secret;
}

/// Wakes all who wait for a fetch when it ends, however it does.
class FetchGuard {
public:
    FetchGuard(ThreadContext& context, std::shared_ptr<KeyHealth> health, const Sha256& key)
        : fetch(std::make_shared<TokenFetch>()), m_context(context), m_health(std::move(health))
    {
        fetch->key = key;
        fetch->result = upstreamError(Code::UpstreamError, Retry::NextTarget,
                                      "The key could not be exchanged for a token. Try again.");
        m_context.tokens[m_health.get()] = fetch;
    }
    FetchGuard(const FetchGuard&) = delete;
    FetchGuard& operator=(const FetchGuard&) = delete;
    ~FetchGuard()
    {
        const auto mine = m_context.tokens.find(m_health.get());
        if (mine != m_context.tokens.end() && mine->second == fetch) m_context.tokens.erase(mine);
        // Posted: each goes on for itself, and not within what ends here.
        for (const auto& signal : fetch->waiting)
            boost::asio::post(m_context.context, [signal] { signal->notify(); });
    }

    const std::shared_ptr<TokenFetch> fetch;

private:
    ThreadContext& m_context;
    const std::shared_ptr<KeyHealth> m_health;
};

} // namespace

Error tokenRefusal(const std::string& provider, int status)
{
    const Code code = codeOfExchange(status);
    const bool keyAtFault = code == Code::ProviderAuthFailed;
    const bool passing = code == Code::UpstreamTimeout || code == Code::UpstreamOverloaded || status >= 500;
    return upstreamError(code, passing ? Retry::SameTarget : Retry::NextTarget,
                         "The key of `" + provider + "` could not be exchanged for a token: the answer was " +
                             std::to_string(status) +
                             (keyAtFault ? ". Replace the key in Providers." : ". Try again."));
}

Secret KeyToken::valid(const Secret& key, std::int64_t nowSeconds) const
{
    const Sha256 digest = sha256(key.reveal());
    const std::lock_guard lock(m_mutex);
    return nowSeconds + kSpareSeconds < m_goodUntil && digest == m_key ? m_secret : Secret();
}

void KeyToken::set(const Secret& key, const provider::Token& token, std::int64_t nowSeconds)
{
    const Sha256 digest = sha256(key.reveal());
    const std::lock_guard lock(m_mutex);
    m_secret = token.secret;
    m_key = digest;
    m_goodUntil = nowSeconds + token.validSeconds;
}

void KeyToken::clear()
{
    const std::lock_guard lock(m_mutex);
    m_secret = Secret();
    m_goodUntil = 0;
}

net::Task<Result<Secret>> provingSecret(ThreadContext& context, const ProviderRuntime& provider,
                                        const ProviderKeyRuntime& key)
{
    if (!provider.kind->wantsToken(key.secret)) co_return key.secret;
    if (!key.health) co_return co_await fetchToken(context, provider, key);
    Secret token = key.health->token.valid(key.secret, nowSeconds());
    if (!token.empty()) co_return token;
    const Sha256 digest = sha256(key.secret.reveal());
    if (const auto running = context.tokens.find(key.health.get());
        running != context.tokens.end() && running->second->key == digest) {
        const std::shared_ptr<TokenFetch> fetch = running->second;
        const auto signal = std::make_shared<net::Signal>();
        fetch->waiting.push_back(signal);
        net::Signal& woken = *signal; // GCC 12 would wait for a copy of what `co_await *signal` names
        co_await woken;
        co_return fetch->result;
    }
    const FetchGuard guard(context, key.health, digest);
    guard.fetch->result = co_await fetchToken(context, provider, key);
    co_return guard.fetch->result;
}

} // namespace gateway::pipeline
