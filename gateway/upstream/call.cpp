// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/call.h"

#include <algorithm>

#include "base/head_scan.h"

namespace gateway::upstream {

namespace asio = boost::asio;

namespace {
constexpr std::size_t kMaxHead = 64 * 1024 + 1024;
constexpr int kMaxInterim = 20;
constexpr std::size_t kDecodeStep = 256 * 1024;
} // namespace

Call::Call(Client& client, const Origin& origin, CallTimeouts timeouts)
    : m_client(client)
    , m_origin(origin)
    , m_timeouts(timeouts)
    , m_deadline(client.deadlines, [this] { onExpired(); })
    , m_after(client.m_first)
{
    if (m_after) m_after->m_before = this;
    client.m_first = this;
}

void Client::cancelAll()
{
    for (Call* call = m_first; call; call = call->m_after)
        call->cancel();
}

Call::~Call()
{
    if (m_after) m_after->m_before = m_before;
    (m_before ? m_before->m_after : m_client.m_first) = m_after;
    if (m_transport && m_complete && !m_unsent && m_head.keepAlive && !m_cancelled && !m_timedOut) {
        m_transport->input().consume(m_consumed);
        // Bytes after the end belong to no request: such a connection is not trusted again.
        if (m_transport->input().empty()) m_client.pool.put(std::move(m_transport));
    }
}

std::int64_t Call::elapsed() const
{
    return std::max<std::int64_t>(
        1, std::chrono::duration_cast<std::chrono::microseconds>(net::Clock::now() - m_start).count());
}

void Call::arm(Phase phase, std::chrono::milliseconds time)
{
    m_phase = phase;
    m_deadline.set(std::min(net::Clock::now() + time, m_timeouts.totalEnd));
}

void Call::onExpired()
{
    m_timedOut = true;
    if (m_attempt) m_attempt->cancel();
    if (m_transport) m_transport->close();
}

void Call::cancel()
{
    m_cancelled = true;
    if (m_attempt) m_attempt->cancel();
    if (m_transport) m_transport->close();
}

void Call::begun()
{
    if (m_phase != Phase::FirstByte) return;
    m_phase = Phase::Idle;
    rest();
}

void Call::rest()
{
    m_deadline.set(m_timeouts.totalEnd);
}

Error Call::failure(const boost::system::error_code& error, bool midReply) const
{
    if (m_cancelled) return gatewayError(Code::ClientCancelled, "The request was given up.");
    const std::string where = m_origin.host + ":" + std::to_string(m_origin.port);
    if (m_timedOut) {
        const bool total = net::Clock::now() >= m_timeouts.totalEnd;
        const char* what = total                          ? "did not finish within the total time-out"
                           : m_phase == Phase::Connecting ? "did not accept a connection in time"
                           : m_phase == Phase::FirstByte  ? "sent no first byte in time"
                                                          : "fell silent in the middle of its answer";
        return upstreamError(Code::UpstreamTimeout, total ? Retry::Never : Retry::NextTarget,
                             where + " " + what + ". Raise the route's timeout or add a fallback target.");
    }
    // Once a reply has begun, the same question would be paid for a second time.
    const Retry again = midReply ? Retry::NextTarget : Retry::SameTarget;
    if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) {
        if (midReply)
            return upstreamError(Code::UpstreamTruncated, again,
                                 where + " closed the connection in the middle of its answer.");
        return upstreamError(Code::UpstreamConnectionClosed, Retry::SameTarget,
                             where + " closed the connection without an answer.");
    }
    if (error.category() == asio::error::get_ssl_category())
        return upstreamError(Code::UpstreamTlsError, Retry::NextTarget,
                             where + ": TLS failed (" + error.message() + ").");
    return upstreamError(Code::UpstreamConnectionReset, again,
                         where + " reset the connection (" + error.message() + ").");
}

