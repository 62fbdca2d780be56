// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "gateway/snapshot.h"

namespace gateway::log_store {

/// What the user allowed beyond a budget's amount.
struct AllowanceRow {
    std::string name;
    bool ofKey = false;
    std::string per; // as the configuration writes it
    std::int64_t since = 0, until = 0;
    std::int64_t amount = 0, nanos = 0; // the budget's own then, and what is beyond
    bool operator==(const AllowanceRow&) const = default;
};

/// What is kept beside rows. No journal has it.
using StoreNote = std::variant<Alert, AllowanceRow>;

} // namespace gateway::log_store
