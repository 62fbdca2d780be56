// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/mended_stream.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace gateway::pipeline {

namespace {

constexpr std::size_t kLongestRepeat = 200; // bytes that are compared with the end of what was said
constexpr std::size_t kShortestRepeat = 12; // fewer may be the same by chance

constexpr std::string_view kGoOn =
    "Your answer above was cut off by a broken connection. Go on with it exactly where it ends: begin with "
    "the "
    "very next characters, repeat nothing of it, and do not mention the interruption.";

/// How much of `next` the end of `said` has already.
std::size_t repeated(std::string_view said, std::string_view next)
{
    for (std::size_t size = std::min(said.size(), next.size()); size >= kShortestRepeat; --size) {
        if (said.ends_with(next.substr(0, size))) return size;
    }
    return 0;
}

/// One target's part of the stream.
class Speaker : public dialect::EventEncoder {
public:
    explicit Speaker(std::shared_ptr<MendedStream> stream) : m_stream(std::move(stream)) {}
    void write(const Event& event, std::string& out) override { m_stream->write(event, out); }

private:
    std::shared_ptr<MendedStream> m_stream;
};

} // namespace

std::unique_ptr<dialect::EventEncoder> speakerOf(std::shared_ptr<MendedStream> stream)
{
    return std::make_unique<Speaker>(std::move(stream));
}

void MendedStream::write(const Event& event, std::string& out)
{
    if (std::holds_alternative<Started>(event)) {
        if (!m_goesOn) m_client->write(event, out);
    } else if (const auto* block = std::get_if<BlockStarted>(&event)) {
        begin(*block, out);
    } else if (const auto* delta = std::get_if<TextDelta>(&event)) {
        say(*delta, out);
    } else if (std::holds_alternative<BlockEnded>(event)) {
        end(out);
    } else if (const auto* reported = std::get_if<UsageReported>(&event)) {
        m_current = reported->usage;
        Usage sum = m_current;
        if (m_goesOn) addTokens(sum, m_earlier);
        m_client->write(UsageReported{sum}, out);
    } else if (const auto* given = std::get_if<ImageGiven>(&event)) {
        closeOpen(out);
        m_onlyText = false;
        m_client->write(ImageGiven{m_blocks++, given->image}, out);
    } else if (std::holds_alternative<SignatureDelta>(event)) {
        if (!m_goesOn && m_open == BlockKind::Thinking) m_client->write(event, out);
    } else if (std::holds_alternative<Cited>(event)) {
        release(out); // it is about the text before it
        m_client->write(event, out);
    } else if (std::holds_alternative<ArgumentsDelta>(event)) {
        m_client->write(event, out);
    } else {
        closeOpen(out);
        m_finished = m_finished || std::holds_alternative<Finished>(event);
        m_client->write(event, out);
    }
}

void MendedStream::begin(const BlockStarted& block, std::string& out)
{
    m_speaking = block.kind;
    if (m_goesOn && block.kind == BlockKind::Thinking) return;
    if (m_open == block.kind && m_open == BlockKind::Text) return;
    closeOpen(out);
    if (block.kind == BlockKind::ToolCall) m_onlyText = false;
    m_open = block.kind;
    m_client->write(BlockStarted{m_blocks++, block.kind, block.toolId, block.toolName}, out);
}

void MendedStream::say(const TextDelta& delta, std::string& out)
{
    if (m_speaking == BlockKind::Thinking) {
        if (!m_goesOn) m_client->write(delta, out);
        return;
    }
    if (m_holds) {
        m_held += delta.text;
        if (m_held.size() >= std::min(kLongestRepeat, m_said.size())) release(out);
        return;
    }
    m_said += delta.text;
    m_client->write(delta, out);
}

void MendedStream::end(std::string& out)
{
    const BlockKind ended = std::exchange(m_speaking, BlockKind::Undecided);
    if (ended == m_open) closeOpen(out);
}

void MendedStream::release(std::string& out)
{
    if (!std::exchange(m_holds, false)) return;
    const std::string held = std::exchange(m_held, {});
    const std::string_view rest = std::string_view(held).substr(repeated(m_said, held));
    if (rest.empty()) return;
    m_said += rest;
    m_client->write(TextDelta{std::string(rest)}, out);
}

void MendedStream::closeOpen(std::string& out)
{
    if (m_open == BlockKind::Undecided) return;
    if (m_open == BlockKind::Text) release(out);
    m_client->write(BlockEnded{m_blocks - 1}, out);
    m_open = BlockKind::Undecided;
}

void MendedStream::leave(const Usage& used)
{
    addTokens(m_earlier, used);
    m_current = {};
    m_goesOn = true;
    m_held.clear(); // The client never had it.
    m_holds = m_open == BlockKind::Text && !m_said.empty();
    m_speaking = BlockKind::Undecided;
}

void MendedStream::appendTo(Request& request) const
{
    if (m_said.empty()) return;
    request.messages.push_back({Role::Assistant, {TextPart{m_said, {}}}});
    request.messages.push_back({Role::User, {TextPart{std::string(kGoOn), {}}}});
}

} // namespace gateway::pipeline
