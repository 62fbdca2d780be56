// SPDX-License-Identifier: GPL-3.0-or-later
#include "listener/server_connection.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "base/chunk_decoder.h"
#include "base/head_scan.h"
#include "listener/connection_set.h"
#include "listener/response_head.h"
#include "net/await.h"

namespace gateway::listener {

namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxPipelined = 64 * 1024;
constexpr std::size_t kBodyStep = 256 * 1024;
constexpr std::size_t kSkippableBody = 64 * 1024;
constexpr std::chrono::seconds kSlowestReader{120}; // no byte taken for so long: the client is taken for dead
constexpr std::chrono::seconds kFirstByte{30};
constexpr std::chrono::seconds kLinger{2};

/// Also where IPv4 comes through an IPv6 socket.
bool isOfThisMachine(const asio::ip::address& address)
{
    if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address.is_loopback();
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback();
}

HeadLimits headLimits(const ServerLimits& limits)
{
    return {limits.requestLineBytes, limits.headerBytes, limits.headerFields};
}

} // namespace

ServerConnection::ServerConnection(asio::ip::tcp::socket socket, ConnectionSet& set)
    : m_socket(std::move(socket)), m_set(set), m_deadline(set.deadlines(), [this] { onExpired(); })
{
    m_set.add(this);
}

ServerConnection::~ServerConnection()
{
    m_set.remove(this);
}

void ServerConnection::start()
{
    boost::system::error_code ignored;
    m_socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    m_socket.non_blocking(true, ignored);
    m_peer.localPort = m_socket.local_endpoint(ignored).port();
    const asio::ip::tcp::endpoint remote = m_socket.remote_endpoint(ignored);
    m_peer.remotePort = remote.port();
    m_peer.isLoopback = isOfThisMachine(remote.address());
    serve(shared_from_this());
}

void ServerConnection::drain()
{
    m_close = true;
    if (m_socketExchange)
        m_socketExchange->drain();
    else if (!m_exchange)
        close();
}

void ServerConnection::close()
{
    m_gone = true;
    boost::system::error_code ignored;
    m_socket.close(ignored);
    if (m_exchange) m_exchange->cancel();
    if (std::exchange(m_inputWanted, false)) m_inputSignal.notify();
}

void ServerConnection::wait(Wait what, std::chrono::milliseconds time)
{
    m_wait = what;
    m_deadline.setIn(time);
}

void ServerConnection::onExpired()
{
    const auto self = shared_from_this();
    m_expired = true;
    if (m_wait == Wait::Write) {
        close();
        return;
    }
    if (std::exchange(m_inputWanted, false)) {
        m_inputSignal.notify();
    } else {
        boost::system::error_code ignored;
        m_socket.cancel(ignored);
    }
}

void ServerConnection::readSocket()
{
    if (m_reading || m_gone) return;
    // Requests sent ahead wait in the socket; a head that is being read has limits of its own.
    if (m_exchange && m_input.view().size() >= kMaxPipelined) return;
    m_reading = true;
    m_socket.async_read_some(
        m_input.prepare(),
        [self = shared_from_this()](const boost::system::error_code& error, std::size_t bytes) {
            self->m_reading = false;
            if (!error) {
                self->m_input.commit(bytes);
            } else if (!self->m_gone && error != asio::error::operation_aborted) {
                self->m_gone = true;
                if (self->m_exchange) self->m_exchange->cancel();
            }
            if (std::exchange(self->m_inputWanted, false))
                self->m_inputSignal.notify();
            else if (!error && self->m_exchange)
                self->readSocket();
        });
}

net::Task<bool> ServerConnection::moreInput()
{
    readSocket();
    if (!m_reading) co_return false;
    m_inputWanted = true;
    co_await m_inputSignal;
    co_return !m_gone && !m_expired;
}

net::Detached ServerConnection::serve([[maybe_unused]] std::shared_ptr<ServerConnection> self)
{
    try {
        if (m_set.full()) {
            Answer busy = m_set.handler().unreadable(
                gatewayError(Code::Overloaded, "Too many connections are open. Try again in a second."));
            busy.close = true;
            co_await send(busy);
            co_await linger();
        } else {
            for (;;) {
                const bool asked = co_await readHead();
                if (!asked) break;
                const bool goesOn = co_await serveOne();
                if (!goesOn) break;
                m_used = true;
            }
        }
    } catch (const std::exception&) {
        // Memory ran out or a size overflowed: this connection ends, the others go on.
        m_streaming = false;
    }
    m_socketExchange = nullptr;
    m_exchange.reset();
    m_deadline.clear();
    m_gone = true;
    boost::system::error_code ignored;
    m_socket.close(ignored);
    m_set.remove(this);
}

