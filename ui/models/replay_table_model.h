// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <QAbstractTableModel>

#include "models/route_replay.h"

namespace ui {

/// What a replay found, a row for each pair of targets. GUI thread.
class ReplayTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : std::uint8_t { From, To, Requests, Real, Estimated, Difference, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void setReplay(const Replay& replay);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(const ReplayPair& pair, int column) const;

    std::vector<ReplayPair> m_pairs;
};

/// "12 of 500 requests would go elsewhere."
[[nodiscard]] QString replayHeadline(const Replay& replay);
/// "They cost $1.20 and would cost about $0.80, $0.40 less."
[[nodiscard]] QString replayCost(const Replay& replay);
/// What the figures rest on, and what they leave out.
[[nodiscard]] QString replayNotes(const Replay& replay);
/// A difference with its sign: "+$0.40", "−$0.40".
[[nodiscard]] QString signedMoney(std::int64_t nanos);

} // namespace ui
