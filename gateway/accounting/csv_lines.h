// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::accounting {

/// Cuts CSV into lines of fields, as RFC 4180 has it: quotes, line ends of either sort and within quotes, a
/// byte order mark. The separator is a comma, or a semicolon or a tab where the first line has more of those.
class CsvLines {
public:
    explicit CsvLines(std::string_view text);

    /// Nothing at the end. Empty lines are left out. `broken` is set for a line whose quotes do not match.
    [[nodiscard]] bool next(std::vector<std::string>& fields, bool& broken);
    [[nodiscard]] char separator() const { return m_separator; }

private:
    /// One field, up to what ends it.
    [[nodiscard]] std::string field(bool& broken);
    [[nodiscard]] bool atLineEnd() const;

    std::string_view m_rest;
    char m_separator = ',';
};

} // namespace gateway::accounting
