// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/result.h"

namespace gateway::upstream {

/// A provider's response head. Views point into the bytes it was parsed from.
struct ReplyHead {
    int status = 0;
    std::vector<std::pair<std::string_view, std::string_view>> fields;
    std::optional<std::uint64_t> contentLength;
    bool chunked = false;
    bool keepAlive = true;
    std::string_view contentType;
    std::string_view contentEncoding;

    [[nodiscard]] std::string_view field(std::string_view name) const;
    /// `retry-after-ms`, else `retry-after` in seconds or as a HTTP date.
    [[nodiscard]] std::optional<std::int64_t> retryAfterMs(std::int64_t nowSeconds) const;
};

/// A scan refuses ambiguous framing before Beast's parser takes the fields.
[[nodiscard]] Outcome parseReplyHead(std::string_view bytes, ReplyHead& into);

} // namespace gateway::upstream
