// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/cohere_parts.h"

namespace gateway::dialect::cohere_api {
namespace {

/// Writes Cohere's events. Contents and tool calls are counted apart, as Cohere does.
class SseEncoder final : public EventEncoder {
public:
    SseEncoder(const CompletionContext& context, CostOf costOf)
        : m_id(context.id.text()), m_costOf(std::move(costOf))
    {
    }
    void write(const Event& event, std::string& out) override;

private:
    void begin(std::string& out);
    void writeEvent(std::string& out, std::string_view type, int index, std::string_view message,
                    std::string_view logprobs = {}) const;
    void startBlock(const BlockStarted& block, std::string& out);
    void addText(const TextDelta& delta, std::string& out);
    void addArguments(std::string_view fragment, std::string& out);
    void endBlock(std::string& out);
    void end(std::string& out);

    std::string m_id;
    CostOf m_costOf;
    std::optional<Usage> m_usage;
    Finish m_finish = Finish::Undecided;
    BlockKind m_block = BlockKind::Undecided;
    int m_contents = 0;
    int m_calls = 0;
    bool m_content = false; // content-start of the open block went out
    bool m_anyArguments = false;
    bool m_begun = false;
    bool m_over = false;
};

/// `message`: what stands in delta.message; empty for events without one.
void SseEncoder::writeEvent(std::string& out, std::string_view type, int index, std::string_view message,
                            std::string_view logprobs) const
{
    out.append("event: ").append(type).append("\ndata: {\"type\":\"").append(type).append("\",\"index\":");
    out += std::to_string(index);
    if (!message.empty()) out.append(",\"delta\":{\"message\":").append(message).append("}");
    if (!logprobs.empty()) out.append(",\"logprobs\":").append(logprobs);
    out += "}\n\n";
}

void SseEncoder::begin(std::string& out)
{
    if (m_begun) return;
    m_begun = true;
    out += "event: message-start\ndata: ";
    JsonWriter json(out);
    json.beginObject().key("id").string(m_id).key("type").string("message-start");
    json.key("delta").beginObject().key("message").beginObject().key("role").string("assistant");
    json.key("content").beginArray().endArray().key("tool_plan").string({});
    json.key("tool_calls").beginArray().endArray().key("citations").beginArray().endArray();
    json.endObject().endObject().endObject();
    out += "\n\n";
}

void SseEncoder::startBlock(const BlockStarted& block, std::string& out)
{
    begin(out);
    m_block = block.kind;
    m_content = false;
    m_anyArguments = false;
    if (block.kind != BlockKind::ToolCall) return;
    std::string message = "{\"tool_calls\":";
    JsonWriter json(message);
    writeToolCall(json, {block.toolId, block.toolName, {}});
    writeEvent(out, "tool-call-start", m_calls, message + '}');
}

void SseEncoder::addText(const TextDelta& delta, std::string& out)
{
    const std::string_view text = delta.text;
    if ((text.empty() && delta.logprobs.empty()) || m_block == BlockKind::ToolCall) return;
    const std::string_view kind = m_block == BlockKind::Thinking ? "thinking" : "text";
    std::string message;
    if (!m_content) {
        m_content = true;
        JsonWriter json(message);
        json.beginObject().key("content").beginObject().key("type").string(kind).key(kind).string({});
        json.endObject().endObject();
        writeEvent(out, "content-start", m_contents, message);
        message.clear();
    }
    JsonWriter json(message);
    json.beginObject().key("content").beginObject().key(kind).string(text).endObject().endObject();
    std::string logprobs;
    if (!delta.logprobs.empty()) {
        JsonWriter told(logprobs);
        writeLogprobs(told, text, delta.logprobs);
    }
    writeEvent(out, "content-delta", m_contents, message, logprobs);
}

void SseEncoder::addArguments(std::string_view fragment, std::string& out)
{
    if (m_block != BlockKind::ToolCall || fragment.empty()) return;
    m_anyArguments = true;
    std::string message;
    JsonWriter json(message);
    json.beginObject().key("tool_calls").beginObject().key("function").beginObject();
    json.key("arguments").string(fragment).endObject().endObject().endObject();
    writeEvent(out, "tool-call-delta", m_calls, message);
}

void SseEncoder::endBlock(std::string& out)
{
    if (m_block == BlockKind::ToolCall) {
        if (!m_anyArguments) addArguments("{}", out);
        writeEvent(out, "tool-call-end", m_calls++, {});
    } else if (m_content) {
        writeEvent(out, "content-end", m_contents++, {});
    }
    m_block = BlockKind::Undecided;
    m_content = false;
}

void SseEncoder::end(std::string& out)
{
    begin(out);
    m_over = true;
    out += "event: message-end\ndata: ";
    JsonWriter json(out);
    json.beginObject().key("type").string("message-end").key("id").string(m_id);
    json.key("delta").beginObject().key("finish_reason").string(finishName(m_finish));
    if (m_usage) {
        json.key("usage");
        writeUsage(json, *m_usage, m_costOf ? m_costOf(*m_usage) : std::nullopt);
    }
    json.endObject().endObject();
    out += "\n\ndata: [DONE]\n\n";
}

void SseEncoder::write(const Event& event, std::string& out)
{
    if (m_over) return;
    if (std::holds_alternative<Started>(event)) {
        begin(out);
    } else if (const auto* block = std::get_if<BlockStarted>(&event)) {
        startBlock(*block, out);
    } else if (const auto* text = std::get_if<TextDelta>(&event)) {
        addText(*text, out);
    } else if (const auto* arguments = std::get_if<ArgumentsDelta>(&event)) {
        addArguments(arguments->json, out);
    } else if (std::holds_alternative<BlockEnded>(event)) {
        endBlock(out);
    } else if (const auto* reported = std::get_if<UsageReported>(&event)) {
        m_usage = reported->usage;
    } else if (const auto* finished = std::get_if<Finished>(&event)) {
        m_finish = finished->finish;
    } else if (const auto* failed = std::get_if<Failed>(&event)) {
        m_over = true;
        out += encodeStreamError(failed->error, m_id);
    } else if (std::holds_alternative<Ended>(event)) {
        end(out);
    }
}

} // namespace

std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf)
{
    return std::make_unique<SseEncoder>(context, std::move(costOf));
}

} // namespace gateway::dialect::cohere_api
