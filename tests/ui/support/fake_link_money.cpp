// SPDX-License-Identifier: GPL-3.0-or-later
// What a made-up gateway says of keys, questions and alerts.
#include <algorithm>

#include <QDateTime>

#include "ui/support/fake_link.h"
#include "ui/support/ready.h"

namespace ui {
namespace {

constexpr std::int64_t kQuestionMicros = 120'000'000;

std::int64_t nowMicros()
{
    return QDateTime::currentMSecsSinceEpoch() * 1000;
}

} // namespace

QFuture<gateway::Gateway::NewKey> FakeLink::rotateKey(const gateway::VirtualKeyId& id,
                                                      gateway::seconds overlap)
{
    gateway::Gateway::NewKey made;
    if (!nextProblems.empty()) {
        made.problems = std::exchange(nextProblems, {});
        return given(made);
    }
    gateway::Config config = *m_config;
    for (gateway::VirtualKeyConfig& key : config.keys) {
        if (key.id != id) continue;
        key.former.reset();
        const QDateTime until = QDateTime::currentDateTimeUtc().addSecs(overlap.count());
        if (overlap.count() > 0)
            key.former = gateway::FormerKey{key.sha256, until.toString(Qt::ISODate).toStdString()};
        key.sha256 = std::string(64, 'c');
        key.prefix = "tp-New";
    }
    made.key = gateway::Secret("tp-made-anew-for-" + id.text);
    setConfig(config);
    return given(made);
}

QFuture<QString> FakeLink::answerQuestion(std::uint64_t id, bool allow)
{
    answers.emplace_back(id, allow);
    if (neverAnswers) return held<QString>();
    if (!nextSpendProblem.isEmpty()) return ready(std::exchange(nextSpendProblem, {}));
    auto& questions = m_activity.questions;
    const auto found =
        std::find_if(questions.begin(), questions.end(), [id](const auto& each) { return each.id == id; });
    if (found == questions.end()) return ready(QStringLiteral("It was answered already."));
    const gateway::SpendQuestion question = *found;
    questions.erase(found);
    if (allow) return allowMore(QString::fromStdString(question.subject), question.ofKey, question.moreNanos);
    emit activityChanged();
    return ready(QString());
}

QFuture<QString> FakeLink::allowMore(const QString& budget, bool ofKey, std::int64_t nanos)
{
    if (!nextSpendProblem.isEmpty()) return ready(std::exchange(nextSpendProblem, {}));
    for (gateway::BudgetState& state : m_activity.budgets) {
        if (state.ofKey == ofKey && state.name == budget.toStdString()) state.allowedNanos += nanos;
    }
    emit activityChanged();
    return ready(QString());
}

QFuture<GatewayLink::Problems> FakeLink::pauseSpending(bool paused)
{
    if (!nextProblems.empty()) return ready(std::exchange(nextProblems, {}));
    gateway::Config config = *m_config;
    config.pauseSpending = paused;
    m_activity.spendingPaused = paused;
    setConfig(config);
    emit activityChanged();
    return ready(Problems{});
}

QFuture<std::vector<gateway::Alert>> FakeLink::alerts(const gateway::AlertQuery& query)
{
    alertQueries.push_back(query);
    if (neverAnswers) return held<std::vector<gateway::Alert>>();
    if (dropQueries) return dropped<std::vector<gateway::Alert>>();
    std::vector<gateway::Alert> page;
    for (auto alert = history.rbegin(); alert != history.rend() && page.size() < query.limit; ++alert) {
        const bool wanted =
            (query.before == 0 || alert->id < query.before) && alert->time >= query.sinceMicros;
        if (wanted) page.push_back(*alert);
    }
    return ready(page);
}

void FakeLink::raise(gateway::Alert alert)
{
    alert.id = ++m_activity.lastAlertId;
    if (alert.time == 0) alert.time = nowMicros();
    history.push_back(alert);
    emit alerted(alert);
    emit activityChanged();
}

void FakeLink::ask(const gateway::SpendQuestion& question)
{
    m_activity.questions.push_back(question);
    gateway::SpendQuestion& waits = m_activity.questions.back();
    waits.askedAt = nowMicros();
    waits.until = waits.askedAt + kQuestionMicros;
    emit activityChanged();
}

} // namespace ui
