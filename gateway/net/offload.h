// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "net/task.h"

namespace gateway::net {

/// Runs `work` on `pool` and gives its value on the thread of `home`, from which it must be awaited; what
/// `work` throws is thrown there. `home` keeps running until then. It cannot be cancelled: what `work` refers
/// to must live until the await ends.
template <class Work>
Task<std::invoke_result_t<Work&>> offload(boost::asio::thread_pool& pool, boost::asio::io_context& home,
                                          Work work)
{
    struct State {
        std::optional<std::invoke_result_t<Work&>> value;
        std::exception_ptr exception;
        Signal done;
    };
    State state; // lives in this frame, which waits below
    boost::asio::post(pool, [&state, &home, &work, alive = boost::asio::make_work_guard(home)] {
        try {
            state.value.emplace(work());
        } catch (...) {
            state.exception = std::current_exception();
        }
        boost::asio::post(home, [&state] { state.done.notify(); });
    });
    co_await state.done;
    if (state.exception) std::rethrow_exception(state.exception);
    co_return std::move(*state.value);
}

} // namespace gateway::net
