// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QPointer>

#include "gateway/virtual_key.h"

#include "base/wall_clock.h"
#include "embedded.h"
#include "engine/gateway_private.h"

namespace gateway {

QFuture<std::vector<ConfigProblem>> Gateway::apply(const Config& config)
{
    auto promise = std::make_shared<QPromise<std::vector<ConfigProblem>>>();
    promise->start();
    d->save(config, [promise](std::vector<ConfigProblem> problems) {
        promise->addResult(std::move(problems));
        promise->finish();
    });
    return promise->future();
}

QFuture<QString> Gateway::saveSecret(const QString& name, const Secret& secret)
{
    auto promise = std::make_shared<QPromise<QString>>();
    promise->start();
    QFuture<QString> future = promise->future();
    if (!d->options.secrets) {
        promise->addResult(tr("This program was started without a keychain."));
        promise->finish();
        return future;
    }
    d->options.secrets->write(
        name.toStdString(), secret,
        [door = QPointer<Gateway>(this), promise, name = name.toStdString(), secret](Outcome saved) {
            if (door && saved) {
                door->d->secrets.remember(name, secret);
                // What could not be read before may be readable now that the keychain has been opened.
                door->d->secrets.load(*door->d->file.config(), false);
                door->d->refreshRuntime();
            }
            promise->addResult(saved ? QString() : QString::fromStdString(saved.error().message));
            promise->finish();
        });
    return future;
}

QFuture<QString> Gateway::removeSecret(const QString& name)
{
    auto promise = std::make_shared<QPromise<QString>>();
    promise->start();
    QFuture<QString> future = promise->future();
    if (!d->options.secrets) {
        promise->addResult(tr("This program was started without a keychain."));
        promise->finish();
        return future;
    }
    d->options.secrets->remove(
        name.toStdString(), [door = QPointer<Gateway>(this), promise](Outcome removed) {
            if (door) {
                door->d->secrets.load(*door->d->file.config(), true);
                door->d->refreshRuntime();
            }
            promise->addResult(removed ? QString() : QString::fromStdString(removed.error().message));
            promise->finish();
        });
    return future;
}

QFuture<LogPage> Gateway::requests(const LogQuery& query)
{
    return d->later<LogPage>([&](auto done) { d->log.query(query, std::move(done)); });
}

QFuture<Figures> Gateway::figures(const FiguresQuery& query)
{
    return d->later<Figures>([&](auto done) { d->log.figures(query, std::move(done)); });
}

QFuture<std::vector<UsageRow>> Gateway::usage(const UsageQuery& query)
{
    return d->later<std::vector<UsageRow>>([&](auto done) { d->log.usage(query, std::move(done)); });
}

QFuture<std::vector<UsagePoint>> Gateway::usageSeries(const UsageSeriesQuery& query)
{
    return d->later<std::vector<UsagePoint>>([&](auto done) { d->log.usageSeries(query, std::move(done)); });
}

QFuture<std::vector<RouteVersion>> Gateway::routeVersions(const RouteId& id)
{
    return d->later<std::vector<RouteVersion>>([&](auto done) { d->log.routeVersions(id, std::move(done)); });
}

void Gateway::Private::test(const ProviderId& id, const std::optional<ProviderKeyId>& key,
                            std::function<void(ProviderTest)> done)
{
    const auto runtime = makeRuntime();
    const auto* found = runtime->findProvider(id.text);
    ProviderTest test;
    test.provider = id;
    if (!found || !running) {
        test.message = "The gateway is not running, or there is no such provider.";
        return done(std::move(test));
    }
    auto provider = std::make_shared<pipeline::ProviderRuntime>(*found);
    if (key) {
        std::erase_if(provider->keys, [&key](const auto& each) { return each.id != *key; });
        if (provider->keys.empty() || provider->keys.front().secret.empty()) {
            test.message = provider->keys.empty() ? "There is no such key." : provider->keys.front().problem;
            return done(std::move(test));
        }
    }
    running->test(std::move(provider), [this, done = std::move(done)](ProviderTest answer) {
        // First, so that who gets the answer finds the state of the keys as it is now.
        mailbox.post([this] {
            if (!stopping) takeSnapshot();
        });
        done(std::move(answer));
    });
}

QFuture<ProviderTest> Gateway::testProvider(const ProviderId& id)
{
    return d->later<ProviderTest>([&](auto done) {
        d->afterSecrets([this, id, done = std::move(done)]() mutable { d->test(id, {}, std::move(done)); });
    });
}

QFuture<ProviderTest> Gateway::testKey(const ProviderId& id, const ProviderKeyId& key)
{
    return d->later<ProviderTest>([&](auto done) {
        const auto config = d->file.config();
        const auto* provider = config->findProvider(id.text);
        const auto keys =
            provider ? d->secrets.keysOf(*provider) : std::vector<pipeline::ProviderKeyRuntime>();
        // What could not be read may be readable by now, and what was refused may have been replaced.
        if (std::any_of(keys.begin(), keys.end(), [&key](const auto& each) {
                return each.id == key && (each.secret.empty() || each.health->refused.load());
            }))
            d->secrets.load(*config, true);
        d->afterSecrets([this, id, key, done = std::move(done)]() mutable {
            d->refreshRuntime();
            d->test(id, key, std::move(done));
        });
    });
}

QFuture<ProviderTest> Gateway::testProviderWith(const ProviderConfig& provider, const Secret& key)
{
    return d->later<ProviderTest>([&](auto done) {
        auto lonely = d->lonelyProvider(provider, key);
        if (!lonely || !d->running) {
            ProviderTest test;
            test.provider = provider.id;
            test.message = "The gateway is not running, or this version has no such kind of provider.";
            done(std::move(test));
            return;
        }
        d->running->test(std::move(lonely), std::move(done));
    });
}

QFuture<TrialAnswer> Gateway::sendTrial(const QString& model, const QString& text)
{
    return d->later<TrialAnswer>([&](auto done) {
        if (!d->running || d->activity.state == EngineState::Stopped) {
            TrialAnswer trial;
            trial.message = "The gateway is not running.";
            done(std::move(trial));
            return;
        }
        d->running->tryOut(model.toStdString(), text.toStdString(), std::move(done));
    });
}

std::string ActivitySnapshot::baseUrl() const
{
    const bool v6 = host.find(':') != std::string::npos;
    const bool any = host == "0.0.0.0" || host == "::";
    const std::string name = any ? "127.0.0.1" : v6 ? "[" + host + "]" : host;
    return "http://" + name + ":" + std::to_string(port);
}

const std::vector<ProviderPreset>& providerPresets()
{
    static const std::vector<ProviderPreset> presets = [] {
        std::vector<ProviderPreset> list;
        auto parsed = catalog::Presets::parse(embedded::providersJson);
        if (!parsed) return list;
        for (const catalog::Preset& preset : parsed.value().all()) {
            ProviderPreset each;
            each.id = preset.id;
            each.name = preset.name;
            each.kind = preset.kind;
            each.baseUrl = preset.baseUrl;
            each.docsUrl = preset.docs;
            each.keysUrl = preset.keysUrl;
            each.keyPrefixes = preset.keyPrefixes;
            each.environment = preset.env;
            each.local = preset.local;
            if (preset.dataPolicy) {
                each.dataPolicy = preset.dataPolicy->policy;
                each.policySource = preset.dataPolicy->source;
                each.policyDate = preset.dataPolicy->date;
            }
            list.push_back(std::move(each));
        }
        return list;
    }();
    return presets;
}

namespace {

const catalog::Presets& parsedPresets()
{
    static const catalog::Presets presets = [] {
        auto parsed = catalog::Presets::parse(embedded::providersJson);
        return parsed ? std::move(parsed.value()) : catalog::Presets();
    }();
    return presets;
}

const ProviderPreset* presetNamed(std::string_view id)
{
    for (const ProviderPreset& preset : providerPresets()) {
        if (preset.id == id) return &preset;
    }
    return nullptr;
}

} // namespace

const ProviderPreset* presetOf(const ProviderConfig& provider)
{
    // A company's own kind has the name of its preset, and no address where it is the usual one.
    if (provider.baseUrl.empty()) return presetNamed(provider.kind);
    const catalog::Preset* found = parsedPresets().findByBaseUrl(provider.baseUrl);
    return found ? presetNamed(found->id) : nullptr;
}

std::vector<const ProviderPreset*> presetsForKey(std::string_view key)
{
    std::vector<const ProviderPreset*> found;
    for (const std::string_view id : parsedPresets().recognizeKey(key)) {
        if (const ProviderPreset* preset = presetNamed(id)) found.push_back(preset);
    }
    return found;
}

} // namespace gateway
