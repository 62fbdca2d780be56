// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <QAbstractListModel>

#include "models/draft_list.h"
#include "models/gateway_link.h"
#include "models/provider_list_model.h"

namespace ui {

/// What clients call a preset as the model: "preset/coach".
[[nodiscard]] QString presetModelName(const gateway::PresetId& id);
/// The presets without this one; aliases to it go with it, keys stay as they are.
[[nodiscard]] gateway::Config withoutPreset(gateway::Config config, const gateway::PresetId& id);
/// With the presets of `before`, and with what leads to them.
[[nodiscard]] gateway::Config withPresetsOf(gateway::Config config, const gateway::Config& before);

/// The presets in the order of the configuration, with what was changed in each and not applied; then those
/// that are not saved yet. For the list at the side of a page. GUI thread.
class PresetsModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        DetailRole = ProviderListModel::DetailRole,
        MarkRole = ProviderListModel::MarkRole,
        DotTokenRole = ProviderListModel::DotTokenRole
    };

    explicit PresetsModel(GatewayLink& link, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

    /// As it would be applied; null: there is no such row.
    [[nodiscard]] const gateway::PresetConfig* draftAt(int row) const;
    /// As it is in force; null: it is not.
    [[nodiscard]] const gateway::PresetConfig* savedAt(int row) const;
    [[nodiscard]] bool isChanged(int row) const;
    [[nodiscard]] int rowOf(const gateway::PresetId& id) const;
    /// A name like `wanted` that no preset has yet.
    [[nodiscard]] gateway::PresetId freeName(const std::string& wanted) const;
    /// The configuration with this row's draft in it, and with no other. Aliases and keys follow a new name.
    [[nodiscard]] gateway::Config configWith(int row) const;
    void setDraft(int row, const gateway::PresetConfig& draft);
    /// Back to what is in force; a new one goes away.
    void discard(int row);
    /// Gives the row.
    int addNew(const gateway::PresetConfig& preset);

private:
    using Entry = DraftEntry<gateway::PresetConfig>;
    void readConfig();
    [[nodiscard]] const Entry* entryAt(int row) const { return m_entries.at(row); }

    GatewayLink& m_link;
    DraftList<gateway::PresetConfig> m_entries;
};

} // namespace ui
