// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "gateway/config.h"

namespace app {

/// One secret that a configuration names, or that `secret set` saved, and whether it can be read now.
struct SecretProbe {
    gateway::SecretRef ref;
    std::string usedBy;   // "openai/work" or "server.admin_key"; empty: nobody names it
    std::string provider; // empty for the admin key
    bool readable = false;
    std::string problem;
};

enum class SavedToo { No, Yes };

/// Tries all that the configuration names and, if so wished, those that `secret set` saved, the keychain's
/// through an own KeychainStore; returns when the last one answered or timed out. The admin key is left out
/// where it is only the default reference and not set.
[[nodiscard]] std::vector<SecretProbe> probeSecrets(const gateway::Config& config,
                                                    SavedToo savedToo = SavedToo::No);

} // namespace app
