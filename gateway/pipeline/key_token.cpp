// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/key_token.h"

#include <chrono>

#include "pipeline/thread_context.h"
#include "upstream/request_head.h"

namespace gateway::pipeline {

namespace {

constexpr std::int64_t kSpareSeconds = 60; // a token must not run out on its way
constexpr std::size_t kMaxTokenAnswer = 256 * 1024;
constexpr milliseconds kPatience{15'000};

std::int64_t secondsNow()
{
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

Error tokenError(const ProviderRuntime& provider, const std::string& what)
{
    return upstreamError(Code::ProviderAuthFailed, Retry::NextTarget,
                         "The key of `" + provider.config.id.text + "` could not be exchanged for a token: " +
                             what + " Replace the key in Providers, or try again.");
}

net::Task<Result<Secret>> fetchToken(ThreadContext& context, const ProviderRuntime& provider,
                                     const ProviderKeyRuntime& key)
{
    auto wanted = provider.kind->tokenCall(key.secret, secondsNow());
    if (!wanted) co_return wanted.error();
    auto base = upstream::parseBaseUrl(wanted->url);
    if (!base) co_return tokenError(provider, "its address is not valid.");
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
    if (status != 200) co_return tokenError(provider, "the answer was " + std::to_string(status) + ".");
    auto token = provider.kind->readToken(answer.value());
    wipe(answer.value());
    if (!token) co_return token.error();
    if (key.health) key.health->token.set(token.value(), secondsNow());
    co_return token->secret;
}

} // namespace

Secret KeyToken::valid(std::int64_t nowSeconds) const
{
    const std::lock_guard lock(m_mutex);
    return nowSeconds + kSpareSeconds < m_goodUntil ? m_secret : Secret();
}

void KeyToken::set(const provider::Token& token, std::int64_t nowSeconds)
{
    const std::lock_guard lock(m_mutex);
    m_secret = token.secret;
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
    if (key.health) {
        Secret token = key.health->token.valid(secondsNow());
        if (!token.empty()) co_return token;
    }
    co_return co_await fetchToken(context, provider, key);
}

} // namespace gateway::pipeline
