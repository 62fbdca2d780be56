// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bitset>
#include <cstddef>
#include <string_view>
#include <vector>

#include "guardrail/attacks/rules.h"
#include "guardrail/check.h"

namespace gateway::guardrail {

/// Finds sentences that want to make a model do other than it was told, by the words of such in a dozen
/// languages, read through disguises. Immutable; any thread.
class AttackFinder {
public:
    using Families = std::bitset<kAttackFamilies>;
    /// `least`: how much the signs of a sentence have to weigh.
    AttackFinder(Families families, unsigned least) : m_families(families), m_least(least) {}

    void find(std::string_view text, std::vector<Found>& into) const;
    [[nodiscard]] std::size_t openSince(std::string_view text) const;
    [[nodiscard]] bool mayFind(std::string_view json) const;

private:
    Families m_families;
    unsigned m_least;
};

} // namespace gateway::guardrail
