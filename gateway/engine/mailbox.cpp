// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/mailbox.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include <QSocketNotifier>

namespace gateway::engine {

Mailbox::Mailbox(QObject* parent) : QObject(parent)
{
    std::array<int, 2> ends{-1, -1};
    if (::pipe(ends.data()) != 0) return;
    for (const int end : ends) {
        ::fcntl(end, F_SETFL, ::fcntl(end, F_GETFL) | O_NONBLOCK);
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    }
    m_readEnd = ends[0];
    m_writeEnd = ends[1];
    m_notifier = std::make_unique<QSocketNotifier>(m_readEnd, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] { deliver(); });
}

Mailbox::~Mailbox()
{
    close();
}

void Mailbox::post(std::function<void()> job)
{
    const std::lock_guard lock(m_mutex);
    if (m_writeEnd < 0) return;
    m_jobs.push_back(std::move(job));
    if (m_jobs.size() > 1) return; // the owner is already on its way
    const char byte = 0;
    while (::write(m_writeEnd, &byte, 1) < 0 && errno == EINTR) {
    }
}

void Mailbox::close()
{
    std::vector<std::function<void()>> dropped;
    {
        const std::lock_guard lock(m_mutex);
        if (m_writeEnd >= 0) ::close(m_writeEnd);
        m_writeEnd = -1;
        dropped.swap(m_jobs);
    }
    m_notifier.reset();
    if (m_readEnd >= 0) ::close(m_readEnd);
    m_readEnd = -1;
}

void Mailbox::deliver()
{
    std::array<char, 64> bytes;
    while (::read(m_readEnd, bytes.data(), bytes.size()) > 0) {
    }
    std::vector<std::function<void()>> jobs;
    {
        const std::lock_guard lock(m_mutex);
        jobs.swap(m_jobs);
    }
    for (auto& job : jobs)
        job();
}

} // namespace gateway::engine
