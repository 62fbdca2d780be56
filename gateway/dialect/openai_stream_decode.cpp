// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/strings.h"
#include "dialect/block_order.h"
#include "dialect/citations.h"
#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/openai_chunks.h"
#include "dialect/openai_parts.h"
#include "dialect/openai_tool_stream.h"
#include "dialect/provider_error.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect::openai {
namespace {

/// Reads chat.completion.chunk events of any server that is more or less compatible.
class StreamDecoder final : public ChunkStream {
    void readChoice(const JsonObject& chunk, const JsonObject& choice, std::vector<Event>& out) override;
    void readDelta(const JsonObject& delta, const JsonObject& logprobs, std::vector<Event>& out);
    bool readReasoningDetail(const JsonObject& detail, std::vector<Event>& out);
    void addThinking(std::string text, std::vector<Event>& out);
    void addText(std::string text, std::vector<TokenLogprob> logprobs, std::vector<Event>& out);
    void readFinish(const JsonObject& chunk, std::string_view reason, std::vector<Event>& out);

    BlockStream m_blocks;
    std::string m_thinking; // text of the open thinking block
};

void StreamDecoder::addThinking(std::string text, std::vector<Event>& out)
{
    if (text.empty()) return;
    if (m_blocks.kind() != BlockKind::Thinking) {
        m_thinking.clear();
        if (!m_blocks.open(BlockKind::Thinking, out)) return;
    }
    m_thinking += text;
    m_blocks.hold(text.size());
    out.emplace_back(TextDelta{std::move(text)});
}

void StreamDecoder::addText(std::string text, std::vector<TokenLogprob> logprobs, std::vector<Event>& out)
{
    if (!text.empty() || !logprobs.empty()) {
        m_blocks.addText(std::move(text), std::move(logprobs), out);
    }
}

/// True when the detail held text: the plain `reasoning` of the same chunk then says it again.
bool StreamDecoder::readReasoningDetail(const JsonObject& detail, std::vector<Event>& out)
{
    const std::string type = detail.text("type");
    if (type == "reasoning.encrypted") {
        std::string data = signatureOf(detail, "data");
        if (data.empty()) return false;
        m_blocks.close(out);
        if (m_blocks.open(BlockKind::Thinking, out)) {
            out.emplace_back(SignatureDelta{{}, std::move(data)});
            m_blocks.close(out);
        }
        return false;
    }
    std::string text = detail.text(type == "reasoning.summary" ? "summary" : "text");
    std::string signature = signatureOf(detail, "signature");
    const bool hadText = !text.empty();
    const bool repeats = m_blocks.kind() == BlockKind::Thinking && text == m_thinking;
    if (!(repeats && !signature.empty())) {
        addThinking(std::move(text), out);
    }
    if (!signature.empty() && m_blocks.kind() == BlockKind::Thinking) {
        out.emplace_back(SignatureDelta{std::move(signature), {}});
        m_blocks.close(out);
    }
    return hadText;
}

void StreamDecoder::readDelta(const JsonObject& delta, const JsonObject& logprobs, std::vector<Event>& out)
{
    bool said = false;
    forEachElement(delta.array("reasoning_details"), [&](std::string_view detail, JsonKind kind) {
        if (kind == JsonKind::Object) {
            said = readReasoningDetail(JsonObject(detail), out) || said;
        }
    });
    if (!said) {
        std::string reasoning = delta.text("reasoning_content");
        addThinking(reasoning.empty() ? delta.text("reasoning") : std::move(reasoning), out);
    }
    // Those of thoughts and of calls come without a text.
    const bool says = !logprobs.empty() && delta.kind("content") == JsonKind::String;
    addText(delta.text("content"), says ? readLogprobs(logprobs.raw("content")) : std::vector<TokenLogprob>(),
            out);
    forEachElement(delta.array("content"), [&](std::string_view part, JsonKind kind) {
        if (kind == JsonKind::Object) {
            addText(JsonObject(part).text("text"), {}, out);
        }
    });
    const std::size_t before = out.size();
    addText(delta.text("refusal"), {}, out);
    markRefusal(before, out);
    for (Citation& citation : readAnnotations(delta.array("annotations"))) {
        m_blocks.addCitation(std::move(citation));
    }
    readAnsweredImages(delta, [&](ImagePart image) { m_blocks.addImage(std::move(image), out); });
    forEachElement(delta.array("tool_calls"), [&](std::string_view call, JsonKind kind) {
        if (kind == JsonKind::Object) {
            m_blocks.addToolDelta(JsonObject(call), out);
        }
    });
}

void StreamDecoder::readFinish(const JsonObject& chunk, std::string_view reason, std::vector<Event>& out)
{
    if (reason == "error") {
        fail(streamFailure({}), out);
        return;
    }
    Finish finish = finishNamed(reason);
    if (finish == Finish::Undecided) return;
    if (!m_blocks.cited()) {
        // Perplexity says them with every piece of the text, the last one, too.
        for (Citation& source : readSources(sourcesIn(chunk))) {
            m_blocks.addCitation(std::move(source));
        }
    }
    m_blocks.finish(out);
    // Some servers say "stop" after tool calls, which an Anthropic client would take as the end of its loop.
    if (finish == Finish::Stop && m_blocks.hadToolCalls()) {
        finish = Finish::ToolCalls;
    } else if (finish == Finish::ToolCalls && !m_blocks.hadToolCalls()) {
        finish = Finish::Stop;
    }
    ChunkStream::finish(finish, out);
}

void StreamDecoder::readChoice(const JsonObject& chunk, const JsonObject& choice, std::vector<Event>& out)
{
    readDelta(choice.object(choice.has("delta") ? "delta" : "message"), choice.object("logprobs"), out);
    readFinish(chunk, choice.text("finish_reason"), out);
    if (!failed() && m_blocks.overflown()) {
        fail(upstreamError(Code::UpstreamResponseTooLarge, Retry::Never,
                           "The provider's answer is too large."),
             out);
    }
}

} // namespace

std::unique_ptr<EventDecoder> eventDecoder()
{
    return std::make_unique<StreamDecoder>();
}

} // namespace gateway::dialect::openai
