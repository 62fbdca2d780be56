// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>
#include <vector>

#include <QAbstractTableModel>

#include "gateway/config.h"
#include "gateway/gateway.h"
#include "gateway/snapshot.h"

namespace ui {

/// What a newer list would change, grouped: a line with the name of each kind of change, below it its
/// changes. GUI thread.
class CatalogChangeModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Model, Provider, What, Before, After, Note, ColumnCount };
    enum Role { GroupRole = Qt::UserRole + 1 }; // true: the line names a group

    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

    void setChanges(const std::vector<gateway::CatalogChange>& changes);
    /// Only changes of providers that are in `names`; an empty set: all.
    void setProviders(const std::set<std::string>& names);
    /// Changes on show, without the lines that name groups.
    [[nodiscard]] int changeCount() const { return m_shown; }

private:
    struct Line {
        gateway::CatalogChange::Kind group; // of a line that names one
        int count;                          // of changes in that group; 0: this is a change
        std::size_t change;
    };
    void group();
    [[nodiscard]] bool isShown(const gateway::CatalogChange& change) const;

    std::vector<gateway::CatalogChange> m_changes;
    std::set<std::string> m_providers;
    std::vector<Line> m_lines;
    int m_shown = 0;
};

/// How the catalog calls the configured providers: their kind, or the preset at their address.
[[nodiscard]] std::set<std::string> catalogNames(const gateway::Config& config,
                                                 const std::vector<gateway::ProviderPreset>& presets);

} // namespace ui
