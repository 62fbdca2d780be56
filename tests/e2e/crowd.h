// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <QMutex>
#include <QSemaphore>
#include <QString>
#include <QThread>

#include "support/http_client.h"

namespace e2e {

/// Clients that ask and ask until their gateway is gone, and remember which answers they had whole.
class Crowd {
public:
    /// The bytes of a client's next request; called on each client's own thread.
    using Asked = std::function<QByteArray(int client, int turn)>;

    Crowd(quint16 port, int clients, Asked asked) : m_asked(std::move(asked))
    {
        for (int i = 0; i < clients; ++i) {
            m_threads.emplace_back(QThread::create([this, port, i] { work(port, i); }));
            m_threads.back()->start();
        }
    }
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;
    ~Crowd() { join(); }

    [[nodiscard]] bool waitForAnswers(int count) { return m_answers.tryAcquire(count, 20'000); }
    /// The ids of those requests. Only after the gateway has ended.
    [[nodiscard]] QList<QString> completed()
    {
        join();
        return m_completed;
    }

private:
    void join()
    {
        for (const auto& thread : m_threads)
            thread->wait();
    }

    void work(quint16 port, int number)
    {
        support::RawClient client(port);
        for (int turn = 0;; ++turn) {
            client.send(m_asked(number, turn));
            const support::HttpReply reply = client.receive(20'000);
            if (reply.status != 200 || !reply.complete) return;
            const QMutexLocker lock(&m_mutex);
            m_completed.append(QString::fromLatin1(reply.header("x-request-id")));
            m_answers.release();
        }
    }

    const Asked m_asked;
    QMutex m_mutex;
    QList<QString> m_completed;
    QSemaphore m_answers;
    std::vector<std::unique_ptr<QThread>> m_threads;
};

} // namespace e2e
