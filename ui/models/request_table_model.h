// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QAbstractTableModel>

#include "gateway/snapshot.h"

#include "models/gateway_link.h"
#include "models/request_filter.h"

namespace ui {

/// How a request ended, for colour and shape.
enum class Outcome : std::uint8_t { Undecided, Good, Warning, Bad };
[[nodiscard]] Outcome outcomeOf(const gateway::LogRow& row);

/// The logged requests that match a filter, newest first, read page by page from the engine. Rows that come
/// in later are put on top, or only counted while `setFollowing(false)` (the user has scrolled away). GUI
/// thread.
class RequestTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Time, Status, Client, Model, Provider, Latency, Tokens, Cost, ColumnCount };
    enum Role { OutcomeRole = Qt::UserRole + 1, IdRole };
    enum class State : std::uint8_t { Undecided, Loading, Ready, Failed };

    explicit RequestTableModel(GatewayLink& link, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

    /// `spanMicros` back from now; 0: everything. Reads anew.
    void setQuery(const RequestFilter& filter, std::int64_t spanMicros);
    void setPageSize(std::uint32_t rows) { m_pageSize = rows; }
    /// Keeps the newest `rows` only and reads no further pages.
    void setLimit(std::uint32_t rows);
    void setFollowing(bool following);
    void refresh();

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] std::uint64_t total() const { return m_total; }
    [[nodiscard]] std::uint64_t waiting() const { return m_waiting; }
    [[nodiscard]] const RequestFilter& filter() const { return m_filter; }
    [[nodiscard]] const gateway::LogRow* rowAt(int row) const;
    [[nodiscard]] int rowOf(std::int64_t id) const;

signals:
    void stateChanged();
    void waitingChanged();

private:
    [[nodiscard]] gateway::LogQuery baseQuery() const;
    void readPage(std::int64_t before);
    void takePage(const gateway::LogPage& page, bool first);
    void onActivity();
    void readNewer();
    void takeNewer(const gateway::LogPage& page);
    void dropBeyondLimit();
    void setState(State state);

    GatewayLink& m_link;
    RequestFilter m_filter;
    std::int64_t m_spanMicros = 0;
    std::uint32_t m_pageSize = 100;
    std::uint32_t m_limit = 0; // 0: none
    std::vector<gateway::LogRow> m_rows;
    State m_state = State::Undecided;
    std::uint64_t m_total = 0;
    std::uint64_t m_waiting = 0;
    std::int64_t m_seenId = 0; // The newest id of the log that this model knows of, shown or not.
    int m_generation = 0;      // Answers to a query that is no longer asked are thrown away.
    bool m_more = false;
    bool m_reading = false;
    bool m_following = true;
};

} // namespace ui