net::Task<bool> ServerConnection::readHead()
{
    const ServerLimits& limits = m_set.limits();
    if (m_close) co_return false;
    bool begun = false;
    bool emptyLine = false;
    std::size_t searched = 0;
    m_expired = false;
    for (;;) {
        // RFC 9112, section 2.2: an empty line before the request line is skipped. One: a client that sends
        // nothing else must not keep its connection by it.
        if (const std::size_t skipped = emptyLine ? 0 : leadingEmptyLine(m_input.view()); skipped > 0) {
            m_input.consume(skipped);
            emptyLine = true;
            searched = 0;
        }
        const std::string_view bytes = m_input.view();
        if (!bytes.empty()) {
            const std::size_t end = findHeadEnd(bytes, searched);
            if (end != std::string_view::npos) {
                m_headBytes.assign(bytes.substr(0, end));
                m_input.consume(end);
                co_return true;
            }
            searched = bytes.size();
            if (const auto problem = scanFirstLine(bytes, headLimits(limits))) {
                co_await refuseHead(headError(*problem));
                co_return false;
            }
            if (bytes.size() > limits.requestLineBytes + limits.headerBytes) {
                co_await refuseHead(headError({HeadFault::HeadersTooLarge, bytes.size()}));
                co_return false;
            }
            if (!begun) {
                begun = true;
                wait(Wait::Head, limits.header);
            }
        } else if (!begun) {
            wait(m_used ? Wait::Idle : Wait::FirstByte,
                 m_used ? limits.keepaliveIdle : milliseconds(kFirstByte));
        }
        if (co_await moreInput()) continue;
        if (m_expired && begun)
            co_await refuseHead(
                clientError(Code::RequestTimeout, "The request's head did not come in time."));
        co_return false;
    }
}

net::Task<void> ServerConnection::refuseHead(Error error)
{
    Answer answer = m_set.handler().unreadable(error);
    answer.close = true;
    m_head.clear();
    co_await send(answer);
    co_await linger();
}

net::Task<bool> ServerConnection::serveOne()
{
    m_deadline.clear();
    m_close = m_close || m_set.draining();
    if (auto parsed = parseRequestHead(m_headBytes, headLimits(m_set.limits()), m_head); !parsed) {
        co_await refuseHead(parsed.error());
        co_return false;
    }
    m_close = m_close || !m_head.keepAlive;
    m_exchange = m_set.handler().begin(m_head, m_peer);
    std::optional<Answer> early = m_exchange->earlyAnswer();
    if (!early && m_head.unknownExpectation)
        early = m_exchange->refuse(
            clientError(Code::ExpectationFailed, "Only `Expect: 100-continue` is understood."));
    if (early) {
        const bool skippable =
            !m_head.chunked && !m_head.expectContinue && m_head.contentLength <= kSkippableBody;
        if (early->close || !skippable) m_close = true;
        const bool sent = co_await send(*early);
        m_exchange.reset();
        if (sent && !m_close) co_return co_await skipBody();
        co_await linger();
        co_return false;
    }
    if (m_head.upgradeWebSocket) {
        if (SocketExchange* socket = m_exchange->socket()) co_return co_await serveSocket(*socket);
    }
    if (m_exchange->takesParts()) {
        const bool taken = co_await serveInParts();
        m_exchange.reset();
        if (!taken) co_await linger();
        co_return taken && !m_close && !m_gone;
    }
    std::string body;
    if (!co_await receiveBody(*m_exchange, body)) {
        m_exchange.reset();
        co_await linger();
        co_return false;
    }
    m_deadline.clear();
    readSocket();
    co_await m_exchange->run(std::move(body), *this);
    m_exchange.reset();
    co_return !m_close && !m_gone;
}

