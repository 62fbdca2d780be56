// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/cohere_parts.h"
#include "dialect/provider_error.h"
#include "dialect/span_edit.h"
#include "dialect/stream_keys.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect::cohere_api {
namespace {

/// Reads a Cohere stream on its way to a Cohere client.
class Meter final : public StreamMeter {
public:
    explicit Meter(MeterOptions options) : m_options(std::move(options)) {}

    Reading read(const SseEvent& event) override;
    [[nodiscard]] bool finished() const override { return m_finished; }
    [[nodiscard]] bool ended() const override { return m_ended; }
    /// Not every server of this API sends [DONE], and no client needs it.
    [[nodiscard]] std::string missingEnd() const override { return {}; }

private:
    Reading readEnd();
    Reading readMessageEnd(const SseEvent& event);
    Reading failed(Error error);

    MeterOptions m_options;
    bool m_finished = false;
    bool m_ended = false;
};

StreamMeter::Reading Meter::failed(Error error)
{
    Reading reading;
    reading.act = Act::Drop;
    reading.failed = true;
    m_failure = std::move(error);
    return reading;
}

StreamMeter::Reading Meter::readEnd()
{
    Reading reading;
    if (!m_finished) reading = failed(truncatedStream());
    m_ended = m_finished;
    reading.ended = true;
    return reading;
}

StreamMeter::Reading Meter::readMessageEnd(const SseEvent& event)
{
    Reading reading;
    const std::string_view delta = memberValue(event.data, "delta");
    const std::string reason = textOf(memberValue(delta, "finish_reason"));
    if (auto failure = failureNamed(reason, textOf(memberValue(delta, "error"))))
        return failed(*std::move(failure));
    m_finished = true;
    const std::string_view usage = memberValue(delta, "usage");
    const Usage found = readUsage(usage);
    if (!found.known) return reading;
    m_usage = found;
    if (!m_options.costOf) return reading;
    if (const auto cost = m_options.costOf(m_usage)) {
        reading.act = Act::Replace;
        reading.replacement = withData(
            event, withMember(event.data, "delta", withMember(delta, "usage", withCost(usage, *cost))));
    }
    return reading;
}

StreamMeter::Reading Meter::read(const SseEvent& event)
{
    if (!event.hasData) return {};
    if (event.data.starts_with("[DONE]")) return readEnd();
    std::string type(event.name);
    if (type.empty()) type = textOf(memberValue(event.data, "type"));
    if (type == "message-end") return readMessageEnd(event);
    const bool bare = type.empty() && jsonKindOf(memberValue(event.data, "message")) == JsonKind::String;
    if (bare || type == "error") return failed(eventFailure(JsonObject(event.data)));
    forEachKey(event.data, [this](std::string_view key, std::string_view rest) {
        if (key == "text" || key == "thinking" || key == "arguments" || key == "tool_plan")
            addAnswer(stringInside(rest));
    });
    return {};
}

} // namespace

std::unique_ptr<StreamMeter> meter(MeterOptions options)
{
    return std::make_unique<Meter>(std::move(options));
}

} // namespace gateway::dialect::cohere_api
