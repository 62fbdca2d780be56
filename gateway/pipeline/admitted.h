// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>

#include "access/virtual_keys.h"
#include "listener/request_head.h"
#include "pipeline/client_origin.h"
#include "pipeline/endpoints.h"
#include "pipeline/runtime.h"

namespace gateway::pipeline {

/// What the head of a request settled before the exchange began.
struct Admitted {
    const listener::RequestHead& head;
    Endpoint endpoint;
    std::shared_ptr<const Runtime> runtime;
    const access::VirtualKey* key = nullptr; // null where no key is required; lives in `runtime`
    RequestId id;
    std::shared_ptr<ClientOrigin> origin = {}; // null where no process of this machine is known to ask
};

/// A provider::ClientField of such a head.
[[nodiscard]] inline std::string_view clientField(const void* head, std::string_view name)
{
    return static_cast<const listener::RequestHead*>(head)->field(name);
}

} // namespace gateway::pipeline
