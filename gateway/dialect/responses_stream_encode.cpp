// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "base/utf8.h"
#include "dialect/citations.h"
#include "dialect/content_text.h"
#include "dialect/logprobs.h"
#include "dialect/responses_object.h"
#include "dialect/responses_parts.h"

namespace gateway::dialect::responses {
namespace {

/// Writes the events of a Responses stream, all that the reference has for texts, reasoning and calls: each
/// item is added, told piece by piece, told whole, and done; the last event repeats them all.
class StreamEncoder final : public EventEncoder {
public:
    StreamEncoder(const CompletionContext& context, CostOf costOf)
        : m_context(context)
        , m_costOf(std::move(costOf))
        , m_object(context)
        , m_sequence(m_context.soFar.events)
    {
    }
    void write(const Event& event, std::string& out) override;

private:
    /// One event: opened here, its members written by the caller, closed by `endEvent`.
    JsonWriter event(std::string& out, std::string_view type);
    static void endEvent(JsonWriter& json, std::string& out);
    void responseEvent(std::string& out, std::string_view type, std::string_view response);
    void itemEvent(std::string& out, std::string_view type, std::string_view item);
    /// "output_index", "item_id" and one more number, then a value.
    void pieceEvent(std::string& out, std::string_view type, std::string_view key, std::string_view value,
                    std::string_view logprobs = {});
    void partEvent(std::string& out, std::string_view type);

    void begin(std::string& out);
    void startBlock(const BlockStarted& block, std::string& out);
    void addText(const TextDelta& delta, std::string& out);
    void cite(const Citation& citation, std::string& out);
    std::int64_t textLength();
    void addArguments(const std::string& json, std::string& out);
    void giveImage(const ImagePart& image, std::string& out);
    void endBlock(std::string& out);
    void endText(std::string& out);
    void endThinking(std::string& out);
    void endCall(std::string& out);
    void doneItem(const std::string& item, std::string& out);
    void end(std::string& out);
    void fail(const Error& error, std::string& out);

    CompletionContext m_context;
    CostOf m_costOf;
    ResponseObject m_object;
    Usage m_usage;
    Finish m_finish = Finish::Undecided;
    std::string m_output; // the items that are done
    std::size_t m_index = 0;
    std::int64_t m_sequence; // of the next event

