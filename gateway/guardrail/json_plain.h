// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::guardrail {

/// A JSON text as a person reads it: escapes are decoded, quotes and brackets stay; and for each byte where
/// it stands in the text and whether it is part of a string that is no member's name. Takes the text in
/// parts, cut anywhere. What is no JSON gives some text all the same.
class JsonPlain {
public:
    void feed(std::string_view json);
    /// There is no more: an escape that is not whole stands as it came.
    void finish();
    /// Forgets the first bytes of text().
    void drop(std::size_t plainBytes);

    [[nodiscard]] const std::string& text() const { return m_plain; }
    /// The place in what was fed and not dropped; of the text's end, too.
    [[nodiscard]] std::size_t rawAt(std::size_t plain) const;
    /// What was fed and not dropped.
    [[nodiscard]] const std::string& raw() const { return m_raw; }
    /// All bytes between are a string's that is a value.
    [[nodiscard]] bool isValue(std::size_t start, std::size_t end) const;

private:
    void take(std::size_t raw);
    void put(std::string_view plain, std::size_t raw);
    void quote();
    void escape(std::size_t raw);
    void endHalf();

    std::string m_raw, m_plain;
    std::vector<std::uint32_t> m_at; // of each plain byte, in m_raw
    std::vector<bool> m_value;
    std::vector<bool> m_open; // containers: it is an object
    std::size_t m_read = 0;   // of m_raw
    std::size_t m_escape = 0; // bytes of an escape so far, which ends before m_read
    std::uint32_t m_high = 0; // the first of two surrogates
    std::size_t m_highAt = 0;
    bool m_inString = false, m_isName = false, m_nameNext = false;
};

} // namespace gateway::guardrail
