// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/request_table_model.h"

#include <algorithm>

#include <QDateTime>

#include "models/format.h"
#include "models/when_done.h"

namespace ui {
namespace {

constexpr std::uint32_t kMaxNewRows = 500;

QString qs(const std::string& text)
{
    return QString::fromStdString(text);
}

QString statusText(const gateway::LogRow& row)
{
    const QString number = row.status == 0 ? QStringLiteral("–") : QString::number(row.status);
    return row.errorCode.empty() ? number : number + QLatin1Char(' ') + qs(row.errorCode);
}

QString modelText(const gateway::LogRow& row)
{
    const QString asked = qs(row.requestedModel);
    if (asked.isEmpty()) return QStringLiteral("—"); // Refused before its body was understood.
    const QString used = qs(row.model);
    const bool same = used.isEmpty() || used == asked || asked.endsWith(QLatin1Char('/') + used);
    return same ? asked : asked + QStringLiteral(" → ") + used;
}

QString costText(const gateway::LogRow& row)
{
    return row.costSource == "unknown" ? QStringLiteral("—") : formatMoney(row.costNanos);
}

QString toolTip(const gateway::LogRow& row, int column)
{
    switch (column) {
    case RequestTableModel::Time:
        return formatFullInstant(row.id.microseconds());
    case RequestTableModel::Status:
        return qs(row.errorMessage);
    case RequestTableModel::Model:
        return modelText(row);
    case RequestTableModel::Latency:
        return RequestTableModel::tr("First token after %1").arg(formatDuration(row.firstToken));
    case RequestTableModel::Tokens:
        return RequestTableModel::tr("%1 in, %2 out, %3 from the provider's cache")
            .arg(formatCount(row.inputTokens), formatCount(row.outputTokens),
                 formatCount(row.cacheReadTokens));
    case RequestTableModel::Cost:
        return row.costSource == "unknown" ? RequestTableModel::tr("No price is known for this model.")
                                           : QString();
    default:
        return {};
    }
}

QString display(const gateway::LogRow& row, int column)
{
    switch (column) {
    case RequestTableModel::Time:
        return formatInstant(row.id.microseconds(), QDateTime::currentDateTime());
    case RequestTableModel::Status:
        return statusText(row);
    case RequestTableModel::Client:
        return row.client.empty() ? qs(row.key) : qs(row.client);
    case RequestTableModel::Model:
        return modelText(row);
    case RequestTableModel::Provider:
        return row.provider.empty() ? QStringLiteral("—") : qs(row.provider);
    case RequestTableModel::Latency:
        return formatDuration(row.total);
    case RequestTableModel::Tokens:
        return formatCount(row.inputTokens + row.outputTokens);
    case RequestTableModel::Cost:
        return costText(row);
    default:
        return {};
    }
}

} // namespace

Outcome outcomeOf(const gateway::LogRow& row)
{
    if (row.errorCode == "client_cancelled") return Outcome::Warning;
    if (!row.errorCode.empty() || row.status >= 400 || row.status == 0) return Outcome::Bad;
    return Outcome::Good;
}

RequestTableModel::RequestTableModel(GatewayLink& link, QObject* parent)
    : QAbstractTableModel(parent), m_link(link)
{
    connect(&link, &GatewayLink::activityChanged, this, &RequestTableModel::onActivity);
}

int RequestTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RequestTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RequestTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const gateway::LogRow& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return display(row, index.column());
    case Qt::ToolTipRole:
        return toolTip(row, index.column());
    case Qt::TextAlignmentRole:
        return index.column() >= Latency ? int(Qt::AlignRight | Qt::AlignVCenter)
                                         : int(Qt::AlignLeft | Qt::AlignVCenter);
    case OutcomeRole:
        return static_cast<int>(outcomeOf(row));
    case IdRole:
        return static_cast<qlonglong>(row.id.value);
    default:
        return {};
    }
}

QVariant RequestTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) return {};
    if (role == Qt::TextAlignmentRole) {
        return section >= Latency ? int(Qt::AlignRight | Qt::AlignVCenter)
                                  : int(Qt::AlignLeft | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) return {};
    const QString names[ColumnCount] = {tr("Time"),     tr("Status"),  tr("Client"), tr("Model"),
                                        tr("Provider"), tr("Latency"), tr("Tokens"), tr("Cost")};
    return names[section];
}

bool RequestTableModel::canFetchMore(const QModelIndex& parent) const
{
    return !parent.isValid() && m_more && !m_reading && m_limit == 0;
}

void RequestTableModel::fetchMore(const QModelIndex& parent)
{
    if (!canFetchMore(parent) || m_rows.empty()) return;
    readPage(m_rows.back().id.value);
}

void RequestTableModel::setQuery(const RequestFilter& filter, std::int64_t spanMicros)
{
    m_filter = filter;
    m_spanMicros = spanMicros;
    refresh();
}

