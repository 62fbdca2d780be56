// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire.h"

#include <algorithm>

#include "text.h"

namespace fake {

static constexpr size_t kWriteBytes = 64 * 1024;

static std::string_view reasonPhrase(unsigned status)
{
    switch (status) {
    case 200:
        return "OK";
    case 302:
        return "Found";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 429:
        return "Too Many Requests";
    case 500:
        return "Internal Server Error";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 529:
        return "Overloaded";
    default:
        return "Status";
    }
}

std::string head(const Ask& ask, unsigned status, std::string_view contentType, std::string_view fields)
{
    std::string out;
    out.reserve(256 + fields.size());
    out.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(reasonPhrase(status));
    out.append("\r\ncontent-type: ").append(contentType).append("\r\n");
    return out.append(wordsOf(ask).headFields).append(fields).append("\r\n");
}

std::string lengthField(size_t length)
{
    return "content-length: " + std::to_string(length) + "\r\n";
}

std::string whole(const Ask& ask, unsigned status, std::string_view contentType, std::string_view body,
                  std::string_view fields)
{
    // No body follows these, whatever the test asked for.
    if (status == 204 || status == 304) return head(ask, status, contentType, fields);
    return head(ask, status, contentType, lengthField(body.size()).append(fields)).append(body);
}

std::string chunk(std::string_view bytes)
{
    std::string out = hex(bytes.size());
    out.reserve(out.size() + bytes.size() + 4);
    return out.append("\r\n").append(bytes).append("\r\n");
}

std::string plainBody(const Ask& ask, const Answer& answer)
{
    return wordsOf(ask).plain(ask, answer);
}

std::string errorBody(const Ask& ask, unsigned status, std::string_view message)
{
    return wordsOf(ask).error(status, message);
}

std::string errorAnswer(const Ask& ask, unsigned status)
{
    std::string message = "The fake upstream answers " + std::to_string(status) + ".";
    return whole(ask, status, "application/json", errorBody(ask, status, message));
}

std::vector<StreamEvent> streamEvents(const Ask& ask, const Answer& answer)
{
    return wordsOf(ask).stream(ask, answer);
}

std::string eventText(const Ask& ask, const StreamEvent& event, std::string_view lineEnd)
{
    std::string out;
    if (wordsOf(ask).lines) return out.append(event.data).append(lineEnd);
    out.reserve(event.name.size() + event.data.size() + 24);
    if (!event.name.empty()) out.append("event: ").append(event.name).append(lineEnd);
    return out.append("data: ").append(event.data).append(lineEnd).append(lineEnd);
}

static void endStream(Script& script, StreamShape::End end)
{
    switch (end) {
    case StreamShape::End::Clean:
        break;
    case StreamShape::End::Cut:
        script.finish();
        break;
    case StreamShape::End::Reset:
        script.reset();
        break;
    case StreamShape::End::Hang:
        script.hang();
        break;
    }
}

std::string_view streamType(const Ask& ask)
{
    return wordsOf(ask).lines ? "application/x-ndjson" : "text/event-stream; charset=utf-8";
}

Script streamScript(const Ask& ask, const std::vector<StreamEvent>& events, const StreamShape& shape)
{
    Script script;
    std::string pending =
        head(ask, 200, streamType(ask), "cache-control: no-cache\r\ntransfer-encoding: chunked\r\n");
    if (shape.firstAfterMs > 0) {
        script.write(std::move(pending)).wait(shape.firstAfterMs);
        pending.clear();
    }
    size_t count = std::min(events.size(), shape.events);
    size_t contents = 0;
    for (size_t i = 0; i < count; ++i) {
        // With a pause, content events after the first are the beats: all others go out with their
        // neighbours.
        bool beat = shape.pauseMs > 0 && events[i].role == EventRole::Content && contents++ > 0;
        if (beat) script.write(std::move(pending)).wait(shape.pauseMs);
        if (beat) pending.clear();
        if (shape.comments)
            pending += chunk(std::string(": keep-alive").append(shape.lineEnd).append(shape.lineEnd));
        pending += chunk(eventText(ask, events[i], shape.lineEnd));
        bool held = shape.coalesced ? pending.size() < kWriteBytes : shape.pauseMs > 0;
        if (held) continue;
        script.write(std::move(pending));
        pending.clear();
    }
    if (shape.end == StreamShape::End::Clean) pending.append(kLastChunk);
    script.write(std::move(pending));
    endStream(script, shape.end);
    return script;
}

Script answerScript(const Ask& ask, const Answer& answer, const StreamShape& shape)
{
    if (ask.stream) return streamScript(ask, streamEvents(ask, answer), shape);
    std::string body = plainBody(ask, answer);
    Script script;
    if (shape.firstAfterMs == 0) return std::move(script.write(whole(ask, 200, "application/json", body)));
    script.write(head(ask, 200, "application/json", lengthField(body.size())));
    return std::move(script.wait(shape.firstAfterMs).write(std::move(body)));
}

} // namespace fake
