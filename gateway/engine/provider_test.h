// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include "gateway/snapshot.h"

#include "net/task.h"
#include "pipeline/thread_context.h"

namespace gateway::engine {

/// Asks a provider for its model list, which is free, with its first readable key. A success puts the
/// key back that was set aside. IO thread; `done` is called there, once.
net::Detached testProvider(pipeline::ThreadContext& context,
                           std::shared_ptr<const pipeline::ProviderRuntime> provider,
                           std::function<void(ProviderTest)> done);

} // namespace gateway::engine
