// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include <QPromise>

#include "base/money.h"
#include "base/wall_clock.h"
#include "engine/gateway_private.h"

namespace gateway {

namespace {

constexpr std::int64_t kMostAllowed = 1'000'000 * Money::kNanosPerDollar;
constexpr std::int64_t kLongestWaitMs = 3'600'000; // a timer holds no more than some days

QFuture<QString> readyText(const QString& text)
{
    QPromise<QString> promise;
    promise.start();
    promise.addResult(text);
    promise.finish();
    return promise.future();
}

std::string questionText(const SpendQuestion& question)
{
    std::string text = "A request waits for your word. " + question.reason;
    if (question.moreNanos > 0)
        text += " Allow $" + Money::fromNanos(question.moreNanos).toString() + " more, or refuse it,";
    else
        text += " Let it go on, or stop it,";
    return text + " in the window or with POST /admin/v1/questions/" + std::to_string(question.id) + ".";
}

} // namespace

engine::SpendQuestions::Means Gateway::Private::questionMeans()
{
    engine::SpendQuestions::Means means;
    means.allowed = [this](const SpendQuestion& question) -> std::int64_t {
        const auto* rule = question.kind == SpendQuestion::Kind::Budget
                               ? spend.find(question.subject, question.ofKey)
                               : nullptr;
        return rule ? rule->account->state(nowMicros()).allowed : 0;
    };
    means.allow = [this](const SpendQuestion& question) {
        return question.kind != SpendQuestion::Kind::Budget ||
               allow(question.subject, question.ofKey, question.moreNanos);
    };
    means.asked = [this](const SpendQuestion& question) {
        emit q.note(static_cast<int>(LogLevel::Warn), QString::fromStdString(questionText(question)));
    };
    means.changed = [this] {
        timeQuestions();
        follow();
    };
    return means;
}

void Gateway::Private::timeQuestions()
{
    const std::int64_t next = questions.next();
    questionTimer.stop();
    if (next == 0 || stopping) return;
    // Rounded up; one that is early all the same is set again.
    const std::int64_t wait = std::clamp<std::int64_t>((next - nowMicros()) / 1000 + 1, 1, kLongestWaitMs);
    questionTimer.start(static_cast<int>(wait));
}

engine::AlertBook::Means Gateway::Private::alertMeans()
{
    engine::AlertBook::Means means;
    means.keep = [this](const Alert& alert) { log.recordNote(alert); };
    means.tell = [this](const Alert& alert) {
        follow();
        emit q.alerted(alert);
    };
    return means;
}

void Gateway::Private::readAlerts()
{
    log.alerts({}, [this](std::vector<Alert> kept) {
        mailbox.post([this, kept = std::move(kept)] {
            alerts.begin(kept);
            if (activity.state == EngineState::Running) follow();
        });
    });
}

void Gateway::Private::tellBudget(const accounting::BudgetRule& rule,
                                  const engine::SpendWatch::Telling& telling)
{
    const std::int64_t now = nowMicros();
    Alert alert;
    alert.kind = telling.isUsedUp ? Alert::Kind::BudgetUsedUp : Alert::Kind::BudgetMark;
    alert.level = telling.percent >= 100 ? Alert::Level::Critical : Alert::Level::Warning;
    alert.subject = rule.name;
    alert.text = telling.text;
    emit q.note(static_cast<int>(LogLevel::Warn), QString::fromStdString(telling.text));
    const std::int64_t since =
        rule.per == BudgetPeriod::RollingDay ? now - accounting::kDayMicros : telling.since;
    if (!telling.isFirst || !alerts.wasRaised(alert.kind, alert.subject, since))
        alerts.raise(std::move(alert), now);
}

bool Gateway::Private::allow(const std::string& budget, bool ofKey, std::int64_t nanos)
{
    const accounting::BudgetRule* const rule = spend.find(budget, ofKey);
    if (!rule) return false;
    const accounting::Allowance all = rule->account->allow(nanos, nowMicros());
    log.recordNote(log_store::AllowanceRow{rule->name, rule->ofKey, std::string(budgetPeriodName(rule->per)),
                                           all.since, all.until, all.amount, all.nanos});
    return true;
}

void Gateway::Private::reportAlerts()
{
    const std::int64_t now = nowMicros();
    std::vector<engine::ProviderSight> sights;
    sights.reserve(activity.providers.size());
    for (const ProviderHealth& provider : activity.providers) {
        const auto state = secrets.stateOf(provider.id);
        sights.push_back({provider, state->failuresInARow.load() + state->failedChecks.load()});
    }
    alerts.seeProviders(sights, now);
    alerts.seeLog(activity.logProblem, now);
    activity.spendingPaused = file.config()->pauseSpending;
    alerts.seePause(activity.spendingPaused, now);
    activity.questions = questions.list();
    activity.lastAlertId = alerts.lastId();
}

QFuture<QString> Gateway::answerQuestion(std::uint64_t id, bool allow)
{
    if (d->questions.answer(id, allow, nowMicros())) return readyText({});
    return readyText(tr("That question has been answered already, or nobody waits for it any more."));
}

QFuture<QString> Gateway::allowMore(const QString& budget, bool ofKey, std::int64_t nanos)
{
    if (nanos <= 0 || nanos > kMostAllowed)
        return readyText(tr("More than 0 and at most 1000000 US dollars can be allowed."));
    const std::string name = budget.toStdString();
    if (!d->allow(name, ofKey, nanos))
        return readyText(ofKey ? tr("The key \"%1\" has no budget.").arg(budget)
                               : tr("There is no budget \"%1\".").arg(budget));
    d->questions.settle(name, ofKey);
    d->follow();
    // Once it is kept, so that it is not lost however the program ends.
    return d->later<QString>([this](auto done) { d->log.flush([done] { done(QString()); }); });
}

QFuture<std::vector<ConfigProblem>> Gateway::pauseSpending(bool paused)
{
    Config config = *d->file.config();
    config.pauseSpending = paused;
    return apply(config);
}

QFuture<std::vector<Alert>> Gateway::alerts(const AlertQuery& query)
{
    return d->later<std::vector<Alert>>([&](auto done) { d->log.alerts(query, std::move(done)); });
}

} // namespace gateway
