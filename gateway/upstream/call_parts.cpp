// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <charconv>

#include "upstream/call.h"

namespace gateway::upstream {

net::Task<bool> Call::write(std::string_view a, std::string_view b)
{
    // An answer that comes now is a refusal; the provider may not take the rest.
    if (m_writeError || m_cancelled || m_transport->hasInput()) co_return false;
    arm(Phase::Idle, m_timeouts.idle);
    const auto written = co_await m_transport->write(a, b);
    // The client may be slow with the next part; that is not the provider's silence.
    rest();
    m_writeError = written.error;
    co_return !written.error;
}

net::Task<Outcome> Call::begin(std::string_view head, std::string_view first, bool chunked)
{
    auto opened = co_await open(true);
    if (!opened) co_return opened.error();
    if (m_cancelled) co_return failure({}, false);
    m_chunkedOut = chunked;
    m_unsent = true;
    co_await write(head, chunked ? std::string_view() : first);
    if (chunked && !first.empty()) co_await send(first);
    co_return Done{};
}

net::Task<bool> Call::send(std::string_view part)
{
    if (!m_chunkedOut) co_return co_await write(part, {});
    // A chunk's closing line end goes out with the size of the next one.
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), part.size(), 16).ptr;
    m_lineOut.append(digits.data(), static_cast<std::size_t>(end - digits.data())).append("\r\n");
    const bool sent = co_await write(m_lineOut, part);
    m_lineOut.assign("\r\n");
    co_return sent;
}

net::Task<void> Call::end()
{
    bool ended = !m_writeError;
    if (m_chunkedOut) {
        m_lineOut.append("0\r\n\r\n");
        ended = co_await write(m_lineOut, {});
    }
    m_unsent = !ended;
}

net::Task<Result<const ReplyHead*>> Call::reply()
{
    m_times.sent = elapsed();
    arm(Phase::FirstByte, m_timeouts.firstByte);
    auto received = co_await readHead();
    if (received) co_return &m_head;
    if (m_writeError && !m_replied) co_return failure(m_writeError, false);
    co_return received.error();
}

} // namespace gateway::upstream
