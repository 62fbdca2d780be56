// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "listener/request_handler.h"
#include "pipeline/admin_paths.h"

namespace gateway::pipeline {

/// What was asked of the administration, by somebody who has shown its key.
struct AdminCall {
    AdminPath path;
    std::string method; // one that the path allows; GET for HEAD, too
    std::string query;  // as it came
    std::string ifMatch;
    std::string body;
};

struct AdminAnswer {
    int status = 200;
    std::string body = {}; // JSON
    listener::Headers headers = {};
};

/// Whoever answers those calls. Any thread.
class AdminDesk {
public:
    virtual ~AdminDesk() = default;
    /// Returns at once. `done` is called at most once, on any thread: never where the gateway ends before.
    virtual void ask(AdminCall call, std::function<void(AdminAnswer)> done) = 0;
};

} // namespace gateway::pipeline
