// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "guardrail/check.h"

namespace gateway::guardrail {

/// What times a token may tell. Without `iat` its age is not known, and it is refused.
struct TokenTimes {
    std::chrono::seconds tolerance{5};
    std::chrono::seconds maxAge{86'400};
};

/// A number of seconds, minutes, hours, days or weeks: "90s", "15 min", "1h", "1d", "2 weeks". Nothing: it is
/// none, or none above 0.
[[nodiscard]] std::optional<std::chrono::seconds> parseTimeSpan(std::string_view text);

/// Whether it is a list of keys (JWKS): an object with `keys`.
[[nodiscard]] bool isKeyList(std::string_view json);

/// Whether a JSON Web Token is signed by the key of the list that it names, with an algorithm that
/// verifiesJws() knows, and its times hold at `nowSeconds`. An alarm says why not, and quotes nothing of it;
/// `unknownKey`: the list has no such key.
[[nodiscard]] Opinion judgeWebToken(std::string_view token, std::string_view keyList, const TokenTimes& times,
                                    std::int64_t nowSeconds);

} // namespace gateway::guardrail
