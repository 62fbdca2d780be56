// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "gateway/config_io.h"

namespace app {

using Json = nlohmann::ordered_json;

/// Exit codes of the programs.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kBadInput = 2;

/// One compact line on standard output, flushed.
void printJson(const Json& value);
/// A line on standard output, flushed.
void printLine(std::string_view text);
/// Text of others, on one line and without what a terminal would obey.
[[nodiscard]] std::string harmless(std::string_view text);
/// A line on standard error after the program's name.
void complain(std::string_view text);
/// Columns padded to their widest cell; control characters in cells are made harmless for a terminal.
void printTable(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows);
/// One row of CSV. A cell that a spreadsheet would take for a formula gets an apostrophe before it.
std::string csvRow(const std::vector<std::string>& cells);

/// "path (line 12): message", for people.
std::string problemText(const gateway::ConfigProblem& problem);
Json problemJson(const gateway::ConfigProblem& problem);
/// Dollars with as many decimals as a small amount needs: "$0.0123".
std::string dollars(std::int64_t nanos);
/// The amount as a JSON number.
double dollarNumber(std::int64_t nanos);
/// "2026-12-31 18:00:00" in local time.
std::string localTime(std::int64_t micros);
/// "2026-12-31T18:00:00.123Z".
std::string isoTime(std::int64_t micros);
std::int64_t nowMicros();

} // namespace app
