// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway {

/// A public key as JSON Web Keys have it, its numbers as big-endian bytes.
struct JwsKey {
    std::string modulus, exponent; // of RSA keys
    std::string curve, x, y;       // of EC keys: "P-256", "P-384"
};

/// Whether `signature` is one of `text` by that key. `algorithm`: RS256, RS384, RS512, PS256, PS384, PS512,
/// ES256 or ES384; with any other, with a key of another sort, with one of RSA below 2048 bits and with one
/// that is none, it is not. Any thread; a tenth of a millisecond.
[[nodiscard]] bool verifiesJws(std::string_view algorithm, const JwsKey& key, std::string_view text,
                               std::string_view signature);

} // namespace gateway
