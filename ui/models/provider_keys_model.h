// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QAbstractTableModel>
#include <QTimer>

#include "gateway/config.h"
#include "gateway/snapshot.h"

namespace ui {

/// The keys of one provider with their state; references and their last four characters only, a secret never
/// gets here. Changes nothing itself: it says what is wanted. GUI thread.
class ProviderKeysModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Ending, KeptIn, Weight, State, ColumnCount };
    enum Role { OutcomeRole = Qt::UserRole + 1 };

    explicit ProviderKeysModel(QObject* parent = nullptr);

    void setProvider(const gateway::ProviderConfig& provider, const gateway::ProviderHealth& health);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    /// A weight; it is told by weightWanted().
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    [[nodiscard]] Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    /// A row of this table that was dragged elsewhere; it is told by moveWanted().
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                      const QModelIndex& parent) override;
    [[nodiscard]] QMimeData* mimeData(const QModelIndexList& indexes) const override;
    [[nodiscard]] QStringList mimeTypes() const override;

    [[nodiscard]] gateway::ProviderKeyId idAt(int row) const;
    [[nodiscard]] int rowOf(const gateway::ProviderKeyId& id) const;
    /// What is known of the key: one sentence or two, with what to do.
    [[nodiscard]] QString storyOf(int row) const;

signals:
    void weightWanted(const gateway::ProviderKeyId& key, int weight);
    void moveWanted(int from, int to);

private:
    [[nodiscard]] gateway::KeyHealth healthAt(int row) const;
    /// Tells again when the next of the rate-limited keys has its turn.
    void followTime();

    std::vector<gateway::ProviderKey> m_keys;
    gateway::ProviderHealth m_health;
    QTimer m_timer;
};

/// "Ready", "Refused 14:02", "Limited until 14:05", …; a limit that is over is none.
[[nodiscard]] QString keyStateText(const gateway::KeyHealth& health, std::int64_t nowMicros);
/// How many can be used now.
[[nodiscard]] int readyKeys(const gateway::ProviderHealth& health, std::int64_t nowMicros);
/// "Keychain: openai/work", "Variable OPENAI_API_KEY", "File /path".
[[nodiscard]] QString whereKept(const gateway::SecretRef& ref);

} // namespace ui
