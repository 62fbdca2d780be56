// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/route_replay.h"

#include <algorithm>
#include <map>
#include <utility>

#include "models/dry_source.h"

namespace ui {
namespace {

bool wasAnswered(const gateway::LogRow& row)
{
    return row.status >= 200 && row.status < 400 && row.errorCode.empty() && !row.provider.empty();
}

QString nameOf(const std::string& provider, const std::string& model)
{
    return QString::fromStdString(provider + '/' + model);
}

/// Adds one request to what is known.
class Tally {
public:
    void add(const gateway::LogRow& row, const gateway::DryChoice* choice)
    {
        const bool answered = wasAnswered(row);
        const QString from = answered ? nameOf(row.provider, row.model) : QString();
        const QString to = choice != nullptr ? nameOf(choice->provider, choice->model) : QString();
        ReplayPair& pair = m_pairs[{from, to}];
        pair.from = from;
        pair.to = to;
        ++pair.requests;
        ++m_replay.requests;
        if (!answered) {
            ++m_replay.failed;
            return;
        }
        const bool stays = from == to;
        if (!stays) ++m_replay.moved;
        if (!stays && (choice == nullptr || !choice->costNanos)) {
            ++m_replay.unpriced;
            return;
        }
        ++pair.costed;
        pair.realNanos += row.costNanos;
        pair.estimatedNanos += stays ? row.costNanos : *choice->costNanos;
    }

    [[nodiscard]] Replay result()
    {
        for (const auto& [names, pair] : m_pairs) {
            m_replay.realNanos += pair.realNanos;
            m_replay.estimatedNanos += pair.estimatedNanos;
            m_replay.pairs.push_back(pair);
        }
        std::stable_sort(m_replay.pairs.begin(), m_replay.pairs.end(),
                         [](const ReplayPair& left, const ReplayPair& right) {
                             return std::pair(left.from == left.to, -left.requests) <
                                    std::pair(right.from == right.to, -right.requests);
                         });
        return std::move(m_replay);
    }

    Replay& replay() { return m_replay; }

private:
    Replay m_replay;
    std::map<std::pair<QString, QString>, ReplayPair> m_pairs;
};

} // namespace

Replay replay(const gateway::Config& config, const QString& dataFolder,
              const std::vector<gateway::LogRow>& rows, const gateway::DryRunOptions& options,
              const ReplayProgress& progress)
{
    Tally tally;
    auto explainer = gateway::DryExplainer::make(config, dataFolder.toStdString());
    const gateway::Outcome ready = explainer ? explainer->simulate(options.simulate) : explainer.error();
    if (!ready) {
        tally.replay().problem = QString::fromStdString(ready.error().message);
        return tally.result();
    }
    tally.replay().isSimulated = !options.simulate.empty();
    std::size_t done = 0;
    for (const gateway::LogRow& row : rows) {
        const DryBody body = bodyOf(row);
        if (body.isStandIn) ++tally.replay().standIns;
        const auto run = explainer->run({body.bytes, options.route, &row});
        tally.add(row, run ? run->answering() : nullptr);
        if (progress && !progress(++done, rows.size())) break;
    }
    return tally.result();
}

} // namespace ui
