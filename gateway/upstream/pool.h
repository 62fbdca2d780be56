// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/deadline.h"
#include "upstream/transport.h"

namespace gateway::upstream {

/// Idle connections of one IO thread, newest first per origin. A connection is closed when it has been idle
/// for half a minute, before most providers close it on their side.
class Pool {
public:
    explicit Pool(net::DeadlineSweeper& deadlines);

    [[nodiscard]] std::unique_ptr<Transport> take(const std::string& poolKey);
    void put(std::unique_ptr<Transport> transport);
    void clear();

private:
    struct Idle {
        std::unique_ptr<Transport> transport;
        net::Clock::time_point until;
    };
    void expire();

    std::unordered_map<std::string, std::vector<Idle>> m_idle;
    net::Deadline m_expiry;
};

} // namespace gateway::upstream
