// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "dialect/anthropic_parts.h"
#include "dialect/signature.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect::anthropic {
namespace {

/// Writes the events of a Messages stream: one message_start, blocks that open and close one after another,
/// one message_delta with the stop reason and all usage, message_stop.
class StreamEncoder final : public EventEncoder {
public:
    StreamEncoder(const CompletionContext& context, CostOf costOf)
        : m_context(context), m_costOf(std::move(costOf))
    {
    }
    void write(const Event& event, std::string& out) override;

private:
    void begin(std::string& out);
    void openBlock(std::string& out, std::string_view contentBlock);
    void delta(std::string& out, std::string_view type, std::string_view field, std::string_view value) const;
    void stopBlock(std::string& out);
    void startBlock(const BlockStarted& block, std::string& out);
    void addText(const std::string& text, std::string& out);
    void addArguments(const std::string& json, std::string& out);
    void cite(const Citation& citation, std::string& out) const;
    void endBlock(std::string& out);
    void openThinking(std::string& out);
    void endThinking(std::string& out);
    void end(std::string& out);

    CompletionContext m_context;
    CostOf m_costOf;
    Usage m_usage;
    Finished m_finished;
    ThinkingPart m_thinking; // its text is held back where the block must not be seen without a signature
    bool m_thinkingOpen = false;
    bool m_textOpen = false; // opens with its first words: a block of none is refused when it comes back
    BlockKind m_kind = BlockKind::Undecided;
    int m_index = -1;
    bool m_anyArguments = false;
    bool m_begun = false;
    bool m_over = false;
};

void appendEvent(std::string& out, std::string_view type, std::string_view data)
{
    out.append("event: ").append(type).append("\ndata: ").append(data).append("\n\n");
}

void StreamEncoder::begin(std::string& out)
{
    if (m_begun) return;
    m_begun = true;
    std::string data;
    JsonWriter json(data);
    json.beginObject().key("type").string("message_start").key("message").beginObject();
    json.key("id").string(messageId(m_context)).key("type").string("message").key("role").string("assistant");
    json.key("model").string(m_context.model).key("content").beginArray().endArray();
    json.key("stop_reason").null().key("stop_sequence").null().key("usage");
    writeAnthropicUsage(json, m_usage, std::nullopt);
    json.endObject().endObject();
    appendEvent(out, "message_start", data);
}

void StreamEncoder::openBlock(std::string& out, std::string_view contentBlock)
{
    std::string data;
    JsonWriter json(data);
    json.beginObject().key("type").string("content_block_start").key("index").integer(++m_index);
    json.key("content_block").raw(contentBlock).endObject();
    appendEvent(out, "content_block_start", data);
}

void StreamEncoder::delta(std::string& out, std::string_view type, std::string_view field,
                          std::string_view value) const
{
    std::string data;
    JsonWriter json(data);
    json.beginObject().key("type").string("content_block_delta").key("index").integer(m_index);
    json.key("delta").beginObject().key("type").string(type).key(field).string(value).endObject().endObject();
    appendEvent(out, "content_block_delta", data);
}

void StreamEncoder::stopBlock(std::string& out)
{
    std::string data;
    JsonWriter(data)
        .beginObject()
        .key("type")
        .string("content_block_stop")
        .key("index")
        .integer(m_index)
        .endObject();
    appendEvent(out, "content_block_stop", data);
}

void StreamEncoder::startBlock(const BlockStarted& block, std::string& out)
{
    endBlock(out);
    m_kind = block.kind;
    m_thinking = {};
    m_anyArguments = false;
    m_textOpen = false;
    if (block.kind == BlockKind::ToolCall) {
        std::string content;
        JsonWriter json(content);
        writeToolUse(json, block.toolId, {block.toolId, block.toolName, "{}", false});
        openBlock(out, content);
    }
}

void StreamEncoder::addText(const std::string& text, std::string& out)
{
    if (text.empty()) return;
    if (m_kind == BlockKind::Thinking && showsUnsigned(m_context)) {
        openThinking(out);
        delta(out, "thinking_delta", "thinking", text);
    } else if (m_kind == BlockKind::Thinking) {
        m_thinking.text += text;
    } else if (m_kind == BlockKind::Text) {
        if (!std::exchange(m_textOpen, true)) openBlock(out, R"({"type":"text","text":""})");
        delta(out, "text_delta", "text", text);
    }
}

void StreamEncoder::addArguments(const std::string& json, std::string& out)
{
    if (m_kind != BlockKind::ToolCall || json.empty()) return;
    m_anyArguments = true;
    delta(out, "input_json_delta", "partial_json", json);
}

void StreamEncoder::cite(const Citation& citation, std::string& out) const
{
    if (!m_textOpen) return; // a citation is of the text in its block
    std::string data;
    JsonWriter json(data);
    json.beginObject().key("type").string("content_block_delta").key("index").integer(m_index);
    json.key("delta").beginObject().key("type").string("citations_delta").key("citation");
    writeCitation(json, citation);
    json.endObject().endObject();
    appendEvent(out, "content_block_delta", data);
}

void StreamEncoder::openThinking(std::string& out)
{
    if (m_thinkingOpen) return;
    m_thinkingOpen = true;
    openBlock(out, R"({"type":"thinking","thinking":"","signature":""})");
}

void StreamEncoder::endThinking(std::string& out)
{
    if (!m_thinkingOpen && !canReturn(m_thinking)) return;
    if (m_thinkingOpen || m_thinking.redacted.empty()) {
        openThinking(out);
        if (!m_thinking.text.empty()) delta(out, "thinking_delta", "thinking", m_thinking.text);
        const std::string_view signature = m_thinking.signature;
        delta(out, "signature_delta", "signature", signature.empty() ? kUnsigned : signature);
        stopBlock(out);
    }
    if (!m_thinking.redacted.empty()) {
        std::string content;
        JsonWriter json(content);
        writeThinking(json, m_thinking);
        openBlock(out, content);
        stopBlock(out);
    }
    m_thinkingOpen = false;
}

void StreamEncoder::endBlock(std::string& out)
{
    if (m_kind == BlockKind::Undecided) return;
    if (m_kind == BlockKind::Thinking) {
        endThinking(out);
    } else if (m_kind != BlockKind::Text || m_textOpen) {
        if (m_kind == BlockKind::ToolCall && !m_anyArguments) {
            addArguments("{}", out);
        }
        stopBlock(out);
    }
    m_kind = BlockKind::Undecided;
    m_textOpen = false;
}

void StreamEncoder::end(std::string& out)
{
    endBlock(out);
    m_over = true;
    std::string data;
    JsonWriter json(data);
    json.beginObject().key("type").string("message_delta").key("delta").beginObject();
    json.key("stop_reason").string(finishName(m_finished.finish)).key("stop_sequence");
    if (m_finished.finish == Finish::StopSequence && !m_finished.stopSequence.empty()) {
        json.string(m_finished.stopSequence);
    } else {
        json.null();
    }
    json.endObject().key("usage");
    writeAnthropicUsage(json, m_usage, m_costOf && m_usage.known ? m_costOf(m_usage) : std::nullopt);
    json.endObject();
    appendEvent(out, "message_delta", data);
    appendEvent(out, "message_stop", R"({"type":"message_stop"})");
}

void StreamEncoder::write(const Event& event, std::string& out)
{
    if (m_over) return;
    if (const auto* failed = std::get_if<Failed>(&event)) {
        m_over = true;
        out += encodeStreamError(failed->error, m_context.id.text());
        return;
    }
    if (const auto* reported = std::get_if<UsageReported>(&event)) {
        m_usage = reported->usage;
        return;
    }
    begin(out);
    if (const auto* block = std::get_if<BlockStarted>(&event)) {
        startBlock(*block, out);
    } else if (const auto* text = std::get_if<TextDelta>(&event)) {
        addText(text->text, out);
    } else if (const auto* cited = std::get_if<Cited>(&event)) {
        cite(cited->citation, out);
    } else if (const auto* arguments = std::get_if<ArgumentsDelta>(&event)) {
        addArguments(arguments->json, out);
    } else if (const auto* signature = std::get_if<SignatureDelta>(&event)) {
        m_thinking.signature += signature->signature;
        m_thinking.redacted += signature->redacted;
    } else if (std::holds_alternative<BlockEnded>(event)) {
        endBlock(out);
    } else if (const auto* finished = std::get_if<Finished>(&event)) {
        m_finished = *finished;
    } else if (std::holds_alternative<Ended>(event)) {
        // Only now: OpenAI tells its usage after the finish, and there is one message_delta for both.
        end(out);
    }
}

} // namespace

std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf)
{
    return std::make_unique<StreamEncoder>(context, std::move(costOf));
}

} // namespace gateway::dialect::anthropic
