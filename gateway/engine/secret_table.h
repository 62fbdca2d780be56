// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include <QObject>

#include "gateway/config.h"
#include "gateway/secrets.h"

#include "pipeline/runtime.h"

namespace gateway::engine {

/// The provider keys that the configuration names, read once and again on change. Owner's thread; a keychain
/// answers later, and each answer is told by changed().
class SecretTable : public QObject {
    Q_OBJECT

public:
    SecretTable(SecretStore* keychain, QObject* parent = nullptr);

    /// Reads what `config` names and was not read before; `again` reads everything anew.
    void load(const Config& config, bool again);
    /// What was just written into the keychain, so that nobody has to wait until it is read back.
    void remember(const std::string& keychainName, const Secret& secret);
    [[nodiscard]] bool pending() const { return m_pending > 0; }
    /// Empty where it could not be read.
    [[nodiscard]] Secret find(const SecretRef& ref) const;
    [[nodiscard]] Secret adminKey(const Config& config) const;
    /// Keys of a provider, each with what is known of its health.
    [[nodiscard]] std::vector<pipeline::ProviderKeyRuntime> keysOf(const ProviderConfig& provider);
    [[nodiscard]] std::shared_ptr<pipeline::ProviderState> stateOf(const ProviderId& provider);

signals:
    void changed();

private:
    struct Entry {
        Secret secret;
        std::string problem;
        bool read = false;
    };
    void read(const SecretRef& ref, bool again);

    SecretStore* m_keychain;
    std::map<std::string, Entry> m_entries;                                   // by the reference's text
    std::map<std::string, std::shared_ptr<pipeline::KeyHealth>> m_health;     // by provider/key/reference
    std::map<std::string, std::shared_ptr<pipeline::ProviderState>> m_states; // by provider
    int m_pending = 0;
};

} // namespace gateway::engine
