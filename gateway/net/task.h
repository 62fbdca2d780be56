// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <new>
#include <optional>
#include <utility>

/// Coroutines of the engine. Asio's own awaitable can only wait for Asio operations and costs a frame stack
/// walk per resumption; these wait for anything with await_suspend and hand control over directly.
/// GCC 12 evaluates both arms of `c ? co_await a : co_await b`: co_await stands in statements of its own
/// here, never inside ?:, && or ||.
namespace gateway::net {

template <class T>
class Task;

namespace detail {

struct FinalAwaiter {
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> finished) const noexcept
    {
        auto next = finished.promise().continuation;
        return next ? next : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
};

/// Frames of the same few sizes come and go with every request: each thread keeps some for the next.
class FrameCache {
public:
    static void* take(std::size_t size)
    {
        const std::size_t place = size / kStep;
        if (place >= kSizes) return ::operator new(size);
        FrameCache& cache = ofThread();
        Frame*& first = cache.m_free[place];
        if (!first) return ::operator new((place + 1) * kStep);
        --cache.m_count[place];
        return std::exchange(first, first->next);
    }
    static void give(void* frame, std::size_t size) noexcept
    {
        const std::size_t place = size / kStep;
        FrameCache& cache = ofThread();
        if (place >= kSizes || cache.m_count[place] >= kKept) return ::operator delete(frame);
        ++cache.m_count[place];
        cache.m_free[place] = new (frame) Frame{cache.m_free[place]};
    }
    ~FrameCache()
    {
        for (Frame* first : m_free) {
            while (first)
                ::operator delete(std::exchange(first, first->next));
        }
        m_count.fill(kKept); // what ends after this goes back at once
    }

private:
    struct Frame {
        Frame* next;
    };
    static constexpr std::size_t kStep = 128;
    static constexpr std::size_t kSizes = 32;
    static constexpr std::size_t kKept = 64;
    static FrameCache& ofThread()
    {
        thread_local FrameCache cache;
        return cache;
    }
    std::array<Frame*, kSizes> m_free{};
    std::array<std::size_t, kSizes> m_count{};
};

struct PromiseBase {
    static void* operator new(std::size_t size) { return FrameCache::take(size); }
    static void operator delete(void* frame, std::size_t size) noexcept { FrameCache::give(frame, size); }

    std::coroutine_handle<> continuation;
    std::exception_ptr exception;

    std::suspend_always initial_suspend() noexcept { return {}; }
    FinalAwaiter final_suspend() noexcept { return {}; }
    void unhandled_exception() noexcept { exception = std::current_exception(); }
};

template <class T>
struct Promise : PromiseBase {
    std::optional<T> value;
    Task<T> get_return_object() noexcept;
    template <class U>
    void return_value(U&& result)
    {
        value.emplace(std::forward<U>(result));
    }
    T take()
    {
        if (exception) std::rethrow_exception(exception);
        return std::move(*value);
    }
};

template <>
struct Promise<void> : PromiseBase {
    Task<void> get_return_object() noexcept;
    void return_void() noexcept {}
    void take()
    {
        if (exception) std::rethrow_exception(exception);
    }
};

} // namespace detail

/// A coroutine that starts when it is awaited and gives its value to the one that awaits it. Owns its frame.
template <class T = void>
class [[nodiscard]] Task {
public:
    using promise_type = detail::Promise<T>;

    explicit Task(std::coroutine_handle<promise_type> handle) : m_handle(handle) {}
    Task(Task&& other) noexcept : m_handle(std::exchange(other.m_handle, nullptr)) {}
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    Task& operator=(Task&&) = delete;
    ~Task()
    {
        if (m_handle) m_handle.destroy();
    }

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept
    {
        m_handle.promise().continuation = awaiting;
        return m_handle;
    }
    T await_resume() { return m_handle.promise().take(); }

private:
    std::coroutine_handle<promise_type> m_handle;
};

namespace detail {
template <class T>
Task<T> Promise<T>::get_return_object() noexcept
{
    return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() noexcept
{
    return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}
} // namespace detail

/// The root of a chain of tasks: runs at once, frees itself when done. What it calls must not throw.
struct Detached {
    struct promise_type {
        Detached get_return_object() noexcept { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() noexcept {}
        void unhandled_exception() noexcept { std::terminate(); }
    };
};

/// Lets one coroutine sleep until somebody on the same thread calls notify(). A notification that comes first
/// is kept.
class Signal {
public:
    Signal() = default;
    Signal(const Signal&) = delete; // so that `co_await *pointer`, which GCC 12 copies, does not compile
    Signal& operator=(const Signal&) = delete;

    void notify()
    {
        if (m_waiting)
            std::exchange(m_waiting, nullptr).resume();
        else
            m_notified = true;
    }
    void reset() { m_notified = false; }

    [[nodiscard]] bool await_ready() noexcept { return std::exchange(m_notified, false); }
    void await_suspend(std::coroutine_handle<> waiting) noexcept { m_waiting = waiting; }
    void await_resume() const noexcept {}

private:
    std::coroutine_handle<> m_waiting;
    bool m_notified = false;
};

/// What two coroutines of one thread do in turn.
class Turn {
public:
    class Hold {
    public:
        explicit Hold(Turn& turn) : m_turn(turn) { m_turn.m_taken = true; }
        Hold(const Hold&) = delete;
        Hold& operator=(const Hold&) = delete;
        ~Hold()
        {
            m_turn.m_taken = false;
            m_turn.m_given.notify();
        }

    private:
        Turn& m_turn;
    };

    /// Nobody holds it; to be held before anything else is waited for.
    Task<void> free()
    {
        while (m_taken)
            co_await m_given;
        m_given.reset();
    }

private:
    Signal m_given;
    bool m_taken = false;
};

} // namespace gateway::net
