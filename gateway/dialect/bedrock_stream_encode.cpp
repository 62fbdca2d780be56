// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/aws_event_scanner.h"
#include "dialect/bedrock_parts.h"

namespace gateway::dialect::bedrock {
namespace {

/// Writes the messages of a ConverseStream: messageStart, blocks, messageStop, metadata.
class StreamEncoder final : public EventEncoder {
public:
    explicit StreamEncoder(CostOf costOf) : m_costOf(std::move(costOf)) {}
    void write(const Event& event, std::string& out) override;

private:
    void begin(std::string& out);
    void startBlock(const BlockStarted& block, std::string& out);
    void delta(std::string& out, std::string_view key, std::string_view json);
    void addText(const std::string& text, std::string& out);
    void cite(const Citation& citation, std::string& out);
    void addSignature(const SignatureDelta& signature, std::string& out);
    void end(std::string& out);

    CostOf m_costOf;
    Usage m_usage;
    Finished m_finished;
    BlockKind m_kind = BlockKind::Undecided;
    int m_index = -1;
    bool m_begun = false;
    bool m_over = false;
};

std::string object(std::string_view key, std::string_view text)
{
    std::string out;
    JsonWriter(out).beginObject().key(key).string(text).endObject();
    return out;
}

void StreamEncoder::begin(std::string& out)
{
    if (m_begun) return;
    m_begun = true;
    appendAwsEvent(out, "messageStart", R"({"role":"assistant"})");
}

void StreamEncoder::startBlock(const BlockStarted& block, std::string& out)
{
    m_kind = block.kind;
    ++m_index;
    if (block.kind != BlockKind::ToolCall) return; // only these are announced
    std::string payload;
    JsonWriter json(payload);
    json.beginObject().key("contentBlockIndex").integer(m_index).key("start").beginObject();
    json.key("toolUse").beginObject().key("toolUseId").string(block.toolId);
    json.key("name").string(block.toolName).endObject().endObject().endObject();
    appendAwsEvent(out, "contentBlockStart", payload);
}

void StreamEncoder::delta(std::string& out, std::string_view key, std::string_view json)
{
    std::string payload;
    JsonWriter writer(payload);
    writer.beginObject().key("contentBlockIndex").integer(m_index).key("delta").beginObject();
    writer.key(key).raw(json).endObject().endObject();
    appendAwsEvent(out, "contentBlockDelta", payload);
}

void StreamEncoder::addText(const std::string& text, std::string& out)
{
    if (text.empty()) return;
    if (m_kind == BlockKind::Thinking) {
        delta(out, "reasoningContent", object("text", text));
    } else if (m_kind == BlockKind::Text) {
        delta(out, "text", jsonQuoted(text));
    }
}

void StreamEncoder::cite(const Citation& citation, std::string& out)
{
    if (m_kind != BlockKind::Text) return;
    std::string json;
    JsonWriter writer(json);
    writeCitation(writer, citation);
    delta(out, "citation", json);
}

void StreamEncoder::addSignature(const SignatureDelta& signature, std::string& out)
{
    if (!signature.signature.empty())
        delta(out, "reasoningContent", object("signature", signature.signature));
    if (!signature.redacted.empty())
        delta(out, "reasoningContent", object("redactedContent", signature.redacted));
}

void StreamEncoder::end(std::string& out)
{
    m_over = true;
    appendAwsEvent(out, "messageStop", object("stopReason", finishName(m_finished.finish)));
    std::string payload;
    JsonWriter json(payload);
    json.beginObject().key("usage");
    writeUsage(json, m_usage, m_costOf && m_usage.known ? m_costOf(m_usage) : std::nullopt);
    json.endObject();
    appendAwsEvent(out, "metadata", payload);
}

void StreamEncoder::write(const Event& event, std::string& out)
{
    if (m_over) return;
    if (const auto* failed = std::get_if<Failed>(&event)) {
        m_over = true;
        appendAwsException(out, exceptionName(failed->error), errorBody(failed->error));
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
        if (m_kind == BlockKind::ToolCall && !arguments->json.empty())
            delta(out, "toolUse", object("input", arguments->json));
    } else if (const auto* signature = std::get_if<SignatureDelta>(&event)) {
        addSignature(*signature, out);
    } else if (std::holds_alternative<BlockEnded>(event)) {
        m_kind = BlockKind::Undecided;
        appendAwsEvent(out, "contentBlockStop", "{\"contentBlockIndex\":" + std::to_string(m_index) + '}');
    } else if (const auto* finished = std::get_if<Finished>(&event)) {
        m_finished = *finished;
    } else if (std::holds_alternative<Ended>(event)) {
        end(out);
    }
}

} // namespace

std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext&, CostOf costOf)
{
    return std::make_unique<StreamEncoder>(std::move(costOf));
}

} // namespace gateway::dialect::bedrock
