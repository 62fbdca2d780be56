// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>

namespace gateway::routing {

/// When a target is set aside for failing, and for how long.
struct BreakerRules {
    std::uint32_t failures = 4;      // in a row
    std::uint32_t errorPercent = 60; // or so many of the last requests, …
    std::uint32_t minimum = 10;      // … once there were that many
    std::uint32_t recover = 2;       // successes in a row that end it
    std::int64_t waitMicros = 60'000'000;
    bool operator==(const BreakerRules&) const = default;
};

enum class CircuitState : std::uint8_t { Undecided, Closed, Open, HalfOpen };

/// What is learned about one provider and model from the requests that went there. Times are microseconds,
/// and `now` microseconds since 1970. Any thread: of two values that are reported at once one may be lost,
/// which an average forgives; requests under way and those of a minute are counted exactly.
class TargetState {
public:
    /// True: this request is the one that finds out whether a half-open circuit may be closed. What it
    /// answers goes to the one call of succeed(), fail() or leave() that ends it.
    [[nodiscard]] bool begin(std::int64_t now);
    void firstToken(std::int64_t micros, std::int64_t now)
    {
        m_firstToken.add(static_cast<double>(micros), now);
    }
    void tokenTime(double micros, std::int64_t now) { m_token.add(micros, now); }
    /// A request that went well. Without rules it has no say in the circuit.
    void succeed(std::int64_t tokens, std::int64_t now, bool probe, const BreakerRules* rules);
    void fail(std::int64_t now, bool probe, const BreakerRules* rules);
    /// Somebody liked its answer, or did not: from -1 to 1, a success being worth 1. Has no say in the
    /// circuit.
    void rate(double value);
    /// Neither: the client left, or its own request was at fault.
    void leave(bool probe);

    [[nodiscard]] std::uint32_t inFlight() const { return m_inFlight.load(std::memory_order_relaxed); }
    /// Peak-EWMA: a longer time counts at once, shorter ones bring it down, and with no news it fades to
    /// nothing. 0: not known.
    [[nodiscard]] double firstTokenMicros(std::int64_t now) const { return m_firstToken.at(now); }
    [[nodiscard]] double tokenMicros(std::int64_t now) const { return m_token.at(now); }
    /// Counts of the last requests, each weighing a fiftieth less than the one after it.
    [[nodiscard]] double successes() const { return m_successes.load(std::memory_order_relaxed); }
    [[nodiscard]] double failures() const { return m_failures.load(std::memory_order_relaxed); }
    /// The same of what people said.
    [[nodiscard]] double praise() const { return m_praise.load(std::memory_order_relaxed); }
    [[nodiscard]] double blame() const { return m_blame.load(std::memory_order_relaxed); }
    /// In the minute that `now` is in.
    [[nodiscard]] std::int64_t requestsThisMinute(std::int64_t now) const { return m_requests.at(now); }
    [[nodiscard]] std::int64_t tokensThisMinute(std::int64_t now) const { return m_tokens.at(now); }

    [[nodiscard]] CircuitState circuit(std::int64_t now) const;
    /// Its circuit is open, or half-open and a request is finding out.
    [[nodiscard]] bool isAside(std::int64_t now) const;
    /// An open circuit is half-open from now on: there is news of the target's provider.
    void letProbe(std::int64_t now);
    /// When it gets its next chance; 0: it has one.
    [[nodiscard]] std::int64_t openUntil() const { return m_openUntil.load(std::memory_order_relaxed); }
    /// When its circuit was opened last; 0: never.
    [[nodiscard]] std::int64_t openedAt() const { return m_openedAt.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint32_t failedInARow() const
    {
        return m_failedInARow.load(std::memory_order_relaxed);
    }

private:
    class Peak {
    public:
        void add(double sample, std::int64_t now);
        [[nodiscard]] double at(std::int64_t now) const;

    private:
        std::atomic<double> m_value{0};
        std::atomic<std::int64_t> m_when{0};
    };
    class MinuteCount {
    public:
        void add(std::int64_t count, std::int64_t now);
        [[nodiscard]] std::int64_t at(std::int64_t now) const;

    private:
        std::atomic<std::uint64_t> m_both{0}; // the minute above, what it had below
    };
    void open(std::int64_t now, const BreakerRules& rules);
    void note(bool good);
    void fadeRatings(double kept);

    std::atomic<std::uint32_t> m_inFlight{0};
    std::atomic<bool> m_probing{false};
    Peak m_firstToken, m_token;
    MinuteCount m_requests, m_tokens;
    std::atomic<double> m_successes{0}, m_failures{0};
    std::atomic<double> m_praise{0}, m_blame{0};
    std::atomic<std::uint32_t> m_failedInARow{0}, m_recovered{0};
    std::atomic<std::int64_t> m_openUntil{0}; // 0: closed
    std::atomic<std::int64_t> m_openedAt{0};
};

} // namespace gateway::routing
