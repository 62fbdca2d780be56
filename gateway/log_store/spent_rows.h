// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "log_store/store_note.h"

namespace gateway::log_store {

/// What requests that are alike cost within a quarter of an hour.
struct SpentRow {
    std::int64_t micros = 0; // when it began
    std::int64_t nanos = 0;
    std::string key, client, route, provider, model, repository;
    std::vector<std::string> tags;
};

struct SpentReply {
    bool known = false; // false: the log could not be read
    std::vector<SpentRow> rows;
    std::vector<AllowanceRow> allowances;
    std::vector<std::string> once; // names of rows that are kept no second time
};

inline constexpr std::int64_t kSpentSlotMicros = 900'000'000;

} // namespace gateway::log_store
