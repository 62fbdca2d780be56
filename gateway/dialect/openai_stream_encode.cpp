// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "dialect/citations.h"
#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/openai_parts.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect::openai {
namespace {

/// Writes chat.completion.chunk events. Every chunk begins and ends alike, so both ends are made once.
class ChunkEncoder final : public EventEncoder {
public:
    ChunkEncoder(const CompletionContext& context, CostOf costOf);
    void write(const Event& event, std::string& out) override;

private:
    void begin(std::string& out);
    void chunk(std::string& out, std::string_view delta, std::string_view finish = {},
               std::string_view logprobs = {}) const;
    void addText(const TextDelta& delta, std::string& out);
    void cite(Citation citation, std::string& out) const;
    void startBlock(const BlockStarted& block, std::string& out);
    void addArguments(std::string_view fragment, std::string& out);
    void giveImage(const ImagePart& image, std::string& out);
    void endBlock(std::string& out);
    void finish(const Finished& finished, std::string& out);
    void end(std::string& out);

    CompletionContext m_context;
    CostOf m_costOf;
    std::string m_head;
    BlockKind m_block = BlockKind::Undecided;
    ThinkingPart m_thinking; // of the open block: its signature goes out with the whole of it
    std::string m_toolInput; // of an open custom tool: its text can be taken out only when it is whole
    bool m_customTool = false;
    bool m_anyArguments = false;
    int m_toolIndex = -1;
    int m_detailIndex = 0;
    int m_imageIndex = 0;
    std::int64_t m_before = 0; // code points of the texts before the open one
    std::int64_t m_chars = 0;  // code points of the open text
    bool m_begun = false;
    bool m_finished = false;
    bool m_over = false;
    std::optional<Usage> m_usage;
};

ChunkEncoder::ChunkEncoder(const CompletionContext& context, CostOf costOf)
    : m_context(context), m_costOf(std::move(costOf))
{
    m_head = "data: ";
    JsonWriter json(m_head);
    json.beginObject().key("id").string(completionId(context)).key("object").string("chat.completion.chunk");
    json.key("created").integer(context.createdSeconds).key("model").string(context.model);
}

void ChunkEncoder::chunk(std::string& out, std::string_view delta, std::string_view finish,
                         std::string_view logprobs) const
{
    out.append(m_head).append(",\"choices\":[{\"index\":0,\"delta\":").append(delta);
    if (!logprobs.empty()) {
        out.append(",\"logprobs\":{\"content\":").append(logprobs).append(",\"refusal\":null}");
    }
    out.append(",\"finish_reason\":");
    if (finish.empty()) {
        out += "null";
    } else {
        appendJsonString(out, finish);
    }
    out += "}]}\n\n";
}

void ChunkEncoder::addText(const TextDelta& delta, std::string& out)
{
    if (delta.text.empty() && delta.logprobs.empty()) return;
    const bool thinking = m_block == BlockKind::Thinking;
    if (thinking) {
        m_thinking.text += delta.text;
    } else {
        m_chars += static_cast<std::int64_t>(utf8Length(delta.text));
    }
    std::string message;
    JsonWriter(message)
        .beginObject()
        .key(thinking ? "reasoning_content" : "content")
        .string(delta.text)
        .endObject();
    std::string logprobs;
    if (!delta.logprobs.empty()) {
        JsonWriter json(logprobs);
        writeLogprobs(json, delta.logprobs);
    }
    chunk(out, message, {}, logprobs);
}

void ChunkEncoder::cite(Citation citation, std::string& out) const
{
    std::string delta;
    JsonWriter json(delta);
    json.beginObject().key("annotations").beginArray();
    writeAnnotation(json, placed(std::move(citation), m_before, m_chars), true);
    json.endArray().endObject();
    chunk(out, delta);
}

void ChunkEncoder::begin(std::string& out)
{
    if (m_begun) return;
    m_begun = true;
    chunk(out, "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}");
}

void ChunkEncoder::startBlock(const BlockStarted& block, std::string& out)
{
    m_block = block.kind;
    m_thinking = {};
    m_before += std::exchange(m_chars, 0);
    if (block.kind != BlockKind::ToolCall) return;
    const Tool* tool = m_context.findTool(block.toolName);
    m_customTool = tool && tool->custom;
    m_anyArguments = false;
    m_toolInput.clear();
    std::string delta;
    JsonWriter json(delta);
    json.beginObject().key("tool_calls").beginArray().beginObject().key("index").integer(++m_toolIndex);
    writeToolCall(json, {block.toolId, block.toolName, m_customTool ? "{\"input\":\"\"}" : "", m_customTool},
                  m_customTool);
    json.endObject().endArray().endObject();
    chunk(out, delta);
}

void ChunkEncoder::addArguments(std::string_view fragment, std::string& out)
{
    if (m_block != BlockKind::ToolCall || fragment.empty()) return;
    m_anyArguments = true;
    if (m_customTool) {
        m_toolInput += fragment;
        return;
    }
    std::string delta;
    JsonWriter json(delta);
    json.beginObject().key("tool_calls").beginArray().beginObject().key("index").integer(m_toolIndex);
    json.key("function").beginObject().key("arguments").string(fragment).endObject();
    json.endObject().endArray().endObject();
    chunk(out, delta);
}

void ChunkEncoder::giveImage(const ImagePart& image, std::string& out)
{
    std::string delta;
    JsonWriter json(delta);
    json.beginObject().key("images").beginArray();
    writeAnsweredImage(json, image, m_imageIndex++);
    json.endArray().endObject();
    chunk(out, delta);
}

void ChunkEncoder::endBlock(std::string& out)
{
    if (m_block == BlockKind::Thinking && !(m_thinking.signature.empty() && m_thinking.redacted.empty())) {
        std::string delta;
        JsonWriter json(delta);
        json.beginObject().key("reasoning_details").beginArray();
        writeReasoningDetail(json, m_thinking, m_detailIndex++);
        json.endArray().endObject();
        chunk(out, delta);
    } else if (m_block == BlockKind::ToolCall && m_customTool) {
        std::string delta;
        JsonWriter json(delta);
        json.beginObject().key("tool_calls").beginArray().beginObject().key("index").integer(m_toolIndex);
        json.key("custom")
            .beginObject()
            .key("input")
            .string(customInput(argumentsObject(m_toolInput)))
            .endObject();
        json.endObject().endArray().endObject();
        chunk(out, delta);
    } else if (m_block == BlockKind::ToolCall && !m_anyArguments) {
        // Clients parse the arguments of every call, and an empty text is no JSON.
        addArguments("{}", out);
    }
    m_block = BlockKind::Undecided;
}

void ChunkEncoder::finish(const Finished& finished, std::string& out)
{
    if (m_finished) return;
    m_finished = true;
    begin(out);
    chunk(out, "{}", finishName(finished.finish));
}

void ChunkEncoder::end(std::string& out)
{
    finish({Finish::Stop, {}}, out);
    m_over = true;
    if (m_context.includeUsage && m_usage) {
        out.append(m_head).append(",\"choices\":[],\"usage\":");
        JsonWriter json(out);
        writeOpenAiUsage(json, *m_usage, m_costOf ? m_costOf(*m_usage) : std::nullopt);
        out += "}\n\n";
    }
    out += "data: [DONE]\n\n";
}

void ChunkEncoder::write(const Event& event, std::string& out)
{
    if (m_over) return;
    if (const auto* failed = std::get_if<Failed>(&event)) {
        m_over = true;
        out += encodeStreamError(failed->error);
    } else if (std::holds_alternative<Ended>(event)) {
        end(out);
    } else if (const auto* reported = std::get_if<UsageReported>(&event)) {
        m_usage = reported->usage;
    } else if (const auto* finished = std::get_if<Finished>(&event)) {
        finish(*finished, out);
    } else if (std::holds_alternative<BlockEnded>(event)) {
        endBlock(out);
    } else if (const auto* arguments = std::get_if<ArgumentsDelta>(&event)) {
        addArguments(arguments->json, out);
    } else if (const auto* signature = std::get_if<SignatureDelta>(&event)) {
        m_thinking.signature += signature->signature;
        m_thinking.redacted += signature->redacted;
    } else {
        begin(out);
        if (const auto* block = std::get_if<BlockStarted>(&event)) {
            startBlock(*block, out);
        } else if (const auto* given = std::get_if<ImageGiven>(&event)) {
            giveImage(given->image, out);
        } else if (const auto* cited = std::get_if<Cited>(&event)) {
            cite(cited->citation, out);
        } else if (const auto* delta = std::get_if<TextDelta>(&event)) {
            addText(*delta, out);
        }
    }
}

} // namespace

std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf)
{
    return std::make_unique<ChunkEncoder>(context, std::move(costOf));
}

} // namespace gateway::dialect::openai
