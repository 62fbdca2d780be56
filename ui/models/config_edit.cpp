// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/config_edit.h"

#include <algorithm>
#include <vector>

#include <QRegularExpression>

namespace ui {
namespace {

constexpr qsizetype kMaxName = 64;

QString slug(const QString& wanted)
{
    static const QRegularExpression kOthers(QStringLiteral("[^a-z0-9._]+"));
    QString name = wanted.toLower().replace(kOthers, QStringLiteral("-"));
    while (name.startsWith(QLatin1Char('-'))) {
        name.remove(0, 1);
    }
    while (name.endsWith(QLatin1Char('-'))) {
        name.chop(1);
    }
    return name.left(kMaxName - 4);
}

template <class Taken>
QString firstFree(const QString& base, Taken taken)
{
    QString name = base;
    for (int i = 2; taken(name); ++i) {
        name = QStringLiteral("%1-%2").arg(base).arg(i);
    }
    return name;
}

gateway::ProviderConfig* providerIn(gateway::Config& config, const gateway::ProviderId& id)
{
    const auto found = std::find_if(config.providers.begin(), config.providers.end(),
                                    [&](const gateway::ProviderConfig& p) { return p.id == id; });
    return found == config.providers.end() ? nullptr : &*found;
}

template <class Named>
void putByName(std::vector<Named>& all, const Named& wanted)
{
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Named& each) { return each.id == wanted.id; });
    if (found == all.end()) {
        all.push_back(wanted);
    } else {
        *found = wanted;
    }
}

} // namespace

QString freeProviderName(const gateway::Config& config, const QString& wanted)
{
    const QString base = slug(wanted).isEmpty() ? QStringLiteral("provider") : slug(wanted);
    return firstFree(base, [&](const QString& name) {
        // The built-in sandbox has its name even where the configuration does not mention it.
        return name == QLatin1String("sandbox") || config.findProvider(name.toStdString()) != nullptr;
    });
}

QString freeKeyId(const gateway::ProviderConfig& provider, const QString& wanted)
{
    const QString base = slug(wanted).isEmpty() ? QStringLiteral("main") : slug(wanted);
    return firstFree(base, [&](const QString& name) {
        return std::any_of(provider.keys.begin(), provider.keys.end(), [&](const gateway::ProviderKey& key) {
            return key.id.text == name.toStdString();
        });
    });
}

bool isValidName(const QString& name)
{
    static const QRegularExpression kName(QStringLiteral("\\A[A-Za-z0-9._-]{1,64}\\z"));
    return kName.match(name).hasMatch();
}

QString secretNameFor(const QString& provider, const QString& keyId)
{
    return provider + QLatin1Char('/') + keyId;
}

gateway::Config withProvider(gateway::Config config, const gateway::ProviderConfig& provider)
{
    if (gateway::ProviderConfig* present = providerIn(config, provider.id)) {
        *present = provider;
    } else {
        config.providers.push_back(provider);
    }
    return config;
}

gateway::Config withoutProvider(gateway::Config config, const gateway::ProviderId& id)
{
    std::erase_if(config.providers, [&](const gateway::ProviderConfig& p) { return p.id == id; });
    return config;
}

gateway::Config withProviderKey(gateway::Config config, const gateway::ProviderId& id,
                                const gateway::ProviderKey& key)
{
    if (gateway::ProviderConfig* provider = providerIn(config, id)) provider->keys.push_back(key);
    return config;
}

gateway::Config withoutProviderKey(gateway::Config config, const gateway::ProviderId& id,
                                   const gateway::ProviderKeyId& key)
{
    if (gateway::ProviderConfig* provider = providerIn(config, id)) {
        std::erase_if(provider->keys, [&](const gateway::ProviderKey& k) { return k.id == key; });
    }
    return config;
}

gateway::Config withoutVirtualKey(gateway::Config config, const gateway::VirtualKeyId& id)
{
    std::erase_if(config.keys, [&](const gateway::VirtualKeyConfig& k) { return k.id == id; });
    return config;
}

gateway::Config withVirtualKey(gateway::Config config, const gateway::VirtualKeyConfig& key)
{
    putByName(config.keys, key);
    return config;
}

gateway::VirtualKeyConfig changedKey(gateway::VirtualKeyConfig present,
                                     const gateway::VirtualKeyConfig& before,
                                     const gateway::VirtualKeyConfig& after)
{
    const auto take = [&](auto part) {
        if (before.*part != after.*part) present.*part = after.*part;
    };
    using Key = gateway::VirtualKeyConfig;
    take(&Key::models);
    take(&Key::routes);
    take(&Key::expires);
    take(&Key::tags);
    take(&Key::dialects);
    take(&Key::paused);
    take(&Key::budget);
    take(&Key::limits);
    take(&Key::former);
    return present;
}

gateway::Config withBudget(gateway::Config config, const gateway::BudgetConfig& budget)
{
    putByName(config.budgets, budget);
    return config;
}

gateway::Config withoutBudget(gateway::Config config, const gateway::BudgetId& id)
{
    std::erase_if(config.budgets, [&](const gateway::BudgetConfig& b) { return b.id == id; });
    return config;
}

} // namespace ui