net::Task<Outcome> Call::open(bool fresh)
{
    m_transport = fresh ? nullptr : m_client.pool.take(m_origin.poolKey);
    m_times.reusedConnection = m_transport != nullptr;
    if (m_transport) co_return Done{};
    arm(Phase::Connecting, m_timeouts.connect);
    m_attempt = std::make_shared<Connector::Attempt>();
    auto opened = co_await m_client.connector.connect(m_origin, m_attempt);
    m_attempt.reset();
    if (!opened) {
        if (m_timedOut || m_cancelled) co_return failure({}, false);
        co_return opened.error();
    }
    m_transport = std::move(opened.value());
    m_times.connected = elapsed();
    co_return Done{};
}

net::Task<Result<const ReplyHead*>> Call::exchange(std::string_view head, std::string_view body)
{
    for (;;) {
        auto opened = co_await open();
        if (!opened) co_return opened.error();
        if (m_cancelled) co_return failure({}, false);
        arm(Phase::Idle, m_timeouts.idle);
        const auto written = co_await m_transport->write(head, body);
        m_times.sent = elapsed();
        arm(Phase::FirstByte, m_timeouts.firstByte);
        // A provider may refuse a body before it has all of it: its answer counts more than the failed write.
        auto received = co_await readHead();
        if (received) co_return &m_head;
        const bool stale = m_transport->reused && !m_replied && !m_timedOut && !m_cancelled;
        m_transport.reset();
        if (!stale) {
            if (written.error && !m_replied) co_return failure(written.error, false);
            co_return received.error();
        }
    }
}

net::Task<Outcome> Call::readHead()
{
    for (int interim = 0; interim <= kMaxInterim; ++interim) {
        std::size_t end = std::string_view::npos;
        std::size_t searched = 0;
        while ((end = findHeadEnd(m_transport->input().view(), searched)) == std::string_view::npos) {
            const std::size_t size = m_transport->input().view().size();
            searched = size;
            if (size > kMaxHead)
                co_return upstreamError(Code::UpstreamResponseTooLarge, Retry::NextTarget,
                                        m_origin.host + " sent more than 64 KiB of header fields.");
            if (size >= 5 && m_transport->input().view().substr(0, 5) != "HTTP/")
                co_return upstreamError(Code::UpstreamInvalidResponse, Retry::NextTarget,
                                        m_origin.host + " does not speak HTTP on this port.");
            const auto read = co_await m_transport->read();
            if (read.error) co_return failure(read.error, m_replied);
            m_replied = true;
        }
        m_headBytes.assign(m_transport->input().view().substr(0, end));
        m_transport->input().consume(end);
        auto parsed = parseReplyHead(m_headBytes, m_head);
        if (!parsed) co_return parsed.error();
        if (m_head.status == 101)
            co_return upstreamError(Code::UpstreamInvalidResponse, Retry::NextTarget,
                                    m_origin.host +
                                        " switched to another protocol, which was not asked for.");
        if (m_head.status < 200) continue;
        m_left = m_head.contentLength.value_or(0);
        if (m_noBody || m_head.status == 204 || m_head.status == 304 || (m_head.contentLength && m_left == 0))
            m_complete = true;
        if (!m_head.contentEncoding.empty()) {
            m_decoder = makeContentDecoder(m_head.contentEncoding);
            if (!m_decoder)
                co_return upstreamError(Code::UpstreamInvalidResponse, Retry::NextTarget,
                                        m_origin.host +
                                            " packed its answer in a way that was not asked for.");
        }
        co_return Done{};
    }
    co_return upstreamError(Code::UpstreamInvalidResponse, Retry::NextTarget,
                            m_origin.host + " sent too many interim answers.");
}

