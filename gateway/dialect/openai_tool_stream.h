// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dialect/json_object.h"
#include "exchange/canonical.h"

namespace gateway::dialect::openai {

/// Turns OpenAI's deltas, which may belong to several tool calls at once, into blocks of which one at most is
/// open. The call that began first goes out as it comes. A second one takes its place once the first is whole
/// JSON; until then, its pieces are held back.
class BlockStream {
public:
    [[nodiscard]] BlockKind kind() const { return m_kind; }
    [[nodiscard]] bool hadToolCalls() const { return m_hadToolCalls; }
    /// So much has been held that the stream has to be given up.
    [[nodiscard]] bool overflown() const { return m_overflown; }

    /// False while a tool call is open that is not whole yet.
    bool open(BlockKind kind, std::vector<Event>& out);
    void close(std::vector<Event>& out);
    /// Tokens whose text is to come yet, since they are pieces of a character, wait for it.
    void addText(std::string text, std::vector<TokenLogprob> logprobs, std::vector<Event>& out);
    /// Placed in all of the answer. Told at the end of the text that is open or comes next; where none comes
    /// any more, with an empty one.
    void addCitation(Citation citation);
    [[nodiscard]] bool cited() const { return m_cited; }
    void addImage(ImagePart image, std::vector<Event>& out);
    void addToolDelta(const JsonObject& delta, std::vector<Event>& out);
    /// Closes what is open and sends all that was held back.
    void finish(std::vector<Event>& out);
    /// Counts memory that the stream's reader keeps.
    void hold(std::size_t bytes);

private:
    struct Call {
        std::int64_t index = 0;
        std::string id;
        std::string name;
        std::string arguments; // all so far
        bool custom = false;
        bool opened = false;
        std::size_t checked = 0; // size of `arguments` when it was last seen not to be whole
    };

    Call* callOf(const JsonObject& delta);
    bool isWhole(Call& call);
    bool settle(std::vector<Event>& out);
    void openCall(Call& call, std::vector<Event>& out);
    void endText(std::vector<Event>& out);
    void start(BlockKind kind, std::string id, std::string name, std::vector<Event>& out);

    std::vector<Call> m_calls;
    std::size_t m_live = 0; // the call whose block is open, where m_kind is ToolCall
    std::string m_lateText;
    std::vector<TokenLogprob> m_lateLogprobs;  // of that text
    std::vector<TokenLogprob> m_earlyLogprobs; // of the text that comes next
    std::vector<Citation> m_citations;
    std::int64_t m_before = 0; // code points of the texts before the open one
    std::int64_t m_chars = 0;  // code points of the open text
    bool m_cited = false;
    std::vector<ImagePart> m_lateImages;
    BlockKind m_kind = BlockKind::Undecided;
    int m_nextIndex = 0;
    std::size_t m_held = 0;
    bool m_hadToolCalls = false;
    bool m_overflown = false;
};

} // namespace gateway::dialect::openai
