// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QObject>
#include <QString>
#include <QTimer>

#include "models/gateway_link.h"
#include "models/time_range.h"

namespace ui {

/// One tile of Home, ready to show.
struct TileText {
    enum class Tone : std::uint8_t { Undecided, Neutral, Good, Bad };
    enum class Trend : std::uint8_t { Undecided, Flat, Up, Down };
    QString value;
    QString change; // "8.2%", empty where there is nothing to compare with
    Trend trend = Trend::Flat;
    Tone tone = Tone::Neutral;
    std::vector<double> line; // for the sparkline
    QString note = {};        // what it is compared with, or why with nothing; empty: the span before
};

/// Fills in how `now` compares with `before`, where that is anything. `upIs`: what growth means here; the
/// opposite of good is bad and the other way round.
void compareTile(TileText& tile, double now, double before, TileText::Tone upIs);
/// The same for two shares in percent, of which more is worse: the difference in points is what one means, a
/// rate of rates misleads.
void comparePoints(TileText& tile, double now, double before);

[[nodiscard]] TileText requestsTile(const gateway::Figures& figures);
[[nodiscard]] TileText spendTile(const gateway::Figures& figures);
[[nodiscard]] TileText latencyTile(const gateway::Figures& figures);
[[nodiscard]] TileText errorTile(const gateway::Figures& figures);

/// What Home shows of a time range. Reads again when new rows were logged, at most every two seconds. GUI
/// thread.
class HomeModel : public QObject {
    Q_OBJECT

public:
    enum class State : std::uint8_t { Undecided, Loading, Empty, Ready, Failed };

    explicit HomeModel(GatewayLink& link, QObject* parent = nullptr);

    void setRange(TimeRange range);
    [[nodiscard]] TimeRange range() const { return m_range; }
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const gateway::Figures& figures() const { return m_figures; }
    void refresh();

signals:
    void changed();

private:
    void onActivity();
    void takeFigures(const gateway::Figures& figures);
    void setState(State state);

    GatewayLink& m_link;
    QTimer m_timer;
    TimeRange m_range = TimeRange::LastDay;
    State m_state = State::Undecided;
    gateway::Figures m_figures;
    std::int64_t m_seenId = -1;
    int m_generation = 0;
};

} // namespace ui
