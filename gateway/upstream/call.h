// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "gateway/result.h"

#include "base/chunk_decoder.h"
#include "net/deadline.h"
#include "net/task.h"
#include "upstream/connector.h"
#include "upstream/content_decoder.h"
#include "upstream/origin.h"
#include "upstream/pool.h"
#include "upstream/reply_head.h"

namespace gateway::upstream {

class Call;

/// The connections of one IO thread.
class Client {
public:
    Client(boost::asio::io_context& context, net::DeadlineSweeper& sweeper, net::TurnEnd& turn)
        : deadlines(sweeper), pool(sweeper), connector(context, sweeper, turn)
    {
    }
    net::DeadlineSweeper& deadlines;
    Pool pool;
    Connector connector;

    /// Gives up every call under way.
    void cancelAll();

private:
    friend class Call;
    Call* m_first = nullptr; // a list through the calls themselves
};

struct CallTimeouts {
    std::chrono::milliseconds connect{10'000};
    std::chrono::milliseconds firstByte{600'000};
    std::chrono::milliseconds idle{120'000};
    net::Clock::time_point totalEnd = net::Clock::time_point::max();
};

/// When things happened, as differences from the start of the call; 0: not yet.
struct CallTimes {
    std::int64_t connected = 0, sent = 0, firstByte = 0; // microseconds
    bool reusedConnection = false;
};

/// One request to a provider and its reply. IO thread only. Errors say whether a repetition makes sense.
class Call {
public:
    /// `origin` is sealed and outlives the call.
    Call(Client& client, const Origin& origin, CallTimeouts timeouts);
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    /// A connection whose reply was read to its end goes back to the pool, any other is closed.
    ~Call();

    /// Sends head and body, gives the reply's head. A kept connection that turns out closed before a byte of
    /// the reply came is replaced once by a fresh one.
    net::Task<Result<const ReplyHead*>> exchange(std::string_view head, std::string_view body);
    /// The same for a body that comes in parts: begin() with what there is of it, send() for each further
    /// part, end(), reply(). `chunked` frames the parts. On a fresh connection, as what was sent is not there
    /// any more to be sent again. Error of begin(): there is no connection, so nothing was sent.
    net::Task<Outcome> begin(std::string_view head, std::string_view first, bool chunked);
    /// False when the provider takes no more: reply() tells what it said, or why it said nothing.
    net::Task<bool> send(std::string_view part);
    net::Task<void> end();
    net::Task<Result<const ReplyHead*>> reply();
    /// The reply has no body, whatever its head says: to be told before a HEAD request.
    void expectNoBody() { m_noBody = true; }
    /// The next bytes of the body, unchunked and unpacked; empty at its end. Void after the next call.
    net::Task<Result<std::string_view>> receive();
    /// The same without waiting: what has already been read, empty when that is used up.
    [[nodiscard]] Result<std::string_view> ready();
    /// Reads what little follows the part that mattered, so that the connection can be kept.
    net::Task<void> drain(std::chrono::milliseconds time);
    /// The whole body, at most `limit` bytes.
    net::Task<Result<std::string>> receiveAll(std::size_t limit);
    /// The first-byte time-out ends here, the idle time-out begins.
    void begun();
    /// Gives up at once, from anywhere on the same thread.
    void cancel();

    [[nodiscard]] const CallTimes& times() const { return m_times; }

private:
    friend class Client;
    enum class Phase : std::uint8_t { Undecided, Connecting, FirstByte, Idle };

    net::Task<Outcome> open(bool fresh = false);
    net::Task<bool> write(std::string_view a, std::string_view b);
    net::Task<Outcome> readHead();
    [[nodiscard]] Result<std::string_view> takeBuffered();
    net::Task<Result<std::string_view>> receiveRaw();
    void arm(Phase phase, std::chrono::milliseconds time);
    /// While nobody reads, as when the client takes nothing, silence is not the provider's fault.
    void rest();
    void onExpired();
    [[nodiscard]] Error failure(const boost::system::error_code& error, bool midReply) const;
    [[nodiscard]] std::int64_t elapsed() const;

    Client& m_client;
    const Origin& m_origin;
    CallTimeouts m_timeouts;
    net::Deadline m_deadline;
    net::Clock::time_point m_start = net::Clock::now();
    std::unique_ptr<Transport> m_transport;
    std::shared_ptr<Connector::Attempt> m_attempt;
    std::string m_headBytes;
    ReplyHead m_head;
    ChunkDecoder m_chunks;
    std::unique_ptr<ContentDecoder> m_decoder;
    std::string m_decoded;
    std::string_view m_packed;  // input of m_decoder that is not used yet
    std::size_t m_consumed = 0; // bytes of the transport's input that the last receive() gave out
    std::uint64_t m_left = 0;
    CallTimes m_times;
    Phase m_phase = Phase::Undecided;
    Call* m_before = nullptr;
    Call* m_after = nullptr;
    bool m_timedOut = false;
    bool m_cancelled = false;
    bool m_replied = false; // a byte of the reply has come
    bool m_complete = false;
    bool m_noBody = false;
    bool m_chunkedOut = false; // the request's body
    bool m_unsent = false;     // some of the request's body was not sent yet
    std::string m_lineOut;
    boost::system::error_code m_writeError;
};

} // namespace gateway::upstream
