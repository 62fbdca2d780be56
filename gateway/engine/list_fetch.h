// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "gateway/result.h"

#include "net/task.h"
#include "pipeline/thread_context.h"
#include "upstream/origin.h"

namespace gateway::engine {

/// One request for a public list of models. Made by the owner; from then on of the first IO thread.
struct ListFetch {
    upstream::Origin origin; // sealed
    std::string target;      // the path
    upstream::Call* call = nullptr;
    bool cancelled = false;

    void cancel();
};

/// Fetches it: at most 30 seconds, at most 32 MiB. IO thread; `done` is called there, once. The error's
/// message says in plain words what happened.
net::Detached fetchPublicList(pipeline::ThreadContext& context, std::shared_ptr<ListFetch> fetch,
                              std::function<void(Result<std::string>)> done);

/// Asks every provider that can be asked for its list anew. IO thread; `done` is called there, once.
net::Detached refreshAllLists(pipeline::ThreadContext& context,
                              std::shared_ptr<const pipeline::Runtime> runtime, std::function<void()> done);

} // namespace gateway::engine
