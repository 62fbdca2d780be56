// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/ollama_parts.h"
#include "dialect/provider_error.h"
#include "dialect/stream_keys.h"

namespace gateway::dialect::ollama_api {
namespace {

/// Reads an Ollama stream on its way to an Ollama client. There is no usage object that a cost could be put
/// into, so that no line is ever changed.
class Meter final : public StreamMeter {
public:
    Reading read(const SseEvent& event) override;
    [[nodiscard]] bool finished() const override { return m_finished; }
    [[nodiscard]] bool ended() const override { return m_finished; }
    [[nodiscard]] std::string missingEnd() const override { return {}; }

private:
    bool m_finished = false;
};

StreamMeter::Reading Meter::read(const SseEvent& event)
{
    Reading reading;
    if (!event.hasData) return reading;
    bool error = false;
    bool done = false;
    forEachKey(event.data, [&](std::string_view key, std::string_view rest) {
        if (key == "content" || key == "thinking" || key == "response") {
            addAnswer(stringInside(rest));
        } else if (key == "done") {
            done = done || rest.starts_with("true");
        } else if (key == "error") {
            error = true;
        }
    });
    if (error) {
        const std::string_view told = memberValue(event.data, "error");
        if (!told.empty() && jsonKindOf(told) != JsonKind::Null) {
            reading.act = Act::Drop;
            reading.failed = true;
            m_failure = streamFailure(told);
            return reading;
        }
    }
    if (done && jsonKindOf(memberValue(event.data, "done")) == JsonKind::True) {
        m_finished = true;
        reading.ended = true;
        if (const Usage usage = readUsage(JsonObject(event.data)); usage.known) m_usage = usage;
    }
    return reading;
}

} // namespace

std::unique_ptr<StreamMeter> meter()
{
    return std::make_unique<Meter>();
}

} // namespace gateway::dialect::ollama_api
