// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/provider_health.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "base/wall_clock.h"
#include "pipeline/rate_headers.h"

namespace gateway::pipeline {

namespace {

constexpr milliseconds kCoolDown = std::chrono::seconds(5);
constexpr milliseconds kLongestCoolDown = std::chrono::hours(24);

/// The attempt that answered; another one may have begun after it.
const AttemptRow* answeredBy(const LogRow& row)
{
    for (auto each = row.attempts.rbegin(); each != row.attempts.rend(); ++each) {
        if (each->error.empty() && each->provider == row.provider) return &*each;
    }
    return nullptr;
}

void noteSpeed(ProviderState& state, const LogRow& row, std::int64_t micros)
{
    if (row.outputTokens <= 0 || micros <= 0) return;
    const std::int64_t now = row.outputTokens * 1'000'000'000 / micros;
    // Two threads at once may lose one of two values; it is an average all the same.
    const std::int64_t before = state.speed.load(std::memory_order_relaxed);
    state.speed.store(before == 0 ? now : (7 * before + now) / 8, std::memory_order_relaxed);
}

/// There are keys that can be read, and that holds for each of them. What cannot be read costs no call, so it
/// need not wait.
template <class Rule>
bool all(const ProviderRuntime& provider, const Rule& rule)
{
    bool readable = false;
    for (const ProviderKeyRuntime& key : provider.keys) {
        if (key.secret.empty()) continue;
        if (!rule(*key.health)) return false;
        readable = true;
    }
    return readable;
}

} // namespace

void orderByWeight(std::vector<const ProviderKeyRuntime*>& keys, std::minstd_rand& random)
{
    std::uint64_t left = 0;
    for (const ProviderKeyRuntime* key : keys)
        left += key->weight;
    for (std::size_t place = 0; place + 1 < keys.size() && left > 0; ++place) {
        auto mark = std::uniform_int_distribution<std::uint64_t>(1, left)(random);
        std::size_t chosen = place;
        while (chosen + 1 < keys.size() && mark > keys[chosen]->weight)
            mark -= keys[chosen++]->weight;
        left -= keys[chosen]->weight;
        std::swap(keys[place], keys[chosen]);
    }
}

Result<std::vector<const ProviderKeyRuntime*>> usableKeys(const Runtime& runtime,
                                                          const ProviderRuntime& provider,
                                                          const std::string& session, const RateNeed& need,
                                                          std::minstd_rand& random)
{
    std::vector<const ProviderKeyRuntime*> good, aside;
    std::string problem;
    const std::int64_t now = nowMicros();
    for (const ProviderKeyRuntime& key : provider.keys) {
        if (key.secret.empty()) {
            problem = key.problem;
            continue;
        }
        const bool usable = !key.health->refused.load(std::memory_order_relaxed) &&
                            key.health->coolingUntil.load(std::memory_order_relaxed) <= now &&
                            key.health->hasRoom(need, now);
        (usable ? good : aside).push_back(&key);
    }
    if (provider.config.keyOrder == KeyOrder::Listed) {
        // As they stand: a session stays on the first for as long as that is good.
    } else if (session.empty()) {
        orderByWeight(good, random);
    } else {
        std::minstd_rand fixed(static_cast<std::uint32_t>(std::hash<std::string>()(session)));
        orderByWeight(good, fixed);
    }
    // What is set aside only moves to the end: with nothing else left it is tried anyway.
    good.insert(good.end(), aside.begin(), aside.end());
    if (good.empty() && (provider.kind->needsKey() || !provider.keys.empty())) {
        Error error = gatewayError(Code::ProviderKeyUnavailable,
                                   "No key for `" + provider.config.id.text + "` can be read" +
                                       (problem.empty() ? ". Add one in Providers." : ": " + problem));
        error.retry = Retry::NextTarget;
        if (runtime.secretsPending) error.retryAfter = std::chrono::seconds(1);
        return error;
    }
    if (good.empty()) good.push_back(nullptr);
    return good;
}

bool keysAreAside(const ProviderRuntime& provider, std::int64_t nowMicros)
{
    return all(provider, [nowMicros](const KeyHealth& health) { return health.isAside(nowMicros); });
}

bool keysLackRoom(const ProviderRuntime& provider, const RateNeed& need, std::int64_t nowMicros)
{
    return all(provider, [&need, nowMicros](const KeyHealth& health) {
        return health.isAside(nowMicros) || !health.hasRoom(need, nowMicros);
    });
}

bool tokensMatter(const ProviderRuntime& provider, std::int64_t nowMicros)
{
    const auto isCounted = [nowMicros](const ProviderKeyRuntime& key) {
        return key.health->tokensUntil.load(std::memory_order_relaxed) > nowMicros;
    };
    return provider.keys.size() > 1 && std::any_of(provider.keys.begin(), provider.keys.end(), isCounted);
}

bool isKeysFault(const Error& failure, int status)
{
    return failure.code == Code::ProviderAuthFailed || httpStatus(failure) == 429 || status == 402;
}

void learnOfKey(KeyHealth& health, const Error& failure, int status)
{
    if (failure.source != Source::Upstream) return;
    // Final: an account without credit, which some tell by 429.
    if (failure.code == Code::ProviderAuthFailed || status == 402 || failure.final) {
        health.refuse(nowMicros(), status);
        return;
    }
    if (status != 429) return;
    const auto wait = std::min<milliseconds>(failure.retryAfter.value_or(kCoolDown), kLongestCoolDown);
    health.coolingUntil.store(nowMicros() + wait.count() * 1000, std::memory_order_relaxed);
}

void noteRate(KeyHealth& health, std::string_view model, const upstream::ReplyHead& reply,
              std::int64_t nowMicros)
{
    const RateLeft rate = readRateHeaders(reply.fields, nowMicros);
    if (!rate.requests && !rate.tokens) return;
    const std::size_t mark = RateNeed::markOf(model);
    if (health.rateModel.exchange(mark, std::memory_order_relaxed) != mark) {
        // What was said of another model says nothing of this one.
        health.requestsUntil.store(0, std::memory_order_relaxed);
        health.tokensUntil.store(0, std::memory_order_relaxed);
    }
    if (rate.requests) {
        health.requestsLeft.store(*rate.requests, std::memory_order_relaxed);
        health.requestsUntil.store(rate.requestsUntil, std::memory_order_relaxed);
    }
    if (rate.tokens) {
        health.tokensLeft.store(*rate.tokens, std::memory_order_relaxed);
        health.tokensUntil.store(rate.tokensUntil, std::memory_order_relaxed);
    }
}

void noteSuccess(const Runtime& runtime, const LogRow& row)
{
    const AttemptRow* attempt = answeredBy(row);
    const ProviderRuntime* provider = attempt ? runtime.findProvider(row.provider) : nullptr;
    if (!provider) return;
    if (ProviderState* const state = provider->state.get()) {
        noteSpeed(*state, row, attempt->total);
        // Whatever its list of models does: it answers.
        if (state->down.load(std::memory_order_relaxed)) state->down.store(false, std::memory_order_relaxed);
    }
    for (const ProviderKeyRuntime& key : provider->keys) {
        if (key.id.text == attempt->keyId) key.health->refused.store(false, std::memory_order_relaxed);
    }
}

} // namespace gateway::pipeline
