// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/gateway_link.h"

namespace ui {

/// The real link: forwards to a Gateway and to the keychain, neither of them owned. GUI thread.
class EngineLink final : public GatewayLink {
    Q_OBJECT

public:
    EngineLink(gateway::Gateway& gateway, gateway::SecretStore* secrets, Places places,
               QObject* parent = nullptr);

    [[nodiscard]] std::shared_ptr<const gateway::Config> config() const override;
    [[nodiscard]] const gateway::ActivitySnapshot& activity() const override;
    [[nodiscard]] const Problems& configProblems() const override;
    [[nodiscard]] Places places() const override { return m_places; }
    [[nodiscard]] const std::vector<gateway::ProviderPreset>& presets() const override;
    [[nodiscard]] std::vector<const gateway::ProviderPreset*>
    presetsForKey(const QString& key) const override;

    void pause() override;
    void resume() override;
    void reload() override;

    QFuture<Problems> apply(const gateway::Config& config) override;
    QFuture<QString> saveSecret(const QString& name, const gateway::Secret& secret) override;
    QFuture<QString> removeSecret(const QString& name) override;
    QFuture<SecretAnswer> readSecret(const QString& name) override;
    QFuture<gateway::Gateway::NewKey> createKey(const gateway::VirtualKeyConfig& key) override;
    QFuture<gateway::Gateway::NewKey> rotateKey(const gateway::VirtualKeyId& id,
                                                gateway::seconds overlap) override;
    QFuture<QString> answerQuestion(std::uint64_t id, bool allow) override;
    QFuture<QString> allowMore(const QString& budget, bool ofKey, std::int64_t nanos) override;
    QFuture<Problems> pauseSpending(bool paused) override;
    QFuture<std::vector<gateway::Alert>> alerts(const gateway::AlertQuery& query) override;
    [[nodiscard]] gateway::Secret takeFirstKey() override;

    QFuture<gateway::LogPage> requests(const gateway::LogQuery& query) override;
    QFuture<gateway::Figures> figures(const gateway::FiguresQuery& query) override;
    QFuture<std::vector<gateway::UsageRow>> usage(const gateway::UsageQuery& query) override;
    QFuture<std::vector<gateway::UsagePoint>> usageSeries(const gateway::UsageSeriesQuery& query) override;
    QFuture<gateway::Recalculation> recalculate(std::int64_t sinceMicros, bool write) override;
    QFuture<gateway::Reconciliation> reconcile(const gateway::ReconcileQuery& query) override;
    QFuture<std::vector<gateway::RouteVersion>> routeVersions(const gateway::RouteId& id) override;
    QFuture<gateway::ProviderTest> testProvider(const gateway::ProviderId& id) override;
    QFuture<gateway::ProviderTest> testKey(const gateway::ProviderId& id,
                                           const gateway::ProviderKeyId& key) override;
    QFuture<gateway::ProviderTest> testProviderWith(const gateway::ProviderConfig& provider,
                                                    const gateway::Secret& key) override;
    QFuture<gateway::TrialAnswer> sendTrial(const QString& model, const QString& text) override;

    QFuture<gateway::ModelTable> models() override;
    QFuture<gateway::ModelTable> refreshModels() override;
    QFuture<gateway::CatalogUpdate> lookForCatalogUpdate(gateway::CatalogOrigin origin) override;
    void cancelCatalogUpdate() override;
    QFuture<QString> takeCatalogUpdate() override;
    QFuture<QString> dropCatalogUpdate() override;
    QFuture<QString> exportModels(const QString& path) override;

    QFuture<std::vector<gateway::CacheEntry>> cachedAnswers(const gateway::CacheFilter& filter,
                                                            std::size_t most) override;
    QFuture<std::string> cachedText(const std::string& key) override;
    QFuture<std::size_t> purgeCache(const gateway::CacheFilter& filter, bool countOnly) override;
    QFuture<bool> pinCached(const std::string& key, bool pinned) override;

private:
    gateway::Gateway& m_gateway;
    gateway::SecretStore* m_secrets;
    Places m_places;
};

} // namespace ui
