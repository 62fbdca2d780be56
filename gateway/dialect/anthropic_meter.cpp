// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/anthropic_meter.h"

#include "dialect/json_object.h"
#include "dialect/provider_error.h"
#include "dialect/span_edit.h"
#include "dialect/stream_keys.h"

namespace gateway::dialect {

void AnthropicMeter::addUsage(std::string_view usage)
{
    m_counts.add(usage);
    m_usage = m_counts.usage();
}

void AnthropicMeter::countAnswer(std::string_view data)
{
    forEachKey(data, [this](std::string_view key, std::string_view rest) {
        if (key == "text" || key == "thinking" || key == "partial_json") {
            addAnswer(stringInside(rest));
        }
    });
}

StreamMeter::Reading AnthropicMeter::readMessageDelta(const SseEvent& event)
{
    Reading reading;
    const std::string_view reason = memberValue(memberValue(event.data, "delta"), "stop_reason");
    m_finished = m_finished || jsonKindOf(reason) == JsonKind::String;
    const std::string_view usage = memberValue(event.data, "usage");
    if (jsonKindOf(usage) != JsonKind::Object) return reading;
    addUsage(usage);
    if (!m_options.costOf || !m_finished) return reading;
    if (const auto cost = m_options.costOf(m_usage)) {
        reading.act = Act::Replace;
        reading.replacement = withData(event, withMember(event.data, "usage", withCost(usage, *cost)));
    }
    return reading;
}

StreamMeter::Reading AnthropicMeter::readEnd()
{
    Reading reading;
    reading.ended = true;
    if (m_finished) {
        m_ended = true;
        return reading;
    }
    reading.act = Act::Drop;
    reading.failed = true;
    m_failure = truncatedStream();
    return reading;
}

StreamMeter::Reading AnthropicMeter::readError(std::string_view data)
{
    Reading reading;
    reading.act = Act::Drop;
    reading.failed = true;
    m_failure = streamFailure(memberValue(data, "error"));
    return reading;
}

StreamMeter::Reading AnthropicMeter::read(const SseEvent& event)
{
    if (!event.hasData) return {};
    // Servers that leave the event line out still say the type in the data.
    const std::string unnamed = event.name.empty() ? textOf(memberValue(event.data, "type")) : std::string();
    const std::string_view type = event.name.empty() ? std::string_view(unnamed) : event.name;
    if (type == "content_block_delta" || type == "content_block_start") {
        countAnswer(event.data);
        return {};
    }
    if (type == "message_delta") return readMessageDelta(event);
    if (type == "message_stop") return readEnd();
    if (type == "error") return readError(event.data);
    if (type == "message_start") {
        addUsage(memberValue(memberValue(event.data, "message"), "usage"));
    }
    return {};
}

std::string AnthropicMeter::missingEnd() const
{
    if (!m_finished || m_ended) return {};
    return "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
}

} // namespace gateway::dialect
