// SPDX-License-Identifier: GPL-3.0-or-later
#include "run.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "response_reader.h"

namespace load {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

namespace {

constexpr uint64_t kMostErrors = 1000;
constexpr size_t kReadBytes = 64 * 1024;

float microsecondsSince(Clock::time_point start)
{
    return std::chrono::duration<float, std::micro>(Clock::now() - start).count();
}

/// What the connections share; one thread.
struct Plan {
    Plan(const Options& given, asio::io_context& context)
        : options(given)
        , io(context)
        , bytes(given.requestBytes())
        , left(given.requests)
        , warmupLeft(given.warmup)
    {
    }

    /// Whether another request may begin.
    bool take()
    {
        if (over) return false;
        if (warmupLeft > 0) {
            --warmupLeft;
            return true;
        }
        if (!counting) {
            counting = true;
            started = Clock::now();
        }
        if (options.requests == 0) return true;
        if (left == 0) return false;
        --left;
        return true;
    }

    void end()
    {
        if (over) return;
        over = true;
        statistics.seconds = counting ? std::chrono::duration<double>(Clock::now() - started).count() : 0;
        statistics.openAtEnd = active;
        io.stop();
    }

    const Options& options;
    asio::io_context& io;
    const std::string bytes;
    tcp::endpoint where;
    Statistics statistics;
    Clock::time_point started;
    uint64_t left;
    uint64_t warmupLeft;
    uint64_t active = 0; // Streams that began and have not ended.
    uint64_t running = 0;
    bool counting = false;
    bool over = false;
};

class Connection {
public:
    explicit Connection(Plan& plan)
        : m_plan(plan)
        , m_socket(plan.io)
        , m_reader(plan.options.stream ? plan.options.mark : std::string())
        , m_buffer(kReadBytes)
    {
    }

    void request()
    {
        if (!m_plan.take()) return;
        m_counted = m_plan.counting;
        ++m_plan.running;
        m_reader.next();
        m_seen = 0;
        if (!m_socket.is_open()) return connect();
        send();
    }

private:
    void connect()
    {
        m_socket.async_connect(m_plan.where, [this](const error_code& error) {
            if (error) return failed("connect: " + error.message());
            error_code ignored;
            m_socket.set_option(tcp::no_delay(true), ignored);
            m_socket.non_blocking(true, ignored);
            send();
        });
    }

    void send()
    {
        m_started = Clock::now();
        error_code error;
        size_t written = m_socket.write_some(asio::buffer(m_plan.bytes), error);
        if (error && error != asio::error::would_block) return failed("write: " + error.message());
        if (written == m_plan.bytes.size()) return receive();
        asio::async_write(m_socket, asio::buffer(m_plan.bytes) + written,
                          [this](const error_code& failure, size_t) {
                              if (failure) return failed("write: " + failure.message());
                              receive();
                          });
    }

    void receive()
    {
        m_socket.async_read_some(asio::buffer(m_buffer), [this](const error_code& error, size_t size) {
            if (error == asio::error::eof && m_reader.endsWithConnection()) return completed(false);
            if (error) return failed("read: " + error.message());
            received({m_buffer.data(), size});
        });
    }

    void received(std::string_view bytes)
    {
        auto state = m_reader.read(bytes);
        noteChunks();
        if (state == ResponseReader::State::Broken) return failed("the response is not HTTP");
        if (state == ResponseReader::State::Complete) return completed(m_reader.keepAlive());
        receive();
    }

    void noteChunks()
    {
        if (m_reader.marks() == m_seen) return;
        if (m_seen == 0) {
            if (m_counted) m_plan.statistics.firstChunks.push_back(microsecondsSince(m_started));
            ++m_plan.active;
            m_plan.statistics.activeMost = std::max(m_plan.statistics.activeMost, m_plan.active);
        }
        if (m_counted) m_plan.statistics.chunks += m_reader.marks() - m_seen;
        m_seen = m_reader.marks();
    }

    void completed(bool keepAlive)
    {
        if (m_reader.status() != m_plan.options.expectStatus)
            return failed("status " + std::to_string(m_reader.status()));
        if (m_counted) m_plan.statistics.latencies.push_back(microsecondsSince(m_started));
        ended(keepAlive);
    }

    void failed(const std::string& why)
    {
        if (m_plan.statistics.firstError.empty()) m_plan.statistics.firstError = why;
        if (++m_plan.statistics.errors >= kMostErrors) return m_plan.end();
        ended(false);
    }

    void ended(bool keepAlive)
    {
        if (m_seen > 0) --m_plan.active;
        uint64_t expected = m_plan.options.expectChunks;
        if (m_counted && expected > m_seen) m_plan.statistics.lostChunks += expected - m_seen;
        --m_plan.running;
        error_code ignored;
        if (!keepAlive) m_socket.close(ignored);
        request();
        if (m_plan.running == 0) m_plan.end();
    }

    Plan& m_plan;
    tcp::socket m_socket;
    ResponseReader m_reader;
    std::vector<char> m_buffer;
    Clock::time_point m_started;
    uint64_t m_seen = 0;
    bool m_counted = false;
};

} // namespace

Statistics run(const Options& options)
{
    asio::io_context io(1);
    Plan plan(options, io);
    error_code error;
    std::string host = options.host == "localhost" ? "127.0.0.1" : options.host;
    if (host == "[::1]") host = "::1";
    plan.where = {asio::ip::make_address(host, error), options.port};
    if (error) {
        plan.statistics.errors = 1;
        plan.statistics.firstError = "the address cannot be read";
        return plan.statistics;
    }
    plan.statistics.latencies.reserve(options.requests > 0 ? options.requests : 1'000'000);

    asio::steady_timer limit(io);
    auto longest = std::chrono::duration<double>(options.seconds > 0 ? options.seconds : kLongestSeconds);
    limit.expires_after(std::chrono::duration_cast<Clock::duration>(longest));
    limit.async_wait([&](const error_code&) { plan.end(); });

    std::vector<std::unique_ptr<Connection>> connections;
    for (size_t i = 0; i < options.connections; ++i)
        connections.push_back(std::make_unique<Connection>(plan));
    for (auto& connection : connections)
        connection->request();
    io.run();
    return plan.statistics;
}

} // namespace load
