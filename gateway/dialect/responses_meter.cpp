// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/responses_meter.h"

#include "dialect/json_object.h"
#include "dialect/provider_error.h"
#include "dialect/responses_parts.h"
#include "dialect/span_edit.h"
#include "dialect/stream_keys.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect {

void ResponsesMeter::countAnswer(std::string_view data)
{
    forEachKey(data, [this](std::string_view key, std::string_view rest) {
        if (key == "delta") {
            addAnswer(stringInside(rest));
        }
    });
}

StreamMeter::Reading ResponsesMeter::readEnd(const SseEvent& event)
{
    Reading reading;
    reading.ended = true;
    m_ended = true;
    ++m_soFar.events;
    const std::string_view response = memberValue(event.data, "response");
    const std::string_view usage = memberValue(response, "usage");
    const Usage found = readResponseUse(JsonObject(response));
    if (!found.known) return reading;
    m_usage = found;
    if (!m_options.costOf) return reading;
    if (const auto cost = m_options.costOf(m_usage)) {
        reading.act = Act::Replace;
        reading.replacement = withData(
            event, withMember(event.data, "response", withMember(response, "usage", withCost(usage, *cost))));
    }
    return reading;
}

StreamMeter::Reading ResponsesMeter::readFailure(std::string_view holder)
{
    Reading reading;
    reading.act = Act::Drop;
    reading.failed = true;
    m_failure = responses::failureOf(JsonObject(holder));
    return reading;
}

/// [DONE], which some servers send as they do for Chat Completions. Before the last event it comes too early.
StreamMeter::Reading ResponsesMeter::readMarker()
{
    Reading reading;
    reading.act = Act::Drop;
    reading.failed = true;
    m_failure = truncatedStream();
    return reading;
}

StreamMeter::Reading ResponsesMeter::read(const SseEvent& event)
{
    if (!event.hasData) return {};
    // Servers that leave the event line out still say the type in the data.
    const std::string unnamed = event.name.empty() ? textOf(memberValue(event.data, "type")) : std::string();
    const std::string_view type = event.name.empty() ? std::string_view(unnamed) : event.name;
    if (type.ends_with(".delta")) {
        countAnswer(event.data);
        ++m_soFar.events;
        return {};
    }
    if (type == "response.completed" || type == "response.incomplete") return readEnd(event);
    if (type == "response.failed" || type == "response.cancelled") {
        return readFailure(memberValue(event.data, "response"));
    }
    if (type == "error") return readFailure(event.data);
    if (event.data.starts_with("[DONE]")) return readMarker();
    ++m_soFar.events;
    if (type == "response.created")
        m_soFar.id = textOf(memberValue(memberValue(event.data, "response"), "id"));
    return {};
}

} // namespace gateway::dialect
