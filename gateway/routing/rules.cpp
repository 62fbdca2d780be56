// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/rules.h"

#include <algorithm>
#include <string>

#include "base/money.h"

namespace gateway::routing {

namespace {

template <class T, class Field>
void take(T& target, Field field, const auto* route, const auto* provider)
{
    if (route && (*route).*field)
        target = *((*route).*field);
    else if (provider && (*provider).*field)
        target = *((*provider).*field);
}

} // namespace

RetryRules retryRules(const RetryConfig* route, const RetryConfig* provider)
{
    RetryRules rules;
    take(rules.attempts, &RetryConfig::attempts, route, provider);
    take(rules.onStatus, &RetryConfig::onStatus, route, provider);
    take(rules.backoff, &RetryConfig::backoff, route, provider);
    take(rules.maxBackoff, &RetryConfig::maxBackoff, route, provider);
    take(rules.honorRetryAfter, &RetryConfig::honorRetryAfter, route, provider);
    return rules;
}

TimeoutRules timeoutRules(const TimeoutConfig* route, const TimeoutConfig* provider)
{
    TimeoutRules rules;
    take(rules.connect, &TimeoutConfig::connect, route, provider);
    take(rules.firstBytePlain, &TimeoutConfig::firstByte, route, provider);
    take(rules.firstByteStreamed, &TimeoutConfig::firstByte, route, provider);
    take(rules.idle, &TimeoutConfig::idle, route, provider);
    take(rules.total, &TimeoutConfig::total, route, provider);
    return rules;
}

MeaningRules meaningRules(const SemanticConfig& config)
{
    MeaningRules rules;
    const auto take = [](double& into, const std::optional<std::string>& text) {
        const auto number = text ? Money::parse(*text) : std::nullopt;
        if (number) into = static_cast<double>(number->nanos()) / static_cast<double>(Money::kNanosPerDollar);
    };
    take(rules.threshold, config.threshold);
    take(rules.margin, config.margin);
    return rules;
}

std::optional<milliseconds> nextTry(const RetryRules& rules, const Error& error, std::uint32_t failed,
                                    double random)
{
    if (error.retry != Retry::SameTarget || failed >= rules.attempts) return std::nullopt;
    if (rules.honorRetryAfter && error.retryAfter) {
        // A longer wait than the bound is not worth it: the next target may answer now.
        if (*error.retryAfter > rules.maxBackoff) return std::nullopt;
        return *error.retryAfter;
    }
    const double ceiling =
        std::min<double>(static_cast<double>(rules.maxBackoff.count()),
                         static_cast<double>(rules.backoff.count()) *
                             static_cast<double>(1u << std::min<std::uint32_t>(failed, 20)));
    return milliseconds(static_cast<std::int64_t>(ceiling * random));
}

} // namespace gateway::routing
