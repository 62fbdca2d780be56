// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/provider_activity.h"

#include <QDateTime>

#include "models/time_range.h"
#include "models/when_done.h"

namespace ui {
namespace {

constexpr std::uint32_t kErrorsRead = 20;
constexpr int kRestMillis = 3000;

} // namespace

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
    gateway::FiguresQuery query;
    query.untilMicros = QDateTime::currentMSecsSinceEpoch() * 1000;
    query.sinceMicros = query.untilMicros - spanOf(TimeRange::LastDay).micros;
    query.provider = m_provider.text;
    const int number = ++m_number;
    whenDone(
        m_link.figures(query), this,
        [this, number](const gateway::Figures& figures) {
            if (number != m_number) return;
            m_requests = figures.requests;
            m_failures = figures.failures;
            m_p50 = figures.p50;
            m_p95 = figures.p95;
            readErrors(figures.query.sinceMicros, number);
        },
        [this, number] {
            if (number == m_number) setState(State::Failed);
        });
}

void ProviderActivity::readErrors(std::int64_t sinceMicros, int number)
{
    gateway::LogQuery errors;
    errors.sinceMicros = sinceMicros;
    errors.provider = m_provider.text;
    errors.status = "error";
    errors.limit = kErrorsRead;
    whenDone(
        m_link.requests(errors), this,
        [this, number](const gateway::LogPage& page) {
            if (number != m_number) return;
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
