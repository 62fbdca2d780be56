// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "gateway/config.h"

/// Changes to a configuration as values: each takes one and gives the changed copy, nothing is applied here.
namespace ui {

/// `wanted` made a valid name ("LM Studio" → "lm-studio") that no provider has yet.
[[nodiscard]] QString freeProviderName(const gateway::Config& config, const QString& wanted);
[[nodiscard]] QString freeKeyId(const gateway::ProviderConfig& provider, const QString& wanted);
[[nodiscard]] bool isValidName(const QString& name);
/// The keychain's name of a provider key: "openai/main".
[[nodiscard]] QString secretNameFor(const QString& provider, const QString& keyId);

[[nodiscard]] gateway::Config withProvider(gateway::Config config, const gateway::ProviderConfig& provider);
[[nodiscard]] gateway::Config withoutProvider(gateway::Config config, const gateway::ProviderId& id);
[[nodiscard]] gateway::Config withProviderKey(gateway::Config config, const gateway::ProviderId& id,
                                              const gateway::ProviderKey& key);
[[nodiscard]] gateway::Config withoutProviderKey(gateway::Config config, const gateway::ProviderId& id,
                                                 const gateway::ProviderKeyId& key);
[[nodiscard]] gateway::Config withoutVirtualKey(gateway::Config config, const gateway::VirtualKeyId& id);
/// Over the key or budget of the same name, else as the last one.
[[nodiscard]] gateway::Config withVirtualKey(gateway::Config config, const gateway::VirtualKeyConfig& key);
/// `present` with what differs between the two others; all else stays, so what was changed elsewhere
/// meanwhile is kept. What makes it that key (its hash, how it begins, when it was made) is never touched.
[[nodiscard]] gateway::VirtualKeyConfig changedKey(gateway::VirtualKeyConfig present,
                                                   const gateway::VirtualKeyConfig& before,
                                                   const gateway::VirtualKeyConfig& after);
[[nodiscard]] gateway::Config withBudget(gateway::Config config, const gateway::BudgetConfig& budget);
[[nodiscard]] gateway::Config withoutBudget(gateway::Config config, const gateway::BudgetId& id);

} // namespace ui
