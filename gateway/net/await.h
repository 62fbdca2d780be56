// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <coroutine>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/error_code.hpp>

#include "net/deadline.h"
#include "net/task.h"

namespace gateway::net {

struct IoResult {
    boost::system::error_code error;
    std::size_t bytes = 0;
};

/// Awaits an operation that calls back with (error_code) or (error_code, size_t). `Start` gets the handler.
/// The awaiter lives in the frame of the coroutine that waits, so the handler can write into it.
template <class Start>
class IoOperation {
public:
    explicit IoOperation(Start start) : m_start(std::move(start)) {}
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting)
    {
        m_start([this, waiting](const boost::system::error_code& error, std::size_t bytes = 0) {
            m_result = {error, bytes};
            waiting.resume();
        });
    }
    IoResult await_resume() noexcept { return m_result; }

private:
    Start m_start;
    IoResult m_result;
};

template <class Start>
IoOperation<Start> awaitIo(Start start)
{
    return IoOperation<Start>(std::move(start));
}

template <class Stream, class Buffer>
auto readSome(Stream& stream, Buffer buffer)
{
    return awaitIo([&stream, buffer](auto handler) { stream.async_read_some(buffer, std::move(handler)); });
}

template <class Stream, class Buffers>
auto writeAll(Stream& stream, Buffers buffers)
{
    return awaitIo(
        [&stream, buffers](auto handler) { boost::asio::async_write(stream, buffers, std::move(handler)); });
}

} // namespace gateway::net
