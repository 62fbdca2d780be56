// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strings.h"
#include "dialect/block_order.h"
#include "dialect/logprobs.h"
#include "dialect/provider_error.h"
#include "dialect/responses_item_stream.h"
#include "dialect/responses_parts.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect::responses {
namespace {

/// Reads the events of a Responses stream. Only those that bring something new are looked at; what the others
/// repeat is used where the first were missing.
class StreamDecoder final : public EventDecoder {
public:
    void read(const SseEvent& event, std::vector<Event>& out) override;
    void close(std::vector<Event>& out) override;

private:
    void readEvent(const JsonObject& event, std::string_view type, std::vector<Event>& out);
    void readDelta(const JsonObject& event, std::string_view type, std::vector<Event>& out);
    void start(const JsonObject& response, std::vector<Event>& out);
    void complete(const JsonObject& response, bool whole, std::vector<Event>& out);
    void fail(Error error, std::vector<Event>& out);
    [[nodiscard]] std::int64_t placeOf(const JsonObject& event) const
    {
        return event.integer("output_index").value_or(m_items.nextPlace());
    }

    JsonDocument m_document;
    ItemStream m_items;
    bool m_started = false;
    bool m_over = false;
};

void StreamDecoder::fail(Error error, std::vector<Event>& out)
{
    m_over = true;
    out.emplace_back(Failed{std::move(error)});
}

void StreamDecoder::start(const JsonObject& response, std::vector<Event>& out)
{
    if (m_started) return;
    m_started = true;
    out.emplace_back(Started{response.text("id"), response.text("model")});
}

void StreamDecoder::complete(const JsonObject& response, bool whole, std::vector<Event>& out)
{
    m_items.finish(response.array("output"), out);
    if (m_items.overflown()) return;
    if (Usage usage = readResponseUse(response); usage.known) {
        out.emplace_back(UsageReported{usage});
    }
    Finish finish = whole ? Finish::Stop : finishOf(response);
    if (finish == Finish::Undecided) {
        finish = Finish::Length;
    }
    if (finish == Finish::Stop && m_items.hadToolCalls()) {
        finish = Finish::ToolCalls;
    }
    m_over = true;
    out.emplace_back(Finished{finish, {}});
    out.emplace_back(Ended{});
}

void StreamDecoder::readDelta(const JsonObject& event, std::string_view type, std::vector<Event>& out)
{
    const std::int64_t index = placeOf(event);
    if (type == "response.output_text.delta" || type == "response.refusal.delta") {
        const std::size_t before = out.size();
        m_items.addText(index, event.integer("content_index").value_or(0), event.text("delta"),
                        readLogprobs(event.raw("logprobs")), out);
        if (type == "response.refusal.delta") markRefusal(before, out);
    } else if (type == "response.function_call_arguments.delta" ||
               type == "response.custom_tool_call_input.delta") {
        m_items.addArguments(index, event.text("delta"), out);
    } else if (type == "response.reasoning_summary_text.delta") {
        m_items.addThinking(index, event.integer("summary_index").value_or(0), false, event.text("delta"),
                            out);
    } else if (type == "response.reasoning_text.delta") {
        m_items.addThinking(index, 0, true, event.text("delta"), out);
    }
}

void StreamDecoder::readEvent(const JsonObject& event, std::string_view type, std::vector<Event>& out)
{
    if (type == "error") {
        fail(failureOf(event), out);
        return;
    }
    const JsonObject response = event.object("response");
    if (type == "response.failed" || type == "response.cancelled") {
        fail(failureOf(response), out);
        return;
    }
    start(response, out);
    if (type == "response.completed" || type == "response.incomplete") {
        complete(response, type == "response.completed", out);
    } else if (type == "response.output_item.added") {
        m_items.begin(placeOf(event), event.object("item"), out);
    } else if (type == "response.output_item.done") {
        m_items.end(placeOf(event), event.object("item"), out);
    } else if (type.ends_with(".delta")) {
        readDelta(event, type, out);
    } else if (type == "response.output_text.annotation.added") {
        m_items.addCitation(placeOf(event), event.integer("content_index").value_or(0),
                            event.raw("annotation"), out);
    }
    if (!m_over && m_items.overflown()) {
        fail(upstreamError(Code::UpstreamResponseTooLarge, Retry::Never,
                           "The provider's answer is too large."),
             out);
    }
}

void StreamDecoder::read(const SseEvent& event, std::vector<Event>& out)
{
    if (m_over || !event.hasData) return;
    const std::string_view data = trimmed(event.data);
    if (data.empty()) return;
    if (data == "[DONE]") {
        close(out);
    } else if (scanJson(data, m_document) || m_document.root != JsonKind::Object) {
        fail(unreadableAnswer("an event of its stream is not JSON"), out);
    } else {
        const JsonObject object(m_document);
        // The line is repeated in the data, and some servers leave it out.
        const std::string type = object.text("type");
        readEvent(object, type.empty() ? event.name : std::string_view(type), out);
    }
}

void StreamDecoder::close(std::vector<Event>& out)
{
    if (!m_over) fail(truncatedStream(), out);
}

} // namespace

std::unique_ptr<EventDecoder> eventDecoder()
{
    return std::make_unique<StreamDecoder>();
}

} // namespace gateway::dialect::responses
