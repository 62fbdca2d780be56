// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <QAbstractTableModel>

#include "models/gateway_link.h"

namespace ui {

/// What the user should have known of, newest first, read page by page from the engine; those of one kind
/// where that is wanted. GUI thread.
class AlertsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Time, Level, Kind, Subject, Story, ColumnCount };
    enum Role {
        OutcomeRole = Qt::UserRole, // an Outcome, of the level
        UnreadRole                  // whether it came after what was read
    };
    enum class State : std::uint8_t { Undecided, Loading, Ready, Failed };

    explicit AlertsModel(GatewayLink& link, QObject* parent = nullptr);

    /// Reads the newest page again and keeps the older ones.
    void refresh();
    void readOlder();
    /// Older ones than those on show may exist.
    [[nodiscard]] bool hasOlder() const { return m_older; }
    [[nodiscard]] State state() const { return m_state; }
    /// Nothing: of all kinds.
    void setKind(std::optional<gateway::Alert::Kind> kind);
    [[nodiscard]] bool isFiltered() const { return m_kind.has_value(); }
    void setLastRead(std::int64_t id);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// Null where there is no such row; until the model changes.
    [[nodiscard]] const gateway::Alert* alertAt(int row) const;

    static constexpr std::uint32_t kPage = 100;

signals:
    /// Also when only rows came.
    void stateChanged();

private:
    void read(std::int64_t before);
    void takeNewest(const std::vector<gateway::Alert>& page);
    void takeOlder(const std::vector<gateway::Alert>& page);
    void insert(int at, const std::vector<gateway::Alert>& alerts);
    void showKind();
    [[nodiscard]] bool isWanted(const gateway::Alert& alert) const;
    [[nodiscard]] QString textOf(const gateway::Alert& alert, int column) const;
    void setState(State state);

    GatewayLink& m_link;
    std::vector<gateway::Alert> m_all;   // newest first
    std::vector<gateway::Alert> m_shown; // those of the kind
    std::optional<gateway::Alert::Kind> m_kind;
    std::int64_t m_lastRead = 0;
    bool m_older = false;
    bool m_readsOlder = false;
    State m_state = State::Undecided;
};

} // namespace ui
