// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iterator>
#include <utility>

#include "base/utf8.h"
#include "dialect/anthropic_parts.h"
#include "dialect/citations.h"
#include "dialect/provider_error.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect::anthropic {
namespace {

/// Reads the blocks of an answer. Anthropic begins another one where it cites something else, in the middle
/// of a sentence: those are one text.
class BlockReader {
public:
    explicit BlockReader(std::vector<Part>& into) : m_into(into) {}
    void read(const JsonObject& block);

private:
    void endText(std::vector<Citation> citations);

    std::vector<Part>& m_into;
    std::int64_t m_length = 0; // code points of the last text
    bool m_afterText = false;
};

void BlockReader::read(const JsonObject& block)
{
    const std::size_t count = m_into.size();
    // What Anthropic's own tools did (searches, code) has no counterpart elsewhere; its text follows anyway.
    readBlock(block, m_into);
    const bool text = m_into.size() != count && std::holds_alternative<TextPart>(m_into.back());
    if (text) endText(readCitations(block.array("citations")));
    m_afterText = text;
}

void BlockReader::endText(std::vector<Citation> citations)
{
    auto& text = std::get<TextPart>(m_into.back());
    auto* before = m_afterText ? &std::get<TextPart>(m_into[m_into.size() - 2]) : nullptr;
    const bool goesOn = before && !(before->citations.empty() && citations.empty());
    const auto length = static_cast<std::int64_t>(utf8Length(text.text));
    const std::int64_t begin = goesOn ? m_length : 0;
    m_length = begin + length;
    for (Citation& citation : citations)
        citation = placed(std::move(citation), begin, length);
    if (!goesOn) {
        text.citations = std::move(citations);
        return;
    }
    before->text += text.text;
    std::move(citations.begin(), citations.end(), std::back_inserter(before->citations));
    m_into.pop_back();
}

void writeText(JsonWriter& json, const TextPart& text)
{
    json.beginObject().key("type").string("text").key("text").string(text.text);
    if (!text.citations.empty()) {
        json.key("citations").beginArray();
        for (const Citation& citation : text.citations) {
            writeCitation(json, citation);
        }
        json.endArray();
    }
    json.endObject();
}

void writePart(JsonWriter& json, const Part& part, bool unsignedToo)
{
    if (const auto* text = std::get_if<TextPart>(&part)) {
        writeText(json, *text);
    } else if (const auto* call = std::get_if<ToolCallPart>(&part)) {
        writeToolUse(json, call->id, *call);
    } else if (const auto* thinking = std::get_if<ThinkingPart>(&part);
               thinking && (canReturn(*thinking) || (unsignedToo && !thinking->text.empty()))) {
        writeThinking(json, *thinking);
    }
}

} // namespace

Result<Completion> decodeCompletion(std::string_view body)
{
    const JsonObject root(body);
    if (root.text("type") == "error") return streamFailure(root.raw("error"));
    if (root.kind("content") != JsonKind::Array) return unreadableAnswer("it has no list of content blocks");
    Completion completion;
    completion.id = root.text("id");
    completion.model = root.text("model");
    BlockReader reader(completion.parts);
    forEachElement(root.array("content"), [&reader](std::string_view block, JsonKind kind) {
        if (kind == JsonKind::Object) {
            reader.read(JsonObject(block));
        }
    });
    completion.finish = finishNamed(root.text("stop_reason"));
    if (completion.finish == Finish::Undecided) {
        const bool calls =
            std::any_of(completion.parts.begin(), completion.parts.end(),
                        [](const Part& part) { return std::holds_alternative<ToolCallPart>(part); });
        completion.finish = calls ? Finish::ToolCalls : Finish::Stop;
    }
    completion.stopSequence = root.text("stop_sequence");
    AnthropicCounts counts;
    counts.add(root.raw("usage"));
    completion.usage = counts.usage();
    return completion;
}

std::string encodeCompletion(const Completion& completion, const CompletionContext& context)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("id").string(messageId(context)).key("type").string("message");
    json.key("role").string("assistant").key("model").string(context.model).key("content").beginArray();
    for (const Part& part : completion.parts) {
        writePart(json, part, showsUnsigned(context));
    }
    json.endArray().key("stop_reason").string(finishName(completion.finish)).key("stop_sequence");
    if (completion.finish == Finish::StopSequence && !completion.stopSequence.empty()) {
        json.string(completion.stopSequence);
    } else {
        json.null();
    }
    json.key("usage");
    writeAnthropicUsage(json, completion.usage, context.cost);
    json.endObject();
    return out;
}

} // namespace gateway::dialect::anthropic
