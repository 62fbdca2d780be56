// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/iso_time.h"
#include "dialect/logprobs.h"
#include "dialect/ollama_parts.h"

namespace gateway::dialect::ollama_api {
namespace {

constexpr std::size_t kMaxHeld = std::size_t{32} << 20; // of one call

/// Writes one line for each piece of the answer. A tool's call is one line, so its pieces are held until it
/// is whole.
class LineEncoder final : public EventEncoder {
public:
    LineEncoder(const CompletionContext& context, Form form);
    void write(const Event& event, std::string& out) override;

private:
    void startBlock(const BlockStarted& block);
    void addText(const TextDelta& delta, std::string& out) const;
    void addArguments(std::string_view fragment, std::string& out);
    void endBlock(std::string& out);
    void end(std::string& out);

    RequestId m_id;
    Form m_form;
    std::string m_head; // of every line, without the comma behind it
    BlockKind m_block = BlockKind::Undecided;
    ToolCallPart m_call; // the open one
    int m_calls = 0;
    Closing m_closing;
    bool m_answering = false;
    bool m_over = false;
};

LineEncoder::LineEncoder(const CompletionContext& context, Form form) : m_id(context.id), m_form(form)
{
    JsonWriter json(m_head);
    json.beginObject().key("model").string(context.model);
    json.key("created_at").string(isoText(context.createdSeconds * kMicrosPerSecond));
}

void LineEncoder::startBlock(const BlockStarted& block)
{
    m_block = block.kind;
    if (block.kind == BlockKind::ToolCall) m_call = {block.toolId, block.toolName, {}};
    if (m_answering) return;
    m_answering = true;
    m_closing.promptNanoseconds = nanosecondsSince(m_id);
}

void LineEncoder::addText(const TextDelta& delta, std::string& out) const
{
    const std::string_view text = delta.text;
    if ((text.empty() && delta.logprobs.empty()) || m_block == BlockKind::ToolCall) return;
    const bool thinking = m_block == BlockKind::Thinking;
    out.append(m_head).append(m_form == Form::Prompt ? ",\"response\":"
                                                     : ",\"message\":{\"role\":\"assistant\",\"content\":");
    appendJsonString(out, thinking ? std::string_view() : text);
    if (thinking) {
        out += ",\"thinking\":";
        appendJsonString(out, text);
    }
    out += m_form == Form::Prompt ? ",\"done\":false" : "},\"done\":false";
    if (!delta.logprobs.empty()) {
        out += ",\"logprobs\":";
        JsonWriter json(out);
        writeLogprobs(json, delta.logprobs);
    }
    out += "}\n";
}

void LineEncoder::addArguments(std::string_view fragment, std::string& out)
{
    m_call.argumentsJson += fragment;
    if (m_call.argumentsJson.size() <= kMaxHeld) return;
    m_over = true;
    m_call = {};
    out += encodeStreamError(upstreamError(Code::UpstreamResponseTooLarge, Retry::Never,
                                           "The provider's tool call is too large."));
}

void LineEncoder::endBlock(std::string& out)
{
    const bool call = m_block == BlockKind::ToolCall;
    m_block = BlockKind::Undecided;
    if (!call || m_form == Form::Prompt) return;
    out.append(m_head).append(",\"message\":");
    JsonWriter json(out);
    json.beginObject().key("role").string("assistant").key("content").string({});
    json.key("tool_calls").beginArray();
    writeToolCall(json, m_call, m_calls++);
    json.endArray().endObject();
    out += ",\"done\":false}\n";
}

void LineEncoder::end(std::string& out)
{
    m_over = true;
    m_closing.totalNanoseconds = nanosecondsSince(m_id);
    if (!m_answering) m_closing.promptNanoseconds = m_closing.totalNanoseconds;
    out.append(m_head).append(m_form == Form::Prompt
                                  ? ",\"response\":\"\","
                                  : ",\"message\":{\"role\":\"assistant\",\"content\":\"\"},");
    JsonWriter json(out);
    writeClosing(json, m_closing);
    out += "}\n";
}

void LineEncoder::write(const Event& event, std::string& out)
{
    if (m_over) return;
    if (const auto* block = std::get_if<BlockStarted>(&event)) {
        startBlock(*block);
    } else if (const auto* text = std::get_if<TextDelta>(&event)) {
        addText(*text, out);
    } else if (const auto* arguments = std::get_if<ArgumentsDelta>(&event)) {
        addArguments(arguments->json, out);
    } else if (std::holds_alternative<BlockEnded>(event)) {
        endBlock(out);
    } else if (const auto* reported = std::get_if<UsageReported>(&event)) {
        m_closing.usage = reported->usage;
    } else if (const auto* finished = std::get_if<Finished>(&event)) {
        m_closing.finish = finished->finish;
    } else if (const auto* failed = std::get_if<Failed>(&event)) {
        m_over = true;
        out += encodeStreamError(failed->error);
    } else if (std::holds_alternative<Ended>(event)) {
        end(out);
    }
}

} // namespace

std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, Form form)
{
    return std::make_unique<LineEncoder>(context, form);
}

} // namespace gateway::dialect::ollama_api
