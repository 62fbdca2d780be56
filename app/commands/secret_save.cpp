// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/secret_save.h"

#include <functional>
#include <utility>

#include <QEventLoop>

#include "app/commands/secret_names.h"
#include "app/keychain_store.h"

namespace app {

using gateway::Outcome;

namespace {

Outcome await(const std::function<void(gateway::SecretStore::WriteDone)>& start)
{
    QEventLoop loop;
    Outcome outcome = gateway::Done{};
    start([&](Outcome done) {
        outcome = std::move(done);
        loop.quit();
    });
    loop.exec();
    return outcome;
}

} // namespace

Outcome saveSecret(const std::string& name, gateway::Secret secret)
{
    KeychainStore store;
    Outcome saved = await([&](auto done) { store.write(name, std::move(secret), std::move(done)); });
    if (saved) addSecretName(store, name);
    return saved;
}

Outcome deleteSecret(const std::string& name)
{
    KeychainStore store;
    Outcome removed = await([&](auto done) { store.remove(name, std::move(done)); });
    if (removed) dropSecretName(store, name);
    return removed;
}

} // namespace app
