// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "exchange/canonical.h"
#include "guardrail/personal_data.h"

namespace gateway::pipeline {

/// The sorts of personal data in what a request says: texts of all its messages, what tools were called with
/// and what they gave. Pictures and other files are not read. Without a conversation, all of the body is a
/// text. Linear in its size: a large one is for the pool.
[[nodiscard]] guardrail::EntitySet personalIn(const Request* conversation, std::string_view body);

} // namespace gateway::pipeline
