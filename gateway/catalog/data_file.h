// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::catalog {

/// A data file of ours: an object of schema 1 with a date, a source and one list of rows. The rows are read
/// where they lie, one at a time, so that no tree of the whole file is ever built. The views live as long as
/// the text.
struct DataFile {
    std::string date;
    std::string source;
    std::string_view rows; // A JSON array.
    std::size_t count = 0;
};

/// Nothing where the text is no JSON, longer, deeper or fuller than a data file can be, of another schema,
/// or holds a field beside those four.
std::optional<DataFile> openDataFile(std::string_view text, std::string_view listName);

// Each reads a JSON value that scanJson() accepted; false where it is of another kind or out of range.
bool readText(std::string_view value, std::string& into);
bool readName(std::string_view value, std::string& into); // Neither empty nor endless.
bool readTexts(std::string_view value, std::vector<std::string>& into);
bool readTruth(std::string_view value, bool& into);
bool readCount(std::string_view value, std::int64_t& into); // A whole number, not negative.

/// "2026-12-31", and no day that does not exist.
bool isDay(std::string_view text);

} // namespace gateway::catalog
