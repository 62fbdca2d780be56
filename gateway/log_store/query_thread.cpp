// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/query_thread.h"

#include <utility>

#include "log_store/database.h"

namespace gateway::log_store {

namespace {

void answerEmpty(const std::vector<QueryThread::Question>& questions)
{
    for (const auto& question : questions) {
        QSqlError error;
        question(QSqlDatabase(), error)();
    }
}

} // namespace

QueryThread::QueryThread(std::mutex& connections, std::function<void()> onDamage)
    : m_connections(connections), m_onDamage(std::move(onDamage))
{
}

void QueryThread::start(const std::string& databasePath)
{
    m_path = databasePath;
    m_running = true;
    m_thread = std::thread([this] { run(); });
}

void QueryThread::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_running = false;
    }
    m_wake.notify_one();
    if (m_thread.joinable()) m_thread.join();
}

void QueryThread::ask(Question question)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_running) {
            m_questions.push_back(std::move(question));
            m_wake.notify_one();
            return;
        }
    }
    answerEmpty({std::move(question)});
}

void QueryThread::run()
{
    for (;;) {
        std::vector<Question> questions;
        bool running = true;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return !m_running || !m_questions.empty(); });
            questions.swap(m_questions);
            running = m_running;
        }
        if (!running) {
            answerEmpty(questions);
            return;
        }
        answer(questions);
    }
}

void QueryThread::answer(const std::vector<Question>& questions)
{
    std::vector<std::function<void()>> answers;
    bool damaged = false;
    {
        const std::lock_guard lock(m_connections);
        Database database;
        damaged = database.openForReading(m_path) == DatabaseState::Damaged;
        for (const auto& question : questions) {
            QSqlError error;
            answers.push_back(question(database.isReady() ? database.sql() : QSqlDatabase(), error));
            damaged = damaged || isDamage(error);
        }
    }
    // Without the lock: who takes an answer may ask again.
    for (const auto& give : answers)
        give();
    if (damaged) m_onDamage();
}

} // namespace gateway::log_store
