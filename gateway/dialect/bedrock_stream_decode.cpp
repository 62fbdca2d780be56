// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "dialect/bedrock_parts.h"
#include "dialect/content_text.h"
#include "dialect/provider_error.h"
#include "dialect/signature.h"

namespace gateway::dialect::bedrock {
namespace {

constexpr std::size_t kMaxCitations = 1024; // of one block; they are kept until it ends

/// Reads the events of ConverseStream. Text and reasoning begin without a start of their block, and the usage
/// comes after the stop; what is for a block that is not the open one begins the next, arguments excepted.
class StreamDecoder final : public EventDecoder {
public:
    void read(const SseEvent& event, std::vector<Event>& out) override;
    void close(std::vector<Event>& out) override;

private:
    void readEvent(std::string_view type, const JsonObject& event, std::vector<Event>& out);
    void start(std::vector<Event>& out);
    void startBlock(std::int64_t wireIndex, const JsonObject& start, std::vector<Event>& out);
    void readDelta(std::int64_t wireIndex, const JsonObject& delta, std::vector<Event>& out);
    void readReasoning(std::int64_t wireIndex, const JsonObject& reasoning, std::vector<Event>& out);
    bool openFor(BlockKind kind, std::int64_t wireIndex, std::vector<Event>& out);
    void openBlock(BlockStarted block, std::int64_t wireIndex, std::vector<Event>& out);
    void closeBlock(std::vector<Event>& out);
    void stop(const JsonObject& event, std::vector<Event>& out);
    void fail(Error error, std::vector<Event>& out);

    JsonDocument m_document;
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

void StreamDecoder::start(std::vector<Event>& out)
{
    if (m_started) return;
    m_started = true;
    out.emplace_back(Started{});
}

void StreamDecoder::closeBlock(std::vector<Event>& out)
{
    if (m_kind == BlockKind::Undecided) return;
    for (Citation& citation : std::exchange(m_citations, {}))
        out.emplace_back(Cited{std::move(citation)});
    m_kind = BlockKind::Undecided;
    m_wireIndex = -1;
    out.emplace_back(BlockEnded{m_nextIndex - 1});
}

void StreamDecoder::openBlock(BlockStarted block, std::int64_t wireIndex, std::vector<Event>& out)
{
    start(out);
    closeBlock(out);
    m_kind = block.kind;
    m_wireIndex = wireIndex;
    m_skipped = -1;
    m_hadToolCalls = m_hadToolCalls || block.kind == BlockKind::ToolCall;
    block.index = m_nextIndex++;
    out.emplace_back(std::move(block));
}

/// False where the block of that index is one of another kind.
bool StreamDecoder::openFor(BlockKind kind, std::int64_t wireIndex, std::vector<Event>& out)
{
    if (m_kind != BlockKind::Undecided && m_wireIndex == wireIndex) return m_kind == kind;
    openBlock({0, kind, {}, {}}, wireIndex, out);
    return true;
}

void StreamDecoder::startBlock(std::int64_t wireIndex, const JsonObject& start, std::vector<Event>& out)
{
    const JsonObject use = start.object("toolUse");
    // Nobody could carry out a call without a name.
    if (use.empty() || use.text("type") == "server_tool_use" || use.text("name").empty()) {
        closeBlock(out);
        m_skipped = start.empty() ? -1 : wireIndex;
        return;
    }
    std::string id = use.text("toolUseId");
    openBlock({0, BlockKind::ToolCall, id.empty() ? newToolCallId() : std::move(id), use.text("name")},
              wireIndex, out);
}

void StreamDecoder::readReasoning(std::int64_t wireIndex, const JsonObject& reasoning,
                                  std::vector<Event>& out)
{
    std::string text = reasoning.text("text");
    std::string signature = markedSignature(Maker::Anthropic, reasoning.text("signature"));
    std::string redacted = markedSignature(Maker::Anthropic, reasoning.text("redactedContent"));
    if (text.empty() && signature.empty() && redacted.empty()) return;
    if (!openFor(BlockKind::Thinking, wireIndex, out)) return;
    if (!text.empty()) out.emplace_back(TextDelta{std::move(text)});
    if (!signature.empty() || !redacted.empty())
        out.emplace_back(SignatureDelta{std::move(signature), std::move(redacted)});
}

void StreamDecoder::readDelta(std::int64_t wireIndex, const JsonObject& delta, std::vector<Event>& out)
{
    if (wireIndex == m_skipped) return;
    if (delta.kind("reasoningContent") == JsonKind::Object) {
        readReasoning(wireIndex, delta.object("reasoningContent"), out);
        return;
    }
    if (delta.kind("citation") == JsonKind::Object) {
        auto citation = readCitation(delta.object("citation"));
        if (citation && m_citations.size() < kMaxCitations && openFor(BlockKind::Text, wireIndex, out))
            m_citations.push_back(*std::move(citation));
        return;
    }
    if (std::string text = delta.text("text"); !text.empty()) {
        if (openFor(BlockKind::Text, wireIndex, out)) out.emplace_back(TextDelta{std::move(text)});
        return;
    }
    std::string fragment = delta.object("toolUse").text("input");
    if (!fragment.empty() && m_kind == BlockKind::ToolCall && m_wireIndex == wireIndex)
        out.emplace_back(ArgumentsDelta{std::move(fragment)});
}

void StreamDecoder::stop(const JsonObject& event, std::vector<Event>& out)
{
    const std::string reason = event.text("stopReason");
    if (isMalformed(reason)) {
        fail(malformedOutput(reason), out);
        return;
    }
    Finish finish = finishNamed(reason);
    if (finish == Finish::Undecided) return;
    start(out);
    closeBlock(out);
    if (finish == Finish::ToolCalls && !m_hadToolCalls) finish = Finish::Stop;
    m_finished = true;
    out.emplace_back(Finished{finish, event.object("additionalModelResponseFields").text("stop_sequence")});
}

void StreamDecoder::readEvent(std::string_view type, const JsonObject& event, std::vector<Event>& out)
{
    const std::int64_t index = event.integer("contentBlockIndex").value_or(0);
    if (type == "metadata") {
        if (const Usage usage = readUsage(event.raw("usage")); usage.known) {
            start(out);
            out.emplace_back(UsageReported{usage});
        }
        if (m_finished) close(out);
    } else if (m_finished) {
        return;
    } else if (type == "messageStart") {
        start(out);
    } else if (type == "contentBlockStart") {
        startBlock(index, event.object("start"), out);
    } else if (type == "contentBlockDelta") {
        readDelta(index, event.object("delta"), out);
    } else if (type == "contentBlockStop") {
        if (index == m_wireIndex) closeBlock(out);
    } else if (type == "messageStop") {
        stop(event, out);
    }
}

void StreamDecoder::read(const SseEvent& event, std::vector<Event>& out)
{
    if (m_over || (event.data.empty() && !event.failed)) return;
    if (event.failed) {
        fail(streamException(event.name, event.data), out);
        return;
    }
    if (scanJson(event.data, m_document) || m_document.root != JsonKind::Object) {
        fail(unreadableAnswer("an event of its stream is not JSON"), out);
        return;
    }
    readEvent(event.name, JsonObject(m_document), out);
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

} // namespace gateway::dialect::bedrock
