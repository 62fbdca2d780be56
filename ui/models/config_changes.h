// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include <QObject>
#include <QString>

#include "models/gateway_link.h"

namespace ui {

/// A provider as the user described it. Where `key` is set it goes to the keychain under the name that the
/// provider's first key refers to; the configuration only ever holds that reference.
struct ProviderDraft {
    gateway::ProviderConfig provider;
    gateway::Secret key;
};

/// Changes to the configuration that need more than one step, each all or nothing: a key that was saved for a
/// provider which then was refused is taken out of the keychain again. GUI thread.
class ConfigChanges : public QObject {
    Q_OBJECT

public:
    /// Called once, later, with what went wrong; empty: done.
    using Done = std::function<void(const QString& problem)>;

    explicit ConfigChanges(GatewayLink& link, QObject* parent = nullptr);

    void addProvider(const ProviderDraft& draft, Done done);
    void addProviderKey(const gateway::ProviderId& id, const gateway::ProviderKey& key,
                        const gateway::Secret& secret, Done done);
    void removeProvider(const gateway::ProviderId& id, Done done);
    void removeProviderKey(const gateway::ProviderId& id, const gateway::ProviderKeyId& key, Done done);
    void removeVirtualKey(const gateway::VirtualKeyId& id, Done done);
    void apply(const gateway::Config& config, Done done);

private:
    using Change = std::function<gateway::Config(const gateway::Config&)>;
    void saveAndApply(const gateway::SecretRef& ref, const gateway::Secret& secret, Change change, Done done);
    void applyAndForget(const gateway::Config& config, const std::vector<gateway::ProviderKey>& dropped,
                        Done done);

    GatewayLink& m_link;
};

/// Every error among the problems, one a line: where and what.
[[nodiscard]] QString problemText(const GatewayLink::Problems& problems);

} // namespace ui
