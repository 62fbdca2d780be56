// SPDX-License-Identifier: GPL-3.0-or-later
// A client of OpenAI's Responses that holds a stream to the order of events that the reference has.
#include <map>

#include "client/client.h"

namespace matrix {

namespace {

using nlohmann::json;

json inputOf(const Ask& ask)
{
    json content = json::array({json{{"type", "input_text"}, {"text", ask.text}}});
    if (ask.feature == Feature::Image)
        content.push_back({{"type", "input_image"}, {"image_url", imageUrl()}, {"detail", "auto"}});
    json input = json::array();
    if (ask.feature == Feature::History) {
        const json part{{"type", "output_text"}, {"text", kFirstAnswer}, {"annotations", json::array()}};
        input.push_back({{"role", "user"}, {"content", kFirstUser}});
        input.push_back({{"type", "message"},
                         {"role", "assistant"},
                         {"id", "msg_1"},
                         {"status", "completed"},
                         {"content", json::array({part})}});
    }
    input.push_back({{"type", "message"}, {"role", "user"}, {"content", content}});
    if (!ask.replay.is_null()) {
        input.insert(input.end(), ask.replay.begin(), ask.replay.end());
        input.push_back(
            {{"type", "function_call_output"}, {"call_id", ask.callId}, {"output", kCalls[0].result}});
    }
    if (!hasCalls(ask.feature)) return input;
    for (const CallRow& call : kCalls) {
        input.push_back({{"type", "function_call"},
                         {"call_id", call.id},
                         {"name", kToolName},
                         {"arguments", call.arguments}});
    }
    for (const CallRow& call : kCalls)
        input.push_back({{"type", "function_call_output"}, {"call_id", call.id}, {"output", call.result}});
    return input;
}

void readUsage(const json& usage, Told& told)
{
    told.input = told.number(usage, "input_tokens");
    told.output = told.number(usage, "output_tokens");
    told.cached = told.number(told.object(usage, "input_tokens_details"), "cached_tokens");
    told.reasoning = told.number(told.object(usage, "output_tokens_details"), "reasoning_tokens");
    told.expect(told.number(usage, "total_tokens") == told.input + told.output, "the total is the sum");
}

void readMessage(const json& item, Told& told)
{
    told.expect(told.string(item, "role") == "assistant", "the role is assistant");
    (void)told.string(item, "id");
    (void)told.string(item, "status");
    for (const json& part : told.array(item, "content")) {
        const std::string type = told.string(part, "type");
        told.expect(type == "output_text" || type == "refusal", "a part is text or a refusal");
        told.text += told.string(part, type == "refusal" ? "refusal" : "text");
        if (type == "output_text") (void)told.array(part, "annotations");
    }
}

void readItem(const json& item, Told& told)
{
    const std::string type = told.string(item, "type");
    if (type == "message") {
        readMessage(item, told);
    } else if (type == "reasoning") {
        for (const json& part : told.array(item, "summary"))
            told.thinking += told.string(part, "text");
    } else if (type == "function_call") {
        (void)told.string(item, "id");
        told.calls.push_back(
            {told.string(item, "call_id"), told.string(item, "name"), told.string(item, "arguments")});
    } else {
        told.fault("an item of type " + type);
    }
}

void readResponse(const json& response, Told& told)
{
    told.expect(told.string(response, "object") == "response", "the object is a response");
    for (const char* key : {"id", "model"})
        (void)told.string(response, key);
    (void)told.number(response, "created_at");
    told.replay = told.array(response, "output");
    for (const json& item : told.replay)
        readItem(item, told);
    const std::string status = told.string(response, "status");
    if (status == "incomplete") {
        const std::string reason = told.string(told.object(response, "incomplete_details"), "reason");
        told.finishFrom(reason, {{"max_output_tokens", "length"}, {"content_filter", "filter"}});
    } else {
        told.expect(status == "completed", "the status is completed or incomplete");
        told.finish = told.calls.empty() ? "stop" : "calls";
    }
    readUsage(told.object(response, "usage"), told);
}

/// Follows a stream: numbers without gaps, an item open at a time, its pieces equal to the whole.
class EventReader {
public:
    explicit EventReader(Told& told) : m_told(told) {}
    void read(const StreamEvent& event);
    void end();

private:
    void readPiece(const std::string& type, const json& event);
    void compare(const std::string& type, const json& event);
    void readDone(const json& event);

