// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect/dialect.h"

namespace gateway::dialect {

/// Reads a Gemini stream on its way to a Gemini client. Lives with its exchange.
class GeminiMeter final : public StreamMeter {
public:
    explicit GeminiMeter(MeterOptions options) : m_options(std::move(options)) {}

    Reading read(const SseEvent& event) override;
    [[nodiscard]] bool finished() const override { return m_finished; }
    [[nodiscard]] bool ended() const override { return false; } // nothing marks the end but the end
    [[nodiscard]] std::string missingEnd() const override;

private:
    struct Marks {
        bool finish = false, usage = false, error = false, searched = false;
    };
    [[nodiscard]] Marks look(std::string_view data);
    void readFinish(std::string_view data);
    [[nodiscard]] std::string withPrice(std::string_view data) const;
    [[nodiscard]] Reading passed(const SseEvent& event, std::string_view data, bool changed);
    [[nodiscard]] Reading failedWith(Error error);

    MeterOptions m_options;
    bool m_finished = false;
    bool m_any = false; // an element of the array went out
};

} // namespace gateway::dialect
