// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

class QSocketNotifier;

namespace app {

/// Brings SIGTERM, SIGINT and SIGHUP into the event loop. One per process, on the main thread; the default
/// handling returns when it is destroyed.
class SignalPipe {
public:
    explicit SignalPipe(std::function<void(int signal)> handler);
    SignalPipe(const SignalPipe&) = delete;
    SignalPipe& operator=(const SignalPipe&) = delete;
    ~SignalPipe();

private:
    void drain();

    std::function<void(int)> m_handler;
    int m_read = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace app
