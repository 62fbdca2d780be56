// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect/dialect.h"

namespace gateway::dialect {

/// Reads a ConverseStream that is passed on as it is. Lives with its exchange.
class BedrockMeter final : public StreamMeter {
public:
    explicit BedrockMeter(MeterOptions options) : m_options(std::move(options)) {}

    Reading read(const SseEvent& event) override;
    [[nodiscard]] bool finished() const override { return m_finished; }
    [[nodiscard]] bool ended() const override { return m_ended; }
    /// Nothing: metadata that never came cannot be made up.
    [[nodiscard]] std::string missingEnd() const override { return {}; }

private:
    Reading readMetadata(const SseEvent& event);

    MeterOptions m_options;
    bool m_finished = false;
    bool m_ended = false;
};

} // namespace gateway::dialect
