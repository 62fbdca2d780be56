// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/json_object.h"
#include "exchange/canonical.h"

namespace gateway::dialect::responses {

/// Turns the items of a Responses stream into blocks of which one at most is open. The item that began first
/// goes out as it comes; one that begins before the first is done goes out whole once both are. Items whose
/// events are missing are taken whole from where they are told at last.
class ItemStream {
public:
    [[nodiscard]] bool hadToolCalls() const { return m_hadToolCalls; }
    /// The place of an item that does not say its own.
    [[nodiscard]] std::int64_t nextPlace() const { return static_cast<std::int64_t>(m_told.size()); }
    /// So much has been held that the stream has to be given up.
    [[nodiscard]] bool overflown() const { return m_overflown; }

    void begin(std::int64_t index, const JsonObject& item, std::vector<Event>& out);
    /// `part` numbers the parts of a message, which are one text here; places count from a part's begin.
    void addText(std::int64_t index, std::int64_t part, std::string text, std::vector<TokenLogprob> logprobs,
                 std::vector<Event>& out);
    void addCitation(std::int64_t index, std::int64_t part, std::string_view annotation,
                     std::vector<Event>& out);
    /// `part` numbers the parts of a summary; `raw` is the reasoning itself instead of its summary.
    void addThinking(std::int64_t index, std::int64_t part, bool raw, std::string text,
                     std::vector<Event>& out);
    void addArguments(std::int64_t index, const std::string& text, std::vector<Event>& out);
    void end(std::int64_t index, const JsonObject& item, std::vector<Event>& out);
    /// The response is over: what is open is closed, and items of its output that were not told are.
    void finish(std::string_view output, std::vector<Event>& out);

private:
    bool isLive(std::int64_t index, BlockKind kind) const { return index == m_live && m_kind == kind; }
    bool openFor(std::int64_t index, BlockKind kind, std::vector<Event>& out);
    void openBlock(BlockStarted block, std::vector<Event>& out);
    void close(std::vector<Event>& out);
    void openCall(const JsonObject& item, std::vector<Event>& out);
    void endLive(const JsonObject& item, std::vector<Event>& out);
    void sayText(std::string text, std::vector<TokenLogprob> logprobs, std::vector<Event>& out);
    void endText(TextPart told, std::vector<Event>& out);
    void tell(const JsonObject& item, std::vector<Event>& out);
    void flush(std::vector<Event>& out);
    void hold(std::size_t bytes);

    std::set<std::int64_t> m_told; // items that are done
    std::vector<std::string> m_waiting;
    std::string m_thinking; // text of the live item
    std::int64_t m_live = -1;
    std::int64_t m_part = 0;
    // Of the live item, in code points: the text so far, and where its parts begin in it.
    std::int64_t m_chars = 0;
    std::map<std::int64_t, std::int64_t> m_partStarts;
    BlockKind m_kind = BlockKind::Undecided;
    int m_nextIndex = 0;
    std::size_t m_held = 0;
    bool m_raw = false;
    bool m_custom = false;
    bool m_customOpen = false; // the text of a custom tool's call has begun
    bool m_anyArguments = false;
    bool m_anyLogprobs = false; // as the following, of the live item
    bool m_anyCitations = false;
    bool m_hadToolCalls = false;
    bool m_overflown = false;
};

} // namespace gateway::dialect::responses
