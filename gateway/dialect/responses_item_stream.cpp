// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/responses_item_stream.h"

#include <utility>

#include "base/utf8.h"
#include "dialect/citations.h"
#include "dialect/content_text.h"
#include "dialect/responses_parts.h"

namespace gateway::dialect::responses {
namespace {

constexpr std::size_t kMaxHeldBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxItems = 4096;
constexpr std::size_t kMaxParts = 1024; // whose begin is kept

std::string escaped(std::string_view text)
{
    const std::string quoted = jsonQuoted(text);
    return quoted.substr(1, quoted.size() - 2);
}

} // namespace

void ItemStream::hold(std::size_t bytes)
{
    m_held += bytes;
    m_overflown =
        m_overflown || m_held > kMaxHeldBytes || m_told.size() > kMaxItems || m_waiting.size() > kMaxItems;
}

void ItemStream::openBlock(BlockStarted block, std::vector<Event>& out)
{
    m_kind = block.kind;
    m_hadToolCalls = m_hadToolCalls || block.kind == BlockKind::ToolCall;
    m_anyArguments = false;
    m_anyLogprobs = false;
    m_anyCitations = false;
    m_chars = 0;
    m_partStarts.clear();
    m_thinking.clear();
    m_part = 0;
    block.index = m_nextIndex++;
    out.emplace_back(std::move(block));
}

void ItemStream::close(std::vector<Event>& out)
{
    if (m_kind == BlockKind::Undecided) return;
    if (std::exchange(m_customOpen, false)) {
        out.emplace_back(ArgumentsDelta{"\"}"});
    }
    m_kind = BlockKind::Undecided;
    out.emplace_back(BlockEnded{m_nextIndex - 1});
}

/// False while another item is open, or this one has another kind.
bool ItemStream::openFor(std::int64_t index, BlockKind kind, std::vector<Event>& out)
{
    if (isLive(index, kind)) return true;
    if (m_kind != BlockKind::Undecided || m_told.count(index) != 0) return false;
    m_live = index;
    openBlock({0, kind, {}, {}}, out);
    return true;
}

void ItemStream::openCall(const JsonObject& item, std::vector<Event>& out)
{
    m_custom = item.text("type") == "custom_tool_call";
    std::string id = item.text("call_id");
    openBlock({0, BlockKind::ToolCall, id.empty() ? newToolCallId() : std::move(id),
               flatToolName(item.text("namespace"), item.text("name"))},
              out);
}

void ItemStream::begin(std::int64_t index, const JsonObject& item, std::vector<Event>& out)
{
    const std::string type = item.text("type");
    const bool call = type == "function_call" || type == "custom_tool_call";
    // Text and reasoning open with their first words: an item without any is none.
    if (!call || m_kind != BlockKind::Undecided || m_told.count(index) != 0) return;
    if (item.text("name").empty()) return;
    m_live = index;
    openCall(item, out);
}

void ItemStream::addText(std::int64_t index, std::int64_t part, std::string text,
                         std::vector<TokenLogprob> logprobs, std::vector<Event>& out)
{
    if ((text.empty() && logprobs.empty()) || !openFor(index, BlockKind::Text, out)) return;
    if (m_partStarts.size() < kMaxParts) m_partStarts.try_emplace(part, m_chars);
    sayText(std::move(text), std::move(logprobs), out);
}

void ItemStream::sayText(std::string text, std::vector<TokenLogprob> logprobs, std::vector<Event>& out)
{
    m_anyLogprobs = m_anyLogprobs || !logprobs.empty();
    m_chars += static_cast<std::int64_t>(utf8Length(text));
    out.emplace_back(TextDelta{std::move(text), std::move(logprobs)});
}

void ItemStream::addCitation(std::int64_t index, std::int64_t part, std::string_view annotation,
                             std::vector<Event>& out)
{
    if (!isLive(index, BlockKind::Text)) return; // told again with the whole item
    const auto start = m_partStarts.find(part);
    const std::int64_t before = start == m_partStarts.end() ? m_chars : start->second;
    for (Citation& citation : readAnnotations("[" + std::string(annotation) + "]", before)) {
        m_anyCitations = true;
        out.emplace_back(Cited{std::move(citation)});
    }
}

/// What was told of a text with the whole of it alone.
void ItemStream::endText(TextPart told, std::vector<Event>& out)
{
    if (!m_anyLogprobs && !told.logprobs.empty()) {
        sayText({}, std::move(told.logprobs), out);
    }
    if (m_anyCitations) return;
    for (Citation& citation : told.citations) {
        out.emplace_back(Cited{std::move(citation)});
    }
}

void ItemStream::addThinking(std::int64_t index, std::int64_t part, bool raw, std::string text,
                             std::vector<Event>& out)
{
    if (text.empty() || !openFor(index, BlockKind::Thinking, out)) return;
    if (m_thinking.empty()) {
        m_raw = raw;
        m_part = part;
    }
    if (raw != m_raw) return; // the same thoughts in other words
    if (part != m_part && !raw) {
        text.insert(0, "\n\n");
    }
    m_part = part;
    m_thinking += text;
    hold(text.size());
    out.emplace_back(TextDelta{std::move(text)});
}

void ItemStream::addArguments(std::int64_t index, const std::string& text, std::vector<Event>& out)
{
    if (text.empty() || !isLive(index, BlockKind::ToolCall)) return;
    if (!m_custom) {
        out.emplace_back(ArgumentsDelta{text});
    } else {
        // A free text is a member of an object in the canonical form.
        out.emplace_back(ArgumentsDelta{(m_customOpen ? "" : "{\"input\":\"") + escaped(text)});
        m_customOpen = true;
    }
    m_anyArguments = true;
}

/// The end of the item whose block is open: what its deltas left out.
void ItemStream::endLive(const JsonObject& item, std::vector<Event>& out)
{
    if (m_kind == BlockKind::Text) {
        endText(readMessage(item), out);
    } else if (m_kind == BlockKind::ToolCall && !m_anyArguments) {
        const bool whole = item.kind("arguments") == JsonKind::Object;
        addArguments(m_live,
                     whole ? compactJson(item.raw("arguments")) : item.text(m_custom ? "input" : "arguments"),
                     out);
        if (m_custom && !m_anyArguments) {
            out.emplace_back(ArgumentsDelta{customArguments({})});
        }
    } else if (m_kind == BlockKind::Thinking) {
        const auto told = readReasoning(item);
        if (told && !(told->signature.empty() && told->redacted.empty())) {
            // Beside a text that only the deltas told it is the signature of that text.
            out.emplace_back(SignatureDelta{told->signature.empty() ? told->redacted : told->signature, {}});
        }
    }
    close(out);
}

/// A whole item, with no block open.
void ItemStream::tell(const JsonObject& item, std::vector<Event>& out)
{
    const std::string type = item.text("type");
    if (type == "message") {
        if (TextPart told = readMessage(item); !told.text.empty()) {
            openBlock({0, BlockKind::Text, {}, {}}, out);
            out.emplace_back(TextDelta{std::move(told.text), std::move(told.logprobs)});
            for (Citation& citation : told.citations) {
                out.emplace_back(Cited{std::move(citation)});
            }
        }
    } else if (type == "reasoning") {
        if (auto thinking = readReasoning(item)) {
            openBlock({0, BlockKind::Thinking, {}, {}}, out);
            if (!thinking->text.empty()) {
                out.emplace_back(TextDelta{std::move(thinking->text)});
            }
            if (!(thinking->signature.empty() && thinking->redacted.empty())) {
                out.emplace_back(
                    SignatureDelta{std::move(thinking->signature), std::move(thinking->redacted)});
            }
        }
    } else if ((type == "function_call" || type == "custom_tool_call") && !item.text("name").empty()) {
        openCall(item, out);
        m_live = -1;
        ToolCallPart call = readCall(item);
        out.emplace_back(ArgumentsDelta{std::move(call.argumentsJson)});
    }
    close(out);
}

void ItemStream::flush(std::vector<Event>& out)
{
    for (const std::string& item : std::exchange(m_waiting, {})) {
        tell(JsonObject(item), out);
    }
}

void ItemStream::end(std::int64_t index, const JsonObject& item, std::vector<Event>& out)
{
    if (!m_told.insert(index).second) return;
    if (m_kind == BlockKind::Undecided) {
        tell(item, out);
    } else if (index == m_live) {
        endLive(item, out);
        m_live = -1;
        flush(out);
    } else {
        std::string text = "{";
        for (const JsonMember& member : item.members()) {
            text.append(text.size() > 1 ? ",\"" : "\"").append(member.key).append("\":");
            text.append(member.value);
        }
        m_waiting.push_back(text + '}');
        hold(m_waiting.back().size());
    }
    hold(0);
}

void ItemStream::finish(std::string_view output, std::vector<Event>& out)
{
    std::int64_t index = 0;
    const std::int64_t live = m_kind == BlockKind::Undecided ? -1 : m_live;
    forEachElement(output, [&](std::string_view value, JsonKind) {
        if (index == live) {
            end(index, JsonObject(value), out);
        }
        ++index;
    });
    close(out);
    flush(out);
    index = 0;
    forEachElement(output, [&](std::string_view value, JsonKind) {
        if (!m_overflown) {
            end(index++, JsonObject(value), out);
        }
    });
}

} // namespace gateway::dialect::responses
