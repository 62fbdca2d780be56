// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QString>

#include "gateway/dry_run.h"

namespace ui {

/// A line of what a dry run found; `depth` says how far it stands in.
struct DryLine {
    enum class Kind : std::uint8_t { Undecided, Head, Plain, Note, Held, Failed };
    Kind kind = Kind::Plain;
    int depth = 0;
    QString text;
    bool operator==(const DryLine&) const = default;
};

/// First who would answer and what was read of the request, then each route with its targets and their
/// conditions, last who would be asked in which order, and what it costs there.
[[nodiscard]] std::vector<DryLine> dryRunLines(const gateway::DryRun& run);
/// A line with the space in front of it.
[[nodiscard]] QString dryLineText(const DryLine& line);
/// All lines as one text.
[[nodiscard]] QString dryRunText(const gateway::DryRun& run);

} // namespace ui
