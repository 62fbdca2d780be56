// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QAbstractListModel>

#include "models/gateway_link.h"

namespace ui {

/// The configured providers with their state, in the configuration's order. GUI thread.
class ProviderListModel : public QAbstractListModel {
    Q_OBJECT

public:
    /// MarkRole: a short text beside the name. ShapeRole: a TargetMark in place of the dot. Providers have
    /// none of both.
    enum Role { IdRole = Qt::UserRole + 1, DetailRole, DotTokenRole, MarkRole, ShapeRole };

    explicit ProviderListModel(GatewayLink& link, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

    [[nodiscard]] const gateway::ProviderConfig* providerAt(int row) const;
    [[nodiscard]] gateway::ProviderHealth healthOf(const gateway::ProviderId& id) const;
    [[nodiscard]] int rowOf(const gateway::ProviderId& id) const;

private:
    void readConfig();
    void readHealth();

    GatewayLink& m_link;
    std::vector<gateway::ProviderConfig> m_providers;
    std::vector<gateway::ProviderHealth> m_health;
};

/// "Ready", "No usable key", "Rate-limited", …
[[nodiscard]] QString healthText(const gateway::ProviderHealth& health);
/// The same with what to do about it.
[[nodiscard]] QString healthStory(const gateway::ProviderHealth& health);
[[nodiscard]] const char* healthToken(const gateway::ProviderHealth& health);
/// "OpenAI", "OpenAI-compatible", …; an unknown kind as it is written.
[[nodiscard]] QString kindText(const std::string& kind);

} // namespace ui
