// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "dialect/anthropic_parts.h"
#include "dialect/content_text.h"
#include "dialect/provider_error.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect::anthropic {
namespace {

constexpr std::size_t kMaxCitations = 1024; // of one block; they are kept until it ends

/// Reads the events of a Messages stream. Events that are missing are made up for where the rest tells them;
/// deltas of a block that is not the open one are left out, as are the blocks of Anthropic's own tools.
class StreamDecoder final : public EventDecoder {
public:
    void read(const SseEvent& event, std::vector<Event>& out) override;
    void close(std::vector<Event>& out) override;

private:
    void readEvent(const JsonObject& event, std::string_view type, std::vector<Event>& out);
    void start(const JsonObject& message, std::vector<Event>& out);
    void startBlock(std::int64_t wireIndex, const JsonObject& block, std::vector<Event>& out);
    void openBlock(BlockStarted block, std::int64_t wireIndex, std::vector<Event>& out);
    void closeBlock(std::vector<Event>& out);
    void readDelta(std::int64_t wireIndex, const JsonObject& delta, std::vector<Event>& out);
    void readText(std::int64_t wireIndex, BlockKind kind, std::string text, std::vector<Event>& out);
    void addCitations(std::string_view list);
    void readMessageDelta(const JsonObject& event, std::vector<Event>& out);
    void addUsage(std::string_view usage, std::vector<Event>& out);
    void fail(Error error, std::vector<Event>& out);

