// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "guardrail/rule_set.h"

namespace gateway::guardrail {

/// What stands in masked texts for what, of one exchange. A text gets the same mask wherever it stands, in
/// all exchanges of this run of the program, so that a conversation stays one; nobody can tell from a mask
/// what it stands for, who does not know the run's secret. Not thread-safe.
class Masks {
public:
    /// `salt` is the run's secret.
    explicit Masks(std::string salt) : m_salt(std::move(salt)) {}

    /// What goes in the place of `text`. Where it is to be restored it is remembered: of masks in brackets,
    /// as others might stand in a text by chance.
    [[nodiscard]] std::string maskOf(const Rule& rule, std::string_view kind, std::string_view text);
    /// There is something to be restored.
    [[nodiscard]] bool restores() const { return !m_originals.empty(); }
    /// The text with all masks replaced that are to be restored; `escaped`: within a JSON string.
    [[nodiscard]] std::string restored(std::string_view text, bool escaped) const;
    /// From where on the end of a text may be the beginning of a mask; its size: from nowhere.
    [[nodiscard]] std::size_t openSince(std::string_view text) const;

private:
    [[nodiscard]] std::string markOf(std::string_view kind, std::string_view text) const;

    std::string m_salt;
    std::map<std::string, std::string, std::less<>> m_originals; // by mask
    std::size_t m_longest = 0;                                   // mask
};

/// "[EMAIL]": of what is hidden for good.
[[nodiscard]] std::string hidden(std::string_view kind);
/// A secret for Masks.
[[nodiscard]] std::string newMaskSalt();

} // namespace gateway::guardrail
