// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "gateway/error.h"

#include "dialect/dialect.h"
#include "listener/request_handler.h"

namespace gateway::pipeline {

/// The error in the caller's own shape, with the headers that go with its code (contract, section 7).
[[nodiscard]] listener::Answer errorAnswer(const dialect::Dialect& dialect, const Error& error,
                                           std::string_view requestId);

} // namespace gateway::pipeline
