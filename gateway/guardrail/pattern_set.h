// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::guardrail {

/// Which bytes may stand in a place.
using ByteSet = std::bitset<256>;

/// How something begins that is looked for: a word, and the bytes right after it that must be of a set.
struct Beginning {
    std::string word; // not empty
    bool anyCase = false;
    ByteSet tail = {};
    std::uint8_t tailSize = 0;
};

/// Where a beginning stands.
struct Begun {
    std::size_t place = 0;
    std::size_t beginning = 0; // its place in the list
    bool operator==(const Begun&) const = default;
};

/// Finds many beginnings in one pass over a text: with Hyperscan (Vectorscan) where the program is built with
/// it, else with an automaton of the words. Both find the same. Immutable; any thread.
class PatternSet {
public:
    enum class Engine : std::uint8_t {
        Undecided, // the best there is
        Portable   // without Hyperscan
    };
    /// `cacheFile`, unless empty, keeps what Hyperscan has compiled. One that is missing, damaged or of other
    /// beginnings is written anew, for the owner's eyes only; that it cannot be written does no harm.
    [[nodiscard]] static std::shared_ptr<const PatternSet>
    compile(std::vector<Beginning> beginnings, const std::filesystem::path& cacheFile = {},
            Engine engine = Engine::Undecided);

    virtual ~PatternSet() = default;
    /// All of them, by place and then by their order in the list.
    [[nodiscard]] virtual std::vector<Begun> find(std::string_view text) const = 0;
    [[nodiscard]] virtual bool hyperscan() const { return false; }
    /// Whether find() would find any.
    [[nodiscard]] virtual bool findsAny(std::string_view text) const { return !find(text).empty(); }
};

} // namespace gateway::guardrail
