// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "exchange/canonical.h"

namespace gateway::dialect {

/// The texts in `out` from that place on are the words of a refusal.
inline void markRefusal(std::size_t from, std::vector<Event>& out)
{
    for (std::size_t at = from; at < out.size(); ++at) {
        if (auto* text = std::get_if<TextDelta>(&out[at])) text->refusal = true;
    }
}

/// Keeps the order of canonical blocks for decoders whose providers send one after the other: at most one is
/// open, and their indexes count up.
class BlockOrder {
public:
    [[nodiscard]] BlockKind kind() const { return m_kind; }
    [[nodiscard]] bool hadToolCalls() const { return m_hadToolCalls; }

    void close(std::vector<Event>& out)
    {
        if (m_kind == BlockKind::Undecided) return;
        m_kind = BlockKind::Undecided;
        out.emplace_back(BlockEnded{m_next - 1});
    }
    /// The next piece of a text or of reasoning; an empty one opens nothing.
    void addText(BlockKind kind, std::string text, std::vector<Event>& out,
                 std::vector<TokenLogprob> logprobs = {})
    {
        if (text.empty() && (logprobs.empty() || m_kind != kind)) return;
        if (m_kind != kind) open(kind, {}, {}, out);
        out.emplace_back(TextDelta{std::move(text), std::move(logprobs)});
    }
    void openCall(std::string id, std::string name, std::vector<Event>& out)
    {
        open(BlockKind::ToolCall, std::move(id), std::move(name), out);
        m_hadToolCalls = true;
    }

private:
    void open(BlockKind kind, std::string id, std::string name, std::vector<Event>& out)
    {
        close(out);
        m_kind = kind;
        out.emplace_back(BlockStarted{m_next++, kind, std::move(id), std::move(name)});
    }

    BlockKind m_kind = BlockKind::Undecided;
    int m_next = 0;
    bool m_hadToolCalls = false;
};

} // namespace gateway::dialect
