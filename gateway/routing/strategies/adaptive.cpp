// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <random>

#include "routing/strategy.h"

namespace gateway::routing {

namespace {

// How much of the verdict the slowest loses, and the dearest.
constexpr double kTimeShare = 0.2;
constexpr double kCostShare = 0.2;
constexpr double kNothing = 1e-6; // of a success; fewer would leave a formula with nothing to divide by

/// Of both shapes above 1: algorithm BB of R. C. H. Cheng, Generating Beta Variates with Nonintegral Shape
/// Parameters (1978); half the time of two gamma numbers. In single precision, which chance does not notice,
/// but for what is the difference of almost equal numbers.
float betaAboveOne(std::minstd_rand& random, double good, double bad)
{
    const double all = good + bad;
    const auto beta = static_cast<float>(std::sqrt((all - 2) / (2 * good * bad - all)));
    const auto less = static_cast<float>(std::min(good, bad)), more = static_cast<float>(std::max(good, bad));
    const auto sum = static_cast<float>(all);
    const float gamma = less + 1 / beta;
    constexpr float kLog4 = 1.3862944F, kOneAndLog5 = 2.6094379F;
    for (;;) {
        const double first = drawn(random);
        const auto second = static_cast<float>(drawn(random));
        if (first <= 0 || second <= 0) continue;
        const float v = beta * std::log(static_cast<float>(first / (1 - first)));
        const float w = less * std::exp(v);
        const float z = static_cast<float>(first * first) * second;
        const float r = gamma * v - kLog4;
        const float s = less + r - w;
        const bool isIn = s + kOneAndLog5 >= 5 * z || s >= std::log(z) ||
                          r + sum * std::log(sum / (more + w)) >= std::log(z);
        if (isIn) return (good < bad ? w : more) / (more + w);
    }
}

double betaDraw(std::minstd_rand& random, double good, double bad)
{
    // Where nothing is known yet, or only one of them ever happened, the distribution can be turned round.
    if (good + bad < kNothing) return drawn(random);
    if (bad == 0) return std::pow(drawn(random), 1 / (good + 1));
    if (good == 0) return 1 - std::pow(drawn(random), 1 / (bad + 1));
    return betaAboveOne(random, good + 1, bad + 1);
}

double timeOf(const Choice& choice, const TargetView& target)
{
    return target.firstTokenMicros + target.tokenMicros * choice.outputTokens;
}

/// Learns from what happened (Thompson sampling): for each target a chance of going well is drawn from the
/// distribution that its last successes and failures leave open, and the slowest and the dearest of the
/// targets lose a fifth of it each, the others less in proportion. What is not known counts as the best, so
/// that it gets known. What people said of answers (POST /v1/feedback) counts among those successes and
/// failures: a value of 10 with weight 1 as much as one of them, others in proportion; it fades with the
/// requests that come after it, and all of it never counts for more than fifty requests. A target's circuit
/// does not know of it.
class Adaptive : public Strategy {
public:
    [[nodiscard]] std::string_view id() const override { return "adaptive"; }
    [[nodiscard]] unsigned looksAt() const override
    {
        return kLooksAtTimes | kLooksAtCost | kLooksAtOutcomes;
    }
    [[nodiscard]] Ranking rank(const Choice& choice) const override
    {
        double slowest = 0, dearest = 0;
        for (const TargetView& target : choice.targets) {
            slowest = std::max(slowest, timeOf(choice, target));
            if (target.cost) dearest = std::max(dearest, static_cast<double>(target.cost->nanos()));
        }
        std::vector<double> scores;
        scores.reserve(choice.targets.size());
        for (const TargetView& target : choice.targets) {
            const double well = betaDraw(choice.random, target.successes, target.failures);
            const double time = slowest > 0 ? timeOf(choice, target) / slowest : 0;
            const double cost =
                dearest > 0 && target.cost ? static_cast<double>(target.cost->nanos()) / dearest : 0;
            const double value = well * (1 - kTimeShare * time - kCostShare * cost);
            scores.push_back(1 - value);
        }
        return byScore(std::move(scores), listed(choice.targets.size()));
    }
};

} // namespace

const Strategy& adaptive()
{
    static const Adaptive strategy;
    return strategy;
}

} // namespace gateway::routing
