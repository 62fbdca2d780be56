// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect/dialect.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect {

/// Reads an Anthropic stream on its way to an Anthropic client. Lives with its exchange.
class AnthropicMeter final : public StreamMeter {
public:
    explicit AnthropicMeter(MeterOptions options) : m_options(std::move(options)) {}

    Reading read(const SseEvent& event) override;
    [[nodiscard]] bool finished() const override { return m_finished; }
    [[nodiscard]] bool ended() const override { return m_ended; }
    [[nodiscard]] std::string missingEnd() const override;

private:
    Reading readMessageDelta(const SseEvent& event);
    Reading readEnd();
    Reading readError(std::string_view data);
    void countAnswer(std::string_view data);
    void addUsage(std::string_view usage);

    MeterOptions m_options;
    AnthropicCounts m_counts;
    bool m_finished = false;
    bool m_ended = false;
};

} // namespace gateway::dialect