Result<std::string_view> Call::takeBuffered()
{
    while (!m_complete) {
        m_transport->input().consume(std::exchange(m_consumed, 0));
        std::string_view input = m_transport->input().view();
        if (input.empty()) break;
        if (!m_head.chunked) {
            const std::size_t size =
                m_head.contentLength ? std::min<std::uint64_t>(m_left, input.size()) : input.size();
            m_left -= m_head.contentLength ? size : 0;
            m_complete = m_head.contentLength && m_left == 0;
            m_consumed = size;
            return input.substr(0, size);
        }
        const std::size_t before = input.size();
        const std::string_view payload = m_chunks.next(input);
        m_consumed = before - input.size();
        if (m_chunks.state() == ChunkDecoder::State::Bad)
            return upstreamError(Code::UpstreamInvalidResponse, Retry::NextTarget,
                                 m_origin.host + " sent a malformed chunked body.");
        m_complete = m_chunks.state() == ChunkDecoder::State::Done;
        if (!payload.empty()) return payload;
    }
    return std::string_view();
}

Result<std::string_view> Call::ready()
{
    if (m_decoder) return std::string_view();
    return takeBuffered();
}

net::Task<Result<std::string_view>> Call::receiveRaw()
{
    for (;;) {
        auto buffered = takeBuffered();
        if (!buffered || !buffered.value().empty() || m_complete) co_return buffered;
        if (m_phase == Phase::Idle) arm(Phase::Idle, m_timeouts.idle);
        const auto read = co_await m_transport->read();
        if (m_phase == Phase::Idle) rest();
        if (!read.error) continue;
        const bool untilClose = !m_head.chunked && !m_head.contentLength;
        if (untilClose && read.error == asio::error::eof && !m_timedOut && !m_cancelled) {
            m_complete = true;
            co_return std::string_view();
        }
        co_return failure(read.error, true);
    }
}

net::Task<Result<std::string_view>> Call::receive()
{
    if (!m_decoder) co_return co_await receiveRaw();
    m_decoded.clear();
    for (;;) {
        // The decoder may still hold output for input it already took.
        const bool more = !m_packed.empty() || !m_decoder->complete();
        if (more && !m_decoder->read(m_packed, m_decoded, kDecodeStep))
            co_return upstreamError(Code::UpstreamInvalidResponse, Retry::NextTarget,
                                    m_origin.host + " sent a packed answer that cannot be unpacked.");
        if (!m_decoded.empty()) co_return std::string_view(m_decoded);
        auto raw = co_await receiveRaw();
        if (!raw) co_return raw.error();
        if (raw.value().empty() && m_decoder->complete()) co_return std::string_view();
        if (raw.value().empty())
            co_return upstreamError(Code::UpstreamTruncated, Retry::NextTarget,
                                    m_origin.host + " sent a packed answer that ends too early.");
        m_packed = raw.value();
    }
}

net::Task<void> Call::drain(std::chrono::milliseconds time)
{
    m_timeouts.idle = time;
    arm(Phase::Idle, time);
    for (std::size_t total = 0; total < (64u << 10);) {
        auto bytes = co_await receive();
        if (!bytes || bytes.value().empty()) co_return;
        total += bytes.value().size();
    }
}

net::Task<Result<std::string>> Call::receiveAll(std::size_t limit)
{
    std::string whole;
    const auto tooLarge = [&] {
        return upstreamError(Code::UpstreamResponseTooLarge, Retry::NextTarget,
                             m_origin.host + " sent an answer of more than " + std::to_string(limit >> 20) +
                                 " MiB.");
    };
    if (m_head.contentLength && !m_decoder) {
        if (*m_head.contentLength > limit) co_return tooLarge();
        whole.reserve(std::min<std::size_t>(*m_head.contentLength, 1 << 20));
    }
    for (;;) {
        auto bytes = co_await receive();
        if (!bytes) co_return bytes.error();
        if (bytes.value().empty()) break;
        begun();
        if (whole.size() + bytes.value().size() > limit) co_return tooLarge();
        whole.append(bytes.value());
    }
    co_return whole;
}

} // namespace gateway::upstream
