// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "listener/request_handler.h"

namespace gateway::listener {

struct Framing {
    bool chunked = false;
    std::optional<std::uint64_t> length;
    bool keepAlive = true;
    bool http11 = true;
    std::string_view allowedOrigin; // for a page that the user allowed
};

/// Appends the bytes of a response head; header values with line breaks are left out.
void appendResponseHead(std::string& out, const Answer& answer, const Framing& framing);

} // namespace gateway::listener
