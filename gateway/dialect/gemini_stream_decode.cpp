// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "dialect/content_text.h"
#include "dialect/gemini_parts.h"
#include "dialect/gemini_told.h"
#include "dialect/logprobs.h"
#include "dialect/provider_error.h"

namespace gateway::dialect::gemini {
namespace {

/// Reads the answers of which a stream consists. Older models say their finish in every one of them, and
/// nothing marks the last: the end of the stream alone does.
class StreamDecoder final : public EventDecoder {
public:
    void read(const SseEvent& event, std::vector<Event>& out) override;
    void close(std::vector<Event>& out) override;
    [[nodiscard]] bool finished() const override { return m_finish != Finish::Undecided; }

private:
    void readAnswer(const Fields& answer, std::vector<Event>& out);
    void readCandidate(const Fields& candidate, std::vector<Event>& out);
    void readPart(const Fields& part, std::vector<Event>& out);
    void readCallPart(const Fields& part, std::vector<Event>& out);
    void addText(BlockKind kind, std::string text, std::vector<Event>& out);
    void addSignature(const Fields& part, bool thought, std::vector<Event>& out);
    void open(BlockStarted block, std::vector<Event>& out);
    void closeBlock(std::vector<Event>& out);
    void endText(std::vector<Event>& out);
    void fail(Error error, std::vector<Event>& out);

