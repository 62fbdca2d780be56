// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <QFuture>
#include <QObject>
#include <QString>

#include "gateway/gateway.h"

namespace ui {

/// Where the program keeps its things, for the window to show.
struct Places {
    QString configFile;
    QString dataFolder;
};

/// What a read of the keychain gave: a secret, or why there is none.
struct SecretAnswer {
    gateway::Secret secret;
    QString problem;
    bool closed = false; // There is a keychain, and it could not be asked: it is locked, or its prompt waits.
};

/// All that the window knows of the engine: models talk to this, tests put a made-up one in its place.
/// GUI thread; calls return at once and futures complete on that thread.
class GatewayLink : public QObject {
    Q_OBJECT

public:
    using Problems = std::vector<gateway::ConfigProblem>;

    using QObject::QObject;

    [[nodiscard]] virtual std::shared_ptr<const gateway::Config> config() const = 0;
    [[nodiscard]] virtual const gateway::ActivitySnapshot& activity() const = 0;
    [[nodiscard]] virtual const Problems& configProblems() const = 0;
    [[nodiscard]] virtual Places places() const = 0;
    [[nodiscard]] virtual const std::vector<gateway::ProviderPreset>& presets() const = 0;
    [[nodiscard]] virtual std::vector<const gateway::ProviderPreset*>
    presetsForKey(const QString& key) const = 0;

    virtual void pause() = 0;
    virtual void resume() = 0;
    virtual void reload() = 0;

    virtual QFuture<Problems> apply(const gateway::Config& config) = 0;
    virtual QFuture<QString> saveSecret(const QString& name, const gateway::Secret& secret) = 0;
    virtual QFuture<QString> removeSecret(const QString& name) = 0;
    virtual QFuture<SecretAnswer> readSecret(const QString& name) = 0;
    virtual QFuture<gateway::Gateway::NewKey> createKey(const gateway::VirtualKeyConfig& key) = 0;
    virtual QFuture<gateway::Gateway::NewKey> rotateKey(const gateway::VirtualKeyId& id,
                                                        gateway::seconds overlap) = 0;

    virtual QFuture<QString> answerQuestion(std::uint64_t id, bool allow) = 0;
    virtual QFuture<QString> allowMore(const QString& budget, bool ofKey, std::int64_t nanos) = 0;
    virtual QFuture<Problems> pauseSpending(bool paused) = 0;
    virtual QFuture<std::vector<gateway::Alert>> alerts(const gateway::AlertQuery& query) = 0;

    /// The key behind firstKeyMade(), given out once.
    [[nodiscard]] virtual gateway::Secret takeFirstKey() = 0;

    virtual QFuture<gateway::LogPage> requests(const gateway::LogQuery& query) = 0;
    virtual QFuture<gateway::Figures> figures(const gateway::FiguresQuery& query) = 0;
    virtual QFuture<std::vector<gateway::UsageRow>> usage(const gateway::UsageQuery& query) = 0;
    virtual QFuture<std::vector<gateway::UsagePoint>> usageSeries(const gateway::UsageSeriesQuery& query) = 0;
    virtual QFuture<gateway::Recalculation> recalculate(std::int64_t sinceMicros, bool write) = 0;
    virtual QFuture<gateway::Reconciliation> reconcile(const gateway::ReconcileQuery& query) = 0;
    virtual QFuture<std::vector<gateway::RouteVersion>> routeVersions(const gateway::RouteId& id) = 0;
    virtual QFuture<gateway::ProviderTest> testProvider(const gateway::ProviderId& id) = 0;
    virtual QFuture<gateway::ProviderTest> testKey(const gateway::ProviderId& id,
                                                   const gateway::ProviderKeyId& key) = 0;
    virtual QFuture<gateway::ProviderTest> testProviderWith(const gateway::ProviderConfig& provider,
                                                            const gateway::Secret& key) = 0;
    virtual QFuture<gateway::TrialAnswer> sendTrial(const QString& model, const QString& text) = 0;

    virtual QFuture<gateway::ModelTable> models() = 0;
    virtual QFuture<gateway::ModelTable> refreshModels() = 0;
    virtual QFuture<gateway::CatalogUpdate> lookForCatalogUpdate(gateway::CatalogOrigin origin) = 0;
    virtual void cancelCatalogUpdate() = 0;
    virtual QFuture<QString> takeCatalogUpdate() = 0;
    virtual QFuture<QString> dropCatalogUpdate() = 0;
    virtual QFuture<QString> exportModels(const QString& path) = 0;

    virtual QFuture<std::vector<gateway::CacheEntry>> cachedAnswers(const gateway::CacheFilter& filter,
                                                                    std::size_t most) = 0;
    virtual QFuture<std::string> cachedText(const std::string& key) = 0;
    virtual QFuture<std::size_t> purgeCache(const gateway::CacheFilter& filter, bool countOnly) = 0;
    virtual QFuture<bool> pinCached(const std::string& key, bool pinned) = 0;

signals:
    void failed(const QString& code, const QString& message);
    void activityChanged();
    void configChanged();
    void configRejected();
    /// A first key for clients was made; an empty name: the keychain could not keep it.
    void firstKeyMade(const QString& keychainName);
    void alerted(const gateway::Alert& alert);
};

} // namespace ui
