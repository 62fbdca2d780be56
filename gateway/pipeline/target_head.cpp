// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <utility>

#include "base/wall_clock.h"
#include "pipeline/provider_health.h"
#include "pipeline/target_exchange.h"
#include "pipeline/upstream_status.h"
#include "upstream/proxy_handshake.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMaxRefusal = 1u << 20;

} // namespace

net::Task<TargetExchange::Failure> TargetExchange::prove(Attempt& attempt)
{
    if (!attempt.key) co_return std::nullopt;
    if (!attempt.provider.kind->wantsToken(attempt.key->secret)) {
        attempt.proof = attempt.key->secret;
        co_return std::nullopt;
    }
    const auto woken = std::make_shared<net::Signal>();
    m_sleeps.push_back(woken);
    TokenWait leaving{woken, [this, &attempt] { return isOver(attempt); }};
    AwayTime::Wait wait(m_away);
    auto token = co_await provingSecret(m_context, attempt.provider, *attempt.key, std::move(leaving));
    wait.end();
    std::erase(m_sleeps, woken);
    if (isOver(attempt)) co_return goneError();
    if (!token) co_return token.error();
    attempt.proof = std::move(token.value());
    co_return std::nullopt;
}

upstream::CallTimeouts TargetExchange::timeoutsOf(const Attempt& attempt, bool streamed) const
{
    const routing::TimeoutRules& rules = attempt.target.timeout;
    upstream::CallTimeouts timeouts;
    timeouts.connect = rules.connect;
    timeouts.firstByte = streamed ? rules.firstByteStreamed : rules.firstBytePlain;
    timeouts.idle = rules.idle;
    timeouts.totalEnd = m_totalEnd;
    return timeouts;
}

std::string TargetExchange::headFor(const Attempt& attempt, CallHead call) const
{
    upstream::RequestFields& fields = call.fields;
    attempt.provider.kind->addFields(fields, &m_head, clientField);
    for (const auto& field : attempt.provider.config.headers)
        fields.push_back(field);
    const upstream::Origin& origin = attempt.provider.base.origin;
    std::string secretLines;
    if (!attempt.proof.empty())
        secretLines = attempt.provider.kind->authLines(attempt.proof,
                                                       {call.method, attempt.provider.authority, call.target,
                                                        fields, call.body, m_id.microseconds() / 1'000'000});
    if (const auto proxy = upstream::parseProxy(origin.proxy); proxy && !proxy->socks && !origin.tls) {
        call.target = "http://" + attempt.provider.authority + call.target;
        if (const auto login = upstream::proxyAuthorization(*proxy); !login.empty())
            fields.emplace_back("Proxy-Authorization", login);
    }
    std::string head;
    upstream::appendRequestHead(head, call.method, call.target, attempt.provider.authority, fields,
                                secretLines);
    wipe(secretLines);
    return head;
}

std::vector<std::string_view> TargetExchange::secretsOf(const Attempt& attempt) const
{
    std::vector<std::string_view> secrets;
    if (attempt.key) secrets = attempt.provider.kind->secretParts(attempt.key->secret);
    if (!attempt.proof.empty()) secrets.push_back(attempt.proof.reveal());
    return secrets;
}

void TargetExchange::noteReply(Attempt& attempt, const upstream::ReplyHead& reply)
{
    attempt.row.status = reply.status;
    if (attempt.key) noteRate(*attempt.key->health, attempt.target.model, reply, nowMicros());
}

net::Task<TargetExchange::Failure> TargetExchange::readRefusal(upstream::Call& call, Attempt& attempt,
                                                               const upstream::ReplyHead& reply)
{
    auto body = co_await call.receiveAll(kMaxRefusal);
    const std::string none;
    const RefusedReply refused{reply,
                               body ? body.value() : none,
                               attempt.row.provider,
                               *attempt.dialect,
                               attempt.sameDialect,
                               attempt.anyError};
    co_return refusedReply(refused, attempt.target.retry, secretsOf(attempt));
}

} // namespace gateway::pipeline
