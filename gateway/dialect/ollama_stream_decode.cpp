// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strings.h"
#include "dialect/block_order.h"
#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/ollama_parts.h"
#include "dialect/provider_error.h"

namespace gateway::dialect::ollama_api {
namespace {

/// Reads the lines of a streamed answer, of a chat's or a prompt's.
class StreamDecoder final : public EventDecoder {
public:
    void read(const SseEvent& event, std::vector<Event>& out) override;
    void close(std::vector<Event>& out) override;

private:
    void readLine(const JsonObject& line, std::vector<Event>& out);
    void addCall(const JsonObject& call, std::vector<Event>& out);
    void finish(const JsonObject& line, std::vector<Event>& out);
    void fail(Error error, std::vector<Event>& out);

    JsonDocument m_document;
    BlockOrder m_blocks;
    bool m_started = false;
    bool m_over = false;
};

void StreamDecoder::fail(Error error, std::vector<Event>& out)
{
    m_over = true;
    out.emplace_back(Failed{std::move(error)});
}

/// Calls come whole.
void StreamDecoder::addCall(const JsonObject& call, std::vector<Event>& out)
{
    ToolCallPart part = readToolCall(call);
    if (part.name.empty()) return;
    m_blocks.openCall(part.id.empty() ? newToolCallId() : std::move(part.id), std::move(part.name), out);
    out.emplace_back(ArgumentsDelta{std::move(part.argumentsJson)});
    m_blocks.close(out);
}

void StreamDecoder::finish(const JsonObject& line, std::vector<Event>& out)
{
    m_blocks.close(out);
    if (Usage usage = readUsage(line); usage.known) out.emplace_back(UsageReported{std::move(usage)});
    Finish finish = finishNamed(line.text("done_reason"));
    if (finish == Finish::Undecided || finish == Finish::Stop)
        finish = m_blocks.hadToolCalls() ? Finish::ToolCalls : Finish::Stop;
    out.emplace_back(Finished{finish, {}});
    out.emplace_back(Ended{});
    m_over = true;
}

void StreamDecoder::readLine(const JsonObject& line, std::vector<Event>& out)
{
    if (line.has("error")) {
        fail(streamFailure(line.raw("error")), out);
        return;
    }
    if (!m_started) {
        m_started = true;
        out.emplace_back(Started{{}, line.text("model")});
    }
    const bool prompt = line.kind("response") == JsonKind::String;
    const JsonObject message = prompt ? line : line.object("message");
    std::string thinking = message.text("thinking");
    // A line of thoughts tells how likely those were.
    auto logprobs = thinking.empty() ? readLogprobs(line.raw("logprobs")) : std::vector<TokenLogprob>();
    m_blocks.addText(BlockKind::Thinking, std::move(thinking), out);
    m_blocks.addText(BlockKind::Text, message.text(prompt ? "response" : "content"), out,
                     std::move(logprobs));
    forEachElement(message.array("tool_calls"), [&](std::string_view call, JsonKind kind) {
        if (kind == JsonKind::Object) addCall(JsonObject(call), out);
    });
    if (line.boolean("done").value_or(false)) finish(line, out);
}

void StreamDecoder::read(const SseEvent& event, std::vector<Event>& out)
{
    if (m_over || !event.hasData) return;
    const std::string_view data = trimmed(event.data);
    if (data.empty()) return;
    if (scanJson(data, m_document) || m_document.root != JsonKind::Object) {
        fail(unreadableAnswer("a line of its stream is not JSON"), out);
    } else {
        readLine(JsonObject(m_document), out);
    }
}

void StreamDecoder::close(std::vector<Event>& out)
{
    if (!m_over) fail(truncatedStream(), out);
}

} // namespace

std::unique_ptr<EventDecoder> eventDecoder()
{
    return std::make_unique<StreamDecoder>();
}

} // namespace gateway::dialect::ollama_api