net::Task<bool> ServerConnection::receiveBody(Exchange& exchange, std::string& body)
{
    std::optional<Error> problem;
    if (m_head.contentLength > exchange.bodyLimit()) {
        problem = clientError(Code::RequestTooLarge, "The request body is larger than " +
                                                         std::to_string(exchange.bodyLimit()) +
                                                         " bytes (server.max_body_bytes).");
    } else {
        if (m_head.expectContinue && m_head.http11 && m_head.hasBody()) {
            const bool sent = co_await writeRaw("HTTP/1.1 100 Continue\r\n\r\n", {}, {});
            if (!sent) co_return false;
        }
        m_bodyEnd = net::Clock::now() + m_set.limits().body;
        m_expired = false;
        bool whole = false;
        if (m_head.chunked)
            whole = co_await receiveChunked(exchange, body);
        else
            whole = co_await receiveSized(body);
        if (whole) co_return true;
        if (m_expired)
            problem = clientError(Code::RequestTimeout, "The request body did not come in time.");
        else if (m_close && !m_gone)
            co_return false; // answered by receiveChunked
    }
    if (problem) {
        m_close = true;
        const Answer answer = exchange.refuse(*problem);
        co_await send(answer);
    }
    co_return false;
}

net::Task<bool> ServerConnection::receiveSized(std::string& body)
{
    const std::size_t total = m_head.contentLength;
    const auto takeInput = [&] {
        const std::size_t taken = std::min(total - body.size(), m_input.view().size());
        body.append(m_input.view().substr(0, taken));
        m_input.consume(taken);
    };
    takeInput();
    // A read begun during the exchange before this one gets the next bytes, whoever else asks for them.
    if (m_reading && body.size() < total) {
        m_wait = Wait::Body;
        m_deadline.set(std::min(m_bodyEnd, net::Clock::now() + m_set.limits().bodyIdle));
        if (!co_await moreInput()) co_return false;
        takeInput();
    }
    std::size_t have = body.size();
    while (have < total) {
        // Memory follows what really comes, not what the head promises.
        if (have == body.size()) body.resize(std::min(total, std::max(kBodyStep, body.size() * 2)));
        m_wait = Wait::Body;
        m_deadline.set(std::min(m_bodyEnd, net::Clock::now() + m_set.limits().bodyIdle));
        const auto read =
            co_await net::readSome(m_socket, asio::buffer(body.data() + have, body.size() - have));
        if (read.error) {
            m_gone = m_gone || !m_expired;
            co_return false;
        }
        have += read.bytes;
    }
    co_return true;
}

net::Task<bool> ServerConnection::receiveChunked(Exchange& exchange, std::string& body)
{
    ChunkDecoder decoder;
    for (;;) {
        std::string_view input = m_input.view();
        const std::size_t before = input.size();
        while (!input.empty() && decoder.state() == ChunkDecoder::State::More) {
            body.append(decoder.next(input));
            if (body.size() > exchange.bodyLimit()) break;
        }
        m_input.consume(before - input.size());
        std::optional<Error> problem;
        // A chunk that is too large by its size line is refused before its bytes come.
        const bool tooLarge =
            body.size() > exchange.bodyLimit() || decoder.left() > exchange.bodyLimit() - body.size();
        if (tooLarge)
            problem = clientError(Code::RequestTooLarge, "The request body is larger than " +
                                                             std::to_string(exchange.bodyLimit()) +
                                                             " bytes (server.max_body_bytes).");
        else if (decoder.state() == ChunkDecoder::State::Bad)
            problem = clientError(Code::BadRequest, "The chunked request body is malformed.");
        if (problem) {
            m_close = true;
            const Answer answer = exchange.refuse(*problem);
            co_await send(answer);
            co_return false;
        }
        if (decoder.state() == ChunkDecoder::State::Done) co_return true;
        m_wait = Wait::Body;
        m_deadline.set(std::min(m_bodyEnd, net::Clock::now() + m_set.limits().bodyIdle));
        if (!co_await moreInput()) co_return false;
    }
}

net::Task<bool> ServerConnection::skipBody()
{
    std::uint64_t left = m_head.contentLength;
    m_expired = false;
    wait(Wait::Linger, kLinger);
    while (left > 0) {
        const auto taken = std::min<std::uint64_t>(left, m_input.view().size());
        m_input.consume(taken);
        left -= taken;
        if (left == 0) break;
        const bool more = co_await moreInput();
        if (!more) co_return false;
    }
    co_return true;
}

net::Task<void> ServerConnection::linger()
{
    // Closing with unread input would reset the connection and take the answer away from the client.
    boost::system::error_code error;
    m_socket.shutdown(asio::ip::tcp::socket::shutdown_send, error);
    if (error) co_return;
    m_expired = false;
    wait(Wait::Linger, kLinger);
    std::size_t discarded = m_input.view().size();
    m_input.consume(discarded);
    while (discarded < (1u << 20)) {
        const bool more = co_await moreInput();
        if (!more) break;
        discarded += m_input.view().size();
        m_input.consume(m_input.view().size());
    }
}

