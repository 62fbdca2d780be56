// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/openai_meter.h"

#include <functional>

#include "dialect/json_object.h"
#include "dialect/provider_error.h"
#include "dialect/span_edit.h"
#include "dialect/stream_keys.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect {
namespace {

bool isAnswerText(std::string_view key)
{
    switch (key.size()) {
    case 7:
        return key == "content" || key == "refusal";
    case 9:
        return key == "arguments" || key == "reasoning";
    case 17:
        return key == "reasoning_content";
    default:
        return false;
    }
}

bool isNoChoice(std::string_view choices)
{
    bool none = true;
    forEachElement(choices, [&none](std::string_view, JsonKind) {
        none = false;
        return false;
    });
    return none;
}

} // namespace

OpenAiMeter::Marks OpenAiMeter::look(std::string_view data)
{
    Marks marks;
    forEachKey(data, [&](std::string_view key, std::string_view rest) {
        if (rest.empty()) return;
        if (rest.front() == 'n') { // null says nothing, and most chunks say it
            if (key == "usage") marks.noUsage = {key.data() - 1, rest.substr(0, 4).end()};
            return;
        }
        if (isAnswerText(key) || (m_plainText && key == "text")) {
            addAnswer(stringInside(rest));
        } else if (key == "finish_reason") {
            m_finished = m_finished || (rest.front() == '"' && !rest.starts_with("\"error\""));
        } else if (key == "usage") {
            marks.usage = true;
        } else if (key == "service_tier") {
            m_usage.service = readService(rest.substr(0, stringInside(rest).size() + 2));
        } else if (key == "error") {
            marks.error = true;
        }
    });
    return marks;
}

StreamMeter::Reading OpenAiMeter::readEnd()
{
    Reading reading;
    reading.ended = true;
    if (m_finished) {
        m_ended = true;
        return reading;
    }
    // An answer without a finish is not complete, whatever the provider says: a clean end must not reach the
    // client.
    reading.act = Act::Drop;
    reading.failed = true;
    m_failure = truncatedStream();
    return reading;
}

bool OpenAiMeter::readError(std::string_view data)
{
    const std::string_view error = memberValue(data, "error");
    const JsonKind kind = jsonKindOf(error);
    if (kind != JsonKind::Object && kind != JsonKind::String) return false;
    m_failure = streamFailure(error);
    return true;
}

StreamMeter::Reading OpenAiMeter::readUsage(const SseEvent& event)
{
    Reading reading;
    const std::string_view usage = memberValue(event.data, "usage");
    const Usage found = readOpenAiUsage(usage);
    if (!found.known) return reading;
    const ServiceTier service = m_usage.service;
    m_usage = found;
    m_usage.service = service;
    if (m_options.stripUsage) {
        reading.act = isNoChoice(memberValue(event.data, "choices")) ? Act::Drop : Act::Forward;
        return reading;
    }
    // Some providers count along in every chunk; the cost belongs into the last count only.
    if (!m_options.costOf || !m_finished) return reading;
    if (const auto cost = m_options.costOf(m_usage)) {
        reading.act = Act::Replace;
        reading.replacement = withData(event, withMember(event.data, "usage", withCost(usage, *cost)));
    }
    return reading;
}

/// `member`: `"usage":null` as it stands in the data. Where it is the last one of the whole object, as
/// servers write it, it is cut out of the bytes together with the comma before it.
StreamMeter::Reading OpenAiMeter::withoutUsage(const SseEvent& event, std::string_view member)
{
    Reading reading;
    const auto begin = static_cast<std::size_t>(member.data() - event.data.data());
    const std::string_view after = event.data.substr(begin + member.size());
    const std::less_equal<> notAfter;
    const bool inPlace = notAfter(event.raw.data(), event.data.data()) &&
                         notAfter(event.data.data() + event.data.size(), event.raw.data() + event.raw.size());
    if (inPlace && begin > 0 && after == "}" && event.data[begin - 1] == ',' && member.ends_with("null")) {
        reading.act = Act::Cut;
        reading.cut = event.data.substr(begin - 1, member.size() + 1);
        return reading;
    }
    reading.act = Act::Replace;
    reading.replacement = withData(event, withoutMember(event.data, "usage"));
    return reading;
}

StreamMeter::Reading OpenAiMeter::read(const SseEvent& event)
{
    if (!event.hasData) return {};
    if (event.data.starts_with("[DONE]")) return readEnd();
    const Marks marks = look(event.data);
    if (marks.error && readError(event.data)) {
        Reading reading;
        reading.act = Act::Drop;
        reading.failed = true;
        return reading;
    }
    if (marks.usage) return readUsage(event);
    if (!marks.noUsage.empty() && m_options.stripUsage) return withoutUsage(event, marks.noUsage);
    return {};
}

std::string OpenAiMeter::missingEnd() const
{
    return m_finished && !m_ended ? "data: [DONE]\n\n" : std::string();
}

} // namespace gateway::dialect
