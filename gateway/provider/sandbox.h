// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "gateway/result.h"

#include "exchange/canonical.h"

namespace gateway::provider {

/// One step of a simulated answer: wait, then this happens.
struct SandboxStep {
    std::chrono::milliseconds delay{0};
    Event event;
};

/// The built-in provider's answer to `request` (contract, section 3): `echo`, `slow`, `flaky`, `tools`. It
/// needs no key, costs nothing and always says that it is simulated. `call` counts the calls to `flaky`,
/// whose every second one fails with 503. Error: a model it does not have.
[[nodiscard]] Result<std::vector<SandboxStep>> sandboxAnswer(const Request& request, std::string_view model,
                                                             std::uint64_t call);
[[nodiscard]] const std::vector<std::string_view>& sandboxModels();

} // namespace gateway::provider
