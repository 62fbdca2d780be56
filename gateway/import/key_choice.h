// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/secrets.h"

namespace gateway::imports {

/// Where the key of a provider that is taken over comes from.
struct KeyChoice {
    enum class Kind : std::uint8_t {
        Undecided,
        None,       // the provider needs none
        Reference,  // an environment variable or a file
        Literal,    // stands in the file, goes into the keychain
        Elsewhere,  // kept where the file cannot tell: the user has to save it
        Unreadable, // something that is no key
    };
    Kind kind = Kind::Undecided;
    SecretRef ref;
    Secret literal;
};

/// `os.environ/NAME`, `$NAME`, `${NAME}` and `env.NAME` name a variable; all else is a key, or nothing.
[[nodiscard]] KeyChoice keyIn(std::string_view text);
[[nodiscard]] KeyChoice keyInVariable(std::string_view name);

/// Amazon's pair, which is one secret here: ACCESS_KEY_ID:SECRET_ACCESS_KEY. Elsewhere, where both are
/// variables: a reference names one.
[[nodiscard]] KeyChoice awsKeyIn(std::string_view id, std::string_view secret);

/// Servers of one's own take any key, and other programs insist on one: none instead of such a word.
[[nodiscard]] KeyChoice withoutStandIn(const KeyChoice& key);

[[nodiscard]] bool sameKey(const KeyChoice& left, const KeyChoice& right);

/// Whether what stands under this name in a file is likely a key.
[[nodiscard]] bool namesAKey(std::string_view name);

} // namespace gateway::imports
