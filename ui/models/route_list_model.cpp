// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/route_list_model.h"

#include <algorithm>

#include <QDateTime>
#include <QLocale>

#include "models/route_text.h"
#include "models/when_done.h"

namespace ui {
namespace {

constexpr int kShareMillis = 5000;
constexpr std::int64_t kDayMicros = 86'400'000'000;

} // namespace

RouteListModel::RouteListModel(GatewayLink& link, QObject* parent) : QAbstractListModel(parent), m_link(link)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kShareMillis);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_active) readShares();
    });
    connect(&link, &GatewayLink::configChanged, this, &RouteListModel::readConfig);
    connect(&link, &GatewayLink::activityChanged, this, &RouteListModel::onActivity);
    m_state = {link.activity().providers, link.activity().targets, {}};
    readConfig();
}

int RouteListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

const RouteListModel::Entry* RouteListModel::entryAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_entries[static_cast<std::size_t>(row)] : nullptr;
}

QString RouteListModel::detailOf(const Entry& entry)
{
    return entry.saved ? routeSummary(*entry.saved) : tr("Not saved yet");
}

QVariant RouteListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Entry& entry = *entryAt(index.row());
    const RouteHealth health = routeHealth(*m_link.config(), entry.draft, m_state);
    const QString name = QString::fromStdString(entry.draft.id.text);
    const auto share = m_shares.find(entry.draft.id.text);
    const QString traffic =
        share == m_shares.end()
            ? QString()
            : tr("%1% of the last 24 h").arg(QLocale().toString(share->second * 100, 'f', 0));
    switch (role) {
    case Qt::DisplayRole:
        return entry.isChanged() ? name + QStringLiteral(" •") : name;
    case IdRole:
        return name;
    case Qt::AccessibleTextRole:
    case Qt::ToolTipRole: {
        const bool differs = entry.saved && entry.isChanged();
        QStringList parts{name, differs ? tr("Changed, not applied yet") : QString(), detailOf(entry),
                          routeHealthText(health), traffic};
        parts.removeAll(QString());
        return parts.join(role == Qt::ToolTipRole ? QStringLiteral("\n") : QStringLiteral(", "));
    }
    case ShapeRole:
        return static_cast<int>(routeMark(health));
    case DetailRole:
        return detailOf(entry);
    case MarkRole:
        return share == m_shares.end() ? QString()
                                       : tr("%1%").arg(QLocale().toString(share->second * 100, 'f', 0));
    default:
        return {};
    }
}

int RouteListModel::rowOf(const gateway::RouteId& id) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&](const Entry& entry) { return entry.draft.id == id; });
    return found == m_entries.end() ? -1 : static_cast<int>(found - m_entries.begin());
}

const gateway::RouteConfig* RouteListModel::draftAt(int row) const
{
    const Entry* entry = entryAt(row);
    return entry == nullptr ? nullptr : &entry->draft;
}

bool RouteListModel::isChanged(int row) const
{
    const Entry* entry = entryAt(row);
    return entry != nullptr && entry->isChanged();
}

bool RouteListModel::isNew(int row) const
{
    const Entry* entry = entryAt(row);
    return entry != nullptr && !entry->saved;
}

Aliases RouteListModel::aliasesAt(int row) const
{
    const Entry* entry = entryAt(row);
    return entry == nullptr ? Aliases{} : entry->aliases;
}

gateway::Config RouteListModel::configWith(int row) const
{
    const Entry* entry = entryAt(row);
    if (entry == nullptr) return *m_link.config();
    return withAliases(withRoute(*m_link.config(), entry->draft), entry->aliases);
}

std::vector<std::string> RouteListModel::newNames() const
{
    std::vector<std::string> names;
    for (const Entry& entry : m_entries) {
        if (!entry.saved) names.push_back(entry.draft.id.text);
    }
    return names;
}

void RouteListModel::setDraft(int row, const gateway::RouteConfig& draft)
{
    if (entryAt(row) == nullptr) return;
    m_entries[static_cast<std::size_t>(row)].draft = draft;
    showRow(row);
}

