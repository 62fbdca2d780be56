// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "gateway/config.h"

#include "base/chunk_decoder.h"
#include "listener/request_handler.h"
#include "net/deadline.h"
#include "net/input_buffer.h"
#include "net/task.h"

namespace gateway::listener {

class ConnectionSet;

/// One client connection: reads requests one after the other, hands each to the handler, writes its answer.
/// A read is pending all the time, also while an exchange runs, so that a client's leaving is seen at once.
/// IO thread only; owns itself until the connection ends.
class ServerConnection : public std::enable_shared_from_this<ServerConnection>,
                         private Responder,
                         private RequestBody {
public:
    ServerConnection(boost::asio::ip::tcp::socket socket, ConnectionSet& set);
    ~ServerConnection() override;

    void start();
    /// Closes now if idle, else after the exchange that runs; a WebSocket after its turn.
    void drain();
    void close();

private:
    enum class Wait : std::uint8_t { Undecided, FirstByte, Idle, Head, Body, Linger, Write };

    net::Detached serve([[maybe_unused]] std::shared_ptr<ServerConnection> self);
    net::Task<bool> readHead();
    net::Task<bool> serveOne();
    net::Task<bool> receiveBody(Exchange& exchange, std::string& body);
    net::Task<bool> receiveSized(std::string& body);
    net::Task<bool> receiveChunked(Exchange& exchange, std::string& body);
    net::Task<bool> skipBody();
    net::Task<bool> serveSocket(SocketExchange& socket);
    net::Task<void> stopReading();

    // body_parts.cpp
    net::Task<bool> serveInParts(); // false: some of the body was left
    net::Task<Result<std::string_view>> nextPart() override;
    [[nodiscard]] std::optional<Error> takePart();
    [[nodiscard]] bool bodyLeft() const { return m_inParts && !m_bodyDone; }
    net::Task<bool> moreInput();
    net::Task<void> refuseHead(Error error);
    net::Task<void> linger();
    net::Task<bool> writeRaw(std::string_view a, std::string_view b, std::string_view c);

    void readSocket();
    void onExpired();
    void wait(Wait what, std::chrono::milliseconds time);

    net::Task<bool> send(const Answer& answer) override;
    [[nodiscard]] bool waitsForTurn() const override { return true; }
    net::Task<bool> begin(const Answer& head, std::string_view first) override;
    net::Task<bool> write(std::string_view bytes) override;
    net::Task<bool> finish(std::string_view last) override;
    void cut() override;
    [[nodiscard]] bool gone() const override { return m_gone; }

    boost::asio::ip::tcp::socket m_socket;
    ConnectionSet& m_set;
    net::InputBuffer m_input;
    net::Signal m_inputSignal;
    net::Deadline m_deadline;
    std::string m_headBytes;
    RequestHead m_head;
    std::unique_ptr<Exchange> m_exchange;
    SocketExchange* m_socketExchange = nullptr; // m_exchange as a WebSocket, while it is one
    std::string m_out;
    PeerInfo m_peer;
    std::string m_part;
    ChunkDecoder m_chunks;
    std::uint64_t m_partsTaken = 0; // bytes of a body that is passed on
    std::chrono::milliseconds m_bodyWaited{0};
    Wait m_wait = Wait::Undecided;
    net::Clock::time_point m_bodyEnd;
    bool m_reading = false;
    bool m_inputWanted = false; // the coroutine sleeps until input comes
    bool m_gone = false;        // the client closed, or we did
    bool m_expired = false;
    bool m_close = false; // after this answer
    bool m_streaming = false;
    bool m_used = false; // at least one request was served
    bool m_inParts = false;
    bool m_bodyDone = false; // of a body in parts: its end was seen
};

} // namespace gateway::listener
