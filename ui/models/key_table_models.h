// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "gateway/config.h"

namespace ui {

/// The virtual keys that clients present; only their hashes are known.
class VirtualKeysModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Models, Expires, State, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setKeys(const std::vector<gateway::VirtualKeyConfig>& keys);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] gateway::VirtualKeyId idAt(int row) const;

private:
    std::vector<gateway::VirtualKeyConfig> m_keys;
};

/// "Keychain: openai/main", "Variable OPENAI_API_KEY", "File /path".
[[nodiscard]] QString whereKept(const gateway::SecretRef& ref);

} // namespace ui
