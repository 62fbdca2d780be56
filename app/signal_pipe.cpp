// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/signal_pipe.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <QSocketNotifier>

namespace app {

namespace {

constexpr std::array kSignals = {SIGTERM, SIGINT, SIGHUP};

// What a signal handler may touch.
std::atomic<int> writeEnd{-1};
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void forwardSignal(int signal)
{
    const int kept = errno;
    const auto byte = static_cast<unsigned char>(signal);
    // A full pipe means that the loop is busy with signals already.
    if (write(writeEnd.load(std::memory_order_relaxed), &byte, 1) < 0) errno = kept;
    errno = kept;
}

void install(void (*handler)(int))
{
    for (const int signal : kSignals) {
        struct sigaction action = {};
        action.sa_handler = handler;
        action.sa_flags = SA_RESTART;
        sigemptyset(&action.sa_mask);
        sigaction(signal, &action, nullptr);
    }
}

} // namespace

SignalPipe::SignalPipe(std::function<void(int signal)> handler) : m_handler(std::move(handler))
{
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return;
    m_read = ends[0];
    writeEnd.store(ends[1], std::memory_order_relaxed);
    m_notifier = std::make_unique<QSocketNotifier>(m_read, QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, [this] { drain(); });
    install(forwardSignal);
}

SignalPipe::~SignalPipe()
{
    if (m_read < 0) return;
    install(SIG_DFL);
    m_notifier.reset();
    close(writeEnd.exchange(-1));
    close(m_read);
}

void SignalPipe::drain()
{
    unsigned char signal = 0;
    while (read(m_read, &signal, 1) == 1)
        m_handler(signal);
}

} // namespace app
