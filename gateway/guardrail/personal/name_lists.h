// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace gateway::guardrail {

/// What is known of a word as a name of people.
struct NameSense {
    bool given = false, surname = false;
    bool givenIsWord = false, surnameIsWord = false; // and something else as well
    bool particle = false;                           // "van", "de", "bin"
    bool splits = false;                             // has a capital behind it, as "Mc" has
    bool place = false;  // behind a name it makes that another thing's: "Street", "Museum"
    bool other = false;  // is capital at the begin of sentences and in headings: "The", "Monday"
    bool nobody = false; // is spoken to without a name: "Sir", "Customer"
};

/// One letter of a text. `size` 0: there is none.
struct NameLetter {
    std::uint8_t size = 0; // bytes
    bool capital = false;
    std::array<char, 2> folded{}; // in small letters without accents; nothing for an accent that stands alone
};
/// Of Latin script.
[[nodiscard]] NameLetter nameLetterAt(std::string_view text, std::size_t at);

/// A word in small letters without accents, kept where it costs nothing.
class FoldedWord {
public:
    static constexpr std::size_t kMost = 24;

    explicit FoldedWord(std::string_view word);
    /// Empty of words that are longer than any name.
    [[nodiscard]] std::string_view text() const { return {m_letters.data(), m_size}; }

private:
    std::array<char, kMost> m_letters{};
    std::size_t m_size = 0;
};

[[nodiscard]] NameSense nameSense(std::string_view folded);

/// The same name with other words: a given name for a given name, a surname for any other, particles and
/// initials' points as they are. `pick` gives a number for a word, always the same.
[[nodiscard]] std::string otherName(std::string_view name,
                                    const std::function<std::uint32_t(std::string_view)>& pick);

} // namespace gateway::guardrail
