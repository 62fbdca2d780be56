// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"

#include "base/sha256.h"
#include "guardrail/check_kind.h"
#include "guardrail/find_cache.h"

namespace gateway::guardrail {

enum class Action : std::uint8_t { Undecided, Flag, Mask, Block, Rewrite, Reroute, Ask };
[[nodiscard]] std::string_view actionName(Action action);
/// As configurations name them.
[[nodiscard]] std::vector<std::string> actionNames();
[[nodiscard]] std::vector<std::string> maskStyleNames();

/// How a masked place looks.
enum class MaskStyle : std::uint8_t {
    Undecided,
    Placeholder, // "[EMAIL]"; with a mark of its own where it is to be restored
    Hash,        // "[EMAIL:5f3a…]": equal for equal texts
    LastFour,    // all but its last four letters and digits become "*"
    Synthetic    // other letters and digits in the same places
};

/// One guardrail of the configuration, ready to be applied. Immutable.
struct Rule {
    GuardrailConfig config;
    const CheckKind* kind = nullptr;
    std::shared_ptr<const Check> check;
    Action action = Action::Undecided;
    bool observes = false;
    bool ofRequest = false, ofToolResults = false, ofResponse = false, ofToolCalls = false;
    bool failsOpen = false;
    std::set<Sha256> exceptions = {};
    FindCache::Looker looker = {};

    /// Whether it looks at texts of that stage.
    [[nodiscard]] bool covers(Stage stage) const;
    [[nodiscard]] bool looksAtRequests() const { return ofRequest || ofToolResults; }
    [[nodiscard]] bool looksAtAnswers() const { return ofResponse || ofToolCalls; }
    /// Changes a text, when it finds something.
    [[nodiscard]] bool changes() const
    {
        return !observes && (action == Action::Mask || action == Action::Rewrite);
    }
    /// Does something about what it finds in a stream.
    [[nodiscard]] bool acts() const { return changes() || (!observes && action == Action::Block); }
    /// Nobody may see an answer before this has judged it.
    [[nodiscard]] bool holdsAnswers() const
    {
        return acts() && !kind->places && (action == Action::Rewrite || config.retries > 0 || kind->asks);
    }
    [[nodiscard]] MaskStyle styleOf(std::string_view kindOfPlace) const;
    [[nodiscard]] bool isException(std::string_view text) const;
};

/// Who asks what, as scopes tell it.
struct Asker {
    std::vector<std::string_view> routes; // all that the request goes through; none: it has no route
    std::string_view key, dialect, client;
};

/// The guardrails of a configuration, in its order. Secrets are watched for in any case: where no guardrail
/// of the configuration has that check, one is there that only observes. Immutable; any thread.
class RuleSet {
public:
    explicit RuleSet(const Config& config);
    /// Those that hold for a request; views into this.
    [[nodiscard]] std::vector<const Rule*> rulesFor(const Asker& asker) const;
    [[nodiscard]] bool empty() const { return m_rules.empty(); }
    [[nodiscard]] const std::vector<Rule>& rules() const { return m_rules; }

private:
    void add(const GuardrailConfig& config);

    std::uint64_t m_number; // no other set of this run has it
    std::vector<Rule> m_rules;
    std::map<std::string, std::vector<bool>, std::less<>> m_ofRoutes; // which rules a route names
};

/// The name of the guardrail that is there by itself.
inline constexpr std::string_view kSecretsRule = "secrets";

} // namespace gateway::guardrail
