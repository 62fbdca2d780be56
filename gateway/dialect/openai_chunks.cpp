// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/openai_chunks.h"

#include <utility>

#include "base/strings.h"
#include "dialect/provider_error.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect::openai {

void ChunkStream::finish(Finish reason, std::vector<Event>& out)
{
    m_finished = true;
    out.emplace_back(Finished{reason, {}});
}

void ChunkStream::fail(Error error, std::vector<Event>& out)
{
    m_over = true;
    out.emplace_back(Failed{std::move(error)});
}

void ChunkStream::readChunk(const JsonObject& chunk, std::vector<Event>& out)
{
    const JsonKind error = chunk.kind("error");
    if (error == JsonKind::Object || error == JsonKind::String) {
        fail(streamFailure(chunk.raw("error")), out);
        return;
    }
    if (!m_started) {
        m_started = true;
        out.emplace_back(Started{chunk.text("id"), chunk.text("model")});
    }
    if (Usage usage = readOpenAiUsage(chunk.raw("usage"), chunk.raw("service_tier")); usage.known)
        out.emplace_back(UsageReported{std::move(usage)});
    forEachElement(chunk.array("choices"), [&](std::string_view value, JsonKind kind) {
        if (kind != JsonKind::Object || m_finished || m_over) return;
        const JsonObject choice(value);
        if (choice.integer("index").value_or(0) == 0) readChoice(chunk, choice, out);
    });
}

void ChunkStream::read(const SseEvent& event, std::vector<Event>& out)
{
    if (m_over || !event.hasData) return;
    const std::string_view data = trimmed(event.data);
    if (data.empty()) return;
    if (data == "[DONE]") {
        close(out);
    } else if (scanJson(data, m_document) || m_document.root != JsonKind::Object) {
        fail(unreadableAnswer("an event of its stream is not JSON"), out);
    } else {
        readChunk(JsonObject(m_document), out);
    }
}

void ChunkStream::close(std::vector<Event>& out)
{
    if (m_over) return;
    if (!m_finished) {
        fail(truncatedStream(), out);
        return;
    }
    m_over = true;
    out.emplace_back(Ended{});
}

} // namespace gateway::dialect::openai
