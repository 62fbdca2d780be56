// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/provider_activity.h"

#include <algorithm>
#include <cmath>

#include <QDateTime>

#include "models/time_range.h"
#include "models/when_done.h"

namespace ui {
namespace {

constexpr std::uint32_t kRowsRead = 500;
constexpr std::uint32_t kErrorsRead = 20;
constexpr int kRestMillis = 3000;

} // namespace

std::int64_t percentile(const std::vector<std::int64_t>& sorted, double share)
{
    if (sorted.empty()) return 0;
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

ProviderActivity::ProviderActivity(GatewayLink& link, QObject* parent) : QObject(parent), m_link(link)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kRestMillis);
    connect(&m_timer, &QTimer::timeout, this, &ProviderActivity::onActivity);
    connect(&link, &GatewayLink::activityChanged, this, &ProviderActivity::onActivity);
}

void ProviderActivity::setProvider(const gateway::ProviderId& provider)
{
    if (provider == m_provider) return;
    m_provider = provider;
    m_requests = m_failures = 0;
    m_p50 = m_p95 = 0;
    m_errors.clear();
    ++m_number;
    m_seen = -1;
    setState(State::Undecided);
    if (m_awake) refresh();
}

void ProviderActivity::setAwake(bool awake)
{
    m_awake = awake;
    if (awake && m_state == State::Undecided) refresh();
    if (awake) onActivity();
}

void ProviderActivity::onActivity()
{
    const bool news = m_link.activity().lastLoggedId != m_seen;
    if (m_awake && news && !m_timer.isActive()) refresh();
}

void ProviderActivity::refresh()
{
    if (m_provider.text.empty()) return;
    m_timer.start();
    m_seen = m_link.activity().lastLoggedId;
    if (m_state != State::Ready) setState(State::Loading);
    gateway::LogQuery query;
    query.sinceMicros = QDateTime::currentMSecsSinceEpoch() * 1000 - spanOf(TimeRange::LastDay).micros;
    query.provider = m_provider.text;
    query.limit = kRowsRead;
    const int number = ++m_number;
    whenDone(
        m_link.requests(query), this,
        [this, query, number](const gateway::LogPage& page) {
            if (number != m_number) return;
            m_requests = page.total;
            std::vector<std::int64_t> times;
            for (const gateway::LogRow& row : page.rows) {
                if (row.errorCode.empty() && row.status < 400) times.push_back(row.total);
            }
            std::sort(times.begin(), times.end());
            m_p50 = percentile(times, 0.5);
            m_p95 = percentile(times, 0.95);
            readErrors(query, number);
        },
        [this, number] {
            if (number == m_number) setState(State::Failed);
        });
}

void ProviderActivity::readErrors(const gateway::LogQuery& query, int number)
{
    gateway::LogQuery errors = query;
    errors.status = "error";
    errors.limit = kErrorsRead;
    whenDone(
        m_link.requests(errors), this,
        [this, number](const gateway::LogPage& page) {
            if (number != m_number) return;
            m_failures = page.total;
            m_errors = page.rows;
            setState(State::Ready);
        },
        [this, number] {
            if (number == m_number) setState(State::Failed);
        });
}

void ProviderActivity::setState(State state)
{
    m_state = state;
    emit changed();
}

} // namespace ui
