// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect/dialect.h"

namespace gateway::dialect {

/// Reads an OpenAI stream, of chat or of legacy completions, on its way to an OpenAI client. Lives with its
/// exchange.
class OpenAiMeter final : public StreamMeter {
public:
    /// `plainText`: its choices hold a `text`, as those of legacy completions do.
    explicit OpenAiMeter(MeterOptions options, bool plainText = false)
        : m_options(std::move(options)), m_plainText(plainText)
    {
    }

    Reading read(const SseEvent& event) override;
    [[nodiscard]] bool finished() const override { return m_finished; }
    [[nodiscard]] bool ended() const override { return m_ended; }
    [[nodiscard]] std::string missingEnd() const override;

private:
    struct Marks {
        bool usage = false;
        std::string_view noUsage; // `"usage":null` as it stands there
        bool error = false;
    };

    Marks look(std::string_view data);
    Reading readEnd();
    Reading readUsage(const SseEvent& event);
    static Reading withoutUsage(const SseEvent& event, std::string_view member);
    bool readError(std::string_view data);

    MeterOptions m_options;
    bool m_plainText;
    bool m_finished = false;
    bool m_ended = false;
};

} // namespace gateway::dialect