    BlockKind m_kind = BlockKind::Undecided; // of the open block
    std::string m_id;                        // of its item
    std::string m_text;                      // all its text, or the arguments of its call
    std::string m_logprobs;                  // lists of the text without their brackets
    std::string m_annotations;
    std::int64_t m_annotationCount = 0;
    std::size_t m_counted = 0; // bytes of the text …
    std::int64_t m_length = 0; // … that are so many code points
    ThinkingPart m_thinking;   // its signature
    std::string m_callId;
    ClientCall m_call;
    bool m_begun = false;
    bool m_over = false;
};

JsonWriter StreamEncoder::event(std::string& out, std::string_view type)
{
    out.append("event: ").append(type).append("\ndata: ");
    JsonWriter json(out);
    json.beginObject().key("type").string(type).key("sequence_number").integer(m_sequence++);
    return json;
}

void StreamEncoder::endEvent(JsonWriter& json, std::string& out)
{
    json.endObject();
    out += "\n\n";
}

void StreamEncoder::responseEvent(std::string& out, std::string_view type, std::string_view response)
{
    JsonWriter json = event(out, type);
    json.key("response").raw(response);
    endEvent(json, out);
}

void StreamEncoder::itemEvent(std::string& out, std::string_view type, std::string_view item)
{
    JsonWriter json = event(out, type);
    json.key("output_index").integer(static_cast<std::int64_t>(m_index)).key("item").raw(item);
    endEvent(json, out);
}

void StreamEncoder::pieceEvent(std::string& out, std::string_view type, std::string_view key,
                               std::string_view value, std::string_view logprobs)
{
    JsonWriter json = event(out, type);
    json.key("item_id").string(m_id).key("output_index").integer(static_cast<std::int64_t>(m_index));
    if (m_kind == BlockKind::Text) {
        json.key("content_index").integer(0);
    } else if (m_kind == BlockKind::Thinking) {
        json.key("summary_index").integer(0);
    }
    json.key(key).string(value);
    if (key == "arguments") {
        json.key("name").string(m_call.name);
    }
    if (m_kind == BlockKind::Text) {
        json.key("logprobs").raw(logprobs.empty() ? "[]" : std::string("[").append(logprobs).append("]"));
    }
    endEvent(json, out);
}

void StreamEncoder::partEvent(std::string& out, std::string_view type)
{
    const bool text = m_kind == BlockKind::Text;
    JsonWriter json = event(out, type);
    json.key("item_id").string(m_id).key("output_index").integer(static_cast<std::int64_t>(m_index));
    json.key(text ? "content_index" : "summary_index").integer(0).key("part");
    if (text) {
        writeOutputText(json, {m_text, m_annotations, m_logprobs});
    } else {
        json.beginObject().key("type").string("summary_text").key("text").string(m_text).endObject();
    }
    endEvent(json, out);
}

void StreamEncoder::begin(std::string& out)
{
    if (m_begun) return;
    m_begun = true;
    ResponseObject::State state;
    state.status = "in_progress";
    const std::string response = m_object.text(state);
    responseEvent(out, "response.created", response);
    responseEvent(out, "response.in_progress", response);
}

void StreamEncoder::startBlock(const BlockStarted& block, std::string& out)
{
    endBlock(out);
    m_kind = block.kind;
    m_text.clear();
    m_logprobs.clear();
    m_annotations.clear();
    m_annotationCount = m_length = 0;
    m_counted = 0;
    m_thinking = {};
    if (m_kind == BlockKind::Text) {
        m_id = itemId("msg", m_context, m_index);
        std::string item;
        JsonWriter json(item);
        json.beginObject().key("id").string(m_id).key("type").string("message");
        json.key("status").string("in_progress").key("role").string("assistant");
        json.key("content").beginArray().endArray().endObject();
        itemEvent(out, "response.output_item.added", item);
        partEvent(out, "response.content_part.added");
    } else if (m_kind == BlockKind::Thinking) {
        m_id = itemId("rs", m_context, m_index);
        itemEvent(out, "response.output_item.added", reasoningItem(m_id, {}));
    } else if (m_kind == BlockKind::ToolCall) {
        m_call = clientCall(m_context, block.toolName);
        m_callId = block.toolId;
        m_id = itemId(m_call.custom ? "ctc" : "fc", m_context, m_index);
        itemEvent(out, "response.output_item.added", callItem(m_id, m_callId, m_call, {}, "in_progress"));
    }
}

void StreamEncoder::addText(const TextDelta& delta, std::string& out)
{
    if (delta.text.empty() && delta.logprobs.empty()) return;
    if (m_kind == BlockKind::Text) {
        std::string logprobs;
        JsonWriter json(logprobs);
        for (const TokenLogprob& token : delta.logprobs) {
            writeLogprob(json, token);
        }
        pieceEvent(out, "response.output_text.delta", "delta", delta.text, logprobs);
        m_logprobs.append(m_logprobs.empty() || logprobs.empty() ? "" : ",").append(logprobs);
    } else if (m_kind == BlockKind::Thinking) {
        if (m_text.empty()) {
            partEvent(out, "response.reasoning_summary_part.added");
        }
        pieceEvent(out, "response.reasoning_summary_text.delta", "delta", delta.text);
    } else {
        return;
    }
    m_text += delta.text;
}

/// In code points. Each byte is looked at once, however many citations there are.
std::int64_t StreamEncoder::textLength()
{
    m_length += static_cast<std::int64_t>(utf8Length(std::string_view(m_text).substr(m_counted)));
    m_counted = m_text.size();
    return m_length;
}

void StreamEncoder::cite(const Citation& citation, std::string& out)
{
    if (m_kind != BlockKind::Text) return;
    std::string annotation;
    JsonWriter json(annotation);
    writeAnnotation(json, placed(citation, 0, textLength()), false);
    JsonWriter event = this->event(out, "response.output_text.annotation.added");
    event.key("item_id").string(m_id).key("output_index").integer(static_cast<std::int64_t>(m_index));
    event.key("content_index").integer(0).key("annotation_index").integer(m_annotationCount++);
    event.key("annotation").raw(annotation);
    endEvent(event, out);
    m_annotations.append(m_annotations.empty() ? "" : ",").append(annotation);
}

void StreamEncoder::addArguments(const std::string& json, std::string& out)
{
    if (m_kind != BlockKind::ToolCall || json.empty()) return;
    m_text += json;
    // A custom tool's text can be taken out of its object only when that is whole.
    if (!m_call.custom) {
        pieceEvent(out, "response.function_call_arguments.delta", "delta", json);
    }
}

void StreamEncoder::doneItem(const std::string& item, std::string& out)
{
    itemEvent(out, "response.output_item.done", item);
    m_output.append(m_output.empty() ? "" : ",").append(item);
    ++m_index;
}

void StreamEncoder::endText(std::string& out)
{
    pieceEvent(out, "response.output_text.done", "text", m_text, m_logprobs);
    partEvent(out, "response.content_part.done");
    doneItem(messageItem(m_id, {m_text, m_annotations, m_logprobs}, "completed"), out);
}

void StreamEncoder::endThinking(std::string& out)
{
    if (!m_text.empty()) {
        pieceEvent(out, "response.reasoning_summary_text.done", "text", m_text);
        partEvent(out, "response.reasoning_summary_part.done");
    }
    m_thinking.text = m_text;
    doneItem(reasoningItem(m_id, m_thinking), out);
}

void StreamEncoder::endCall(std::string& out)
{
    if (m_call.custom) {
        const std::string input = customInput(argumentsObject(m_text));
        if (!input.empty()) {
            pieceEvent(out, "response.custom_tool_call_input.delta", "delta", input);
        }
        pieceEvent(out, "response.custom_tool_call_input.done", "input", input);
        m_text = input;
    } else {
        if (m_text.empty()) {
            // Clients parse the arguments of every call, and an empty text is no JSON.
            addArguments("{}", out);
        }
        pieceEvent(out, "response.function_call_arguments.done", "arguments", m_text);
    }
    doneItem(callItem(m_id, m_callId, m_call, m_text, "completed"), out);
}

void StreamEncoder::giveImage(const ImagePart& image, std::string& out)
{
    m_id = itemId("ig", m_context, m_index);
    itemEvent(out, "response.output_item.added", imageItem(m_id, image, "in_progress"));
    for (const char* type :
         {"response.image_generation_call.in_progress", "response.image_generation_call.completed"}) {
        JsonWriter json = event(out, type);
        json.key("item_id").string(m_id).key("output_index").integer(static_cast<std::int64_t>(m_index));
        endEvent(json, out);
    }
    doneItem(imageItem(m_id, image, "completed"), out);
}

void StreamEncoder::endBlock(std::string& out)
{
    if (m_kind == BlockKind::Text) {
        endText(out);
    } else if (m_kind == BlockKind::Thinking) {
        endThinking(out);
    } else if (m_kind == BlockKind::ToolCall) {
        endCall(out);
    }
    m_kind = BlockKind::Undecided;
}

void StreamEncoder::end(std::string& out)
{
    endBlock(out);
    m_over = true;
    ResponseObject::State state;
    state.status = statusName(m_finish);
    state.incompleteWhy = incompleteReason(m_finish);
    state.output = m_output;
    state.usage = &m_usage;
    state.cost = m_costOf && m_usage.known ? m_costOf(m_usage) : std::nullopt;
    const std::string response = m_object.text(state);
    if (m_context.keepAnswer) m_context.keepAnswer(response);
    responseEvent(out, state.incompleteWhy.empty() ? "response.completed" : "response.incomplete", response);
}

void StreamEncoder::fail(const Error& error, std::string& out)
{
    m_over = true;
    out += errorEvent(error, m_sequence++);
    const std::string failure = failureObject(error);
    ResponseObject::State state;
    state.status = "failed";
    state.failure = failure;
    state.output = m_output;
    state.usage = &m_usage;
    responseEvent(out, "response.failed", m_object.text(state));
}

void StreamEncoder::write(const Event& event, std::string& out)
{
    if (m_over) return;
    if (const auto* failed = std::get_if<Failed>(&event)) {
        fail(failed->error, out);
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
        addText(*text, out);
    } else if (const auto* cited = std::get_if<Cited>(&event)) {
        cite(cited->citation, out);
    } else if (const auto* arguments = std::get_if<ArgumentsDelta>(&event)) {
        addArguments(arguments->json, out);
    } else if (const auto* signature = std::get_if<SignatureDelta>(&event)) {
        m_thinking.signature += signature->signature;
        m_thinking.redacted += signature->redacted;
    } else if (std::holds_alternative<BlockEnded>(event)) {
        endBlock(out);
    } else if (const auto* given = std::get_if<ImageGiven>(&event)) {
        giveImage(given->image, out);
    } else if (const auto* finished = std::get_if<Finished>(&event)) {
        m_finish = finished->finish;
    } else if (std::holds_alternative<Ended>(event)) {
        // Only now: usage may come after the finish, and the last event holds both.
        end(out);
    }
}

} // namespace

std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf)
{
    return std::make_unique<StreamEncoder>(context, std::move(costOf));
}

} // namespace gateway::dialect::responses
