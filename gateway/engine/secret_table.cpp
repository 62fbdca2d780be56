// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/secret_table.h"

#include <QPointer>

namespace gateway::engine {

SecretTable::SecretTable(SecretStore* keychain, QObject* parent) : QObject(parent), m_keychain(keychain) {}

void SecretTable::load(const Config& config, bool again)
{
    for (const ProviderConfig& provider : config.providers) {
        for (const ProviderKey& key : provider.keys)
            read(key.secret, again);
    }
    for (const GuardrailConfig& guardrail : config.guardrails) {
        if (guardrail.secret) read(*guardrail.secret, again);
    }
    read(config.server.adminKey, again);
}

void SecretTable::remember(const std::string& keychainName, const Secret& secret)
{
    Entry& entry = m_entries[SecretRef{SecretKind::Keychain, keychainName}.text()];
    entry.secret = secret;
    entry.problem.clear();
    entry.read = true;
}

void SecretTable::read(const SecretRef& ref, bool again)
{
    Entry& entry = m_entries[ref.text()];
    if (entry.read && !again) return;
    entry.read = true;
    if (ref.kind != SecretKind::Keychain) {
        auto secret = readLocalSecret(ref);
        entry.secret = secret ? secret.value() : Secret();
        entry.problem = secret ? std::string() : secret.error().message;
        return;
    }
    if (!m_keychain) {
        entry.problem = "`" + ref.text() + "` cannot be read: this program was started without a keychain.";
        return;
    }
    if (entry.secret.empty()) entry.problem = "The keychain has not answered yet. Try again in a moment.";
    ++m_pending;
    m_keychain->read(ref.name,
                     [self = QPointer<SecretTable>(this), text = ref.text()](Result<Secret> answer) {
                         if (!self) return;
                         --self->m_pending;
                         Entry& answered = self->m_entries[text];
                         answered.secret = answer ? answer.value() : Secret();
                         answered.problem = answer ? std::string() : answer.error().message;
                         // A key that could not be read is asked for again with the next change.
                         answered.read = answer.ok();
                         emit self->changed();
                     });
}

Secret SecretTable::find(const SecretRef& ref) const
{
    const auto found = m_entries.find(ref.text());
    return found == m_entries.end() ? Secret() : found->second.secret;
}

Secret SecretTable::adminKey(const Config& config) const
{
    return find(config.server.adminKey);
}

std::vector<pipeline::ProviderKeyRuntime> SecretTable::keysOf(const ProviderConfig& provider)
{
    std::vector<pipeline::ProviderKeyRuntime> keys;
    for (const ProviderKey& key : provider.keys) {
        pipeline::ProviderKeyRuntime runtime;
        runtime.id = key.id;
        runtime.weight = key.weight;
        if (const auto found = m_entries.find(key.secret.text()); found != m_entries.end()) {
            runtime.secret = found->second.secret;
            runtime.problem = found->second.problem;
        }
        auto& health = m_health[provider.id.text + "/" + key.id.text + "/" + key.secret.text()];
        if (!health) health = std::make_shared<pipeline::KeyHealth>();
        runtime.health = health;
        keys.push_back(std::move(runtime));
    }
    return keys;
}

std::shared_ptr<pipeline::ProviderState> SecretTable::stateOf(const ProviderId& provider)
{
    auto& state = m_states[provider.text];
    if (!state) state = std::make_shared<pipeline::ProviderState>();
    return state;
}

} // namespace gateway::engine
