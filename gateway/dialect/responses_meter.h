// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect/dialect.h"

namespace gateway::dialect {

/// Reads a Responses stream on its way to a client of the same dialect. Its last event holds the usage, says
/// that the answer is complete, and is the end. Lives with its exchange.
class ResponsesMeter final : public StreamMeter {
public:
    explicit ResponsesMeter(MeterOptions options) : m_options(std::move(options)) {}

    Reading read(const SseEvent& event) override;
    [[nodiscard]] bool finished() const override { return m_ended; }
    [[nodiscard]] bool ended() const override { return m_ended; }
    [[nodiscard]] StreamSoFar soFar() const override { return m_soFar; }
    [[nodiscard]] std::string missingEnd() const override { return {}; }

private:
    void countAnswer(std::string_view data);
    Reading readEnd(const SseEvent& event);
    Reading readFailure(std::string_view holder);
    Reading readMarker();

    MeterOptions m_options;
    StreamSoFar m_soFar;
    bool m_ended = false;
};

} // namespace gateway::dialect