net::Task<bool> ServerConnection::writeRaw(std::string_view a, std::string_view b, std::string_view c)
{
    std::array<std::string_view, 3> parts{a, b, c};
    for (;;) {
        std::array<asio::const_buffer, 3> buffers;
        std::size_t left = 0;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            buffers[i] = asio::const_buffer(parts[i].data(), parts[i].size());
            left += parts[i].size();
        }
        if (left == 0) co_return true;
        boost::system::error_code error;
        std::size_t written = m_socket.write_some(buffers, error);
        if (error == asio::error::would_block || error == asio::error::try_again) {
            wait(Wait::Write, kSlowestReader);
            const auto ready = co_await net::awaitIo([this](auto handler) {
                m_socket.async_wait(asio::ip::tcp::socket::wait_write, std::move(handler));
            });
            m_deadline.clear();
            error = ready.error;
        }
        if (error && error != asio::error::interrupted) {
            m_gone = true;
            m_close = true;
            co_return false;
        }
        for (auto& part : parts) {
            const std::size_t taken = std::min(written, part.size());
            part.remove_prefix(taken);
            written -= taken;
        }
    }
}

net::Task<bool> ServerConnection::send(const Answer& answer)
{
    if (answer.close || bodyLeft()) m_close = true;
    const bool bodiless = m_head.method == "HEAD" || answer.status == 204 || answer.status == 304;
    Framing framing;
    framing.keepAlive = !m_close;
    framing.http11 = m_head.http11;
    if (m_exchange) framing.allowedOrigin = m_exchange->allowedOrigin();
    if (answer.status != 204) framing.length = answer.length.value_or(answer.body.size());
    m_out.clear();
    appendResponseHead(m_out, answer, framing);
    const std::string_view body = bodiless ? std::string_view() : std::string_view(answer.body);
    net::TurnEnd& turn = m_set.turn(); // GCC 12 would copy what the call returns
    co_await turn;
    co_return co_await writeRaw(m_out, body, {});
}

net::Task<bool> ServerConnection::begin(const Answer& head, std::string_view first)
{
    Framing framing;
    framing.chunked = m_head.http11;
    if (!m_head.http11 || bodyLeft()) m_close = true;
    framing.keepAlive = !m_close;
    framing.http11 = m_head.http11;
    if (m_exchange) framing.allowedOrigin = m_exchange->allowedOrigin();
    m_streaming = true;
    std::string bytes;
    appendResponseHead(bytes, head, framing);
    m_out.swap(bytes);
    if (!first.empty()) co_return co_await write(first);
    const bool sent = co_await writeRaw(m_out, {}, {});
    m_out.clear();
    co_return sent;
}

namespace {

std::string_view chunkLine(std::array<char, 20>& buffer, std::size_t size)
{
    char* end = std::to_chars(buffer.data(), buffer.data() + 16, size, 16).ptr;
    std::memcpy(end, "\r\n", 2);
    return {buffer.data(), static_cast<std::size_t>(end + 2 - buffer.data())};
}

} // namespace

net::Task<bool> ServerConnection::write(std::string_view bytes)
{
    // m_out holds the head until the first write has taken it along.
    if (m_head.http11) {
        std::array<char, 20> line;
        m_out.append(chunkLine(line, bytes.size()));
        const bool sent = co_await writeRaw(m_out, bytes, "\r\n");
        m_out.clear();
        co_return sent;
    }
    const bool sent = co_await writeRaw(m_out, bytes, {});
    m_out.clear();
    co_return sent;
}

net::Task<bool> ServerConnection::finish(std::string_view last)
{
    m_streaming = false;
    if (!m_head.http11) co_return co_await writeRaw(m_out, last, {});
    if (last.empty()) co_return co_await writeRaw(m_out, "0\r\n\r\n", {});
    std::array<char, 20> line;
    m_out.append(chunkLine(line, last.size()));
    const bool sent = co_await writeRaw(m_out, last, "\r\n0\r\n\r\n");
    m_out.clear();
    co_return sent;
}

void ServerConnection::cut()
{
    m_close = true;
    m_streaming = false;
}

} // namespace gateway::listener
