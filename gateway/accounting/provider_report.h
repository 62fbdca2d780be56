// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/result.h"

namespace gateway::accounting {

/// What a provider says was used of one model on one day, in our words: input with what was cached, output
/// with reasoning. Absent: its export does not say.
struct ReportedUse {
    using Count = std::optional<std::int64_t>;

    std::string day, model; // "2026-11-27", UTC; the model is empty where the export does not tell any
    Count input, output, cacheRead, cacheWrite, requests, costNanos;

    bool operator==(const ReportedUse&) const = default;
};

struct ProviderReport {
    std::string format;           // whose export it was taken for, in words
    std::vector<ReportedUse> use; // by day, then model, each pair once
    std::size_t skippedLines = 0; // that nothing was known to do with
};

/// Reads an export of a provider's use or costs in CSV: OpenAI's, Anthropic's, OpenRouter's, or any with a
/// day and counts of tokens. The shape is told by the names in its first line. Nothing in it is trusted: a
/// number that could be read in two ways counts as a line that was not understood.
[[nodiscard]] Result<ProviderReport> parseProviderReport(std::string_view csv);

/// The name of a model without the version at its end, by which exports and requests differ.
[[nodiscard]] std::string_view withoutVersion(std::string_view model);

} // namespace gateway::accounting