    JsonDocument m_document;
    AnthropicCounts m_counts;
    BlockKind m_kind = BlockKind::Undecided;
    std::int64_t m_wireIndex = -1;     // of the open block
    std::int64_t m_skipped = -1;       // of the block that is being left out
    std::vector<Citation> m_citations; // of the open text
    int m_nextIndex = 0;
    bool m_hadToolCalls = false;
    bool m_started = false;
    bool m_finished = false;
    bool m_over = false;
};

void StreamDecoder::fail(Error error, std::vector<Event>& out)
{
    m_over = true;
    out.emplace_back(Failed{std::move(error)});
}

void StreamDecoder::addUsage(std::string_view usage, std::vector<Event>& out)
{
    if (jsonKindOf(usage) != JsonKind::Object) return;
    m_counts.add(usage);
    if (const Usage counted = m_counts.usage(); counted.known) {
        out.emplace_back(UsageReported{counted});
    }
}

void StreamDecoder::start(const JsonObject& message, std::vector<Event>& out)
{
    if (!m_started) {
        m_started = true;
        out.emplace_back(Started{message.text("id"), message.text("model")});
    }
    addUsage(message.raw("usage"), out);
}

void StreamDecoder::closeBlock(std::vector<Event>& out)
{
    if (m_kind == BlockKind::Undecided) return;
    for (Citation& citation : std::exchange(m_citations, {})) {
        out.emplace_back(Cited{std::move(citation)});
    }
    m_kind = BlockKind::Undecided;
    m_wireIndex = -1;
    out.emplace_back(BlockEnded{m_nextIndex - 1});
}

void StreamDecoder::openBlock(BlockStarted block, std::int64_t wireIndex, std::vector<Event>& out)
{
    start({}, out);
    closeBlock(out);
    m_kind = block.kind;
    m_wireIndex = wireIndex;
    m_hadToolCalls = m_hadToolCalls || block.kind == BlockKind::ToolCall;
    block.index = m_nextIndex++;
    out.emplace_back(std::move(block));
}

void StreamDecoder::startBlock(std::int64_t wireIndex, const JsonObject& block, std::vector<Event>& out)
{
    const std::string type = block.text("type");
    m_skipped = -1;
    if (type == "text") {
        openBlock({0, BlockKind::Text, {}, {}}, wireIndex, out);
        readText(wireIndex, BlockKind::Text, block.text("text"), out);
        addCitations(block.raw("citations"));
    } else if (type == "thinking") {
        openBlock({0, BlockKind::Thinking, {}, {}}, wireIndex, out);
        readText(wireIndex, BlockKind::Thinking, block.text("thinking"), out);
        if (std::string signature = block.text("signature"); !signature.empty()) {
            out.emplace_back(SignatureDelta{std::move(signature), {}});
        }
    } else if (type == "redacted_thinking") {
        openBlock({0, BlockKind::Thinking, {}, {}}, wireIndex, out);
        out.emplace_back(SignatureDelta{{}, block.text("data")});
    } else if (type == "tool_use" && !block.text("name").empty()) { // else nobody could carry it out
        std::string id = block.text("id");
        openBlock({0, BlockKind::ToolCall, id.empty() ? newToolCallId() : std::move(id), block.text("name")},
                  wireIndex, out);
        // The input follows in deltas; servers that give it whole give it here.
        if (!block.object("input").empty()) {
            out.emplace_back(ArgumentsDelta{compactJson(block.raw("input"))});
        }
    } else {
        closeBlock(out);
        m_skipped = wireIndex;
    }
}

void StreamDecoder::readText(std::int64_t wireIndex, BlockKind kind, std::string text,
                             std::vector<Event>& out)
{
    if (text.empty()) return;
    if (m_kind == BlockKind::Undecided) {
        openBlock({0, kind, {}, {}}, wireIndex, out);
    }
    if (m_kind == kind && m_wireIndex == wireIndex) {
        out.emplace_back(TextDelta{std::move(text)});
    }
}

void StreamDecoder::addCitations(std::string_view list)
{
    for (Citation& citation : readCitations(list)) {
        if (m_citations.size() < kMaxCitations) {
            m_citations.push_back(std::move(citation));
        }
    }
}

void StreamDecoder::readDelta(std::int64_t wireIndex, const JsonObject& delta, std::vector<Event>& out)
{
    if (wireIndex == m_skipped) return;
    const std::string type = delta.text("type");
    if (type == "text_delta") {
        readText(wireIndex, BlockKind::Text, delta.text("text"), out);
    } else if (type == "thinking_delta") {
        readText(wireIndex, BlockKind::Thinking, delta.text("thinking"), out);
    } else if (wireIndex != m_wireIndex) {
        return;
    } else if (type == "input_json_delta" && m_kind == BlockKind::ToolCall) {
        std::string fragment = delta.text("partial_json");
        if (!fragment.empty()) {
            out.emplace_back(ArgumentsDelta{std::move(fragment)});
        }
    } else if (type == "signature_delta" && m_kind == BlockKind::Thinking) {
        out.emplace_back(SignatureDelta{delta.text("signature"), {}});
    } else if (type == "citations_delta" && m_kind == BlockKind::Text) {
        addCitations("[" + std::string(delta.raw("citation")) + "]");
    }
}

void StreamDecoder::readMessageDelta(const JsonObject& event, std::vector<Event>& out)
{
    start({}, out);
    addUsage(event.raw("usage"), out);
    const JsonObject delta = event.object("delta");
    Finish finish = finishNamed(delta.text("stop_reason"));
    if (finish == Finish::Undecided || m_finished) return;
    closeBlock(out);
    if (finish == Finish::ToolCalls && !m_hadToolCalls) {
        finish = Finish::Stop;
    }
    m_finished = true;
    out.emplace_back(Finished{finish, delta.text("stop_sequence")});
}

void StreamDecoder::readEvent(const JsonObject& event, std::string_view type, std::vector<Event>& out)
{
    const std::int64_t index = event.integer("index").value_or(0);
    if (type == "error") {
        fail(streamFailure(event.raw("error")), out);
    } else if (type == "message_start") {
        start(event.object("message"), out);
    } else if (type == "message_delta") {
        readMessageDelta(event, out);
    } else if (type == "message_stop") {
        close(out);
    } else if (m_finished) {
        return;
    } else if (type == "content_block_start") {
        startBlock(index, event.object("content_block"), out);
    } else if (type == "content_block_delta") {
        readDelta(index, event.object("delta"), out);
    } else if (type == "content_block_stop" && index == m_wireIndex) {
        closeBlock(out);
    }
}

void StreamDecoder::read(const SseEvent& event, std::vector<Event>& out)
{
    if (m_over || event.data.empty()) return;
    if (scanJson(event.data, m_document) || m_document.root != JsonKind::Object) {
        fail(unreadableAnswer("an event of its stream is not JSON"), out);
        return;
    }
    const JsonObject object(m_document);
    const std::string type = object.text("type");
    readEvent(object, type.empty() ? event.name : std::string_view(type), out);
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

} // namespace gateway::dialect::anthropic
