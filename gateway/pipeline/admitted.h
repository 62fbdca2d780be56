// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "access/virtual_keys.h"
#include "listener/request_head.h"
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
};

} // namespace gateway::pipeline
