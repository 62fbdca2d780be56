// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strings.h"
#include "dialect/block_order.h"
#include "dialect/cohere_parts.h"
#include "dialect/content_text.h"
#include "dialect/provider_error.h"

namespace gateway::dialect::cohere_api {
namespace {

class StreamDecoder final : public EventDecoder {
public:
    void read(const SseEvent& event, std::vector<Event>& out) override;
    void close(std::vector<Event>& out) override;

private:
    void readEvent(std::string_view type, const JsonObject& root, std::vector<Event>& out);
    void readContent(const JsonObject& root, const JsonObject& message, std::vector<Event>& out);
    void readCitations(const JsonObject& message, std::vector<Event>& out);
    void startCall(const JsonObject& root, const JsonObject& call, std::vector<Event>& out);
    void continueCall(const JsonObject& root, const JsonObject& call, std::vector<Event>& out);
    void finish(const JsonObject& delta, std::vector<Event>& out);
    void fail(Error error, std::vector<Event>& out);

    JsonDocument m_document;
    BlockOrder m_blocks;
    std::optional<std::int64_t> m_callIndex; // of the open call
    bool m_started = false;
    bool m_finished = false;
    bool m_over = false;
};

void StreamDecoder::fail(Error error, std::vector<Event>& out)
{
    m_over = true;
    out.emplace_back(Failed{std::move(error)});
}

void StreamDecoder::readContent(const JsonObject& root, const JsonObject& message, std::vector<Event>& out)
{
    const JsonObject content = message.object("content");
    std::vector<TokenLogprob> logprobs;
    if (auto token = readLogprobs(root.object("logprobs"))) logprobs.push_back(*std::move(token));
    m_blocks.addText(BlockKind::Thinking, content.text("thinking"), out);
    m_blocks.addText(BlockKind::Text, content.text("text"), out, std::move(logprobs));
}

void StreamDecoder::readCitations(const JsonObject& message, std::vector<Event>& out)
{
    if (m_blocks.kind() != BlockKind::Text) return;
    for (Citation& citation : readCitation(message.object("citations")))
        out.emplace_back(Cited{std::move(citation)});
}

void StreamDecoder::startCall(const JsonObject& root, const JsonObject& call, std::vector<Event>& out)
{
    const JsonObject function = call.object("function");
    std::string id = call.text("id");
    std::string name = function.text("name");
    if (name.empty()) {
        fail(unreadableAnswer("a tool call in it has no name"), out);
        return;
    }
    m_callIndex = root.integer("index");
    m_blocks.openCall(id.empty() ? newToolCallId() : std::move(id), std::move(name), out);
    if (std::string arguments = function.text("arguments"); !arguments.empty())
        out.emplace_back(ArgumentsDelta{std::move(arguments)});
}

/// Calls come one after the other; a piece of any other than the open one could only be put in a wrong place.
void StreamDecoder::continueCall(const JsonObject& root, const JsonObject& call, std::vector<Event>& out)
{
    std::string arguments = call.object("function").text("arguments");
    if (arguments.empty()) return;
    const auto index = root.integer("index");
    if (m_blocks.kind() != BlockKind::ToolCall || (index && m_callIndex && *index != *m_callIndex)) {
        fail(unreadableAnswer("its tool calls are mixed up"), out);
        return;
    }
    out.emplace_back(ArgumentsDelta{std::move(arguments)});
}

void StreamDecoder::finish(const JsonObject& delta, std::vector<Event>& out)
{
    const std::string reason = delta.text("finish_reason");
    if (auto failure = failureNamed(reason, delta.text("error"))) {
        fail(*std::move(failure), out);
        return;
    }
    m_blocks.close(out);
    if (Usage usage = readUsage(delta.raw("usage")); usage.known)
        out.emplace_back(UsageReported{std::move(usage)});
    Finish finish = finishNamed(reason);
    const bool plain = finish == Finish::Undecided || finish == Finish::Stop || finish == Finish::ToolCalls;
    if (plain) finish = m_blocks.hadToolCalls() ? Finish::ToolCalls : Finish::Stop;
    m_finished = true;
    out.emplace_back(Finished{finish, {}});
}

void StreamDecoder::readEvent(std::string_view type, const JsonObject& root, std::vector<Event>& out)
{
    if (type.empty() || type == "error") {
        if (type.empty() && root.kind("message") != JsonKind::String) return;
        fail(eventFailure(root), out);
        return;
    }
    if (!m_started) {
        m_started = true;
        out.emplace_back(Started{root.text("id"), {}});
    }
    const JsonObject delta = root.object("delta");
    const JsonObject message = delta.object("message");
    if (type == "content-start" || type == "content-delta") {
        readContent(root, message, out);
    } else if (type == "citation-start") {
        readCitations(message, out);
    } else if (type == "tool-plan-delta") {
        m_blocks.addText(BlockKind::Text, message.text("tool_plan"), out);
    } else if (type == "tool-call-start") {
        startCall(root, message.object("tool_calls"), out);
    } else if (type == "tool-call-delta") {
        continueCall(root, message.object("tool_calls"), out);
    } else if (type == "content-end" || type == "tool-call-end") {
        m_blocks.close(out);
    } else if (type == "message-end") {
        finish(delta, out);
    }
}

void StreamDecoder::read(const SseEvent& event, std::vector<Event>& out)
{
    if (m_over || !event.hasData) return;
    const std::string_view data = trimmed(event.data);
    if (data.empty()) return;
    if (data == "[DONE]") {
        close(out);
    } else if (scanJson(data, m_document) || m_document.root != JsonKind::Object) {
        fail(unreadableAnswer("an event of its stream is not JSON"), out);
    } else if (!m_finished) {
        const JsonObject root(m_document);
        const std::string type = root.text("type");
        readEvent(type.empty() ? event.name : std::string_view(type), root, out);
    }
}

void StreamDecoder::close(std::vector<Event>& out)
{
    if (m_over) return;
    if (!m_finished) {
        fail(truncatedStream(), out);
        return;
    }
    m_over = true;
    out.emplace_back(Ended{});
}

} // namespace

std::unique_ptr<EventDecoder> eventDecoder()
{
    return std::make_unique<StreamDecoder>();
}

} // namespace gateway::dialect::cohere_api
