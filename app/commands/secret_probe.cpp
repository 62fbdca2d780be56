// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/secret_probe.h"

#include <algorithm>

#include <QEventLoop>

#include "app/commands/secret_names.h"
#include "app/keychain_store.h"

namespace app {

using gateway::Result;
using gateway::Secret;
using gateway::SecretKind;

namespace {

void take(SecretProbe& probe, const Result<Secret>& read)
{
    probe.readable = read.ok();
    if (!read) probe.problem = read.error().message;
}

void addSaved(std::vector<SecretProbe>& probes, KeychainStore& store)
{
    for (const std::string& name : readSecretNames(store)) {
        const gateway::SecretRef ref{SecretKind::Keychain, name};
        const bool there = std::any_of(probes.begin(), probes.end(),
                                       [&ref](const SecretProbe& probe) { return probe.ref == ref; });
        if (!there) probes.push_back({ref, {}, {}, false, {}});
    }
}

/// Asks for all of the keychain's entries and waits for the last answer.
void probeKeychain(std::vector<SecretProbe>& probes, KeychainStore& store)
{
    QEventLoop loop;
    std::size_t open = 0;
    for (SecretProbe& probe : probes) {
        if (probe.ref.kind != SecretKind::Keychain) continue;
        ++open;
        store.read(probe.ref.name, [&probe, &open, &loop](Result<Secret> read) {
            take(probe, read);
            if (--open == 0) loop.quit();
        });
    }
    if (open > 0) loop.exec();
}

} // namespace

std::vector<SecretProbe> probeSecrets(const gateway::Config& config, SavedToo savedToo)
{
    std::vector<SecretProbe> probes;
    for (const auto& provider : config.providers) {
        for (const auto& key : provider.keys)
            probes.push_back({key.secret, provider.id.text + "/" + key.id.text, provider.id.text, false, {}});
    }
    const gateway::SecretRef& admin = config.server.adminKey;
    const bool unsetDefault = admin == gateway::ServerConfig().adminKey && !gateway::readLocalSecret(admin);
    if (!unsetDefault) probes.push_back({admin, "server.admin_key", {}, false, {}});
    for (SecretProbe& probe : probes) {
        if (probe.ref.kind != SecretKind::Keychain) take(probe, gateway::readLocalSecret(probe.ref));
    }
    KeychainStore store;
    if (savedToo == SavedToo::Yes) addSaved(probes, store);
    probeKeychain(probes, store);
    return probes;
}

} // namespace app
