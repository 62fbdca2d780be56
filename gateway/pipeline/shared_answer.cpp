// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/shared_answer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <boost/asio/post.hpp>

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMostKept = std::size_t{64} << 20;

} // namespace

void SharedAnswer::send(const listener::Answer& answer)
{
    m_head = answer;
    m_ended = true;
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
        if (m_readers > 0) m_ended = m_cut = true;
    }
    if (m_kept)
        m_bytes += bytes;
    else if (m_readers == 0)
        m_bytes = {};
    wake();
}

void SharedAnswer::finish(std::string_view last)
{
    m_ended = true;
    write(last);
}

void SharedAnswer::cut()
{
    m_ended = m_cut = true;
    wake();
}

void SharedAnswer::note(const LogRow& row, const Error* error)
{
    copyUse(row, m_row);
    m_row.costNanos = row.costNanos;
    if (error) m_error = *error;
}

void SharedAnswer::copyUse(const LogRow& from, LogRow& into)
{
    into.provider = from.provider;
    into.model = from.model;
    into.inputTokens = from.inputTokens;
    into.outputTokens = from.outputTokens;
    into.cacheReadTokens = from.cacheReadTokens;
    into.cacheWriteTokens = from.cacheWriteTokens;
    into.reasoningTokens = from.reasoningTokens;
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
    for (const auto& each : m_waiting)
        boost::asio::post(m_context, [each] { each->notify(); });
}

SharedAnswer::Reader::Reader(SharedAnswer& answer, std::shared_ptr<net::Signal> woken)
    : m_answer(answer), m_woken(std::move(woken))
{
    ++m_answer.m_readers;
    m_answer.m_waiting.push_back(m_woken);
}

SharedAnswer::Reader::~Reader()
{
    std::erase(m_answer.m_waiting, m_woken);
    if (--m_answer.m_readers > 0 || !m_answer.m_abandon) return;
    std::exchange(m_answer.m_abandon, nullptr)();
}

net::Task<bool> SharingResponder::send(const listener::Answer& answer)
{
    m_answer.send(answer);
    co_return co_await m_own.send(answer);
}

net::Task<bool> SharingResponder::begin(const listener::Answer& head, std::string_view first)
{
    m_answer.begin(head, first);
    const bool sent = co_await m_own.begin(head, first);
    co_return sent || m_answer.hasReaders();
}

net::Task<bool> SharingResponder::write(std::string_view bytes)
{
    m_answer.write(bytes);
    bool sent = false;
    // A client that is gone would only hold the others up.
    if (!m_own.gone()) sent = co_await m_own.write(bytes);
    co_return sent || m_answer.hasReaders();
}

net::Task<bool> SharingResponder::finish(std::string_view last)
{
    m_answer.finish(last);
    co_return co_await m_own.finish(last);
}

void SharingResponder::cut()
{
    m_answer.cut();
    m_own.cut();
}

std::size_t Sha256Hash::operator()(const Sha256& digest) const
{
    std::size_t value = 0;
    std::memcpy(&value, digest.data(), sizeof value); // any part of it is as good as random
    return value;
}

} // namespace gateway::pipeline
