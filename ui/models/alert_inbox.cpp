// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alert_inbox.h"

#include <algorithm>

#include "models/when_done.h"
#include "preferences.h"

namespace ui {

AlertInbox::AlertInbox(GatewayLink& link, Preferences& preferences, QObject* parent)
    : QObject(parent), m_link(link), m_preferences(preferences)
{
    connect(&link, &GatewayLink::activityChanged, this, &AlertInbox::onActivity);
    onActivity();
}

int AlertInbox::unread() const
{
    const auto fresh = [read = lastRead()](std::int64_t id) { return id > read; };
    return static_cast<int>(std::count_if(m_newest.begin(), m_newest.end(), fresh));
}

std::int64_t AlertInbox::lastRead() const
{
    return m_preferences.lastReadAlert();
}

void AlertInbox::markAllRead()
{
    const std::int64_t newest =
        std::max(m_link.activity().lastAlertId, m_newest.empty() ? 0 : m_newest.front());
    if (newest <= lastRead()) return;
    m_preferences.setLastReadAlert(newest);
    emit changed();
}

void AlertInbox::onActivity()
{
    const std::int64_t last = m_link.activity().lastAlertId;
    if (last == m_seen) return;
    m_seen = last;
    if (last == 0) return;                                    // There is none yet.
    if (last < lastRead()) m_preferences.setLastReadAlert(0); // The log was begun anew, and its ids with it.
    gateway::AlertQuery query;
    query.limit = kMostCounted;
    whenDone(
        m_link.alerts(query), this,
        [this](const std::vector<gateway::Alert>& page) {
            m_newest.clear();
            for (const gateway::Alert& alert : page) {
                m_newest.push_back(alert.id);
            }
            emit changed();
        },
        [this] { m_seen = -1; }); // With the next activity, again.
}

} // namespace ui
