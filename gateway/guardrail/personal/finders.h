// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "guardrail/personal/scan.h"
#include "guardrail/personal_data.h"

namespace gateway::guardrail {

#define ENTITY(id, name, finder) void finder(const Scan& scan, std::vector<Finding>& found);
#include "guardrail/entities.def"
#undef ENTITY

} // namespace gateway::guardrail
