// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_text.h"
#include "dialect/json_object.h"
#include "exchange/usage.h"

namespace gateway::dialect {

/// OpenAI's usage object: its input includes what was cached. `service`: the answer's `service_tier`, as it
/// stands there.
[[nodiscard]] Usage readOpenAiUsage(std::string_view usage, std::string_view service = {});
void writeOpenAiUsage(JsonWriter& json, const Usage& usage, const std::optional<Money>& cost);

/// The same of OpenAI's Responses API, which has other names for it.
[[nodiscard]] Usage readResponsesUsage(std::string_view usage);
/// All that a whole response says of its use: also who served it, and what of its output is a search.
[[nodiscard]] Usage readResponseUse(const JsonObject& response);
/// Of a JSON text; whatever else stands there is the usual one.
[[nodiscard]] ServiceTier readService(std::string_view value);
void writeResponsesUsage(JsonWriter& json, const Usage& usage, const std::optional<Money>& cost);

/// Anthropic's counts as a stream tells them: first the input, then ever larger outputs. A later object that
/// leaves a count out, or says 0, does not take back what an earlier one told.
class AnthropicCounts {
public:
    void add(std::string_view usage);
    [[nodiscard]] Usage usage() const;

private:
    void take(std::int64_t& count, std::string_view value);
    void readPart(const JsonMember& member);

    std::int64_t m_input = 0;
    std::int64_t m_cacheRead = 0;
    std::int64_t m_cacheWrite = 0;
    std::int64_t m_cacheWriteHour = 0;
    std::int64_t m_searches = 0;
    ServiceTier m_service = ServiceTier::Undecided;
    std::int64_t m_output = 0;
    std::optional<Money> m_cost;
    bool m_known = false;
};

/// Anthropic's usage object: its input excludes what was cached.
void writeAnthropicUsage(JsonWriter& json, const Usage& usage, const std::optional<Money>& cost);

/// The usage object with `cost` in it.
[[nodiscard]] std::string withCost(std::string_view usage, Money cost);

} // namespace gateway::dialect
