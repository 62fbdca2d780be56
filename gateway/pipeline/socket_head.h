// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "gateway/error.h"

#include "listener/request_head.h"

namespace gateway::pipeline {

/// What is wrong with the head of a WebSocket's handshake (RFC 6455, section 4.2.1).
[[nodiscard]] std::optional<Error> handshakeProblem(const listener::RequestHead& head);

/// True when the client offers that subprotocol.
[[nodiscard]] bool offersSubprotocol(const listener::RequestHead& head, std::string_view name);

} // namespace gateway::pipeline
