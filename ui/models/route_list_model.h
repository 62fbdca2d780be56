// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <QAbstractListModel>
#include <QTimer>

#include "models/gateway_link.h"
#include "models/provider_list_model.h"
#include "models/route_edit.h"
#include "models/route_templates.h"
#include "models/target_standing.h"

namespace ui {

/// The configured routes in the configuration's order, then those that are not saved yet; with what was
/// changed in each and not applied. Asks the log for each route's share of the last day when new rows were
/// logged, at most every five seconds and only while it is active. GUI thread.
class RouteListModel : public QAbstractListModel {
    Q_OBJECT

public:
    /// The same as in the providers' list, as the same delegate paints both.
    enum Role {
        IdRole = ProviderListModel::IdRole,
        DetailRole = ProviderListModel::DetailRole,
        MarkRole = ProviderListModel::MarkRole, // its share of the last day
        ShapeRole = ProviderListModel::ShapeRole
    };

    explicit RouteListModel(GatewayLink& link, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

    [[nodiscard]] int rowOf(const gateway::RouteId& id) const;
    /// As it would be applied; null: there is no such row.
    [[nodiscard]] const gateway::RouteConfig* draftAt(int row) const;
    [[nodiscard]] bool isChanged(int row) const;
    /// Whether it is not in the configuration.
    [[nodiscard]] bool isNew(int row) const;
    /// Those that come with a new route.
    [[nodiscard]] Aliases aliasesAt(int row) const;
    /// The configuration with this row's draft in it, and with no other.
    [[nodiscard]] gateway::Config configWith(int row) const;
    /// Of the routes that are not saved yet.
    [[nodiscard]] std::vector<std::string> newNames() const;

    void setDraft(int row, const gateway::RouteConfig& draft);
    /// Back to what is in force. A new route has nothing to go back to and goes away.
    void discard(int row);
    /// What was applied may be written otherwise in the configuration: from then on that counts. Nothing
    /// where the draft is another one by now.
    void settle(const gateway::RouteConfig& applied);
    /// Gives the row.
    int addNew(const NewRoute& route);
    /// The names of a draft follow when a route is renamed, of its own or in its targets.
    void renameIn(const gateway::RouteId& from, const gateway::RouteId& to);
    void readShares();
    /// While somebody looks: only then the log is asked for shares.
    void setActive(bool active);

private:
    struct Entry {
        std::optional<gateway::RouteConfig> saved;
        gateway::RouteConfig draft;
        Aliases aliases; // of a new route
        [[nodiscard]] bool isChanged() const { return !saved || *saved != draft; }
    };
    void readConfig();
    void onActivity();
    void showRow(int row);
    [[nodiscard]] static QString detailOf(const Entry& entry);
    [[nodiscard]] const Entry* entryAt(int row) const;

    GatewayLink& m_link;
    std::vector<Entry> m_entries;
    RouteState m_state;                     // without its use
    std::map<std::string, double> m_shares; // of all requests of the last day, by route
    QTimer m_timer;
    std::int64_t m_seenId = -1; // of the last row when they were read; -1: not read yet
    bool m_active = false;
};

} // namespace ui
