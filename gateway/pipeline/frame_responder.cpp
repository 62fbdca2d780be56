// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/frame_responder.h"

#include "base/json_scan.h"
#include "base/json_text.h"
#include "dialect/span_edit.h"

namespace gateway::pipeline {

namespace {

/// The status that an error inside a stream would have had before it.
int statusOf(std::string_view error)
{
    const std::string_view code = memberValue(error, "code");
    if (code == "\"upstream_timeout\"") return 504;
    if (code == "\"upstream_overloaded\"") return 503;
    if (code == "\"rate_limit_exceeded\"") return 429;
    return 502;
}

} // namespace

std::string errorFrame(const FrameError& error)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("type").string("error").key("status").integer(error.status);
    json.key("error").beginObject().key("message").string(error.message);
    json.key("type").string(error.status < 500 ? "invalid_request_error" : "server_error").key("param");
    if (error.param.empty())
        json.null();
    else
        json.string(error.param);
    json.key("code").string(error.code).endObject().endObject();
    return out;
}

net::Task<bool> FrameResponder::sendFrame(std::string_view text)
{
    if (m_gone) co_return false;
    const bool sent = co_await m_client.send(text);
    m_gone = !sent;
    co_return sent;
}

net::Task<bool> FrameResponder::send(const listener::Answer& answer)
{
    JsonDocument document;
    const bool readable = !scanJson(answer.body, document) && document.root == JsonKind::Object;
    if (answer.status < 400 && readable) co_return co_await sendFrame(answer.body);
    const JsonMember* error = document.find("error");
    std::string frame;
    JsonWriter json(frame);
    json.beginObject().key("type").string("error").key("status").integer(answer.status).key("error");
    if (error && error->kind == JsonKind::Object)
        json.raw(error->value);
    else
        json.beginObject().key("message").string("The provider refused.").endObject();
    json.key("headers").beginObject();
    for (const auto& [name, value] : answer.headers)
        json.key(name).string(value);
    json.endObject().endObject();
    co_return co_await sendFrame(frame);
}

net::Task<bool> FrameResponder::begin(const listener::Answer&, std::string_view first)
{
    co_return co_await write(first);
}

void FrameResponder::take(const SseEvent& event)
{
    JsonDocument document;
    // Comments, `[DONE]`, and what a provider should not have sent.
    if (m_over || !event.hasData || scanJson(event.data, document) || document.root != JsonKind::Object)
        return;
    const JsonMember* member = document.find("type");
    const std::string_view type = member ? member->value : std::string_view();
    const auto valueOf = [&document](std::string_view key) {
        const JsonMember* found = document.find(key);
        return found ? found->value : std::string_view();
    };
    const bool failed = type == "\"error\"";
    if (failed)
        m_frames += dialect::withMember(event.data, "status", std::to_string(statusOf(valueOf("error"))));
    else
        m_frames += event.data;
    m_ends.push_back(m_frames.size());
    if (type == "\"response.output_item.done\"") m_items.emplace_back(valueOf("item"));
    const bool ended = type == "\"response.completed\"" || type == "\"response.incomplete\"";
    if (ended) m_answer = valueOf("response");
    m_over = ended || failed || type == "\"response.failed\"";
}

net::Task<bool> FrameResponder::write(std::string_view bytes)
{
    m_frames.clear();
    m_ends.clear();
    m_scanner.feed(bytes, [this](const SseEvent& event) { take(event); });
    std::size_t begin = 0;
    for (const std::size_t end : m_ends) {
        const bool sent = co_await sendFrame(std::string_view(m_frames).substr(begin, end - begin));
        if (!sent) co_return false;
        begin = end;
    }
    co_return !m_gone;
}

net::Task<bool> FrameResponder::finish(std::string_view last)
{
    co_return co_await write(last);
}

} // namespace gateway::pipeline
