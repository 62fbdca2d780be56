// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/config.h"
#include "gateway/result.h"
#include "gateway/snapshot.h"

namespace gateway {

/// One comparison of a target's condition.
struct DryCondition {
    std::string field, op, wanted, seen; // `wanted` as JSON; `seen` empty: nothing stands under the name
    bool held = false;
};

/// A target of a route in the order that its strategy gave.
struct DryTarget {
    std::string name;            // "provider/model", or a route's
    std::optional<double> score; // where the strategy scores: the less the better, but for `semantic`
    std::vector<DryCondition> conditions;
};

struct DryStep {
    std::string route, strategy;
    std::vector<DryTarget> targets;
    std::optional<double> draw; // what chance said, in [0, 1)
    std::string why = {};       // the first is another than one would think, in a few words
};

/// Who would be tried, in that order, and why in it.
struct DryChoice {
    std::string provider, model;
    std::string setback; // why it comes later than its route has it: "context_too_small"; empty: it does not
    std::optional<std::int64_t> costNanos = {}; // of this request there, by estimate; nothing: no price known
    bool fails = false;                         // it is simulated to be down
    std::string rewritesJson = {};              // what routes and presets add there, as LogRow::rewritesJson
};

/// A guardrail that has something to say of the request. What it masks is masked in no dry run.
struct DryGuardrail {
    std::string id, check, action;
    bool observes = false;
    std::string found;  // "it holds EMAIL (2)"; empty: nothing yet
    bool asks = false;  // it asks a service or a model, which a dry run does not
    bool fails = false; // its check could not be done
};

/// What a route's `fallbacks` name for a kind of failure of its targets.
struct DryFallback {
    std::string route, kind;        // "content_refused"
    std::string goal;               // a route, or "provider/model"
    std::vector<DryChoice> choices; // who would be tried then, before the other targets
    std::string problem;            // why nobody would, where there are none
};

struct DryRun {
    std::string dialect, model, route;
    std::int64_t inputTokens = 0; // about
    std::vector<DryStep> steps;
    std::vector<DryChoice> choices;
    std::vector<DryFallback> fallbacks =
        {}; // of all routes whose targets are among the choices, where asked for
    std::vector<DryGuardrail> guardrails = {}; // in their order

    /// The first that does not fail; null: nobody would answer.
    [[nodiscard]] const DryChoice* answering() const;
};

/// What is pretended of a target, or of all targets of a provider.
struct DrySimulation {
    enum class Kind : std::uint8_t {
        Undecided,
        /// Its circuit is open, so that it comes last with the setback "circuit_open", and an attempt would
        /// fail. Circuits are kept for the targets of routes; what else leads there fails without coming
        /// last.
        Down,
        /// All keys of its provider are rate-limited, whichever model is named: "keys_aside". A provider
        /// without a key is taken to have one.
        Limited,
        /// Its answers were very slow lately, so that a strategy that looks at times avoids it. The suffix
        /// `:nitro` looks at whole providers and knows of no times in a dry run.
        Slow
    };
    std::string target; // "provider" or "provider/model"
    Kind kind = Kind::Undecided;
    bool operator==(const DrySimulation&) const = default;
};

/// Names and values, as they stand in a request's head.
using DryHeaders = std::vector<std::pair<std::string, std::string>>;

struct DryRunOptions {
    std::string route; // goes before the body's model; empty: what the body names
    std::vector<DrySimulation> simulate;
    DryHeaders headers = {};       // what they ask for is obeyed, and conditions see them
    std::string metadataJson = {}; // goes before that of the headers; empty: none
};

/// A body to explain.
struct DryRequest {
    std::string_view body;
    std::string route; // as in DryRunOptions
    /// The row of a request that was made: its key, client, dialect, session, metadata and time are what
    /// conditions see, and its tokens, as far as they are known, are what costs are for. Null: nobody made
    /// it.
    const LogRow* logged = nullptr;
    DryHeaders headers = {};
    std::string metadataJson = {};
    bool findFallbacks = false; // fills DryRun::fallbacks
};

/// Explains where requests would go, without sending anything. What one configuration needs is made once, for
/// as many requests as there are. Of targets only what the configuration and the catalog say is known, and
/// what is simulated: nothing is measured, keys are taken to work. Routes that go by turns go on from request
/// to request; chance is drawn anew, the same for each new explainer. One thread at a time.
class DryExplainer {
public:
    /// Error: the program's own lists cannot be read.
    [[nodiscard]] static Result<DryExplainer> make(const Config& config, const std::string& dataDir);
    DryExplainer(DryExplainer&&) noexcept;
    DryExplainer& operator=(DryExplainer&&) noexcept;
    ~DryExplainer();

    /// From now on this is pretended, and nothing that was before. Error: a target that is not there, with
    /// near names; then nothing is pretended.
    [[nodiscard]] Outcome simulate(const std::vector<DrySimulation>& simulations);
    /// The body's dialect is told by its members, and its `provider` object is obeyed. Errors: those that a
    /// client would get.
    [[nodiscard]] Result<DryRun> run(const DryRequest& request);
    /// Other chances than a new explainer has.
    void seed(std::uint32_t number);

private:
    struct Parts;
    explicit DryExplainer(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> m_parts;
};

/// The same for one request, by chances of its own. Errors: all of the above.
[[nodiscard]] Result<DryRun> dryRun(const Config& config, const std::string& dataDir, std::string_view body,
                                    const DryRunOptions& options);

} // namespace gateway
