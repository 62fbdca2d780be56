// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "dialect/dialect.h"
#include "dialect/json_object.h"

namespace gateway::dialect::openai {

/// Streams of chunks with `choices`, of any server that is more or less compatible: when they begin, fail and
/// end. What a choice says is up to the dialect.
class ChunkStream : public EventDecoder {
public:
    void read(const SseEvent& event, std::vector<Event>& out) override;
    void close(std::vector<Event>& out) override;

protected:
    /// The first choice of a chunk, until its finish reason was read or the stream has failed.
    virtual void readChoice(const JsonObject& chunk, const JsonObject& choice, std::vector<Event>& out) = 0;
    void finish(Finish reason, std::vector<Event>& out);
    void fail(Error error, std::vector<Event>& out);
    [[nodiscard]] bool failed() const { return m_over; }

private:
    void readChunk(const JsonObject& chunk, std::vector<Event>& out);

    JsonDocument m_document;
    bool m_started = false;
    bool m_finished = false;
    bool m_over = false;
};

} // namespace gateway::dialect::openai
