// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io_thread.h"

#include <memory>

#include <boost/asio/post.hpp>

#include "listener/server_connection.h"

namespace gateway::engine {

namespace asio = boost::asio;

IoThread::IoThread(asio::thread_pool& workers, pipeline::Shared& shared, pipeline::RowSink& rows)
    : m_exchanges(m_context, workers, shared, rows)
    , m_handler(m_exchanges)
    , m_connections(m_exchanges.deadlines, m_exchanges.turn, m_handler, shared.openConnections)
{
}

IoThread::~IoThread()
{
    stop();
}

void IoThread::start()
{
    m_work.emplace(asio::make_work_guard(m_context));
    m_thread = std::thread([this] { m_context.run(); });
}

void IoThread::setRuntime(std::shared_ptr<const pipeline::Runtime> runtime)
{
    asio::post(m_context, [this, runtime = std::move(runtime)] {
        m_connections.setLimits(runtime->config->server.limits);
        m_exchanges.runtime = runtime;
    });
}

void IoThread::drain(std::function<void()> done)
{
    asio::post(m_context, [this, done = std::move(done)] {
        auto last = [left = std::make_shared<int>(2), done] {
            if (--*left == 0) done();
        };
        m_exchanges.shadows.close(last);
        m_connections.drain(last);
    });
}

void IoThread::stop()
{
    if (!m_thread.joinable()) return;
    asio::post(m_context, [this] {
        m_connections.closeAll();
        m_exchanges.shadows.cancelAll();
        m_exchanges.upstream.cancelAll();
        m_exchanges.upstream.pool.clear();
        m_exchanges.deadlines.stop();
        m_work.reset();
    });
    m_thread.join();
}

void IoThread::serve(asio::ip::tcp::socket socket)
{
    // The socket already belongs to this thread's context; only the work must move there.
    asio::post(m_context, [this, moved = std::move(socket)]() mutable {
        std::make_shared<listener::ServerConnection>(std::move(moved), m_connections)->start();
    });
}

} // namespace gateway::engine
