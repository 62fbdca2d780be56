// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/config_changes.h"

#include <utility>

#include <QStringList>

#include "models/config_edit.h"
#include "models/when_done.h"

namespace ui {
namespace {

bool isReferenced(const gateway::Config& config, const gateway::SecretRef& ref)
{
    if (config.server.adminKey == ref) return true;
    for (const gateway::ProviderConfig& provider : config.providers) {
        for (const gateway::ProviderKey& key : provider.keys) {
            if (key.secret == ref) return true;
        }
    }
    return false;
}

} // namespace

QString problemText(const GatewayLink::Problems& problems)
{
    QStringList lines;
    for (const gateway::ConfigProblem& problem : problems) {
        if (problem.weight != gateway::ConfigProblem::Weight::Error) continue;
        const QString message = QString::fromStdString(problem.message);
        lines.append(problem.path.empty()
                         ? message
                         : QString::fromStdString(problem.path) + QStringLiteral(": ") + message);
    }
    return lines.join(QLatin1Char('\n'));
}

ConfigChanges::ConfigChanges(GatewayLink& link, QObject* parent) : QObject(parent), m_link(link) {}

void ConfigChanges::addProvider(const ProviderDraft& draft, Done done)
{
    const gateway::SecretRef ref =
        draft.provider.keys.empty() ? gateway::SecretRef{} : draft.provider.keys.front().secret;
    saveAndApply(
        ref, draft.key,
        [provider = draft.provider](const gateway::Config& config) { return withProvider(config, provider); },
        std::move(done));
}

void ConfigChanges::addProviderKey(const gateway::ProviderId& id, const gateway::ProviderKey& key,
                                   const gateway::Secret& secret, Done done)
{
    saveAndApply(
        key.secret, secret,
        [id, key](const gateway::Config& config) { return withProviderKey(config, id, key); },
        std::move(done));
}

void ConfigChanges::removeProvider(const gateway::ProviderId& id, Done done)
{
    const auto config = m_link.config();
    const gateway::ProviderConfig* provider = config->findProvider(id.text);
    const std::vector<gateway::ProviderKey> dropped =
        provider == nullptr ? std::vector<gateway::ProviderKey>{} : provider->keys;
    applyAndForget(withoutProvider(*config, id), dropped, std::move(done));
}

void ConfigChanges::removeProviderKey(const gateway::ProviderId& id, const gateway::ProviderKeyId& key,
                                      Done done)
{
    const auto config = m_link.config();
    std::vector<gateway::ProviderKey> dropped;
    if (const gateway::ProviderConfig* provider = config->findProvider(id.text)) {
        for (const gateway::ProviderKey& present : provider->keys) {
            if (present.id == key) dropped.push_back(present);
        }
    }
    applyAndForget(withoutProviderKey(*config, id, key), dropped, std::move(done));
}

void ConfigChanges::removeVirtualKey(const gateway::VirtualKeyId& id, Done done)
{
    apply(withoutVirtualKey(*m_link.config(), id), std::move(done));
}

void ConfigChanges::apply(const gateway::Config& config, Done done)
{
    const auto dropped = [done] { done(tr("The gateway is shutting down; nothing was changed.")); };
    whenDone(
        m_link.apply(config), this,
        [done](const GatewayLink::Problems& problems) { done(problemText(problems)); }, dropped);
}

void ConfigChanges::saveAndApply(const gateway::SecretRef& ref, const gateway::Secret& secret, Change change,
                                 Done done)
{
    const QString name = QString::fromStdString(ref.name);
    if (secret.empty()) {
        apply(change(*m_link.config()), std::move(done));
        return;
    }
    whenDone(
        m_link.saveSecret(name, secret), this,
        [this, name, change, done](const QString& problem) {
            if (!problem.isEmpty()) {
                done(problem);
                return;
            }
            // Read only now: the configuration may have changed while the keychain asked its owner.
            apply(change(*m_link.config()), [this, name, done](const QString& refused) {
                if (!refused.isEmpty()) m_link.removeSecret(name);
                done(refused);
            });
        },
        [done] { done(tr("The keychain did not answer.")); });
}

void ConfigChanges::applyAndForget(const gateway::Config& config,
                                   const std::vector<gateway::ProviderKey>& dropped, Done done)
{
    apply(config, [this, config, dropped, done](const QString& problem) {
        if (problem.isEmpty()) {
            for (const gateway::ProviderKey& key : dropped) {
                const bool ours = key.secret.kind == gateway::SecretKind::Keychain;
                if (ours && !isReferenced(config, key.secret))
                    m_link.removeSecret(QString::fromStdString(key.secret.name));
            }
        }
        done(problem);
    });
}

} // namespace ui