    JsonDocument m_document;
    BlockKind m_kind = BlockKind::Undecided; // of the open block
    Finish m_finish = Finish::Undecided;
    std::string m_brokenCall;             // the reason of a model that could not write its call
    std::vector<TokenLogprob> m_logprobs; // of the answer that is being read
    std::vector<Grounded> m_grounding;    // the last that was told
    PlacedText m_text;                    // of the open block
    std::int64_t m_before = 0;            // bytes of the texts before it
    int m_nextIndex = 0;
    bool m_hadToolCalls = false;
    bool m_started = false;
    std::int64_t m_searches = 0;
    bool m_over = false;
};

void StreamDecoder::fail(Error error, std::vector<Event>& out)
{
    m_over = true;
    out.emplace_back(Failed{std::move(error)});
}

void StreamDecoder::open(BlockStarted block, std::vector<Event>& out)
{
    closeBlock(out);
    m_kind = block.kind;
    block.index = m_nextIndex++;
    out.emplace_back(std::move(block));
}

void StreamDecoder::closeBlock(std::vector<Event>& out)
{
    if (m_kind == BlockKind::Undecided) return;
    if (m_kind == BlockKind::Text) endText(out);
    m_kind = BlockKind::Undecided;
    out.emplace_back(BlockEnded{m_nextIndex - 1});
}

/// Places are told with the last answers, and again with each of those.
void StreamDecoder::endText(std::vector<Event>& out)
{
    const std::int64_t end = m_before + static_cast<std::int64_t>(m_text.text().size());
    std::vector<Grounded> later;
    for (Grounded& one : std::exchange(m_grounding, {})) {
        const std::int64_t begin = one.begin < 0 ? m_before : one.begin; // without a place: of this text
        if (begin >= end)
            later.push_back(std::move(one));
        else if (begin >= m_before) // else it was told with the text before
            out.emplace_back(Cited{citationIn(m_text, one, m_before)});
    }
    m_grounding = std::move(later);
    m_before = end;
    m_text.clear();
}

void StreamDecoder::addText(BlockKind kind, std::string text, std::vector<Event>& out)
{
    if (text.empty()) return;
    if (m_kind != kind) open({0, kind, {}, {}}, out);
    const bool answer = kind == BlockKind::Text;
    if (answer) m_text.append(text);
    out.emplace_back(
        TextDelta{std::move(text), answer ? std::exchange(m_logprobs, {}) : std::vector<TokenLogprob>()});
}

void StreamDecoder::addSignature(const Fields& part, bool thought, std::vector<Event>& out)
{
    auto signature = readProviderSignature(part.text("thoughtSignature"));
    if (!signature) return;
    if (!thought || m_kind != BlockKind::Thinking) open({0, BlockKind::Thinking, {}, {}}, out);
    out.emplace_back(SignatureDelta{std::move(signature->signature), {}});
    closeBlock(out);
}

void StreamDecoder::readCallPart(const Fields& part, std::vector<Event>& out)
{
    ToolCallPart call = readCall(part.object("functionCall"));
    if (call.name.empty()) return; // nobody could carry it out
    open({0, BlockKind::ToolCall, call.id.empty() ? newToolCallId() : std::move(call.id),
          std::move(call.name)},
         out);
    out.emplace_back(ArgumentsDelta{std::move(call.argumentsJson)});
    closeBlock(out);
    m_hadToolCalls = true;
}

void StreamDecoder::readPart(const Fields& part, std::vector<Event>& out)
{
    const bool thought = part.boolean("thought").value_or(false);
    addText(thought ? BlockKind::Thinking : BlockKind::Text, part.text("text"), out);
    addSignature(part, thought, out);
    if (auto image = readImage(part)) {
        closeBlock(out);
        out.emplace_back(ImageGiven{m_nextIndex++, std::move(*image)});
    }
    // What Google's own tools did (code that it ran, files that it made) has no counterpart elsewhere.
    if (part.has("functionCall")) readCallPart(part, out);
}

void StreamDecoder::readAnswer(const Fields& answer, std::vector<Event>& out)
{
    const JsonKind error = answer.kind("error");
    if (error == JsonKind::Object || error == JsonKind::String) {
        fail(streamFailure(answer.raw("error")), out);
        return;
    }
    if (!m_started) {
        m_started = true;
        out.emplace_back(Started{answer.text("responseId"), answer.text("modelVersion")});
    }
    Usage usage = readUse(answer);
    // They may be told before anything is counted.
    m_searches = usage.searches = std::max(m_searches, usage.searches);
    if (usage.known) out.emplace_back(UsageReported{std::move(usage)});
    if (!answer.object("promptFeedback").text("blockReason").empty()) m_finish = Finish::ContentFilter;
    forEachObject(answer.array("candidates"), [&](const Fields& candidate) {
        if (candidate.integer("index").value_or(0) == 0) readCandidate(candidate, out);
    });
}

void StreamDecoder::readCandidate(const Fields& candidate, std::vector<Event>& out)
{
    m_logprobs = readLogprobs(candidate);
    // Before the parts, the last of which may end the text.
    if (candidate.kind("groundingMetadata") == JsonKind::Object) {
        auto grounding = readGrounding(candidate.object("groundingMetadata"));
        if (!grounding.empty()) m_grounding = std::move(grounding);
    }
    forEachObject(candidate.object("content").array("parts"),
                  [&](const Fields& part) { readPart(part, out); });
    if (!m_logprobs.empty() && m_kind == BlockKind::Text)
        out.emplace_back(TextDelta{{}, std::exchange(m_logprobs, {})});
    const std::string reason = candidate.text("finishReason");
    if (const Finish finish = finishNamed(reason); finish != Finish::Undecided) m_finish = finish;
    if (tellsBrokenCall(reason)) m_brokenCall = reason.substr(0, 64);
}

void StreamDecoder::read(const SseEvent& event, std::vector<Event>& out)
{
    if (m_over || !event.hasData) return;
    const std::string_view data = trimmed(event.data);
    if (data.empty() || data == "[DONE]") return; // compatible servers send one
    if (scanJson(data, m_document) || m_document.root != JsonKind::Object)
        fail(unreadableAnswer("an event of its stream is not JSON"), out);
    else
        readAnswer(Fields(m_document), out);
}

void StreamDecoder::close(std::vector<Event>& out)
{
    if (m_over) return;
    closeBlock(out);
    if (m_finish == Finish::Undecided) {
        fail(truncatedStream(), out);
    } else if (m_nextIndex == 0 && !m_brokenCall.empty()) {
        fail(unreadableAnswer("the model's tool call is broken (" + m_brokenCall + ')'), out);
    } else {
        m_over = true;
        if (m_finish == Finish::Stop && m_hadToolCalls) m_finish = Finish::ToolCalls;
        out.emplace_back(Finished{m_finish, {}});
        out.emplace_back(Ended{});
    }
}

} // namespace

std::unique_ptr<EventDecoder> eventDecoder()
{
    return std::make_unique<StreamDecoder>();
}

} // namespace gateway::dialect::gemini
