// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "gateway/config.h"
#include "gateway/snapshot.h"

namespace ui {

/// What made `after` of `before`, in a line: "2 targets added, strategy In order → Weighted split". Both are
/// JSON as the configuration writes a route; empty: there was none.
[[nodiscard]] QString routeChangeText(const gateway::RouteId& id, const std::string& before,
                                      const std::string& after);

/// The versions of one route, the newest first. GUI thread.
class RouteVersionsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { When, Source, Change, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void setVersions(const std::vector<gateway::RouteVersion>& versions);
    /// Null: there is no such row.
    [[nodiscard]] const gateway::RouteVersion* versionAt(int row) const;

private:
    std::vector<gateway::RouteVersion> m_versions;
    std::vector<QString> m_changes;
};

} // namespace ui
