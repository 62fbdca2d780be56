// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/condition.h"
#include "base/money.h"
#include "routing/rules.h"

namespace gateway::routing {

/// One target of a route as it is now. A route among the targets is known by the best of what it leads to.
struct TargetView {
    std::string_view provider, model; // of a route among the targets: nothing, and its name
    std::uint32_t weight = 1;
    const Condition* when = nullptr;    // null: none
    std::uint32_t inFlight = 0;         // requests that are under way there
    double firstTokenMicros = 0;        // from the request to its first token, lately; 0: not known
    double tokenMicros = 0;             // for each token after it, lately; 0: not known
    std::optional<Money> cost;          // what this request would cost there; nothing: not known
    double usage = 0;                   // the larger share of its limits that this minute has used
    double successes = 0, failures = 0; // of the last requests, older ones counting less
    bool isDescribed = false;           // by examples, or in words
    std::optional<double> likeness;     // of those to the request, -1 to 1; nothing: not measured
};

/// A route and a request, as far as a strategy may ask.
struct Choice {
    const std::vector<TargetView>& targets;
    const FieldSource& fields;
    std::string_view held;   // what a sticky route holds to a target: a session, a key; empty: nothing
    std::uint64_t turn = 0;  // requests that this route has ordered before
    double outputTokens = 0; // that the answer is expected to have
    std::minstd_rand& random;
    MeaningRules meaning = {};
    std::string_view unmeasured = {}; // why no likeness was measured, where none was
};

/// What a strategy looks at, as far as finding it out costs anything.
enum Looks : unsigned {
    kLooksAtNothing = 0,
    kLooksAtTimes = 1,
    kLooksAtCost = 2,
    kLooksAtUsage = 4,
    kLooksAtOutcomes = 8,
    kLooksAtLoad = 16,
    kLooksAtHeld = 32,   // what the request holds to a target
    kLooksAtMeaning = 64 // what it asks for
};

/// The order in which targets are tried. Every target appears once: those that were not picked are the
/// fallbacks.
struct Ranking {
    std::vector<std::size_t> order;
    std::vector<double> scores; // by target, NaN for one that has none; empty where nothing was scored
    std::optional<double> draw; // what chance said, in [0, 1)
    std::string_view why = {};  // the first is another than one would think; lives for ever
};

/// Decides in which order a route's targets are tried. Stateless; any thread. Its rule stands in the first
/// comment of its file.
class Strategy {
public:
    virtual ~Strategy() = default;
    [[nodiscard]] virtual std::string_view id() const = 0;
    /// Which members of a view, as Looks, have to be filled.
    [[nodiscard]] virtual unsigned looksAt() const { return kLooksAtNothing; }
    [[nodiscard]] virtual Ranking rank(const Choice& choice) const = 0;
};

/// Null for a name that strategies.def does not register.
[[nodiscard]] const Strategy* findStrategy(std::string_view id);
[[nodiscard]] std::vector<std::string_view> strategyIds();

/// In the order of the list, from 0.
[[nodiscard]] std::vector<std::size_t> listed(std::size_t targets);
/// By the scores, the least first; equal ones in the order they have in `from`.
[[nodiscard]] Ranking byScore(std::vector<double> scores, std::vector<std::size_t> from);
/// In [0, 1).
[[nodiscard]] double drawn(std::minstd_rand& random);

} // namespace gateway::routing
