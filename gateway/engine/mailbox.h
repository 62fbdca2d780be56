// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include <QObject>

class QSocketNotifier;

namespace gateway::engine {

/// The way from the engine's threads to the owner's: a mutex-guarded queue, and a pipe that wakes the owner's
/// event loop. No Qt call is made on a foreign thread, so ThreadSanitizer sees every hand-over.
class Mailbox : public QObject {
    Q_OBJECT

public:
    explicit Mailbox(QObject* parent = nullptr);
    ~Mailbox() override;

    /// Any thread. `job` runs on the thread this mailbox lives on, in order; never at once. After close() it
    /// is dropped.
    void post(std::function<void()> job);
    /// Owner's thread. What is still queued is dropped.
    void close();

private:
    void deliver();

    std::mutex m_mutex;
    std::vector<std::function<void()>> m_jobs;
    std::unique_ptr<QSocketNotifier> m_notifier;
    int m_readEnd = -1, m_writeEnd = -1; // writeEnd is guarded by m_mutex
};

} // namespace gateway::engine
