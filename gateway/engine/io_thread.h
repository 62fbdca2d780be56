// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "listener/connection_set.h"
#include "pipeline/handler.h"
#include "pipeline/thread_context.h"

namespace gateway::engine {

/// One IO thread with all that lives on it. Made and joined by the owner; everything else is posted to it.
class IoThread {
public:
    IoThread(boost::asio::thread_pool& workers, pipeline::Shared& shared, pipeline::RowSink& rows);
    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;
    ~IoThread();

    void start();
    void setRuntime(std::shared_ptr<const pipeline::Runtime> runtime);
    /// Lets connections end; `done` is called on this thread when none is left.
    void drain(std::function<void()> done);
    /// Closes everything and ends the thread.
    void stop();

    void serve(boost::asio::ip::tcp::socket socket);
    [[nodiscard]] boost::asio::io_context& context() { return m_context; }
    [[nodiscard]] pipeline::ThreadContext& exchangeContext() { return m_exchanges; }

private:
    boost::asio::io_context m_context{1};
    pipeline::ThreadContext m_exchanges;
    pipeline::Handler m_handler;
    listener::ConnectionSet m_connections;
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> m_work;
    std::thread m_thread;
};

} // namespace gateway::engine
