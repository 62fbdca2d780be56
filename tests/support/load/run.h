// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "options.h"
#include "statistics.h"

namespace load {

/// Keeps `connections` requests going until enough are answered or the time is over.
Statistics run(const Options& options);

} // namespace load
