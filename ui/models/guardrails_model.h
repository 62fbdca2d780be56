// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <QAbstractListModel>

#include "gateway/guardrails.h"

#include "models/draft_list.h"
#include "models/gateway_link.h"

namespace ui {

/// "Mask", "Block"; the word itself where it is not known.
[[nodiscard]] QString guardrailActionText(const std::string& action);
[[nodiscard]] QString guardrailModeText(const std::string& mode);
/// A name like `wanted` that no guardrail of the list has yet.
[[nodiscard]] std::string freeGuardrailName(const std::vector<std::string>& taken, const std::string& wanted);
/// What a new guardrail with this check begins as: it only watches.
[[nodiscard]] gateway::GuardrailConfig newGuardrail(const gateway::CheckDescription& check);

/// The guardrails in the order in which they are applied, with what was changed in each and not applied; then
/// those that are not saved yet. GUI thread.
class GuardrailsModel : public QAbstractListModel {
    Q_OBJECT

public:
    explicit GuardrailsModel(GatewayLink& link, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    bool dropMimeData(const QMimeData* mime, Qt::DropAction action, int row, int columnNumber,
                      const QModelIndex& parent) override;

    enum Role { ModeRole = Qt::UserRole + 1, IsEnforcedRole };

    /// Requests in which each has found something lately, by name. Until they are known nothing is said.
    void setHits(std::map<std::string, std::uint64_t> hits);
    /// As it would be applied; null: there is no such row.
    [[nodiscard]] const gateway::GuardrailConfig* draftAt(int row) const;
    [[nodiscard]] bool isChanged(int row) const;
    [[nodiscard]] bool isNew(int row) const;
    [[nodiscard]] int rowOf(const gateway::GuardrailId& id) const;
    [[nodiscard]] std::vector<std::string> names() const;
    /// The configuration with this row's draft in it, and with no other. Routes follow a new name.
    [[nodiscard]] gateway::Config configWith(int row) const;
    void setDraft(int row, const gateway::GuardrailConfig& draft);
    /// Back to what is in force; a new one goes away.
    void discard(int row);
    /// Gives the row.
    int addNew(const gateway::GuardrailConfig& rule);

signals:
    void enabledWanted(int row, bool on);
    void moveWanted(int from, int to);

private:
    using Entry = DraftEntry<gateway::GuardrailConfig>;
    void readConfig();
    [[nodiscard]] const Entry* entryAt(int row) const { return m_entries.at(row); }
    [[nodiscard]] QString titleOf(const std::string& check) const;
    /// "12 hits in 24 h"; empty where it is not known.
    [[nodiscard]] QString hitsText(const Entry& entry) const;

    GatewayLink& m_link;
    std::vector<gateway::CheckDescription> m_checks = gateway::checkDescriptions();
    DraftList<gateway::GuardrailConfig> m_entries;
    std::optional<std::map<std::string, std::uint64_t>> m_hits;
};

} // namespace ui
