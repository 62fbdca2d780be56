// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "gateway/snapshot.h"

#include "net/task.h"
#include "pipeline/thread_context.h"

namespace gateway::engine {

/// A chat request from within: routed, limited by nothing but its model, priced and logged as any other,
/// without a virtual key. IO thread; `done` is called there, once.
net::Detached runTrial(pipeline::ThreadContext& context, std::string model, std::string text,
                       std::function<void(TrialAnswer)> done);

} // namespace gateway::engine
