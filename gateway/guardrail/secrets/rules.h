// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace gateway::guardrail {

/// How a secret of some service is known.
struct SecretRule {
    enum class By : std::uint8_t {
        Undecided,
        Prefix, // the value begins with the word, exactly
        Name    // the word, of any case, is in the name of what the value is given to
    };
    std::string_view id;      // "github_token"; the kind of what is found
    std::string_view service; // "GitHub"
    By by = By::Undecided;
    std::string_view words;  // separated by spaces
    std::string_view shape;  // of the value; after a prefix, of the rest of it
    double leastEntropy = 3; // bits a byte of the value
};

/// The rules by prefix and by name, in order of precedence.
[[nodiscard]] std::span<const SecretRule> secretRules();

} // namespace gateway::guardrail
