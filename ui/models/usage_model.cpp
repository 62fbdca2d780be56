// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/usage_model.h"

#include <utility>

#include "gateway/usage_sum.h"

#include "models/when_done.h"

namespace ui {
namespace {

constexpr int kRefreshMillis = 5000;
constexpr int kLookMillis = 30'000;

using Rows = std::vector<gateway::UsageRow>;

// Which bar a moment is in.
std::int64_t barOf(const QDateTime& when, const UsageSpan& span)
{
    const std::int64_t local =
        when.toMSecsSinceEpoch() * 1000 + std::int64_t{span.utcOffsetSeconds} * 1'000'000;
    return span.bucketMicros > 0 ? local / span.bucketMicros : 0;
}

} // namespace

/// The parts of an answer that are on their way.
struct UsageModel::Asking {
    UsageView view;
    int generation = 0;
    int waiting = 0;
    bool dropped = false;
};

gateway::UsageRow sumOf(const std::vector<gateway::UsageRow>& rows)
{
    gateway::UsageRow sum;
    for (const gateway::UsageRow& row : rows) {
        gateway::addUsage(sum, row);
    }
    return sum;
}

UsageModel::UsageModel(GatewayLink& link, QObject* parent, Clock clock)
    : QObject(parent), m_link(link), m_clock(std::move(clock))
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kRefreshMillis);
    connect(&m_timer, &QTimer::timeout, this, &UsageModel::refresh);
    m_lookTimer.setInterval(kLookMillis);
    connect(&m_lookTimer, &QTimer::timeout, this, &UsageModel::lookAtClock);
    connect(&link, &GatewayLink::activityChanged, this, &UsageModel::onActivity);
}

void UsageModel::setRange(UsageRange range, const UsageDays& days)
{
    m_range = range;
    if (range == UsageRange::Custom) m_days = days;
    refresh();
}

void UsageModel::setGroup(const std::string& by)
{
    if (by == m_by) return;
    m_by = by;
    refresh();
}

void UsageModel::setCompared(bool compared)
{
    if (compared == m_compared) return;
    m_compared = compared;
    refresh();
}

void UsageModel::setWatched(bool watched)
{
    m_watched = watched;
    if (!watched) {
        m_timer.stop();
        m_lookTimer.stop();
        return;
    }
    m_lookTimer.start();
    // Days that were chosen stay the same, all other times have moved on.
    const bool moved = m_range != UsageRange::Custom || m_link.activity().lastLoggedId != m_seenId;
    if (moved && !m_reading) refresh();
}

void UsageModel::lookAtClock()
{
    if (!m_watched || m_reading || m_state == State::Undecided || m_range == UsageRange::Custom) return;
    const QDateTime now = m_clock();
    if (now.date() != m_readAt.date() || barOf(now, m_span) != barOf(m_readAt, m_span)) refresh();
}

void UsageModel::refresh()
{
    m_timer.stop();
    m_seenId = m_link.activity().lastLoggedId;
    auto asking = std::make_shared<Asking>();
    asking->generation = ++m_generation;
    m_readAt = m_clock();
    m_reading = true;
    m_span = usageSpan(m_range, m_readAt, m_days);
    asking->view.span = m_span;
    asking->view.range = m_range;
    asking->view.by = m_by;
    asking->view.compared = m_compared;
    if (m_state == State::Undecided || m_state == State::Failed) setState(State::Loading);
    askAll(asking);
}

template <class T>
void UsageModel::ask(const QFuture<T>& future, const std::shared_ptr<Asking>& asking, T UsageView::*part)
{
    ++asking->waiting;
    whenDone(
        future, this,
        [this, asking, part](const T& answer) {
            asking->view.*part = answer;
            countIn(asking);
        },
        [this, asking] {
            asking->dropped = true;
            countIn(asking);
        });
}