void RouteListModel::discard(int row)
{
    const Entry* entry = entryAt(row);
    if (entry == nullptr) return;
    if (entry->saved) {
        setDraft(row, *entry->saved);
        return;
    }
    beginRemoveRows({}, row, row);
    m_entries.erase(m_entries.begin() + row);
    endRemoveRows();
}

void RouteListModel::settle(const gateway::RouteConfig& applied)
{
    const int row = rowOf(applied.id);
    const Entry* entry = entryAt(row);
    if (entry != nullptr && entry->saved && entry->draft == applied) setDraft(row, *entry->saved);
}

int RouteListModel::addNew(const NewRoute& route)
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_entries.push_back({std::nullopt, route.route, route.aliases});
    endInsertRows();
    return row;
}

void RouteListModel::renameIn(const gateway::RouteId& from, const gateway::RouteId& to)
{
    for (int row = 0; row < rowCount(); ++row) {
        gateway::RouteConfig& draft = m_entries[static_cast<std::size_t>(row)].draft;
        if (draft.id == from) draft.id = to;
        for (gateway::TargetConfig& target : draft.targets) {
            if (target.route == from) target.route = to;
        }
        for (auto& [pattern, goal] : m_entries[static_cast<std::size_t>(row)].aliases) {
            if (goal == from.text) goal = to.text;
        }
        showRow(row);
    }
}

void RouteListModel::showRow(int row)
{
    emit dataChanged(index(row), index(row));
}

void RouteListModel::readConfig()
{
    std::vector<Entry> next;
    for (const gateway::RouteConfig& route : m_link.config()->routes) {
        const int row = rowOf(route.id);
        const Entry* before = entryAt(row);
        const bool kept = before != nullptr && before->isChanged();
        next.push_back({route, kept ? before->draft : route, {}});
    }
    for (const Entry& entry : m_entries) {
        const bool there = std::any_of(next.begin(), next.end(),
                                       [&](const Entry& each) { return each.draft.id == entry.draft.id; });
        if (!entry.saved && !there) next.push_back(entry);
    }
    const bool sameNames =
        std::equal(next.begin(), next.end(), m_entries.begin(), m_entries.end(),
                   [](const Entry& a, const Entry& b) { return a.draft.id == b.draft.id; });
    if (sameNames) { // Keeps the selection: only what is in the rows has changed.
        m_entries = std::move(next);
        if (!m_entries.empty()) emit dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_entries = std::move(next);
    endResetModel();
}

void RouteListModel::onActivity()
{
    const gateway::ActivitySnapshot& now = m_link.activity();
    if (now.lastLoggedId != m_seenId && m_active && !m_timer.isActive()) m_timer.start();
    if (now.providers == m_state.providers && now.targets == m_state.targets) return;
    m_state = {now.providers, now.targets, {}};
    if (!m_entries.empty()) emit dataChanged(index(0), index(rowCount() - 1));
}

void RouteListModel::setActive(bool active)
{
    m_active = active;
    if (!active)
        m_timer.stop();
    else if (m_seenId != m_link.activity().lastLoggedId)
        readShares();
}

void RouteListModel::readShares()
{
    m_seenId = m_link.activity().lastLoggedId;
    const std::int64_t since = QDateTime::currentMSecsSinceEpoch() * 1000 - kDayMicros;
    whenDone(m_link.usage({since, "route"}), this, [this](const std::vector<gateway::UsageRow>& rows) {
        std::uint64_t all = 0; // Those without a route have a row too.
        for (const gateway::UsageRow& row : rows) {
            all += row.requests;
        }
        m_shares.clear();
        for (const gateway::UsageRow& row : rows) {
            if (all > 0) m_shares[row.name] = static_cast<double>(row.requests) / static_cast<double>(all);
        }
        if (!m_entries.empty()) emit dataChanged(index(0), index(rowCount() - 1));
    });
}

} // namespace ui
