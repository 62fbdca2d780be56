// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "net/task.h"
#include "pipeline/thread_context.h"

namespace gateway::engine {

/// What a free call says of a provider; undecided: nothing. One that refuses the key is up.
enum class HealthVerdict : std::uint8_t { Undecided, Up, KeyRefused, Down };

/// One free call that finds out whether a provider is up. Made by the owner; from then on of the first IO
/// thread.
struct HealthCall {
    std::shared_ptr<const pipeline::ProviderRuntime> provider;
    std::function<void(HealthVerdict)> done; // called on the IO thread, once
    upstream::Call* call = nullptr;
    bool cancelled = false;

    void cancel();
};

/// There is such a call, and what it needs.
[[nodiscard]] bool canBeChecked(const pipeline::ProviderRuntime& provider);

/// Asks for the provider's list of models with its own time-outs, at most 15 seconds each. It is down when it
/// cannot be reached, answers too late or with 5xx; whatever else it says, it is up. A key that it refuses is
/// set aside. IO thread.
net::Detached askForHealth(pipeline::ThreadContext& context, std::shared_ptr<HealthCall> check);

} // namespace gateway::engine
