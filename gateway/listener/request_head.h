// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/result.h"

#include "base/head_scan.h"

namespace gateway::listener {

/// A client's request head. All views point into the bytes it was parsed from, which outlive it.
struct RequestHead {
    std::string_view method, target, path, query;
    std::vector<HeaderField> fields;
    std::uint64_t contentLength = 0;
    bool hasContentLength = false;
    bool chunked = false;
    bool http11 = true;
    bool keepAlive = true;
    bool expectContinue = false;
    bool unknownExpectation = false;
    bool upgradeWebSocket = false;

    /// First field of that name (any case), empty when absent.
    [[nodiscard]] std::string_view field(std::string_view name) const;
    /// The only field of that name; empty when it is absent, or stands there twice.
    [[nodiscard]] std::string_view onlyField(std::string_view name) const;
    [[nodiscard]] bool hasBody() const { return chunked || contentLength > 0; }
    void clear();
};

/// `bytes` holds a whole head. A byte scan refuses ambiguous framing before Beast's parser takes the fields.
[[nodiscard]] Outcome parseRequestHead(std::string_view bytes, const HeadLimits& limits, RequestHead& into);
/// The client's error for what the scan found.
[[nodiscard]] Error headError(const HeadProblem& problem);

} // namespace gateway::listener
