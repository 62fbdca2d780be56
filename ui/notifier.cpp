// SPDX-License-Identifier: GPL-3.0-or-later
#include "notifier.h"

#include <utility>

#include "models/question_text.h"

namespace ui {

Notifier::Notifier(GatewayLink& link, const Preferences& preferences, std::function<QTime()> clock,
                   QObject* parent)
    : QObject(parent), m_link(link), m_preferences(preferences), m_clock(std::move(clock))
{
    if (!m_clock) m_clock = [] { return QTime::currentTime(); };
    connect(&link, &GatewayLink::alerted, this, &Notifier::onAlert);
    connect(&link, &GatewayLink::activityChanged, this, &Notifier::onActivity);
}

void Notifier::onAlert(const gateway::Alert& alert)
{
    if (alert.level < gateway::Alert::Level::Warning) return;
    const QString subject = QString::fromStdString(alert.subject);
    const QString kind = kindText(alert.kind);
    tell(topicOf(alert.kind),
         {subject.isEmpty() ? kind : tr("%1: %2").arg(kind, subject), QString::fromStdString(alert.text),
          alert.level == gateway::Alert::Level::Critical, placeOf(alert, *m_link.config())});
}

void Notifier::onActivity()
{
    using Kind = gateway::SpendQuestion::Kind;
    std::set<std::uint64_t> asked;
    for (const gateway::SpendQuestion& question : m_link.activity().questions) {
        asked.insert(question.id);
        if (m_told.contains(question.id)) continue;
        const AlertTopic topic = question.kind == Kind::AgentLoop ? AlertTopic::Loops : AlertTopic::Budgets;
        tell(topic, {tr("A request waits for your answer"), questionText(question), true, {}});
    }
    m_told = std::move(asked);
}

void Notifier::tell(AlertTopic topic, const DesktopNote& note)
{
    if (!m_preferences.notifies(topic) || isQuiet(m_preferences.quietHours(), m_clock())) return;
    emit noteWanted(note);
}

bool isQuiet(const Preferences::QuietHours& hours, QTime time)
{
    if (!hours.on) return false;
    if (hours.from == hours.to) return true;
    if (hours.from < hours.to) return time >= hours.from && time < hours.to;
    return time >= hours.from || time < hours.to;
}

} // namespace ui