void RequestTableModel::setLimit(std::uint32_t rows)
{
    m_limit = rows;
    m_pageSize = rows;
}

void RequestTableModel::setFollowing(bool following)
{
    if (m_following == following) return;
    m_following = following;
    if (following && m_waiting > 0) readNewer();
}

void RequestTableModel::refresh()
{
    ++m_generation;
    m_reading = false;
    m_seenId = m_link.activity().lastLoggedId;
    if (m_waiting != 0) {
        m_waiting = 0;
        emit waitingChanged();
    }
    setState(State::Loading);
    readPage(0);
}

const gateway::LogRow* RequestTableModel::rowAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

int RequestTableModel::rowOf(std::int64_t id) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [id](const gateway::LogRow& row) { return row.id.value == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

gateway::LogQuery RequestTableModel::baseQuery() const
{
    gateway::LogQuery query;
    m_filter.fill(query);
    if (m_spanMicros > 0)
        query.sinceMicros = std::max<std::int64_t>(query.sinceMicros,
                                                   QDateTime::currentMSecsSinceEpoch() * 1000 - m_spanMicros);
    query.limit = m_pageSize;
    return query;
}

void RequestTableModel::readPage(std::int64_t before)
{
    gateway::LogQuery query = baseQuery();
    query.before = before;
    m_reading = true;
    const int generation = m_generation;
    whenDone(
        m_link.requests(query), this,
        [this, generation, first = before == 0](const gateway::LogPage& page) {
            if (generation != m_generation) return;
            // Views ask for more while rows come in, when the last row is still the old one: not yet.
            takePage(page, first);
            m_reading = false;
            onActivity(); // What was logged meanwhile was not looked at, and nothing may come after it.
        },
        [this, generation] {
            if (generation != m_generation) return;
            m_reading = false;
            setState(State::Failed);
        });
}

void RequestTableModel::takePage(const gateway::LogPage& page, bool first)
{
    m_more = page.more && !page.rows.empty();
    if (first) {
        beginResetModel();
        m_rows = page.rows;
        endResetModel();
        m_total = page.total;
        if (!m_rows.empty()) m_seenId = std::max(m_seenId, m_rows.front().id.value);
    } else if (!page.rows.empty()) {
        const int begin = rowCount();
        beginInsertRows({}, begin, begin + static_cast<int>(page.rows.size()) - 1);
        m_rows.insert(m_rows.end(), page.rows.begin(), page.rows.end());
        endInsertRows();
    }
    const bool unreadable = m_rows.empty() && !m_link.activity().logProblem.empty();
    setState(unreadable ? State::Failed : State::Ready);
}

void RequestTableModel::onActivity()
{
    // A page on its way brings the new rows with it; an unused model (no query yet) reads nothing.
    if (m_state != State::Ready || m_reading) return;
    if (m_link.activity().lastLoggedId > m_seenId) readNewer();
}

void RequestTableModel::readNewer()
{
    gateway::LogQuery query = baseQuery();
    query.after = m_rows.empty() ? 0 : m_rows.front().id.value;
    query.limit = kMaxNewRows;
    if (m_rows.empty()) {
        refresh();
        return;
    }
    m_reading = true;
    m_seenId = m_link.activity().lastLoggedId;
    const int generation = m_generation;
    const auto done = [this, generation] {
        if (generation != m_generation) return false;
        m_reading = false;
        return true;
    };
    whenDone(
        m_link.requests(query), this,
        [this, done](const gateway::LogPage& page) {
            if (!done()) return;
            takeNewer(page);
            onActivity();
        },
        [done] { done(); });
}

void RequestTableModel::takeNewer(const gateway::LogPage& page)
{
    if (!m_following) {
        if (m_waiting != page.rows.size()) {
            m_waiting = page.rows.size();
            emit waitingChanged();
        }
        return;
    }
    if (page.more) {
        refresh(); // More came than one page holds: what lies between would be missing.
        return;
    }
    if (!page.rows.empty()) {
        beginInsertRows({}, 0, static_cast<int>(page.rows.size()) - 1);
        m_rows.insert(m_rows.begin(), page.rows.rbegin(), page.rows.rend());
        endInsertRows();
        m_total += page.rows.size();
        dropBeyondLimit();
    }
    if (m_waiting != 0) {
        m_waiting = 0;
        emit waitingChanged();
    }
    emit stateChanged();
}

void RequestTableModel::dropBeyondLimit()
{
    if (m_limit == 0 || m_rows.size() <= m_limit) return;
    beginRemoveRows({}, static_cast<int>(m_limit), rowCount() - 1);
    m_rows.resize(m_limit);
    endRemoveRows();
}

void RequestTableModel::setState(State state)
{
    m_state = state;
    emit stateChanged();
}

} // namespace ui
