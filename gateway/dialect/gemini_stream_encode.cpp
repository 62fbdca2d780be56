// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "dialect/gemini_parts.h"
#include "dialect/gemini_told.h"

namespace gateway::dialect::gemini {
namespace {

constexpr std::size_t kMaxHeld = std::size_t{32} << 20;

/// Writes a stream of whole answers, each with what is new in it; the last one carries the finish and the
/// usage. As one array where the client did not ask for events.
class StreamEncoder final : public EventEncoder {
public:
    StreamEncoder(const CompletionContext& context, CostOf costOf);
    void write(const Event& event, std::string& out) override;

private:
    void answer(std::string_view parts, std::string& out, std::string_view told = {});
    void append(std::string_view json, std::string& out);
    void addText(const TextDelta& delta, std::string& out);
    void endBlock(std::string& out);
    void endThinking(std::string& out);
    void endCall(std::string& out);
    void hold(std::string signature, std::string& out);
    void end(std::string& out);
    void fail(const Error& error, std::string& out);

    CompletionContext m_context;
    CostOf m_costOf;
    std::string m_tail; // of every answer
    bool m_tellsThoughts;
    BlockKind m_kind = BlockKind::Undecided;
    ToolCallPart m_call; // of the open block: it goes out whole
    ThinkingPart m_thinking;
    bool m_hadText = false; // the open block of thoughts had some
    std::string m_held;     // a signature that waits for the part it rides on
    Finish m_finish = Finish::Undecided;
    Usage m_usage;
    PlacedText m_text;         // of the open block
    std::int64_t m_before = 0; // bytes of the texts before it
    GroundingWriter m_grounding;
    bool m_any = false; // something stands in the array
    bool m_over = false;
};

StreamEncoder::StreamEncoder(const CompletionContext& context, CostOf costOf)
    : m_context(context), m_costOf(std::move(costOf)), m_tellsThoughts(tellsThoughts(context))
{
    JsonWriter json(m_tail);
    json.beginObject();
    writeOrigin(json, context);
    json.endObject();
    m_tail[0] = ',';
}

void StreamEncoder::append(std::string_view json, std::string& out)
{
    if (m_context.jsonArray)
        out.append(m_any ? ",\r\n" : "[").append(json);
    else
        out.append("data: ").append(json).append("\r\n\r\n");
    m_any = true;
}

/// `told`: more members of the candidate, with a comma before each.
void StreamEncoder::answer(std::string_view parts, std::string& out, std::string_view told)
{
    std::string json = "{\"candidates\":[{\"content\":{\"parts\":[";
    json.append(parts).append("],\"role\":\"model\"},\"index\":0").append(told).append("}]").append(m_tail);
    append(json, out);
}

void StreamEncoder::hold(std::string signature, std::string& out)
{
    if (signature.empty()) return;
    if (!m_held.empty()) {
        std::string part;
        JsonWriter json(part);
        writeText(json, {}, false, m_held);
        answer(part, out);
    }
    m_held = std::move(signature);
}

void StreamEncoder::addText(const TextDelta& delta, std::string& out)
{
    if (delta.text.empty() && delta.logprobs.empty()) return;
    const bool thought = m_kind == BlockKind::Thinking;
    if (!thought && m_kind != BlockKind::Text) return;
    m_hadText = true;
    if (thought && !m_tellsThoughts) return;
    if (!thought) m_text.append(delta.text);
    std::string part;
    JsonWriter json(part);
    writeText(json, delta.text, thought, thought ? std::string() : std::exchange(m_held, {}));
    std::string told;
    if (!delta.logprobs.empty()) {
        JsonWriter members(told);
        members.beginObject();
        writeLogprobs(members, delta.logprobs);
        told[0] = ',';
    }
    answer(part, out, told);
}

void StreamEncoder::endThinking(std::string& out)
{
    std::string signature = signatureText(m_thinking);
    if (outlivesText(m_thinking) || !m_hadText) {
        hold(std::move(signature), out);
    } else if (m_tellsThoughts && !signature.empty()) {
        std::string part;
        JsonWriter json(part);
        writeText(json, {}, true, signature);
        answer(part, out);
    }
}

void StreamEncoder::endCall(std::string& out)
{
    m_call.argumentsJson = argumentsObject(m_call.argumentsJson);
    std::string part;
    JsonWriter json(part);
    json.beginObject();
    writeCall(json, m_call);
    if (!m_held.empty()) json.key("thoughtSignature").string(std::exchange(m_held, {}));
    json.endObject();
    answer(part, out);
}

void StreamEncoder::endBlock(std::string& out)
{
    if (m_kind == BlockKind::Thinking) endThinking(out);
    if (m_kind == BlockKind::ToolCall) endCall(out);
    m_before += static_cast<std::int64_t>(m_text.text().size());
    m_text.clear();
    m_kind = BlockKind::Undecided;
}

void StreamEncoder::end(std::string& out)
{
    endBlock(out);
    m_over = true;
    std::string last;
    JsonWriter json(last);
    json.beginObject().key("candidates").beginArray().beginObject();
    json.key("content").beginObject().key("parts").beginArray();
    writeText(json, {}, false, m_held);
    json.endArray().key("role").string("model").endObject();
    json.key("finishReason").string(finishName(m_finish)).key("index").integer(0);
    if (!m_grounding.empty()) json.key("groundingMetadata").raw(m_grounding.metadata());
    json.endObject().endArray();
    if (m_usage.known) {
        json.key("usageMetadata");
        writeUsage(json, m_usage, m_costOf ? m_costOf(m_usage) : std::nullopt);
    }
    writeOrigin(json, m_context);
    json.endObject();
    append(last, out);
    if (m_context.jsonArray) out += ']';
}

void StreamEncoder::fail(const Error& error, std::string& out)
{
    m_over = true;
    if (m_context.jsonArray && !m_any)
        out.append("[").append(encodeError(error)).append("]");
    else
        out += encodeStreamError(error, m_context.jsonArray);
}

void StreamEncoder::write(const Event& event, std::string& out)
{
    if (m_over) return;
    if (const auto* failed = std::get_if<Failed>(&event)) {
        fail(failed->error, out);
    } else if (const auto* block = std::get_if<BlockStarted>(&event)) {
        endBlock(out);
        m_kind = block->kind;
        m_call = {block->toolId, block->toolName, {}, false};
        m_thinking = {};
        m_hadText = false;
    } else if (const auto* text = std::get_if<TextDelta>(&event)) {
        addText(*text, out);
    } else if (const auto* cited = std::get_if<Cited>(&event)) {
        if (m_kind == BlockKind::Text) m_grounding.add(m_text, cited->citation, m_before);
    } else if (const auto* arguments = std::get_if<ArgumentsDelta>(&event)) {
        m_call.argumentsJson += arguments->json;
        if (m_call.argumentsJson.size() > kMaxHeld)
            fail(upstreamError(Code::UpstreamResponseTooLarge, Retry::Never,
                               "The provider's tool call is too large."),
                 out);
    } else if (const auto* signature = std::get_if<SignatureDelta>(&event)) {
        m_thinking.signature += signature->signature;
        m_thinking.redacted += signature->redacted;
    } else if (std::holds_alternative<BlockEnded>(event)) {
        endBlock(out);
    } else if (const auto* given = std::get_if<ImageGiven>(&event)) {
        std::string part;
        JsonWriter json(part);
        writeImage(json, given->image);
        answer(part, out);
    } else if (const auto* reported = std::get_if<UsageReported>(&event)) {
        m_usage = reported->usage;
    } else if (const auto* finished = std::get_if<Finished>(&event)) {
        m_finish = finished->finish;
    } else if (std::holds_alternative<Ended>(event)) {
        // Only now: other dialects tell their usage after the finish, and the last answer carries both.
        end(out);
    }
}

} // namespace

std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf)
{
    return std::make_unique<StreamEncoder>(context, std::move(costOf));
}

} // namespace gateway::dialect::gemini
