// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/bedrock_meter.h"

#include "base/aws_event_scanner.h"
#include "dialect/bedrock_parts.h"
#include "dialect/span_edit.h"
#include "dialect/stream_keys.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect {

StreamMeter::Reading BedrockMeter::readMetadata(const SseEvent& event)
{
    Reading reading;
    const std::string_view usage = memberValue(event.data, "usage");
    if (const Usage found = bedrock::readUsage(usage); found.known) {
        m_usage = found;
        const auto cost = m_options.costOf ? m_options.costOf(m_usage) : std::nullopt;
        if (cost) {
            // The lengths and checksums around it change, too: the message is made anew.
            reading.act = Act::Replace;
            appendAwsEvent(reading.replacement, event.name,
                           withMember(event.data, "usage", withCost(usage, *cost)));
        }
    }
    reading.ended = m_ended = m_finished;
    return reading;
}

StreamMeter::Reading BedrockMeter::read(const SseEvent& event)
{
    Reading reading;
    if (event.failed) {
        reading.act = Act::Drop;
        reading.failed = true;
        m_failure = bedrock::streamException(event.name, event.data);
    } else if (event.name == "metadata") {
        return readMetadata(event);
    } else if (event.name == "messageStop") {
        m_finished = m_finished || jsonKindOf(memberValue(event.data, "stopReason")) == JsonKind::String;
    } else if (event.name == "contentBlockDelta") {
        forEachKey(event.data, [this](std::string_view key, std::string_view rest) {
            if (key == "text" || key == "input") addAnswer(stringInside(rest));
        });
    }
    return reading;
}

} // namespace gateway::dialect
