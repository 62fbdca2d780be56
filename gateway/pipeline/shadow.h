// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "gateway/config.h"

#include "access/virtual_keys.h"
#include "listener/request_head.h"
#include "net/task.h"
#include "pipeline/endpoints.h"
#include "pipeline/thread_context.h"
#include "routing/plan.h"

namespace gateway::pipeline {

/// A head with bytes of its own, for what outlives the request that it came with. Stays where it was made.
class KeptHead {
public:
    explicit KeptHead(const listener::RequestHead& head);
    KeptHead(const KeptHead&) = delete;
    KeptHead& operator=(const KeptHead&) = delete;
    [[nodiscard]] const listener::RequestHead& head() const { return m_head; }

private:
    std::string m_bytes;
    listener::RequestHead m_head;
};

/// A request that was answered, on its way to its route's shadow: a target of its own, no retries, no
/// fallbacks, and nobody who waits for the answer.
struct Shadow {
    explicit Shadow(const listener::RequestHead& from) : head(from) {}

    KeptHead head;
    Endpoint endpoint; // but for `rest`, which is found anew in `head`
    std::shared_ptr<const Runtime> runtime;
    const access::VirtualKey* key = nullptr; // lives in `runtime`
    routing::Target target;
    RouteId route;
    std::string body;
    std::shared_ptr<ClientOrigin> origin = {};
    std::string originalId; // goes into its row as the trace
};

/// The target that a route's shadow is.
[[nodiscard]] routing::Target shadowTarget(const Runtime& runtime, const RouteConfig& route);

/// Sends it once this turn of the thread is over. Nothing is learned of the target for routing.
void sendShadow(ThreadContext& context, std::unique_ptr<Shadow> shadow);

} // namespace gateway::pipeline