void UsageModel::askAll(const std::shared_ptr<Asking>& asking)
{
    const UsageSpan& span = asking->view.span;
    gateway::UsageQuery query;
    query.sinceMicros = span.since;
    query.untilMicros = span.until;
    query.by = "cost_source";
    ask(m_link.usage(query), asking, &UsageView::sources);
    query.by = m_by;
    query.limit = kMostGroups;
    ask(m_link.usage(query), asking, &UsageView::rows);
    gateway::UsageSeriesQuery series{span.since, span.until,   span.bucketMicros, span.utcOffsetSeconds,
                                     m_by,       kMostSpenders};
    ask(m_link.usageSeries(series), asking, &UsageView::points);
    series.by.clear();
    series.limit = 0;
    ask(m_link.usageSeries(series), asking, &UsageView::totals);
    if (!m_compared) return;
    query.sinceMicros = span.priorSince;
    query.untilMicros = span.priorUntil;
    ask(m_link.usage(query), asking, &UsageView::priorRows);
    query.by = "cost_source";
    query.limit = 0;
    ask(m_link.usage(query), asking, &UsageView::priorSources);
}

void UsageModel::readWhole(QObject* receiver, const WholeRead& then)
{
    const auto isWhole = [](const Rows& rows) { return rows.empty() || rows.back().others == 0; };
    auto whole = std::make_shared<UsageView>(m_view);
    if (isWhole(whole->rows) && isWhole(whole->priorRows)) {
        then(whole);
        return;
    }
    gateway::UsageQuery now{whole->span.since, whole->by}, before = now;
    now.untilMicros = whole->span.until;
    before.sinceMicros = whole->span.priorSince;
    before.untilMicros = whole->span.priorUntil;
    const auto fail = [then] { then(nullptr); };
    // A log that fails answers with nothing, where there was something.
    const auto takeBefore = [then, whole](Rows rows) {
        if (rows.empty() && !whole->priorRows.empty()) return then(nullptr);
        whole->priorRows = std::move(rows);
        then(whole);
    };
    const auto takeNow = [&link = m_link, receiver, then, fail, takeBefore, before, whole](Rows rows) {
        if (rows.empty() && !whole->rows.empty()) return then(nullptr);
        whole->rows = std::move(rows);
        if (!whole->compared) return then(whole);
        whenDone(link.usage(before), receiver, takeBefore, fail);
    };
    whenDone(m_link.usage(now), receiver, takeNow, fail);
}

void UsageModel::countIn(const std::shared_ptr<Asking>& asking)
{
    if (--asking->waiting > 0 || asking->generation != m_generation) return;
    if (asking->dropped) {
        finish(State::Failed);
    } else {
        take(asking);
    }
}

void UsageModel::take(const std::shared_ptr<Asking>& asking)
{
    m_view = std::move(asking->view);
    m_view.total = sumOf(m_view.sources);
    m_view.priorTotal = sumOf(m_view.priorSources);
    if (m_view.total.requests > 0) {
        finish(State::Ready);
    } else if (!m_link.activity().logProblem.empty()) {
        finish(State::Failed);
    } else {
        lookForLast(asking->generation);
    }
}

void UsageModel::lookForLast(int generation)
{
    gateway::LogQuery query;
    query.limit = 1;
    whenDone(
        m_link.requests(query), this,
        [this, generation](const gateway::LogPage& page) {
            if (generation != m_generation) return;
            m_lastRequest = page.rows.empty() ? 0 : page.rows.front().id.microseconds();
            finish(State::Empty);
        },
        [this, generation] {
            if (generation == m_generation) finish(State::Failed);
        });
}

void UsageModel::finish(State state)
{
    m_reading = false;
    if (m_watched && m_link.activity().lastLoggedId != m_seenId) m_timer.start(); // More came meanwhile.
    setState(state);
}

void UsageModel::onActivity()
{
    if (!m_watched || m_reading || m_state == State::Undecided) return;
    if (m_link.activity().lastLoggedId == m_seenId || m_timer.isActive()) return;
    // The first request turns the empty page into the real one at once; days that are over get none.
    if (m_state == State::Empty && m_range != UsageRange::Custom) {
        refresh();
    } else {
        m_timer.start();
    }
}

void UsageModel::setState(State state)
{
    m_state = state;
    emit changed();
}

} // namespace ui
