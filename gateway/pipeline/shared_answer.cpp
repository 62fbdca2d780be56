// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/shared_answer.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <string>
#include <utility>

#include <boost/asio/post.hpp>

#include "pipeline/ledger.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMostKept = std::size_t{64} << 20;

} // namespace

void SharedAnswer::send(const listener::Answer& answer)
{
    m_head = answer;
    m_ended = true;
    refuseReaders(); // who asks from now on asks anew
    wake();
}

void SharedAnswer::begin(const listener::Answer& head, std::string_view first)
{
    m_head = head;
    m_isStream = true;
    write(first);
}

void SharedAnswer::write(std::string_view bytes)
{
    if (m_kept && m_bytes.size() + bytes.size() > kMostKept) {
        m_kept = false;
        refuseReaders();
        // Who reads along behind this sees it cut; the first client gets all of it.
        if (hasReaders()) m_ended = m_cut = true;
    }
    if (m_kept) m_bytes += bytes;
    wake();
}

void SharedAnswer::finish(std::string_view last)
{
    m_ended = true;
    refuseReaders();
    write(last);
}

void SharedAnswer::cut()
{
    m_ended = m_cut = true;
    refuseReaders();
    wake();
}

void SharedAnswer::note(const LogRow& row, const Error* error)
{
    copyUse(row, m_row);
    m_row.costNanos = row.costNanos;
    if (error) m_error = *error;
}

void SharedAnswer::close()
{
    refuseReaders();
    m_abandon = nullptr;
    if (m_ended) return;
    cut();
}

void SharedAnswer::wake()
{
    // Posted: who reads along goes its own way, and may be gone by then.
    for (const Reader* each : m_readers)
        boost::asio::post(m_context, [woken = each->m_woken] { woken->notify(); });
}

void SharedAnswer::wakeMaker()
{
    boost::asio::post(m_context, [maker = m_pulled] { maker->notify(); });
}

bool SharedAnswer::isPulled() const
{
    return std::any_of(m_readers.begin(), m_readers.end(),
                       [this](const Reader* each) { return each->m_taken == m_bytes.size(); });
}

SharedAnswer::Reader::Reader(SharedAnswer& answer, std::shared_ptr<net::Signal> woken)
    : m_answer(answer), m_woken(std::move(woken))
{
    m_answer.m_readers.push_back(this);
}

void SharedAnswer::Reader::took(std::size_t bytes)
{
    m_taken = bytes;
    m_answer.wakeMaker();
}

SharedAnswer::Reader::~Reader()
{
    std::erase(m_answer.m_readers, this);
    m_answer.wakeMaker();
    if (m_answer.hasReaders() || !m_answer.m_abandon) return;
    std::exchange(m_answer.m_abandon, nullptr)();
}

net::Task<bool> SharingResponder::send(const listener::Answer& answer)
{
    m_answer.send(answer);
    co_return co_await m_own.send(answer);
}

net::Detached SharingResponder::feed()
{
    m_fed = false;
    try {
        const bool taken = co_await feedAll();
        m_ownGone = !taken;
    } catch (const std::exception&) {
        m_ownGone = true; // Without memory it gets no more; the others may.
    }
    m_fed = true;
    m_answer.wakeMaker(); // by the next turn: this may be within what it waits for
}

net::Task<bool> SharingResponder::feedAll()
{
    std::string next(m_answer.bytes());
    std::size_t sent = next.size();
    bool goesOn = co_await m_own.begin(*m_answer.head(), next);
    while (goesOn && !m_own.gone()) {
        m_taken = sent;
        const std::string_view all = m_answer.bytes();
        const bool more = all.size() > sent;
        if (m_finishing) {
            next = more ? all.substr(sent) : std::string_view();
            co_return co_await m_own.finish(next);
        }
        if (more) {
            next = all.substr(sent);
            sent = all.size();
            goesOn = co_await m_own.write(next);
            continue;
        }
        if (m_over) {
            if (m_cutting) m_own.cut();
            co_return true;
        }
        m_answer.pulled().notify();
        co_await m_more;
    }
    co_return false;
}

net::Task<bool> SharingResponder::waitForPull()
{
    net::Signal& pulled = m_answer.pulled();
    for (;;) {
        const bool own = !m_fed && m_taken == m_answer.bytes().size();
        if (own || m_answer.isPulled()) co_return true;
        if (m_fed && !m_answer.hasReaders()) co_return false;
        co_await pulled;
    }
}

net::Task<void> SharingResponder::waitForOwn()
{
    net::Signal& pulled = m_answer.pulled();
    while (!m_fed && m_taken < m_answer.bytes().size())
        co_await pulled;
}

void SharingResponder::stopFeeding()
{
    m_over = true;
    m_more.notify();
}

net::Task<void> SharingResponder::ended()
{
    net::Signal& pulled = m_answer.pulled();
    stopFeeding();
    while (!m_fed)
        co_await pulled;
}

net::Task<bool> SharingResponder::begin(const listener::Answer& head, std::string_view first)
{
    m_answer.begin(head, first);
    feed();
    co_return co_await waitForPull();
}

net::Task<bool> SharingResponder::write(std::string_view bytes)
{
    m_answer.write(bytes);
    if (m_answer.isKept()) {
        m_more.notify();
        co_return co_await waitForPull();
    }
    // Too long to be kept: from here on it is the first client's alone.
    co_await waitForOwn();
    m_answer.forget();
    if (m_fed) co_return false;
    co_return co_await m_own.write(bytes);
}

net::Task<bool> SharingResponder::finish(std::string_view last)
{
    m_answer.finish(last);
    m_finishing = m_answer.isKept();
    if (!m_finishing) co_await waitForOwn();
    const bool isOwn = !m_finishing && !m_fed;
    co_await ended();
    if (isOwn && !m_ownGone) co_return co_await m_own.finish(last);
    co_return !m_ownGone;
}

void SharingResponder::cut()
{
    m_answer.cut();
    m_cutting = true;
    if (m_fed)
        m_own.cut();
    else
        stopFeeding();
}

std::size_t Sha256Hash::operator()(const Sha256& digest) const
{
    std::size_t value = 0;
    std::memcpy(&value, digest.data(), sizeof value); // any part of it is as good as random
    return value;
}

} // namespace gateway::pipeline
