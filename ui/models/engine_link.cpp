// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/engine_link.h"

#include <string>
#include <utility>

#include <QPromise>

namespace ui {

using gateway::Gateway;

EngineLink::EngineLink(Gateway& gateway, gateway::SecretStore* secrets, Places places, QObject* parent)
    : GatewayLink(parent), m_gateway(gateway), m_secrets(secrets), m_places(std::move(places))
{
    connect(&gateway, &Gateway::failed, this, &GatewayLink::failed);
    connect(&gateway, &Gateway::activityChanged, this, &GatewayLink::activityChanged);
    connect(&gateway, &Gateway::started, this, &GatewayLink::activityChanged);
    connect(&gateway, &Gateway::stopped, this, &GatewayLink::activityChanged);
    connect(&gateway, &Gateway::configChanged, this, &GatewayLink::configChanged);
    connect(&gateway, &Gateway::configRejected, this, &GatewayLink::configRejected);
    connect(&gateway, &Gateway::firstKeyMade, this, &GatewayLink::firstKeyMade);
    connect(&gateway, &Gateway::alerted, this, &GatewayLink::alerted);
}

std::shared_ptr<const gateway::Config> EngineLink::config() const
{
    return m_gateway.config();
}

const gateway::ActivitySnapshot& EngineLink::activity() const
{
    return m_gateway.activity();
}

const GatewayLink::Problems& EngineLink::configProblems() const
{
    return m_gateway.configProblems();
}

const std::vector<gateway::ProviderPreset>& EngineLink::presets() const
{
    return gateway::providerPresets();
}

std::vector<const gateway::ProviderPreset*> EngineLink::presetsForKey(const QString& key) const
{
    std::string bytes = key.toStdString();
    auto found = gateway::presetsForKey(bytes);
    gateway::wipe(bytes);
    return found;
}

void EngineLink::pause()
{
    m_gateway.pause();
}

void EngineLink::resume()
{
    m_gateway.resume();
}

void EngineLink::reload()
{
    m_gateway.reload();
}

QFuture<GatewayLink::Problems> EngineLink::apply(const gateway::Config& config)
{
    return m_gateway.apply(config);
}

QFuture<QString> EngineLink::saveSecret(const QString& name, const gateway::Secret& secret)
{
    return m_gateway.saveSecret(name, secret);
}

QFuture<QString> EngineLink::removeSecret(const QString& name)
{
    return m_gateway.removeSecret(name);
}

QFuture<SecretAnswer> EngineLink::readSecret(const QString& name)
{
    auto promise = std::make_shared<QPromise<SecretAnswer>>();
    promise->start();
    const auto answer = [promise](SecretAnswer value) {
        promise->addResult(std::move(value));
        promise->finish();
    };
    if (m_secrets == nullptr) {
        answer({{}, tr("There is no keychain on this system.")});
        return promise->future();
    }
    m_secrets->read(
        name.toStdString(), [answer, secrets = m_secrets](gateway::Result<gateway::Secret> result) {
            if (result.ok()) {
                answer({result.value(), {}});
            } else {
                using State = gateway::KeychainState;
                const bool closed = secrets->state() == State::Locked || secrets->state() == State::Waiting;
                answer({{}, QString::fromStdString(result.error().message), closed});
            }
        });
    return promise->future();
}

QFuture<Gateway::NewKey> EngineLink::createKey(const gateway::VirtualKeyConfig& key)
{
    return m_gateway.createKey(key);
}

QFuture<Gateway::NewKey> EngineLink::rotateKey(const gateway::VirtualKeyId& id, gateway::seconds overlap)
{
    return m_gateway.rotateKey(id, overlap);
}

QFuture<QString> EngineLink::answerQuestion(std::uint64_t id, bool allow)
{
    return m_gateway.answerQuestion(id, allow);
}

QFuture<QString> EngineLink::allowMore(const QString& budget, bool ofKey, std::int64_t nanos)
{
    return m_gateway.allowMore(budget, ofKey, nanos);
}

QFuture<GatewayLink::Problems> EngineLink::pauseSpending(bool paused)
{
    return m_gateway.pauseSpending(paused);
}

QFuture<std::vector<gateway::Alert>> EngineLink::alerts(const gateway::AlertQuery& query)
{
    return m_gateway.alerts(query);
}

gateway::Secret EngineLink::takeFirstKey()
{
    return m_gateway.takeFirstKey();
}

QFuture<gateway::LogPage> EngineLink::requests(const gateway::LogQuery& query)
{
    return m_gateway.requests(query);
}

QFuture<gateway::Figures> EngineLink::figures(const gateway::FiguresQuery& query)
{
    return m_gateway.figures(query);
}

QFuture<std::vector<gateway::UsageRow>> EngineLink::usage(const gateway::UsageQuery& query)
{
    return m_gateway.usage(query);
}

QFuture<std::vector<gateway::UsagePoint>> EngineLink::usageSeries(const gateway::UsageSeriesQuery& query)
{
    return m_gateway.usageSeries(query);
}

QFuture<gateway::Recalculation> EngineLink::recalculate(std::int64_t sinceMicros, bool write)
{
    return m_gateway.recalculate(sinceMicros, write);
}

QFuture<gateway::Reconciliation> EngineLink::reconcile(const gateway::ReconcileQuery& query)
{
    return m_gateway.reconcile(query);
}

QFuture<std::vector<gateway::RouteVersion>> EngineLink::routeVersions(const gateway::RouteId& id)
{
    return m_gateway.routeVersions(id);
}

QFuture<gateway::ProviderTest> EngineLink::testProvider(const gateway::ProviderId& id)
{
    return m_gateway.testProvider(id);
}

QFuture<gateway::ProviderTest> EngineLink::testKey(const gateway::ProviderId& id,
                                                   const gateway::ProviderKeyId& key)
{
    return m_gateway.testKey(id, key);
}

QFuture<gateway::ProviderTest> EngineLink::testProviderWith(const gateway::ProviderConfig& provider,
                                                            const gateway::Secret& key)
{
    return m_gateway.testProviderWith(provider, key);
}

QFuture<gateway::TrialAnswer> EngineLink::sendTrial(const QString& model, const QString& text)
{
    return m_gateway.sendTrial(model, text);
}

QFuture<gateway::ModelTable> EngineLink::models()
{
    return m_gateway.models();
}

QFuture<gateway::ModelTable> EngineLink::refreshModels()
{
    return m_gateway.refreshModels();
}

QFuture<gateway::CatalogUpdate> EngineLink::lookForCatalogUpdate(gateway::CatalogOrigin origin)
{
    return m_gateway.lookForCatalogUpdate(origin);
}

void EngineLink::cancelCatalogUpdate()
{
    m_gateway.cancelCatalogUpdate();
}

QFuture<QString> EngineLink::takeCatalogUpdate()
{
    return m_gateway.takeCatalogUpdate();
}

QFuture<QString> EngineLink::dropCatalogUpdate()
{
    return m_gateway.dropCatalogUpdate();
}

QFuture<QString> EngineLink::exportModels(const QString& path)
{
    return m_gateway.exportModels(path);
}

QFuture<std::vector<gateway::CacheEntry>> EngineLink::cachedAnswers(const gateway::CacheFilter& filter,
                                                                    std::size_t most)
{
    return m_gateway.cachedAnswers(filter, most);
}

QFuture<std::string> EngineLink::cachedText(const std::string& key)
{
    return m_gateway.cachedText(key);
}

QFuture<std::size_t> EngineLink::purgeCache(const gateway::CacheFilter& filter, bool countOnly)
{
    return m_gateway.purgeCache(filter, countOnly);
}

QFuture<bool> EngineLink::pinCached(const std::string& key, bool pinned)
{
    return m_gateway.pinCached(key, pinned);
}

} // namespace ui
