// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <QAbstractTableModel>
#include <QFuture>
#include <QHash>

#include "models/gateway_link.h"

namespace ui {

/// Every model of every provider with what is known of it, and how often it was used in the last seven days.
/// GUI thread.
class ModelTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column {
        Name,
        Provider,
        Context,
        MaxOutput,
        Input,
        Output,
        Cache,
        Abilities,
        Exposed,
        Source,
        Requests,
        ColumnCount
    };
    enum Role { AbilitiesRole = Qt::UserRole + 1 };
    enum class State : std::uint8_t { Undecided, Loading, Ready, Failed };

    explicit ModelTableModel(GatewayLink& link, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// What is known now; rows that stay keep their place in views.
    void read();
    /// Asks the providers for their lists first.
    void refreshLists();
    /// Waits no longer for those; what is shown stays.
    void stopRefresh();

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool isRefreshing() const { return m_refreshing; }
    [[nodiscard]] const gateway::ModelTable& table() const { return m_table; }
    [[nodiscard]] const gateway::ModelRow* rowAt(int row) const;
    [[nodiscard]] int rowOf(const gateway::ProviderId& provider, const std::string& model) const;
    /// Nothing: not read yet.
    [[nodiscard]] std::optional<std::int64_t> requestsOf(const gateway::ModelRow& row) const;
    /// All tokens in and out of the last seven days.
    [[nodiscard]] std::pair<std::int64_t, std::int64_t> tokensOfTheWeek() const { return m_weekTokens; }

signals:
    void stateChanged();

private:
    void wait(const QFuture<gateway::ModelTable>& answer);
    void take(const gateway::ModelTable& table);
    void readUsage();
    void setState(State state);
    [[nodiscard]] QString display(const gateway::ModelRow& row, int column) const;

    GatewayLink& m_link;
    gateway::ModelTable m_table;
    QHash<QString, std::int64_t> m_requests; // by "provider/model"
    std::pair<std::int64_t, std::int64_t> m_weekTokens{0, 0};
    State m_state = State::Undecided;
    int m_generation = 0; // Answers to an older question are thrown away.
    bool m_usageRead = false;
    bool m_refreshing = false;
};

} // namespace ui
