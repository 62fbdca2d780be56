// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/snapshot.h"

#include "base/json_scan.h"
#include "base/money.h"
#include "dialect/dialect.h"
#include "exchange/canonical.h"
#include "listener/request_head.h"
#include "pipeline/inline_config.h"
#include "pipeline/personal_text.h"
#include "pipeline/runtime.h"

namespace gateway::pipeline {

class FoundLikenesses;

/// What is known of a request when it has to be routed. Views and pointers outlive the situation; what a kind
/// of request has not is null.
struct RoutedRequest {
    const listener::RequestHead* head = nullptr;
    const LogRow* row = nullptr; // requested model, key, client, dialect, session, metadata
    const JsonDocument* body = nullptr;
    const dialect::RequestFacts* facts = nullptr;
    /// The body, for an estimate of its tokens.
    std::string_view bytes;
    /// The conversation, for conditions on its text; null where it cannot be read. Asked once.
    std::function<const Request*()> conversation;
    std::optional<guardrail::EntitySet> personal; // found in it; nothing: it was not looked for yet
    /// Of its text to targets; null: nothing is said in it.
    FoundLikenesses* likenesses = nullptr;

    /// As far as that was looked for.
    [[nodiscard]] bool isPersonal() const { return personal && pipeline::isPersonal(*personal); }
};

/// What is said in the last message of the user; empty where there is none.
[[nodiscard]] std::string lastUserText(const Request& request);
/// What so many tokens are to be priced as.
[[nodiscard]] Usage expectedUsage(std::int64_t inputTokens, std::int64_t outputTokens);
/// What that would cost at a target; nothing where no price is known. What runs on the user's own machine
/// costs nothing.
[[nodiscard]] std::optional<Money> expectedCost(const TargetFacts& target, const Usage& usage);

/// Answers what routing asks about one request, and about its targets at this moment. IO thread only.
class RequestSituation final : public routing::Situation, private FieldSource {
public:
    RequestSituation(const Runtime& runtime, RoutedRequest request, std::minstd_rand& random,
                     std::int64_t nowMicros, const InlineRoutes* inlined = nullptr);

    [[nodiscard]] const FieldSource& fields() const override { return *this; }
    [[nodiscard]] std::string held(const RouteConfig& route) const override;
    [[nodiscard]] std::uint64_t turn(const RouteConfig& route, bool take) const override;
    [[nodiscard]] const Condition* when(const RouteConfig& route, std::size_t place) const override;
    void look(const RouteConfig& route, std::size_t place, unsigned looks,
              routing::TargetView& view) const override;
    [[nodiscard]] routing::Likenesses likenesses(const RouteConfig& route) const override;
    [[nodiscard]] double outputTokens() const override;
    [[nodiscard]] std::minstd_rand& random() const override { return m_random; }
    [[nodiscard]] const RouteConfig* ownRoute(std::string_view name) const override
    {
        return m_inlined ? m_inlined->findInner(name) : nullptr;
    }
    [[nodiscard]] const std::vector<int>* nextOn(const RouteConfig& route) const override
    {
        return m_inlined ? m_inlined->nextOn(route) : nullptr;
    }

    [[nodiscard]] std::shared_ptr<const routing::OwnRules> ownRules(const RouteConfig& route) const override
    {
        return m_inlined ? m_inlined->ownRules(route) : nullptr;
    }

    /// Nobody goes where it leads: no route has its turn.
    void takeNoTurns() { m_takesTurns = false; }

    /// About how many tokens the request has.
    [[nodiscard]] std::int64_t inputTokens() const;

private:
    /// Rules ask for the same few fields again and again.
    [[nodiscard]] FieldValue field(std::string_view name) const override;
    [[nodiscard]] FieldValue found(std::string_view name) const;
    /// What `sticky` holds to a target by one name.
    [[nodiscard]] std::string heldBy(std::string_view name) const;
    [[nodiscard]] TargetFacts factsOf(const TargetConfig& target) const;
    /// Null for a route that came with the request.
    [[nodiscard]] const RouteRuntime* runtimeOf(const RouteConfig& route) const;
    [[nodiscard]] FieldValue parameter(std::string_view name) const;
    [[nodiscard]] FieldValue clock(bool hour) const;
    [[nodiscard]] FieldValue machine(std::string_view name) const;
    [[nodiscard]] FieldValue money(bool spent) const;
    [[nodiscard]] FieldValue personal(bool kinds) const;
    [[nodiscard]] FieldValue complexity() const;
    [[nodiscard]] FieldValue keep(std::string text) const;
    [[nodiscard]] FieldValue json(std::string_view value) const;

    /// What is found out once for all rules.
    struct Said {
        FieldValue lastUser, system;
    };
    [[nodiscard]] const Said& said() const;

    const Runtime& m_runtime;
    const RoutedRequest m_request;
    std::minstd_rand& m_random;
    const std::int64_t m_now;
    const InlineRoutes* const m_inlined; // null: no routes came with the request
    bool m_takesTurns = true;
    mutable std::optional<std::int64_t> m_inputTokens;
    mutable std::optional<Usage> m_expected;
    mutable std::optional<Said> m_said;
    mutable std::vector<std::pair<std::string_view, FieldValue>>
        m_fields;                                 // that were asked for, by rules' own names
    mutable const RouteConfig* m_route = nullptr; // that was looked up last
    mutable const RouteRuntime* m_routeRuntime = nullptr;
    mutable std::forward_list<std::string>
        m_kept; // what values are views of; none is made where no rule asks
};

} // namespace gateway::pipeline
