// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_scan.h"
#include "dialect/text_places.h"
#include "exchange/dialect_id.h"
#include "guardrail/clean_prefixes.h"
#include "guardrail/rule_set.h"

namespace gateway::pipeline {

/// What of a request's texts certain rules have not read before: of a conversation mostly its last messages.
/// Only for rules that look on and find places in single texts, so that what they think of one is the same
/// whatever stands around it. Views into the body, which stays as it is. One thread at a time.
class FreshTexts {
public:
    /// `known` outlives this.
    FreshTexts(guardrail::CleanPrefixes& known, const std::vector<const guardrail::Rule*>& rules,
               DialectId dialect, const JsonDocument& body);
    FreshTexts(const FreshTexts&) = delete;
    FreshTexts& operator=(const FreshTexts&) = delete;

    /// Whether rules can be shown such texts only.
    [[nodiscard]] static bool isEnoughFor(const std::vector<const guardrail::Rule*>& rules);
    /// Of JSON.
    [[nodiscard]] std::size_t bytes() const { return m_bytes; }
    /// Whether any of the rules may find something in them; false is sure, and costs little.
    [[nodiscard]] bool mayHold(const std::vector<const guardrail::Rule*>& rules) const;
    /// Their messages are numbered as those of the whole body.
    [[nodiscard]] std::vector<dialect::TextPlace> places() const;
    /// Nothing was found in any of them: they need not be read again.
    void remember();

private:
    /// A member of which no end is known.
    struct Open {
        std::string_view value; // all of it
        std::string_view fresh; // of a list of which a part is known, with a bracket before it
        JsonKind kind = JsonKind::Undecided;
        bool isMessages = false;
        std::vector<std::uint64_t> hashes;
        guardrail::CleanPrefixes::Mark from; // what is known of it
    };

    void add(const JsonMember& member, std::uint64_t readers);
    void addFrom(const JsonMember& member, Open open);
    void keepElements(const Open& open);

    guardrail::CleanPrefixes& m_known;
    DialectId m_dialect;
    std::vector<JsonMember> m_members; // what is fresh of them
    std::vector<Open> m_open;
    std::deque<std::string> m_rests; // what is fresh of lists
    std::size_t m_bytes = 0;
    std::uint32_t m_leftOut = 0; // messages
    bool m_hasMessages = false;
};

} // namespace gateway::pipeline
