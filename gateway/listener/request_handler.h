// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/error.h"
#include "gateway/result.h"

#include "listener/request_head.h"
#include "net/task.h"
#include "net/web_socket.h"

namespace gateway::listener {

/// Names are literals of the program.
using Headers = std::vector<std::pair<std::string_view, std::string>>;

/// A whole answer. Date, length, connection and security headers are added by the connection.
struct Answer {
    int status = 200;
    Headers headers;
    std::string body;
    std::string contentType = "application/json";
    bool close = false;
    std::optional<std::uint64_t> length = {}; // of a body that is not sent, as for HEAD
};

/// A request's body as it comes, for exchanges that pass it on. IO thread only.
class RequestBody {
public:
    virtual ~RequestBody() = default;
    /// The next bytes, void after the next call; empty at the end. Nothing is read ahead but what fits a
    /// small buffer, so a slow taker slows the client down. Error: why there is no more; the connection
    /// closes after the answer to it, as after any answer that comes before the end of the body.
    virtual net::Task<Result<std::string_view>> nextPart() = 0;
};

/// The client's side of one exchange. Every call ends early with false when the client is gone. IO thread
/// only.
class Responder {
public:
    virtual ~Responder() = default;
    virtual net::Task<bool> send(const Answer& answer) = 0;
    /// send() waits for the end of the IO thread's turn before it writes.
    [[nodiscard]] virtual bool waitsForTurn() const { return false; }
    /// Head and first bytes of a stream in one write.
    virtual net::Task<bool> begin(const Answer& head, std::string_view first) = 0;
    virtual net::Task<bool> write(std::string_view bytes) = 0;
    /// The last bytes and the end marker in one write.
    virtual net::Task<bool> finish(std::string_view last) = 0;
    /// Ends a stream that has begun so that the client sees it was cut: no end marker, connection closed.
    virtual void cut() = 0;
    [[nodiscard]] virtual bool gone() const = 0;
};

/// What an exchange wants of the WebSocket that it goes on as.
struct SocketTerms {
    std::size_t maxMessage = 0;
    net::WebSocket::Fields fields; // of the answer to the upgrade
};

/// An exchange whose connection becomes a WebSocket once its head was admitted. IO thread only.
class SocketExchange {
public:
    virtual ~SocketExchange() = default;
    /// Everything that can still be refused with a status; an answer refuses.
    virtual net::Task<std::optional<Answer>> prepare() = 0;
    [[nodiscard]] virtual SocketTerms terms() const = 0;
    /// From the upgrade to the end of the connection. `client` is read and written by this alone.
    virtual net::Task<void> talk(net::WebSocket& client) = 0;
    /// Ends it as soon as nothing is under way.
    virtual void drain() = 0;
};

/// One request and what becomes of it. Lives from its head to the end of its answer. IO thread only.
class Exchange {
public:
    virtual ~Exchange() = default;
    /// Decided by the head alone, before a byte of the body is read.
    [[nodiscard]] virtual std::optional<Answer> earlyAnswer() = 0;
    [[nodiscard]] virtual std::uint64_t bodyLimit() const = 0;
    virtual net::Task<void> run(std::string body, Responder& responder) = 0;
    /// True: runInParts() is called instead of run(), before a byte of the body was read.
    [[nodiscard]] virtual bool takesParts() const { return false; }
    virtual net::Task<void> runInParts(RequestBody&, Responder&) { co_return; }
    /// The body did not come, or not as it should.
    [[nodiscard]] virtual Answer refuse(const Error& error) = 0;
    /// The client has left: whatever it paid for must stop now.
    virtual void cancel() = 0;
    /// Asked only where the head wants an upgrade. Null: `run` answers it like any other.
    [[nodiscard]] virtual SocketExchange* socket() { return nullptr; }

    /// The page that may read every answer of this exchange, errors too; empty: none, as the client is no
    /// page.
    void allowOrigin(std::string_view origin) { m_allowedOrigin = origin; }
    [[nodiscard]] const std::string& allowedOrigin() const { return m_allowedOrigin; }

private:
    std::string m_allowedOrigin;
};

/// The other side of a connection, for as long as that lasts.
struct PeerInfo {
    std::uint16_t localPort = 0;
    std::uint16_t remotePort = 0;
    bool isLoopback = false;         // a program of this machine
    std::shared_ptr<void> kept = {}; // what the handler knows of the connection, from its first request on
};

/// Makes exchanges. One per IO thread.
class RequestHandler {
public:
    virtual ~RequestHandler() = default;
    /// `head` outlives the exchange.
    [[nodiscard]] virtual std::unique_ptr<Exchange> begin(const RequestHead& head, PeerInfo& peer) = 0;
    /// For heads that could not be read at all.
    [[nodiscard]] virtual Answer unreadable(const Error& error) = 0;
};

} // namespace gateway::listener
