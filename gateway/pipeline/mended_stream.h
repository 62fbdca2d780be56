// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dialect/dialect.h"

namespace gateway::pipeline {

/// A streamed answer that several targets give, one after the other, as one: when one breaks off, the next is
/// told what was said and goes on from there. Texts are gone on with, reasoning of later targets is left out;
/// an answer with a tool call or a picture in it cannot be gone on with. IO thread only.
class MendedStream : public dialect::EventEncoder {
public:
    explicit MendedStream(std::unique_ptr<dialect::EventEncoder> client) : m_client(std::move(client)) {}

    void write(const Event& event, std::string& out) override;
    [[nodiscard]] bool mayGoOn() const { return m_onlyText && !m_finished; }
    /// The target that spoke has broken off; it used so much.
    void leave(const Usage& used);
    /// Adds to a request what was said, and the wish to go on with it.
    void appendTo(Request& request) const;

    /// What the targets before this one used, and this one as far as it has told.
    [[nodiscard]] const Usage& earlier() const { return m_earlier; }
    [[nodiscard]] const Usage& current() const { return m_current; }

private:
    void begin(const BlockStarted& block, std::string& out);
    void say(const TextDelta& delta, std::string& out);
    void end(std::string& out);
    /// Sends what was kept back, without what the answer ended with already.
    void release(std::string& out);
    void closeOpen(std::string& out);

    std::unique_ptr<dialect::EventEncoder> m_client;
    std::string m_said; // all texts
    std::string m_held; // the first words of a target that goes on, until it is clear whether it repeats
    Usage m_earlier, m_current;
    int m_blocks = 0;                            // that the client was told of
    BlockKind m_open = BlockKind::Undecided;     // the client's
    BlockKind m_speaking = BlockKind::Undecided; // the target's
    bool m_onlyText = true;
    bool m_finished = false; // why it ended was said
    bool m_goesOn = false;   // a target that is not the first speaks
    bool m_holds = false;
};

/// What one target's events are written to.
[[nodiscard]] std::unique_ptr<dialect::EventEncoder> speakerOf(std::shared_ptr<MendedStream> stream);

} // namespace gateway::pipeline
