// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/home_model.h"

#include <cmath>
#include <map>

#include <QDateTime>
#include <QLocale>

#include "models/format.h"
#include "models/when_done.h"

namespace ui {
namespace {

constexpr int kRefreshMillis = 2000;
constexpr double kFlatPercent = 0.05;

QString percentText(double percent)
{
    const double size = std::abs(percent);
    return QLocale().toString(size, 'f', size < 100 ? 1 : 0) + QLatin1Char('%');
}

TileText::Trend trendOf(double percent)
{
    if (std::abs(percent) < kFlatPercent) return TileText::Trend::Flat;
    return percent > 0 ? TileText::Trend::Up : TileText::Trend::Down;
}

double share(std::uint64_t part, std::uint64_t whole)
{
    return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

void compareTile(TileText& tile, double now, double before, TileText::Tone upIs)
{
    if (before <= 0) return;
    const double percent = 100.0 * (now - before) / before;
    tile.change = percentText(percent);
    tile.trend = trendOf(percent);
    if (tile.trend == TileText::Trend::Flat || upIs == TileText::Tone::Neutral) return;
    const bool up = tile.trend == TileText::Trend::Up;
    const bool good = (upIs == TileText::Tone::Good) == up;
    tile.tone = good ? TileText::Tone::Good : TileText::Tone::Bad;
}

void comparePoints(TileText& tile, double now, double before)
{
    tile.change = percentText(now - before);
    tile.trend = trendOf(now - before);
    if (tile.trend == TileText::Trend::Up) tile.tone = TileText::Tone::Bad;
    if (tile.trend == TileText::Trend::Down) tile.tone = TileText::Tone::Good;
}

TileText requestsTile(const gateway::Figures& figures)
{
    TileText tile;
    tile.value = formatCount(static_cast<std::int64_t>(figures.requests));
    compareTile(tile, static_cast<double>(figures.requests), static_cast<double>(figures.previousRequests),
                TileText::Tone::Good);
    for (const gateway::FigureBucket& bucket : figures.buckets) {
        tile.line.push_back(static_cast<double>(bucket.requests));
    }
    return tile;
}

TileText spendTile(const gateway::Figures& figures)
{
    TileText tile;
    tile.value = formatMoney(figures.spendNanos);
    compareTile(tile, static_cast<double>(figures.spendNanos),
                static_cast<double>(figures.previousSpendNanos), TileText::Tone::Bad);
    std::map<std::int64_t, double> sums;
    for (const gateway::SpendSlice& slice : figures.spend) {
        sums[slice.start] += static_cast<double>(slice.nanos);
    }
    for (const gateway::FigureBucket& bucket : figures.buckets) {
        const auto found = sums.find(bucket.start);
        tile.line.push_back(found == sums.end() ? 0.0 : found->second);
    }
    return tile;
}

TileText latencyTile(const gateway::Figures& figures)
{
    TileText tile;
    tile.value = figures.p95 > 0 ? formatDuration(figures.p95) : QStringLiteral("—");
    if (figures.p95 > 0) {
        compareTile(tile, static_cast<double>(figures.p95), static_cast<double>(figures.previousP95),
                    TileText::Tone::Bad);
    }
    double last = 0;
    for (const gateway::FigureBucket& bucket : figures.buckets) {
        if (bucket.p95 > 0) last = static_cast<double>(bucket.p95);
        tile.line.push_back(last);
    }
    return tile;
}

TileText errorTile(const gateway::Figures& figures)
{
    TileText tile;
    tile.value = formatShare(figures.failures, figures.requests);
    if (figures.previousRequests > 0 && figures.requests > 0)
        comparePoints(tile, share(figures.failures, figures.requests),
                      share(figures.previousFailures, figures.previousRequests));
    for (const gateway::FigureBucket& bucket : figures.buckets) {
        tile.line.push_back(share(bucket.failures, bucket.requests));
    }
    return tile;
}

HomeModel::HomeModel(GatewayLink& link, QObject* parent) : QObject(parent), m_link(link)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kRefreshMillis);
    connect(&m_timer, &QTimer::timeout, this, &HomeModel::refresh);
    connect(&link, &GatewayLink::activityChanged, this, &HomeModel::onActivity);
}

void HomeModel::setRange(TimeRange range)
{
    m_range = range;
    refresh();
}

void HomeModel::refresh()
{
    m_timer.stop();
    m_seenId = m_link.activity().lastLoggedId;
    const int generation = ++m_generation;
    if (m_state == State::Undecided || m_state == State::Failed) setState(State::Loading);
    whenDone(
        m_link.figures(figuresQuery(m_range, QDateTime::currentDateTime())), this,
        [this, generation](const gateway::Figures& figures) {
            if (generation == m_generation) takeFigures(figures);
        },
        [this, generation] {
            if (generation == m_generation) setState(State::Failed);
        });
}

void HomeModel::onActivity()
{
    if (m_state == State::Undecided || m_state == State::Loading) return;
    if (m_link.activity().lastLoggedId == m_seenId || m_timer.isActive()) return;
    // The very first request turns the empty page into the real one: at once.
    if (m_state == State::Empty) {
        refresh();
    } else {
        m_timer.start();
    }
}

void HomeModel::takeFigures(const gateway::Figures& figures)
{
    m_figures = figures;
    const bool nothingLogged = figures.requests == 0 && m_link.activity().lastLoggedId == 0;
    if (nothingLogged && !m_link.activity().logProblem.empty()) {
        setState(State::Failed);
    } else {
        setState(nothingLogged ? State::Empty : State::Ready);
    }
}

void HomeModel::setState(State state)
{
    m_state = state;
    emit changed();
}

} // namespace ui
