// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/key_token.h"

#include <chrono>
#include <exception>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/wall_clock.h"
#include "pipeline/thread_context.h"
#include "upstream/request_head.h"

namespace gateway::pipeline {

namespace {

constexpr std::int64_t kSpareSeconds = 60; // a token must not run out on its way
constexpr std::size_t kMaxTokenAnswer = std::size_t{256} * 1024;
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

/// A key that is to be exchanged, apart from what may be gone before that is done.
struct TokenOrder {
    const provider::Kind* kind = nullptr;
    std::string provider, proxy, caFile;
    Secret key;
    std::shared_ptr<KeyHealth> health; // null: the token is for one call
};

TokenOrder orderFor(const ProviderRuntime& provider, const ProviderKeyRuntime& key)
{
    return {provider.kind,
            provider.config.id.text,
            provider.base.origin.proxy,
            provider.base.origin.caFile,
            key.secret,
            key.health};
}

net::Task<Result<Secret>> fetchToken(ThreadContext& context, const TokenOrder& order)
{
    auto wanted = order.kind->tokenCall(order.key, nowSeconds());
    if (!wanted) co_return wanted.error();
    auto base = upstream::parseBaseUrl(wanted->url);
    if (!base)
        co_return upstreamError(Code::ProviderAuthFailed, Retry::NextTarget,
                                "The address at which the key of `" + order.provider +
                                    "` is exchanged for a token is not valid. Replace the key in Providers.");
    base->origin.proxy = order.proxy;
    base->origin.caFile = order.caFile;
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
    if (status != 200) co_return tokenRefusal(order.provider, status);
    auto token = order.kind->readToken(answer.value());
    wipe(answer.value());
    if (!token) co_return token.error();
    if (order.health) order.health->token.set(order.key, token.value(), nowSeconds());
    co_return token->secret;
}

/// Wakes all who wait for a fetch when it ends, however it does.
class FetchGuard {
public:
    FetchGuard(ThreadContext& context, std::shared_ptr<KeyHealth> health, std::shared_ptr<TokenFetch> fetch)
        : m_context(context), m_health(std::move(health)), m_fetch(std::move(fetch))
    {
        m_context.tokens[m_health.get()] = m_fetch;
    }
    FetchGuard(const FetchGuard&) = delete;
    FetchGuard& operator=(const FetchGuard&) = delete;
    ~FetchGuard()
    {
        const auto mine = m_context.tokens.find(m_health.get());
        if (mine != m_context.tokens.end() && mine->second == m_fetch) m_context.tokens.erase(mine);
        m_fetch->done = true;
        // Posted: each goes on for itself, and not within what ends here.
        for (const auto& signal : m_fetch->waiting)
            boost::asio::post(m_context.context, [signal] { signal->notify(); });
    }

private:
    ThreadContext& m_context;
    const std::shared_ptr<KeyHealth> m_health;
    const std::shared_ptr<TokenFetch> m_fetch;
};

/// On its own, so that whoever asked for it may leave.
net::Detached runFetch(ThreadContext& context, TokenOrder order, std::shared_ptr<TokenFetch> fetch)
{
    const FetchGuard guard(context, order.health, fetch);
    try {
        fetch->result = co_await fetchToken(context, order);
    } catch (const std::exception&) {
        // Without memory there is no token: what was there before says so.
    }
}

std::shared_ptr<TokenFetch> startFetch(ThreadContext& context, TokenOrder order, const Sha256& key)
{
    auto fetch = std::make_shared<TokenFetch>();
    fetch->key = key;
    fetch->result = upstreamError(Code::UpstreamError, Retry::NextTarget,
                                  "The key could not be exchanged for a token. Try again.");
    runFetch(context, std::move(order), fetch);
    return fetch;
}

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
    TokenWait wait{std::make_shared<net::Signal>(), nullptr};
    co_return co_await provingSecret(context, provider, key, std::move(wait));
}

net::Task<Result<Secret>> provingSecret(ThreadContext& context, const ProviderRuntime& provider,
                                        const ProviderKeyRuntime& key, TokenWait wait)
{
    if (!provider.kind->wantsToken(key.secret)) co_return key.secret;
    if (!key.health) {
        const TokenOrder order = orderFor(provider, key);
        co_return co_await fetchToken(context, order);
    }
    Secret token = key.health->token.valid(key.secret, nowSeconds());
    if (!token.empty()) co_return token;
    const Sha256 digest = sha256(key.secret.reveal());
    const auto running = context.tokens.find(key.health.get());
    const bool joins = running != context.tokens.end() && running->second->key == digest;
    const std::shared_ptr<TokenFetch> fetch =
        joins ? running->second : startFetch(context, orderFor(provider, key), digest);
    fetch->waiting.push_back(wait.woken);
    net::Signal& woken = *wait.woken; // GCC 12 would wait for a copy of what `co_await *pointer` names
    while (!fetch->done && !(wait.over && wait.over()))
        co_await woken;
    if (fetch->done) co_return fetch->result;
    co_return upstreamError(Code::ClientCancelled, Retry::Never, "Nobody waits for the token any more.");
}

} // namespace gateway::pipeline
