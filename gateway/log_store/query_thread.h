// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <QSqlDatabase>
#include <QSqlError>

namespace gateway::log_store {

/// The thread that answers questions to the log. It opens its own connection for each burst of questions and
/// closes it after, so that an idle program holds no memory for it and a damaged database can be set aside.
class QueryThread {
public:
    /// Asks one question and gives back what hands the answer over. Called with a connection, or with one
    /// that is not open where the log cannot be read: the answer is then empty.
    using Question = std::function<std::function<void()>(const QSqlDatabase& sql, QSqlError& error)>;

    /// `onDamage`: a question met damage. Called on this thread.
    QueryThread(std::mutex& connections, std::function<void()> onDamage);
    QueryThread(const QueryThread&) = delete;
    QueryThread& operator=(const QueryThread&) = delete;

    void start(const std::string& databasePath);
    /// Questions that wait are answered empty.
    void stop();
    /// Any thread. After stop() it is answered here and now, empty.
    void ask(Question question);

private:
    void run();
    void answer(const std::vector<Question>& questions);

    std::mutex& m_connections;
    const std::function<void()> m_onDamage;
    std::string m_path; // set once in start(), then constant
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<Question> m_questions; // m_mutex
    bool m_running = false;            // m_mutex
    std::thread m_thread;
};

} // namespace gateway::log_store
