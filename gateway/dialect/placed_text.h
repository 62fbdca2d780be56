// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::dialect {

/// A text that may grow, and where in it something is: in bytes, as Google counts, or in code points. The
/// n-th look costs no more than the first, as every word may be cited.
class PlacedText {
public:
    void append(std::string_view text) { m_text += text; }
    void clear();
    [[nodiscard]] const std::string& text() const { return m_text; }
    /// Code points of all of it.
    [[nodiscard]] std::int64_t length();
    /// What is outside of the text is taken for its end.
    [[nodiscard]] std::int64_t codePointAt(std::int64_t byte);
    [[nodiscard]] std::int64_t byteAt(std::int64_t codePoint);

private:
    void count();

    std::string m_text;
    std::vector<std::size_t> m_marks; // bytes where every so manieth code point begins
    std::size_t m_counted = 0;        // bytes
    std::int64_t m_length = 0;        // code points of those
};

} // namespace gateway::dialect
