// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/keychain_store.h"

namespace app {

/// The names that `secret set` saved under, kept in the keychain beside the keys: QtKeychain cannot be asked
/// what there is. Blocking, with an event loop of their own; where the keychain does not answer there are no
/// names, and none is kept.
[[nodiscard]] std::vector<std::string> readSecretNames(KeychainStore& store);
void addSecretName(KeychainStore& store, const std::string& name);
void dropSecretName(KeychainStore& store, const std::string& name);

} // namespace app
