// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/openai_tool_stream.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/utf8.h"
#include "dialect/content_text.h"

namespace gateway::dialect::openai {
namespace {

constexpr std::size_t kMaxHeldBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxCalls = 512;

void moveTo(std::vector<TokenLogprob>& into, std::vector<TokenLogprob> tokens)
{
    into.insert(into.end(), std::move_iterator(tokens.begin()), std::move_iterator(tokens.end()));
}

std::size_t sizeOf(const std::vector<TokenLogprob>& tokens)
{
    std::size_t size = 0;
    for (const TokenLogprob& token : tokens) {
        size += sizeof token + token.token.size() + token.bytes.size();
        for (const TokenLogprob& likely : token.top) {
            size += sizeof likely + likely.token.size() + likely.bytes.size();
        }
    }
    return size;
}

} // namespace

void BlockStream::hold(std::size_t bytes)
{
    m_held += bytes;
    m_overflown = m_overflown || m_held > kMaxHeldBytes;
}

void BlockStream::close(std::vector<Event>& out)
{
    if (m_kind == BlockKind::Undecided) return;
    if (m_kind == BlockKind::Text) {
        endText(out);
    }
    m_kind = BlockKind::Undecided;
    out.emplace_back(BlockEnded{m_nextIndex - 1});
}

void BlockStream::endText(std::vector<Event>& out)
{
    for (Citation& citation : std::exchange(m_citations, {})) {
        if (citation.start && *citation.start >= m_before) {
            *citation.start -= m_before;
            *citation.end -= m_before;
        } else {
            citation.start = citation.end = std::nullopt;
        }
        out.emplace_back(Cited{std::move(citation)});
    }
    m_before += std::exchange(m_chars, 0);
}

void BlockStream::addCitation(Citation citation)
{
    hold(sizeof(Citation) + citation.url.size() + citation.title.size() + citation.text.size());
    m_cited = true;
    if (!m_overflown) {
        m_citations.push_back(std::move(citation));
    }
}

void BlockStream::start(BlockKind kind, std::string id, std::string name, std::vector<Event>& out)
{
    close(out);
    m_kind = kind;
    out.emplace_back(BlockStarted{m_nextIndex++, kind, std::move(id), std::move(name)});
}

bool BlockStream::isWhole(Call& call)
{
    if (call.checked == call.arguments.size()) return false;
    if (isJsonObject(call.arguments)) return true;
    call.checked = call.arguments.size();
    return false;
}

/// False when the open block has to stay open.
bool BlockStream::settle(std::vector<Event>& out)
{
    if (m_kind == BlockKind::ToolCall && !isWhole(m_calls[m_live])) return false;
    close(out);
    return true;
}

bool BlockStream::open(BlockKind kind, std::vector<Event>& out)
{
    if (m_kind == kind) return true;
    if (!settle(out)) return false;
    start(kind, {}, {}, out);
    return true;
}

void BlockStream::addText(std::string text, std::vector<TokenLogprob> logprobs, std::vector<Event>& out)
{
    if (text.empty() && m_kind == BlockKind::ToolCall) return; // of the call's tokens, which no text has
    if (text.empty() && m_kind != BlockKind::Text) {
        hold(sizeOf(logprobs));
        moveTo(m_earlyLogprobs, std::move(logprobs));
        return;
    }
    if (!m_earlyLogprobs.empty()) {
        moveTo(m_earlyLogprobs, std::move(logprobs));
        logprobs = std::exchange(m_earlyLogprobs, {});
    }
    if (open(BlockKind::Text, out)) {
        m_chars += static_cast<std::int64_t>(utf8Length(text));
        out.emplace_back(TextDelta{std::move(text), std::move(logprobs)});
        return;
    }
    hold(text.size() + sizeOf(logprobs));
    m_lateText += text;
    moveTo(m_lateLogprobs, std::move(logprobs));
}

void BlockStream::addImage(ImagePart image, std::vector<Event>& out)
{
    hold(image.base64.size());
    if (settle(out))
        out.emplace_back(ImageGiven{m_nextIndex++, std::move(image)});
    else
        m_lateImages.push_back(std::move(image));
}

/// Servers disagree on what tells a call: an index, an id, or neither; some give every call the index 0.
BlockStream::Call* BlockStream::callOf(const JsonObject& delta)
{
    const std::string id = delta.text("id");
    const JsonObject function = delta.object("function");
    const auto index = delta.integer("index");
    const auto same = [&](const Call& call) {
        const bool other = !id.empty() && !call.id.empty() && call.id != id;
        if (index) return call.index == *index && !(other && function.has("name"));
        return id.empty() || call.id == id;
    };
    const auto found = std::find_if(m_calls.rbegin(), m_calls.rend(), same);
    if (found != m_calls.rend()) return &*found;
    if (m_calls.size() == kMaxCalls) {
        m_overflown = true;
        return nullptr;
    }
    Call call;
    call.index = index.value_or(static_cast<std::int64_t>(m_calls.size()));
    m_calls.push_back(std::move(call));
    return &m_calls.back();
}

void BlockStream::openCall(Call& call, std::vector<Event>& out)
{
    if (call.id.empty()) {
        call.id = newToolCallId();
    }
    call.opened = true;
    m_hadToolCalls = true;
    m_live = static_cast<std::size_t>(&call - m_calls.data());
    start(BlockKind::ToolCall, call.id, call.name, out);
    std::string arguments = call.custom ? customArguments(call.arguments) : call.arguments;
    if (!arguments.empty()) {
        out.emplace_back(ArgumentsDelta{std::move(arguments)});
    }
}

void BlockStream::addToolDelta(const JsonObject& delta, std::vector<Event>& out)
{
    Call* call = callOf(delta);
    if (!call) return;
    const JsonObject custom = delta.object("custom");
    const JsonObject function = delta.object("function");
    call->custom = call->custom || !custom.empty();
    const JsonObject& body = call->custom ? custom : function;
    if (call->id.empty()) {
        call->id = delta.text("id");
    }
    if (call->name.empty()) {
        call->name = body.text("name");
    }
    const char* const key = call->custom ? "input" : "arguments";
    std::string fragment = body.kind(key) == JsonKind::Object ? compactJson(body.raw(key)) : body.text(key);
    const bool live = m_kind == BlockKind::ToolCall && &m_calls[m_live] == call;
    if (call->opened && !live) return; // it was whole: what still comes can only break it
    hold(fragment.size());
    call->arguments += fragment;
    if (live) {
        if (!fragment.empty()) {
            out.emplace_back(ArgumentsDelta{std::move(fragment)});
        }
    } else if (!call->custom && !call->name.empty() && settle(out)) {
        openCall(*call, out);
    }
}

void BlockStream::finish(std::vector<Event>& out)
{
    close(out);
    if (!m_lateText.empty() || !m_citations.empty()) {
        start(BlockKind::Text, {}, {}, out);
        if (!m_lateText.empty()) {
            m_chars += static_cast<std::int64_t>(utf8Length(m_lateText));
            out.emplace_back(TextDelta{std::move(m_lateText), std::move(m_lateLogprobs)});
        }
        close(out);
    }
    for (ImagePart& image : m_lateImages)
        out.emplace_back(ImageGiven{m_nextIndex++, std::move(image)});
    m_lateImages.clear();
    for (Call& call : m_calls) {
        if (call.opened || call.name.empty()) continue;
        openCall(call, out);
        close(out);
    }
}

} // namespace gateway::dialect::openai
