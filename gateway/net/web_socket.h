// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/error_code.hpp>

#include "net/task.h"

namespace gateway::net {

/// The close codes that we say ourselves (RFC 6455, section 7.4.1).
namespace close_code {
inline constexpr std::uint16_t kNone = 0; // a close frame without a code
inline constexpr std::uint16_t kNormal = 1000;
inline constexpr std::uint16_t kGoingAway = 1001;
inline constexpr std::uint16_t kUnsupported = 1003;
inline constexpr std::uint16_t kPolicy = 1008;
inline constexpr std::uint16_t kInternal = 1011;
} // namespace close_code

/// One WebSocket, either side of it, over a connection that it does not own; Beast reads and writes its
/// frames. Pings are answered, and sent into a silence, whose end without an answer ends the connection; all
/// that only while a receive() waits. No compression is offered or taken. One receive, one send and one close
/// at a time, at most. IO thread only; outlives every call.
class WebSocket {
public:
    using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;
    using Fields = std::vector<std::pair<std::string, std::string>>;

    struct Message {
        bool binary = false;
        std::string bytes;
    };
    /// How it ended. Without `clean` the connection broke, or a peer broke the protocol.
    struct End {
        bool clean = false;
        std::uint16_t code = close_code::kNone;
        std::string reason;
    };
    /// What a server answered to our handshake.
    struct Reply {
        boost::system::error_code error; // none: the socket is open
        int status = 0;                  // 0: no readable answer
        Fields fields;
        std::string body;
    };

    /// `tls` is null for a plain connection; else it runs over `socket`. A longer message ends the connection
    /// with 1009.
    WebSocket(boost::asio::ip::tcp::socket& socket, TlsStream* tls, std::size_t maxMessage);
    WebSocket(const WebSocket&) = delete;
    WebSocket& operator=(const WebSocket&) = delete;
    ~WebSocket();

    /// Answers a client's handshake, whose head has been read and checked, with 101 and these fields.
    Task<bool> accept(std::string_view key, const Fields& fields);
    /// Asks a server. `secretLines` ("name: value", CRLF between them) go into the head last, and are wiped
    /// in Beast's buffers once they were sent.
    Task<Reply> connect(std::string_view authority, std::string_view target, const Fields& fields,
                        std::string_view secretLines);

    /// Nothing: it has ended, see end().
    Task<std::optional<Message>> receive();
    /// False when it has ended, or close() was called.
    Task<bool> send(std::string_view bytes, bool binary = false);
    /// Says so to the other side and waits a little for its answer. `reason` is cut where it is too long.
    Task<void> close(std::uint16_t code, std::string_view reason);
    /// Closes the connection under it at once; what waits ends.
    void abort();

    [[nodiscard]] const End& end() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace gateway::net