    Told& m_told;
    std::int64_t m_sequence = 0;
    std::int64_t m_index = 0;
    bool m_open = false;
    bool m_over = false;
    std::string m_before; // the type of the last event
    std::string m_pieces; // of the part that is being told
    json m_items = json::array();
    Told m_final;
};

void EventReader::readPiece(const std::string& type, const json& event)
{
    m_told.expect(m_open, "a piece belongs to an item that was added");
    m_told.expect(m_told.number(event, "output_index") == m_index, "a piece has its item's index");
    (void)m_told.string(event, "item_id");
    if (type.ends_with(".delta"))
        m_pieces += m_told.string(event, "delta");
    else if (type.ends_with("_part.added"))
        m_pieces.clear();
    else
        compare(type, event);
}

void EventReader::compare(const std::string& type, const json& event)
{
    for (const auto& [end, key] :
         std::vector<std::pair<std::string_view, std::string_view>>{{"output_text.done", "text"},
                                                                    {"refusal.done", "refusal"},
                                                                    {"summary_text.done", "text"},
                                                                    {"arguments.done", "arguments"}}) {
        if (!type.ends_with(end)) continue;
        m_told.expect(m_told.string(event, key) == m_pieces, "the pieces make the whole");
        m_pieces.clear();
    }
}

void EventReader::readDone(const json& event)
{
    m_told.expect(m_open, "what is done was added");
    m_told.expect(m_told.number(event, "output_index") == m_index, "items are done in their order");
    m_open = false;
    ++m_index;
    m_items.push_back(m_told.object(event, "item"));
}

void EventReader::read(const StreamEvent& event)
{
    const json data = m_told.parsed(event.data);
    const std::string type = m_told.string(data, "type");
    m_told.expect(event.name == type, "the event is named as its type");
    m_told.expect(m_told.number(data, "sequence_number") == m_sequence++, "sequence numbers have no gap");
    m_told.expect(!m_over, "nothing behind the last event");
    if (m_sequence == 1) m_told.expect(type == "response.created", "response.created is first");
    if (m_sequence == 2) m_told.expect(type == "response.in_progress", "response.in_progress is second");
    if (type == "error") {
        m_told.error = m_told.string(data, "message");
    } else if (type == "response.failed") {
        m_over = true;
        const json& error = m_told.object(m_told.object(data, "response"), "error");
        (void)m_told.string(error, "code");
        m_told.error = m_told.string(error, "message");
    } else if (type == "response.output_item.added") {
        m_told.expect(!m_open && m_told.number(data, "output_index") == m_index, "one item at a time");
        m_open = true;
        m_pieces.clear();
    } else if (type == "response.output_item.done") {
        readDone(data);
    } else if (type == "response.completed" || type == "response.incomplete") {
        m_over = true;
        m_told.expect(!m_open, "all items are done before the end");
        const json& response = m_told.object(data, "response");
        m_told.expect(response.value("output", json()) == m_items, "the last event repeats the items");
        readResponse(response, m_told);
        m_told.expect((type == "response.completed") == (m_told.finish == "stop" || m_told.finish == "calls"),
                      "the last event's name fits the status");
    } else if (type != "response.created" && type != "response.in_progress") {
        readPiece(type, data);
    }
}

void EventReader::end()
{
    m_told.expect(m_over, "the stream has its last event");
    // What a client that reads the items alone has seen before the failure.
    if (!m_told.error.empty()) m_told.text += m_pieces;
}

class ResponsesClient : public Client {
public:
    std::string_view name() const override { return "responses"; }
    Wire write(const Ask& ask) const override;
    void readWhole(const json& answer, Told& told) const override { readResponse(answer, told); }
    void readStream(std::string_view body, Told& told) const override
    {
        EventReader reader(told);
        for (const StreamEvent& event : eventsOf(body, told))
            reader.read(event);
        reader.end();
    }
    void readError(const json& body, int status, Told& told) const override
    {
        chatClient().readError(body, status, told);
    }
};

Wire ResponsesClient::write(const Ask& ask) const
{
    json body{{"model", ask.model}, {"input", inputOf(ask)}, {"store", false}};
    body["max_output_tokens"] = limitOf(ask.feature);
    if (ask.stream) body["stream"] = true;
    if (ask.feature == Feature::System) body["instructions"] = kSystem;
    if (hasTools(ask.feature)) {
        body["tools"] = json::array({json{{"type", "function"},
                                          {"name", kToolName},
                                          {"description", kToolDescription},
                                          {"strict", true},
                                          {"parameters", json::parse(kToolSchema)}}});
    }
    if (ask.feature == Feature::Tools) body["tool_choice"] = "required";
    if (reasons(ask.feature)) body["include"] = json::array({"reasoning.encrypted_content"});
    if (reasons(ask.feature)) body["reasoning"] = {{"effort", "medium"}, {"summary", "auto"}};
    if (hasFormat(ask.feature)) {
        const json format{{"type", "json_schema"},
                          {"name", kSchemaName},
                          {"strict", true},
                          {"schema", json::parse(kSchema)}};
        body["text"] = {{"format", format}};
    }
    return {"/v1/responses", bearer(), body};
}

} // namespace

const Client& responsesClient()
{
    static const ResponsesClient client;
    return client;
}

} // namespace matrix
