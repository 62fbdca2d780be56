// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/route_versions_model.h"

#include <algorithm>

#include <QCoreApplication>
#include <QDateTime>
#include <QStringList>

#include "gateway/config_io.h"

#include "models/format.h"
#include "models/route_text.h"

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::RouteVersions)
};

using Targets = std::vector<gateway::TargetConfig>;

bool sameGoal(const gateway::TargetConfig& a, const gateway::TargetConfig& b)
{
    return a.provider == b.provider && a.model == b.model && a.route == b.route;
}

/// Those of `from` that lead where none of `others` does, each of which counts once.
int missingIn(const Targets& from, Targets others)
{
    int missing = 0;
    for (const gateway::TargetConfig& target : from) {
        const auto found = std::find_if(others.begin(), others.end(),
                                        [&](const auto& other) { return sameGoal(target, other); });
        if (found == others.end()) {
            ++missing;
        } else {
            others.erase(found);
        }
    }
    return missing;
}

void addTargets(const Targets& before, const Targets& after, QStringList& parts)
{
    const int added = missingIn(after, before);
    const int removed = missingIn(before, after);
    if (added > 0) parts.append(Text::tr("%Ln target(s) added", nullptr, added));
    if (removed > 0) parts.append(Text::tr("%Ln target(s) removed", nullptr, removed));
    if (added > 0 || removed > 0 || before == after) return;
    const bool moved = !std::equal(before.begin(), before.end(), after.begin(), after.end(), sameGoal);
    if (moved) {
        parts.append(Text::tr("targets in another order"));
        return;
    }
    int changed = 0;
    bool onlyWeights = true;
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i] == after[i]) continue;
        ++changed;
        gateway::TargetConfig weighed = before[i];
        weighed.weight = after[i].weight;
        onlyWeights = onlyWeights && weighed == after[i];
    }
    parts.append(onlyWeights ? Text::tr("%Ln weight(s) changed", nullptr, changed)
                             : Text::tr("%Ln target(s) changed", nullptr, changed));
}

} // namespace

QString routeChangeText(const gateway::RouteId& id, const std::string& before, const std::string& after)
{
    if (after.empty()) return Text::tr("Deleted");
    const auto now = gateway::parseRoute(id, after);
    if (before.empty()) return now ? Text::tr("Made: %1").arg(routeSummary(*now)) : Text::tr("Made");
    const auto was = gateway::parseRoute(id, before);
    if (!was || !now) return Text::tr("Changed");
    QStringList parts;
    addTargets(was->targets, now->targets, parts);
    if (was->strategy != now->strategy)
        parts.append(Text::tr("strategy %1 → %2")
                         .arg(strategyText(was->strategy).name, strategyText(now->strategy).name));
    const auto add = [&parts](bool changed, const QString& text) {
        if (changed) parts.append(text);
    };
    add(was->stickyBy != now->stickyBy, Text::tr("what sticks together changed"));
    add(was->retry != now->retry, Text::tr("retries changed"));
    add(was->timeout != now->timeout, Text::tr("time-outs changed"));
    add(was->circuit != now->circuit, Text::tr("when a target is set aside changed"));
    add(was->fallbacks != now->fallbacks, Text::tr("where failures go changed"));
    add(was->unsupported != now->unsupported, Text::tr("what is done with unknown fields changed"));
    if (parts.isEmpty()) return Text::tr("Written otherwise");
    QString text = parts.join(QStringLiteral(", "));
    text[0] = text[0].toUpper();
    return text;
}

int RouteVersionsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_versions.size());
}

int RouteVersionsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

const gateway::RouteVersion* RouteVersionsModel::versionAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_versions[static_cast<std::size_t>(row)] : nullptr;
}

QVariant RouteVersionsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    const gateway::RouteVersion& version = *versionAt(index.row());
    const QDateTime now = QDateTime::currentDateTime();
    switch (index.column()) {
    case When:
        return role == Qt::ToolTipRole ? formatFullInstant(version.time)
                                       : QStringLiteral("%1 · %2").arg(formatAgo(version.time, now),
                                                                       formatInstant(version.time, now));
    case Source:
        if (version.source == "api") return tr("Administration");
        return version.source == "window" ? tr("Window") : tr("File");
    default:
        return m_changes[static_cast<std::size_t>(index.row())];
    }
}

QVariant RouteVersionsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case When:
        return tr("In force since");
    case Source:
        return tr("From");
    case Change:
        return tr("What changed");
    default:
        return {};
    }
}

void RouteVersionsModel::setVersions(const std::vector<gateway::RouteVersion>& versions)
{
    if (versions == m_versions) return;
    beginResetModel();
    m_versions = versions;
    m_changes.clear();
    for (std::size_t i = 0; i < versions.size(); ++i) {
        const std::string before = i + 1 < versions.size() ? versions[i + 1].json : std::string();
        m_changes.push_back(routeChangeText(versions[i].route, before, versions[i].json));
    }
    endResetModel();
}

} // namespace ui
