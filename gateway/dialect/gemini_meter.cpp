// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/gemini_meter.h"

#include <algorithm>

#include "base/strings.h"
#include "base/utf8.h"
#include "dialect/gemini_parts.h"
#include "dialect/provider_error.h"
#include "dialect/span_edit.h"
#include "dialect/stream_keys.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect {
namespace {

bool isAscii(std::string_view text)
{
    unsigned char all = 0;
    for (const char byte : text)
        all |= static_cast<unsigned char>(byte);
    return all < 0x80;
}

/// The same JSON with escapes for what is not ASCII, on one line: the tools that read this dialect cut their
/// streams at line ends, and some take U+2028 for one.
std::string asciiLine(std::string_view json)
{
    std::string out;
    out.reserve(json.size() + json.size() / 4);
    const char* at = json.data();
    const char* const end = at + json.size();
    while (at != end) {
        if (static_cast<signed char>(*at) >= 0) {
            out += *at == '\n' || *at == '\r' ? ' ' : *at;
            ++at;
            continue;
        }
        const std::size_t length = std::max<std::size_t>(1, utf8Sequence(at, end));
        std::string quoted;
        appendJsonString(quoted, std::string_view(at, length));
        out.append(quoted, 1, quoted.size() - 2);
        at += length;
    }
    return out;
}

/// "data: …" and a line end that the tools know, and nothing else.
bool isPlainEvent(const SseEvent& event)
{
    constexpr std::string_view kBegin = "data: ";
    if (!event.raw.starts_with(kBegin) || event.data.data() != event.raw.data() + kBegin.size()) return false;
    const std::string_view rest = event.raw.substr(kBegin.size() + event.data.size());
    return rest == "\n\n" || rest == "\r\n\r\n";
}

} // namespace

GeminiMeter::Marks GeminiMeter::look(std::string_view data)
{
    Marks marks;
    forEachKey(data, [&](std::string_view key, std::string_view rest) {
        if (key == "text") {
            addAnswer(stringInside(rest));
        } else if (key == "finishReason" || key == "blockReason") {
            marks.finish = true;
        } else if (key == "usageMetadata") {
            marks.usage = true;
        } else if (key == "webSearchQueries") {
            marks.searched = true;
        } else if (key == "error") {
            marks.error = true;
        }
    });
    return marks;
}

void GeminiMeter::readFinish(std::string_view data)
{
    const std::string_view blocked = memberValue(memberValue(data, "promptFeedback"), "blockReason");
    m_finished = m_finished || jsonKindOf(blocked) == JsonKind::String;
    forEachElement(memberValue(data, "candidates"), [this](std::string_view candidate, JsonKind) {
        const std::string reason = textOf(memberValue(candidate, "finishReason"));
        m_finished = m_finished || gemini::finishNamed(reason) != Finish::Undecided;
    });
}

StreamMeter::Reading GeminiMeter::failedWith(Error error)
{
    Reading reading;
    reading.act = Act::Drop;
    reading.failed = true;
    m_failure = std::move(error);
    return reading;
}

std::string GeminiMeter::withPrice(std::string_view data) const
{
    const auto cost = m_options.costOf && m_finished ? m_options.costOf(m_usage) : std::nullopt;
    if (!cost) return {};
    return withMember(data, "usageMetadata", withCost(memberValue(data, "usageMetadata"), *cost));
}

StreamMeter::Reading GeminiMeter::passed(const SseEvent& event, std::string_view data, bool changed)
{
    Reading reading;
    const bool plain = isPlainEvent(event);
    if (plain && !changed && !m_options.jsonArray && isAscii(data)) return reading;
    reading.act = Act::Replace;
    const std::string line = asciiLine(data);
    if (m_options.jsonArray) {
        reading.replacement = (m_any ? ",\r\n" : "[") + line;
    } else if (plain) {
        reading.replacement = withData(event, line);
    } else {
        reading.replacement = "data: " + line + "\r\n\r\n";
    }
    m_any = true;
    return reading;
}

StreamMeter::Reading GeminiMeter::read(const SseEvent& event)
{
    Reading dropped;
    dropped.act = Act::Drop;
    const std::string_view data = trimmed(event.data);
    if (data.empty() || data == "[DONE]") return dropped;
    if (data.front() != '{') return failedWith(unreadableAnswer("an event of its stream is not JSON"));
    const Marks marks = look(data);
    if (marks.error) {
        const std::string_view error = memberValue(data, "error");
        if (jsonKindOf(error) == JsonKind::Object || jsonKindOf(error) == JsonKind::String)
            return failedWith(streamFailure(error));
    }
    if (marks.finish) readFinish(data);
    if (marks.searched) {
        const std::string model = textOf(memberValue(data, "modelVersion"));
        m_usage.searches =
            std::max(m_usage.searches, gemini::searchesIn(memberValue(data, "candidates"), model));
    }
    if (!marks.usage) return passed(event, data, false);
    if (const Usage found = gemini::readUsage(memberValue(data, "usageMetadata")); found.known) {
        const std::int64_t searches = m_usage.searches;
        m_usage = found;
        m_usage.searches = searches;
        if (const std::string priced = withPrice(data); !priced.empty()) return passed(event, priced, true);
    }
    return passed(event, data, false);
}

std::string GeminiMeter::missingEnd() const
{
    return m_options.jsonArray ? (m_any ? "]" : "[]") : "";
}

} // namespace gateway::dialect
