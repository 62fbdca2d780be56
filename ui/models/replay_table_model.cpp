// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay_table_model.h"

#include <QCoreApplication>
#include <QStringList>

#include "models/format.h"

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::Replay)
};

} // namespace

void ReplayTableModel::setReplay(const Replay& replay)
{
    beginResetModel();
    m_pairs = replay.pairs;
    endResetModel();
}

int ReplayTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_pairs.size());
}

int ReplayTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString ReplayTableModel::text(const ReplayPair& pair, int column) const
{
    switch (column) {
    case From:
        return pair.from.isEmpty() ? tr("no answer") : pair.from;
    case To:
        if (pair.to.isEmpty()) return tr("nobody");
        return pair.to == pair.from ? tr("stays") : pair.to;
    case Requests:
        return formatCount(pair.requests);
    default:
        break;
    }
    if (pair.from.isEmpty()) return QStringLiteral("–"); // It cost nothing, and nobody knows what it would.
    if (pair.costed == 0) return tr("not known");
    if (column == Real) return formatMoney(pair.realNanos);
    if (column == Estimated) return formatMoney(pair.estimatedNanos);
    return signedMoney(pair.estimatedNanos - pair.realNanos);
}

QVariant ReplayTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (role == Qt::TextAlignmentRole && index.column() >= Requests)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    return text(m_pairs[static_cast<std::size_t>(index.row())], index.column());
}

QVariant ReplayTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole && section >= Requests)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    const QStringList names{tr("Went to"), tr("Would go to"), tr("Requests"),
                            tr("Cost"),    tr("Estimate"),    tr("Difference")};
    return names.value(section);
}

QString signedMoney(std::int64_t nanos)
{
    if (nanos == 0) return formatMoney(0);
    return (nanos > 0 ? QStringLiteral("+") : QStringLiteral("−")) + formatMoney(nanos > 0 ? nanos : -nanos);
}

QString replayHeadline(const Replay& replay)
{
    if (!replay.problem.isEmpty()) return replay.problem;
    if (replay.requests == 0) return Text::tr("No request went over this route yet.");
    const int answered = replay.requests - replay.failed;
    if (answered == 0)
        return Text::tr("None of the last %Ln request(s) had an answer.", nullptr, replay.requests);
    if (replay.moved == 0)
        return Text::tr("All of the last %Ln answered request(s) would go where they went.", nullptr,
                        answered);
    return Text::tr("%1 of the last %Ln answered request(s) would go elsewhere.", nullptr, answered)
        .arg(formatCount(replay.moved));
}

QString replayCost(const Replay& replay)
{
    if (replay.requests == replay.failed) return {};
    const std::int64_t difference = replay.estimatedNanos - replay.realNanos;
    const QString sums = Text::tr("They cost %1 and would cost about %2")
                             .arg(formatMoney(replay.realNanos), formatMoney(replay.estimatedNanos));
    if (difference == 0) return Text::tr("%1: the same.").arg(sums);
    return difference < 0 ? Text::tr("%1: %2 less.").arg(sums, formatMoney(-difference))
                          : Text::tr("%1: %2 more.").arg(sums, formatMoney(difference));
}

QString replayNotes(const Replay& replay)
{
    if (replay.requests == 0) return {};
    QStringList notes{
        Text::tr("An estimate: answers are assumed as long as they were, nothing is read from a cache, and "
                 "headers are not seen. What stays counts with its real cost.")};
    notes.append(replay.isSimulated ? Text::tr("All targets are taken to work, but for what is simulated.")
                                    : Text::tr("All targets are taken to work."));
    if (replay.standIns > 0)
        notes.append(Text::tr("For %Ln request(s) the body was not kept: stand-ins of the same size.",
                              nullptr, replay.standIns));
    if (replay.failed > 0)
        notes.append(
            Text::tr("%Ln request(s) had no answer and are not in the sums.", nullptr, replay.failed));
    if (replay.unpriced > 0)
        notes.append(Text::tr("%Ln request(s) are not in the sums: no price is known where they would go.",
                              nullptr, replay.unpriced));
    return notes.join(QLatin1Char(' '));
}

} // namespace ui
