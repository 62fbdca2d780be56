// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/row_queue.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gateway::log_store {

namespace {

/// A burst may have made the buffer large; that much is worth keeping.
constexpr std::size_t kKeptBytes = std::size_t{1} << 20;

} // namespace

RowQueue::Head RowQueue::readHead(std::string_view bytes)
{
    Head head{};
    std::memcpy(&head, bytes.data(), sizeof head);
    return head;
}

bool RowQueue::add(std::uint32_t segment, std::string_view row)
{
    bool first = false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_stop || m_rows >= m_limits.rows || m_bytes.size() + kHeadBytes + row.size() > m_limits.bytes) {
            first = !m_skipped && !m_stop;
            m_skipped = true;
            if (first) m_wake.notify_one();
            return false;
        }
        const Head head{segment, static_cast<std::uint32_t>(row.size())};
        m_bytes.append(reinterpret_cast<const char*>(&head), sizeof head);
        m_bytes.append(row);
        first = m_rows++ == 0;
        if (first) m_due = Clock::now() + m_limits.wait;
    }
    if (first) m_wake.notify_one();
    return true;
}

void RowQueue::addRoutes(RoutesInForce routes)
{
    {
        const std::lock_guard lock(m_mutex);
        m_routes.push_back(std::move(routes));
    }
    m_wake.notify_one();
}

void RowQueue::addNote(StoreNote note)
{
    {
        const std::lock_guard lock(m_mutex);
        m_notes.push_back(std::move(note));
    }
    m_wake.notify_one();
}

void RowQueue::flush(std::function<void()> done)
{
    {
        const std::lock_guard lock(m_mutex);
        m_flushes.push_back(std::move(done));
    }
    m_wake.notify_one();
}

void RowQueue::addCommand(Command command)
{
    {
        const std::lock_guard lock(m_mutex);
        m_commands.push_back(std::move(command));
    }
    m_wake.notify_one();
}

void RowQueue::askToCheckDatabase()
{
    {
        const std::lock_guard lock(m_mutex);
        m_checkDatabase = true;
    }
    m_wake.notify_one();
}

void RowQueue::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_one();
}

void RowQueue::wait(Clock::time_point deadline, Work& work)
{
    std::string buffer = std::move(work.bytes);
    work = Work();
    work.bytes = std::move(buffer);
    work.bytes.clear();
    if (work.bytes.capacity() > kKeptBytes) work.bytes.shrink_to_fit();

    std::unique_lock lock(m_mutex);
    while (!m_stop && !m_skipped && !m_checkDatabase && m_routes.empty() && m_notes.empty() &&
           m_flushes.empty() && m_commands.empty()) {
        const auto until = m_rows > 0 ? std::min(deadline, m_due) : deadline;
        if (until == Clock::time_point::max()) {
            m_wake.wait(lock);
            continue;
        }
        if (Clock::now() >= until) break;
        m_wake.wait_until(lock, until);
    }
    work.bytes.swap(m_bytes);
    work.rows = std::exchange(m_rows, 0);
    work.skipped = std::exchange(m_skipped, false);
    work.checkDatabase = std::exchange(m_checkDatabase, false);
    work.stop = m_stop;
    work.routes.swap(m_routes);
    work.notes.swap(m_notes);
    work.flushes.swap(m_flushes);
    work.commands.swap(m_commands);
}

} // namespace gateway::log_store
