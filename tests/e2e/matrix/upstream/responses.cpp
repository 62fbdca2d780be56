// SPDX-License-Identifier: GPL-3.0-or-later
// OpenAI's Responses as its API reference has it: each item is added, told in pieces, told whole and done;
// the last event repeats the whole response.
#include "upstream/protocol.h"

namespace matrix {

namespace {

using nlohmann::json;

std::string textOf(const json& content)
{
    if (content.is_string()) return content;
    std::string text;
    for (const json& part : content)
        text += part.value("text", "");
    return text;
}

void readMessage(const json& item, Seen& seen)
{
    const std::string role = item["role"];
    const json& content = item["content"];
    if (role == "system" || role == "developer") seen.system += textOf(content);
    if (role == "assistant") seen.assistant += textOf(content);
    if (role != "user") return;
    seen.user += textOf(content);
    for (const json& part : content.is_array() ? content : json::array()) {
        if (part["type"] == "input_image") seen.images.push_back(imageOf(part.value("image_url", "")));
    }
}

void readItem(const json& item, Seen& seen)
{
    const std::string type = item.value("type", "message");
    if (type == "message") readMessage(item, seen);
    if (type == "function_call") {
        const json arguments = json::parse(item["arguments"].get<std::string>(), nullptr, false);
        seen.calls.push_back({item["call_id"], item["name"], arguments});
    }
    if (type == "function_call_output") seen.results.push_back({item["call_id"], textOf(item["output"])});
    if (type == "reasoning") seen.signature = item.value("encrypted_content", "");
    if (type == "reasoning" && !item.contains("encrypted_content") && !item.contains("id"))
        seen.fault = "reasoning that OpenAI can neither find nor read";
}

json usageOf(const Answer& answer)
{
    return {{"input_tokens", kInputTokens},
            {"input_tokens_details", {{"cached_tokens", kCachedTokens}}},
            {"output_tokens", kOutputTokens},
            {"output_tokens_details", {{"reasoning_tokens", answer.reasoned ? kReasoningTokens : 0}}},
            {"total_tokens", kInputTokens + kOutputTokens}};
}

json responseOf(const Answer& answer, const std::string& status, const json& output)
{
    const bool done = status == "completed" || status == "incomplete";
    json response{{"id", "resp_m1"},
                  {"object", "response"},
                  {"created_at", 1'700'000'000},
                  {"status", status},
                  {"background", false},
                  {"error", nullptr},
                  {"instructions", nullptr},
                  {"max_output_tokens", nullptr},
                  {"metadata", json::object()},
                  {"model", answer.model},
                  {"output", output},
                  {"parallel_tool_calls", true},
                  {"previous_response_id", nullptr},
                  {"reasoning", {{"effort", nullptr}, {"summary", nullptr}}},
                  {"service_tier", "default"},
                  {"store", false},
                  {"temperature", 1.0},
                  {"text", {{"format", {{"type", "text"}}}}},
                  {"tool_choice", "auto"},
                  {"tools", json::array()},
                  {"top_p", 1.0},
                  {"truncation", "disabled"}};
    response["incomplete_details"] = status == "incomplete" ? json{{"reason", "max_output_tokens"}} : json();
    response["usage"] = done ? usageOf(answer) : json();
    return response;
}

json reasoningItem(const Answer& answer)
{
    const json part{{"type", "summary_text"}, {"text", joined(answer.thinking)}};
    return {{"id", "rs_m1"},
            {"type", "reasoning"},
            {"summary", json::array({part})},
            {"encrypted_content", kSignature}};
}

json textPart(const Answer& answer, const std::string& text)
{
    if (answer.ending == Ending::Refusal) return {{"type", "refusal"}, {"refusal", text}};
    return {
        {"type", "output_text"}, {"annotations", json::array()}, {"logprobs", json::array()}, {"text", text}};
}

json messageItem(const Answer& answer)
{
    return {{"id", "msg_m1"},
            {"type", "message"},
            {"status", answer.ending == Ending::Length ? "incomplete" : "completed"},
            {"role", "assistant"},
            {"content", json::array({textPart(answer, joined(answer.text))})}};
}

json callItem(const CallRow& call)
{
    return {{"id", "fc_" + std::string(call.id)},
            {"type", "function_call"},
            {"status", "completed"},
            {"call_id", call.id},
            {"name", kToolName},
            {"arguments", call.arguments}};
}

/// Writes the events in their order, with the numbers that each has.
class EventWriter {
public:
    explicit EventWriter(const Answer& answer) : m_answer(answer) {}
    std::vector<std::string> write();

private:
    void add(const std::string& type, json members)
    {
        members["type"] = type;
        members["sequence_number"] = m_sequence++;
        m_events.push_back(sse(type, members));
    }
    void addFor(const std::string& type, const json& item, json members)
    {
        members["output_index"] = m_output.size();
        members["item_id"] = item["id"];
        add(type, std::move(members));
    }
    void begin(json item, const char* emptied)
    {
        if (item.contains("status")) item["status"] = "in_progress";
        item[emptied] = item[emptied].is_array() ? json::array() : json("");
        add("response.output_item.added", {{"output_index", m_output.size()}, {"item", item}});
    }
    void end(const json& item)
    {
        add("response.output_item.done", {{"output_index", m_output.size()}, {"item", item}});
        m_output.push_back(item);
    }
    void writeReasoning();
    void writeMessage();
    void writeCall(const CallRow& call);

    const Answer& m_answer;
    std::vector<std::string> m_events;
    json m_output = json::array();
    int m_sequence = 0;
};

void EventWriter::writeReasoning()
{
    const json item = reasoningItem(m_answer);
    json begun = item;
    begun["encrypted_content"] = "";
    begin(begun, "summary");
    addFor("response.reasoning_summary_part.added", item,
           {{"summary_index", 0}, {"part", {{"type", "summary_text"}, {"text", ""}}}});
    for (const std::string& piece : m_answer.thinking)
        addFor("response.reasoning_summary_text.delta", item, {{"summary_index", 0}, {"delta", piece}});
    addFor("response.reasoning_summary_text.done", item,
           {{"summary_index", 0}, {"text", joined(m_answer.thinking)}});
    addFor("response.reasoning_summary_part.done", item,
           {{"summary_index", 0}, {"part", item["summary"][0]}});
    end(item);
}

void EventWriter::writeMessage()
{
    const json item = messageItem(m_answer);
    const bool refuses = m_answer.ending == Ending::Refusal;
    const std::string kind = refuses ? "response.refusal" : "response.output_text";
    begin(item, "content");
    addFor("response.content_part.added", item, {{"content_index", 0}, {"part", textPart(m_answer, "")}});
    for (const std::string& piece : m_answer.text) {
        json members{{"content_index", 0}, {"delta", piece}};
        if (!refuses) members["logprobs"] = json::array();
        addFor(kind + ".delta", item, members);
    }
    if (m_answer.ending == Ending::Failure) return;
    json whole{{"content_index", 0}, {refuses ? "refusal" : "text", joined(m_answer.text)}};
    if (!refuses) whole["logprobs"] = json::array();
    addFor(kind + ".done", item, whole);
    addFor("response.content_part.done", item, {{"content_index", 0}, {"part", item["content"][0]}});
    end(item);
}

void EventWriter::writeCall(const CallRow& call)
{
    const json item = callItem(call);
    begin(item, "arguments");
    for (const std::string& piece : pieces(call.arguments, 6))
        addFor("response.function_call_arguments.delta", item, {{"delta", piece}});
    addFor("response.function_call_arguments.done", item,
           {{"arguments", call.arguments}, {"name", kToolName}});
    end(item);
}

std::vector<std::string> EventWriter::write()
{
    for (const char* type : {"response.created", "response.in_progress"})
        add(type, {{"response", responseOf(m_answer, "in_progress", json::array())}});
    if (m_answer.reasoned) writeReasoning();
    if (!m_answer.text.empty()) writeMessage();
    if (m_answer.ending == Ending::Failure) {
        json failed = responseOf(m_answer, "failed", json::array());
        failed["error"] = {{"code", "server_error"}, {"message", kErrorMessage}};
        add("response.failed", {{"response", failed}});
        return m_events;
    }
    for (const CallRow& call : m_answer.calls)
        writeCall(call);
    const bool cut = m_answer.ending == Ending::Length;
    add(cut ? "response.incomplete" : "response.completed",
        {{"response", responseOf(m_answer, cut ? "incomplete" : "completed", m_output)}});
    return m_events;
}

class Responses : public Protocol {
public:
    std::string_view root() const override { return "/responses"; }
    std::string_view schema() const override { return "responses"; }
    std::string headFault(const fake::HttpRequest& request, std::string_view path) const override
    {
        if (path != "/v1/responses") return "the path is " + std::string(path);
        return headerFault(request, "authorization", "Bearer " + std::string(kProviderKey));
    }
    Seen read(const json& body, std::string_view path) const override;
    std::string whole(const Answer& answer) const override
    {
        json output = json::array();
        if (answer.reasoned) output.push_back(reasoningItem(answer));
        if (!answer.text.empty()) output.push_back(messageItem(answer));
        for (const CallRow& call : answer.calls)
            output.push_back(callItem(call));
        return responseOf(answer, answer.ending == Ending::Length ? "incomplete" : "completed", output)
            .dump();
    }
    std::vector<std::string> events(const Answer& answer) const override
    {
        return EventWriter(answer).write();
    }
    std::string error(unsigned status, std::string_view message) const override
    {
        return openAiChat().error(status, message);
    }
};

Seen Responses::read(const json& body, std::string_view) const
{
    Seen seen;
    if (body["input"].is_string())
        seen.user = body["input"];
    else
        for (const json& item : body["input"])
            readItem(item, seen);
    if (body.contains("instructions") && body["instructions"].is_string())
        seen.system = body["instructions"].get<std::string>() + seen.system;
    for (const json& tool : body.value("tools", json::array()))
        seen.tools.push_back({tool["name"], tool.value("description", ""), tool["parameters"]});
    if (body.contains("tool_choice") && body["tool_choice"].is_string()) seen.choice = body["tool_choice"];
    if (body.contains("text") && body["text"].contains("format"))
        seen.format = body["text"]["format"].value("schema", json());
    seen.reasons = body.contains("reasoning") && body["reasoning"].contains("effort");
    for (const char* name : {"temperature", "top_p"}) {
        if (body.contains(name)) seen.fault = std::string(name) + " is not for models that reason";
    }
    if (body.contains("max_output_tokens")) seen.maxTokens = body["max_output_tokens"].get<std::int64_t>();
    seen.stream = body.value("stream", false);
    if (seen.fault.empty()) seen.fault = pairingFault(seen);
    return seen;
}

} // namespace

const Protocol& responses()
{
    static const Responses protocol;
    return protocol;
}

} // namespace matrix
