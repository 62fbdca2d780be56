// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "dialect/content_text.h"
#include "dialect/gemini_parts.h"
#include "dialect/gemini_told.h"
#include "dialect/logprobs.h"
#include "dialect/provider_error.h"

namespace gateway::dialect::gemini {
namespace {

bool hasToolCall(const std::vector<Part>& parts)
{
    return std::any_of(parts.begin(), parts.end(),
                       [](const Part& part) { return std::holds_alternative<ToolCallPart>(part); });
}

/// Joins what is of one kind: providers cut their text where their stream would have been cut.
void addText(std::string text, bool thought, std::vector<Part>& into)
{
    auto* thinking = into.empty() ? nullptr : std::get_if<ThinkingPart>(&into.back());
    auto* answer = into.empty() ? nullptr : std::get_if<TextPart>(&into.back());
    if (text.empty()) return;
    if (thought && thinking && thinking->signature.empty())
        thinking->text += text;
    else if (thought)
        into.emplace_back(ThinkingPart{std::move(text), {}, {}});
    else if (answer)
        answer->text += text;
    else
        into.emplace_back(TextPart{std::move(text), {}});
}

/// Answers how many bytes of text it held.
std::int64_t readPart(const Fields& part, std::vector<Part>& into)
{
    const bool thought = part.boolean("thought").value_or(false);
    std::optional<ThinkingPart> signature = readProviderSignature(part.text("thoughtSignature"));
    std::string text = part.text("text");
    const auto size = static_cast<std::int64_t>(thought ? 0 : text.size());
    addText(std::move(text), thought, into);
    if (signature) {
        auto* thinking = into.empty() ? nullptr : std::get_if<ThinkingPart>(&into.back());
        if (thought && thinking && thinking->signature.empty())
            thinking->signature = std::move(signature->signature);
        else
            into.emplace_back(std::move(*signature));
    }
    if (auto image = readImage(part)) into.emplace_back(std::move(*image));
    if (!part.has("functionCall")) return size;
    ToolCallPart call = readCall(part.object("functionCall"));
    if (call.id.empty()) call.id = newToolCallId();
    into.emplace_back(std::move(call));
    return size;
}

void readParts(const Fields& candidate, std::vector<Part>& into)
{
    std::vector<std::int64_t> begins;
    std::int64_t before = 0; // bytes of text
    forEachObject(candidate.object("content").array("parts"), [&](const Fields& part) {
        begins.push_back(before);
        before += readPart(part, into);
    });
    const auto text = std::find_if(into.begin(), into.end(),
                                   [](const Part& part) { return std::holds_alternative<TextPart>(part); });
    if (text == into.end()) return;
    std::get<TextPart>(*text).logprobs = readLogprobs(candidate);
    addGrounding(readGrounding(candidate.object("groundingMetadata")), begins, into);
}

/// Writes the parts of an answer. What has to come back rides on the part after it.
class PartWriter {
public:
    PartWriter(JsonWriter& json, bool tellsThoughts) : m_json(json), m_tellsThoughts(tellsThoughts) {}
    void write(const Part& part);
    void finish();
    [[nodiscard]] const GroundingWriter& grounding() const { return m_grounding; }

private:
    void writeAnswer(const TextPart& text);
    void writeThinking(const ThinkingPart& thinking);
    void hold(std::string signature);

    JsonWriter& m_json;
    bool m_tellsThoughts;
    std::int64_t m_count = 0; // of the parts
    std::string m_held;
    GroundingWriter m_grounding;
};

void PartWriter::hold(std::string signature)
{
    if (signature.empty()) return;
    if (!m_held.empty()) {
        ++m_count;
        writeText(m_json, {}, false, m_held);
    }
    m_held = std::move(signature);
}

void PartWriter::writeThinking(const ThinkingPart& thinking)
{
    const bool told = m_tellsThoughts && !thinking.text.empty();
    const bool apart = outlivesText(thinking) || thinking.text.empty();
    if (told) {
        ++m_count;
        writeText(m_json, thinking.text, true, apart ? std::string() : signatureText(thinking));
    }
    if (apart) hold(signatureText(thinking));
}

void PartWriter::writeAnswer(const TextPart& text)
{
    writeText(m_json, text.text, false, std::exchange(m_held, {}));
    if (!text.citations.empty()) {
        PlacedText placedText;
        placedText.append(text.text);
        for (const Citation& citation : text.citations)
            m_grounding.add(placedText, citation, 0, m_count);
    }
    ++m_count;
}

void PartWriter::write(const Part& part)
{
    if (const auto* text = std::get_if<TextPart>(&part)) {
        writeAnswer(*text);
    } else if (const auto* call = std::get_if<ToolCallPart>(&part)) {
        ++m_count;
        m_json.beginObject();
        writeCall(m_json, *call);
        if (!m_held.empty()) m_json.key("thoughtSignature").string(std::exchange(m_held, {}));
        m_json.endObject();
    } else if (const auto* image = std::get_if<ImagePart>(&part)) {
        ++m_count;
        writeImage(m_json, *image);
    } else if (const auto* thinking = std::get_if<ThinkingPart>(&part)) {
        writeThinking(*thinking);
    }
}

void PartWriter::finish()
{
    // An answer without parts is taken for none at all by clients that look for the first one.
    if (m_count == 0 || !m_held.empty()) writeText(m_json, {}, false, m_held);
}

} // namespace

Result<Completion> decodeCompletion(std::string_view body)
{
    const Fields root(body);
    if (root.kind("error") == JsonKind::Object) return streamFailure(root.raw("error"));
    const bool blocked = !root.object("promptFeedback").text("blockReason").empty();
    std::string_view first;
    forEachElement(root.array("candidates"), [&first](std::string_view candidate, JsonKind) {
        first = candidate;
        return false;
    });
    if (jsonKindOf(first) != JsonKind::Object && !blocked && !root.has("usageMetadata"))
        return unreadableAnswer("it has no candidates");
    const Fields candidate(first);
    Completion completion;
    completion.id = root.text("responseId");
    completion.model = root.text("modelVersion");
    readParts(candidate, completion.parts);
    const std::string reason = candidate.text("finishReason");
    if (completion.parts.empty() && tellsBrokenCall(reason))
        return unreadableAnswer("the model's tool call is broken (" + reason.substr(0, 64) + ')');
    completion.finish = blocked ? Finish::ContentFilter : finishNamed(reason);
    if (completion.finish == Finish::Undecided) completion.finish = Finish::Stop;
    if (completion.finish == Finish::Stop && hasToolCall(completion.parts))
        completion.finish = Finish::ToolCalls;
    completion.usage = readUse(root);
    return completion;
}

std::string encodeCompletion(const Completion& completion, const CompletionContext& context)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("candidates").beginArray().beginObject();
    json.key("content").beginObject().key("role").string("model").key("parts").beginArray();
    PartWriter parts(json, tellsThoughts(context));
    for (const Part& part : completion.parts)
        parts.write(part);
    parts.finish();
    json.endArray().endObject();
    json.key("finishReason").string(finishName(completion.finish)).key("index").integer(0);
    writeLogprobs(json, joinedLogprobs(completion.parts));
    if (!parts.grounding().empty()) json.key("groundingMetadata").raw(parts.grounding().metadata());
    json.endObject().endArray();
    if (completion.usage.known) {
        json.key("usageMetadata");
        writeUsage(json, completion.usage, context.cost);
    }
    writeOrigin(json, context);
    json.endObject();
    return out;
}

} // namespace gateway::dialect::gemini
