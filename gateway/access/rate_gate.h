// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "gateway/config.h"

namespace gateway::access {

/// How much came within the last so many microseconds, in sixty steps: what came in a step counts until all
/// of it is older. Instants are of a clock that never goes back.
class SlidingCount {
public:
    explicit SlidingCount(std::int64_t spanMicros) : m_step(spanMicros / kSteps) {}

    [[nodiscard]] std::int64_t total(std::int64_t now);
    void add(std::int64_t amount, std::int64_t now);
    /// What was added at `then` was so much more, or less; of what is no longer counted nothing is.
    void correct(std::int64_t amount, std::int64_t then, std::int64_t now);
    /// So long till no more than `most` is counted; 0: it is so now.
    [[nodiscard]] std::int64_t untilAtMost(std::int64_t most, std::int64_t now);

private:
    static constexpr std::int64_t kSteps = 60;

    void advance(std::int64_t now);

    std::int64_t m_step;
    std::int64_t m_last = 0; // number of the step that `now` is in
    std::int64_t m_total = 0;
    std::array<std::int64_t, kSteps + 1> m_counts{};
};

/// What is told to clients of the limit that is nearest: x-ratelimit-….
struct RateRoom {
    std::int64_t limit = 0, remaining = 0, resetMicros = 0;
};

/// Counts what goes through for a key, a provider or a route. For any thread: a mutex that is held for less
/// than a microsecond.
class RateGate {
public:
    RateGate();

    struct Refusal {
        std::string what;        // "60 requests a minute"
        std::int64_t waitMicros; // 0: nobody can tell
        bool isConcurrency = false;
    };

    /// Nothing: it is counted, with so many tokens, and has to leave(). One that alone has more tokens than
    /// are allowed goes through when nothing else was counted.
    [[nodiscard]] std::optional<Refusal> enter(const RateLimits& limits, std::int64_t tokens,
                                               std::int64_t now);
    /// What entered at `entered` is over; `tokens` is what it used beyond those that it entered with.
    void leave(std::int64_t tokens, std::int64_t entered, std::int64_t now);
    /// So many tokens were used by what is inside; nobody knew it before.
    void note(std::int64_t tokens, std::int64_t now);
    /// Why no more tokens may be used at present.
    [[nodiscard]] std::optional<Refusal> tokensRefusal(const RateLimits& limits, std::int64_t now);
    [[nodiscard]] std::optional<RateRoom> requests(const RateLimits& limits, std::int64_t now);
    [[nodiscard]] std::optional<RateRoom> tokens(const RateLimits& limits, std::int64_t now);

private:
    static constexpr std::int64_t kMinute = 60'000'000;

    /// A minute, an hour, a day.
    struct Counts {
        SlidingCount minute{kMinute}, hour{60 * kMinute}, day{1440 * kMinute};
        void add(std::int64_t amount, std::int64_t now);
        void correct(std::int64_t amount, std::int64_t then, std::int64_t now);
    };

    std::mutex m_mutex;
    Counts m_requests, m_tokens;
    std::uint32_t m_inside = 0;
};

/// Gates by name, kept over changes of the configuration. Owner's thread.
class RateGates {
public:
    [[nodiscard]] std::shared_ptr<RateGate> of(const std::string& name)
    {
        auto& gate = m_gates[name];
        if (!gate) gate = std::make_shared<RateGate>();
        return gate;
    }

private:
    std::unordered_map<std::string, std::shared_ptr<RateGate>> m_gates;
};

/// Has gone through a gate, and leaves it when this goes away.
class RatePass {
public:
    RatePass() = default;
    RatePass(std::shared_ptr<RateGate> gate, std::int64_t tokens, std::int64_t entered)
        : m_gate(std::move(gate)), m_tokens(tokens), m_entered(entered)
    {
    }
    RatePass(RatePass&& other) noexcept { *this = std::move(other); }
    RatePass& operator=(RatePass&& other) noexcept
    {
        std::swap(m_gate, other.m_gate);
        std::swap(m_tokens, other.m_tokens);
        std::swap(m_entered, other.m_entered);
        return *this;
    }
    ~RatePass();

    [[nodiscard]] bool isIn() const { return m_gate != nullptr; }
    /// What it used after all, in place of what was expected.
    void leave(std::int64_t used);

private:
    std::shared_ptr<RateGate> m_gate;
    std::int64_t m_tokens = 0;
    std::int64_t m_entered = 0;
};

[[nodiscard]] bool limitsAnything(const RateLimits& limits);
/// Microseconds of the clock that gates count by.
[[nodiscard]] std::int64_t steadyMicros();

} // namespace gateway::access
