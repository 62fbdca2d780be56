// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts_model.h"

#include <algorithm>
#include <iterator>

#include <QDateTime>
#include <QFont>

#include "models/alert_text.h"
#include "models/format.h"
#include "models/when_done.h"

namespace ui {

AlertsModel::AlertsModel(GatewayLink& link, QObject* parent) : QAbstractTableModel(parent), m_link(link) {}

void AlertsModel::refresh()
{
    if (m_state == State::Undecided || m_state == State::Failed) setState(State::Loading);
    read(0);
}

void AlertsModel::readOlder()
{
    if (!m_older || m_readsOlder || m_all.empty()) return;
    m_readsOlder = true;
    read(m_all.back().id);
}

void AlertsModel::read(std::int64_t before)
{
    gateway::AlertQuery query;
    query.before = before;
    query.limit = kPage;
    whenDone(
        m_link.alerts(query), this,
        [this, before](const std::vector<gateway::Alert>& page) {
            if (before == 0) {
                takeNewest(page);
            } else {
                takeOlder(page);
            }
        },
        [this] {
            m_readsOlder = false;
            setState(State::Failed);
        });
}

void AlertsModel::takeNewest(const std::vector<gateway::Alert>& page)
{
    const std::int64_t known = m_all.empty() ? 0 : m_all.front().id;
    const bool touches = !page.empty() && page.back().id <= known;
    if (m_all.empty() || !touches) { // What lies between would be missing.
        m_older = page.size() == kPage;
        m_all = page;
        showKind();
    } else {
        std::vector<gateway::Alert> fresh;
        std::copy_if(page.begin(), page.end(), std::back_inserter(fresh),
                     [known](const gateway::Alert& alert) { return alert.id > known; });
        m_all.insert(m_all.begin(), fresh.begin(), fresh.end());
        insert(0, fresh);
    }
    setState(State::Ready);
    if (m_shown.empty()) readOlder(); // There may be some of the kind yet.
}

void AlertsModel::takeOlder(const std::vector<gateway::Alert>& page)
{
    m_readsOlder = false;
    m_older = page.size() == kPage;
    m_all.insert(m_all.end(), page.begin(), page.end());
    insert(rowCount(), page);
    setState(State::Ready);
    if (m_shown.empty()) readOlder();
}

void AlertsModel::insert(int at, const std::vector<gateway::Alert>& alerts)
{
    std::vector<gateway::Alert> wanted;
    std::copy_if(alerts.begin(), alerts.end(), std::back_inserter(wanted),
                 [this](const gateway::Alert& alert) { return isWanted(alert); });
    if (wanted.empty()) return;
    beginInsertRows({}, at, at + static_cast<int>(wanted.size()) - 1);
    m_shown.insert(m_shown.begin() + at, wanted.begin(), wanted.end());
    endInsertRows();
}

void AlertsModel::setKind(std::optional<gateway::Alert::Kind> kind)
{
    if (kind == m_kind) return;
    m_kind = kind;
    showKind();
    emit stateChanged();
    if (m_shown.empty()) readOlder();
}

void AlertsModel::showKind()
{
    beginResetModel();
    m_shown.clear();
    std::copy_if(m_all.begin(), m_all.end(), std::back_inserter(m_shown),
                 [this](const gateway::Alert& alert) { return isWanted(alert); });
    endResetModel();
}

bool AlertsModel::isWanted(const gateway::Alert& alert) const
{
    return !m_kind || alert.kind == *m_kind;
}

void AlertsModel::setLastRead(std::int64_t id)
{
    if (id == m_lastRead) return;
    m_lastRead = id;
    if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void AlertsModel::setState(State state)
{
    m_state = state;
    emit stateChanged();
}

int AlertsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int AlertsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString AlertsModel::textOf(const gateway::Alert& alert, int column) const
{
    switch (column) {
    case Time:
        return formatInstant(alert.time, QDateTime::currentDateTime());
    case Level:
        return levelText(alert.level);
    case Kind:
        return kindText(alert.kind);
    case Subject:
        return QString::fromStdString(alert.subject);
    case Story:
        return QString::fromStdString(alert.text);
    default:
        return {};
    }
}

QVariant AlertsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const gateway::Alert& alert = m_shown[static_cast<std::size_t>(index.row())];
    const bool unread = alert.id > m_lastRead;
    switch (role) {
    case Qt::DisplayRole:
        return textOf(alert, index.column());
    case Qt::AccessibleTextRole: {
        const QString text = textOf(alert, index.column());
        return unread && index.column() == Time ? tr("%1, unread").arg(text) : text;
    }
    case Qt::ToolTipRole:
        return index.column() == Time ? formatFullInstant(alert.time) : QString();
    case Qt::FontRole: {
        if (!unread || index.column() == Story) return {};
        QFont bold;
        bold.setWeight(QFont::DemiBold);
        return bold;
    }
    case OutcomeRole:
        return static_cast<int>(outcomeOf(alert.level));
    case UnreadRole:
        return unread;
    default:
        return {};
    }
}

QVariant AlertsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const QStringList names{tr("Time"), tr("Level"), tr("Kind"), tr("About"), tr("What happened")};
    const bool wanted = orientation == Qt::Horizontal && role == Qt::DisplayRole;
    return wanted ? QVariant(names.value(section)) : QVariant();
}

const gateway::Alert* AlertsModel::alertAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_shown[static_cast<std::size_t>(row)] : nullptr;
}

} // namespace ui
