// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "listener/connection_set.h"
#include "listener/server_connection.h"

namespace gateway::listener {

net::Task<bool> ServerConnection::serveInParts()
{
    m_inParts = true;
    m_bodyDone = !m_head.hasBody();
    m_partsTaken = 0;
    m_bodyWaited = {};
    m_chunks = ChunkDecoder();
    m_expired = false;
    readSocket();
    co_await m_exchange->runInParts(*this, *this);
    m_deadline.clear();
    // What is left of the body would be taken for the next request.
    const bool taken = !bodyLeft();
    m_inParts = false;
    m_part = std::string();
    co_return taken;
}

std::optional<Error> ServerConnection::takePart()
{
    const std::uint64_t limit = m_exchange->bodyLimit();
    std::string_view input = m_input.view();
    const std::size_t before = input.size();
    bool tooLarge = false;
    if (m_head.chunked) {
        while (!input.empty() && m_chunks.state() == ChunkDecoder::State::More)
            m_part.append(m_chunks.next(input));
        m_bodyDone = m_chunks.state() == ChunkDecoder::State::Done;
        // A chunk that is too large by its size line is refused before its bytes come.
        const std::uint64_t taken = m_partsTaken + m_part.size();
        tooLarge = taken > limit || m_chunks.left() > limit - taken;
    } else {
        m_part.assign(input.substr(0, m_head.contentLength - m_partsTaken));
        input.remove_prefix(m_part.size());
        m_bodyDone = m_partsTaken + m_part.size() == m_head.contentLength;
        tooLarge = m_head.contentLength > limit;
    }
    m_input.consume(before - input.size());
    m_partsTaken += m_part.size();
    if (m_chunks.state() == ChunkDecoder::State::Bad)
        return clientError(Code::BadRequest, "The chunked request body is malformed.");
    if (!tooLarge) return std::nullopt;
    return clientError(Code::RequestTooLarge, "The request body is larger than " + std::to_string(limit) +
                                                  " bytes (server.max_body_bytes).");
}

net::Task<Result<std::string_view>> ServerConnection::nextPart()
{
    m_part.clear();
    if (m_bodyDone) co_return std::string_view();
    if (m_partsTaken == 0 && m_head.expectContinue && m_head.http11 &&
        m_head.contentLength <= m_exchange->bodyLimit()) {
        const bool sent = co_await writeRaw("HTTP/1.1 100 Continue\r\n\r\n", {}, {});
        m_head.expectContinue = false;
        if (!sent) co_return clientError(Code::ClientCancelled, "The client closed the connection.");
    }
    for (;;) {
        if (auto problem = takePart()) co_return *problem;
        if (!m_part.empty() || m_bodyDone) co_return std::string_view(m_part);
        if (m_gone) co_return clientError(Code::ClientCancelled, "The client closed the connection.");
        // Only the time that the client lets us wait counts: whoever takes the body may be slow, too.
        const std::chrono::milliseconds left = m_set.limits().body - m_bodyWaited;
        const auto begin = net::Clock::now();
        wait(Wait::Body, std::clamp(left, std::chrono::milliseconds(1), m_set.limits().bodyIdle));
        const bool more = co_await moreInput();
        m_deadline.clear();
        m_bodyWaited += std::chrono::duration_cast<std::chrono::milliseconds>(net::Clock::now() - begin);
        if (more) continue;
        if (m_expired && !m_gone)
            co_return clientError(Code::RequestTimeout, "The request body did not come in time.");
        co_return clientError(Code::ClientCancelled, "The client closed the connection.");
    }
}

} // namespace gateway::listener
