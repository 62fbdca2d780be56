// SPDX-License-Identifier: GPL-3.0-or-later
// Property: the pieces of a text are together the text, and none is empty; a piece has at least one token and
// no more than bytes, and its tokens are together the piece. A vocabulary of any bytes is refused or
// harmless.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "accounting/byte_pairs.h"
#include "accounting/model_tokens.h"
#include "accounting/piece_scanner.h"
#include "fuzz_require.h"

using namespace gateway::accounting;

namespace {

void appendWord(std::string& bytes, std::uint32_t number)
{
    for (unsigned shift = 0; shift < 32; shift += 8)
        bytes += static_cast<char>(number >> shift);
}

/// All bytes, and pairs and fours of letters.
std::vector<std::string> tokenList()
{
    std::vector<std::string> tokens;
    for (int byte = 0; byte < 256; ++byte)
        tokens.emplace_back(1, static_cast<char>(byte));
    for (char first = 'a'; first <= 'f'; ++first) {
        for (char second = 'a'; second <= 'f'; ++second)
            tokens.push_back({first, second});
    }
    for (char letter = 'a'; letter <= 'f'; ++letter)
        tokens.emplace_back(4, letter);
    return tokens;
}

std::string vocabularyBytes(const std::vector<std::string>& tokens)
{
    constexpr std::uint32_t kSlots = 1024;
    std::vector<std::uint32_t> table(kSlots, Vocabulary::kNone);
    std::string ends, bytes, made;
    for (std::uint32_t rank = 0; rank < tokens.size(); ++rank) {
        std::uint32_t hash = 2166136261U;
        for (const char byte : tokens[rank])
            hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
        std::uint32_t slot = hash & (kSlots - 1);
        while (table[slot] != Vocabulary::kNone)
            slot = (slot + 1) & (kSlots - 1);
        table[slot] = rank;
        bytes += tokens[rank];
        appendWord(ends, static_cast<std::uint32_t>(bytes.size()));
    }
    appendWord(made, static_cast<std::uint32_t>(tokens.size()));
    appendWord(made, kSlots);
    appendWord(made, static_cast<std::uint32_t>(bytes.size()));
    made += ends;
    for (const std::uint32_t each : table)
        appendWord(made, each);
    return made + bytes;
}

/// Greek capitals and small letters, Han, a mark, Arabic digits, the space of no break.
std::string classBytes()
{
    std::string made;
    appendWord(made, 9);
    for (const auto& [first, kind] : {std::pair{0xA0U, 6U},
                                      {0xA1U, 0U},
                                      {0x300U, 4U},
                                      {0x370U, 0U},
                                      {0x391U, 1U},
                                      {0x3B1U, 2U},
                                      {0x660U, 5U},
                                      {0x66AU, 0U},
                                      {0x4E00U, 3U}})
        appendWord(made, first << 3 | kind);
    return made;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const std::vector<std::string> tokens = tokenList();
    static const std::string vocabularyText = vocabularyBytes(tokens), classText = classBytes();
    std::string_view rest = vocabularyText, classRest = classText;
    const Vocabulary vocabulary = Vocabulary::take(rest);
    const CharClasses classes = CharClasses::take(classRest);
    FUZZ_REQUIRE(!vocabulary.empty() && rest.empty() && classRest.empty());
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const PiecePattern pattern : {PiecePattern::Cl100k, PiecePattern::O200k}) {
        PieceScanner scanner(text, pattern, classes);
        BytePairs pairs(vocabulary);
        std::size_t place = 0;
        for (std::string_view piece = scanner.next(); !piece.empty(); piece = scanner.next()) {
            FUZZ_REQUIRE(piece.data() == text.data() + place);
            place += piece.size();
            std::vector<std::uint32_t> numbers;
            const std::size_t count = pairs.count(piece, &numbers);
            FUZZ_REQUIRE(count == numbers.size() && count >= 1 && count <= piece.size());
            std::string again;
            for (const std::uint32_t number : numbers) {
                FUZZ_REQUIRE(number < tokens.size());
                again += tokens[number];
            }
            FUZZ_REQUIRE(again == piece);
        }
        FUZZ_REQUIRE(place == text.size());
    }
    const Tokenizers any(text);
    FUZZ_REQUIRE(any.count("What becomes of this?", TokenFamily::O200k) >= 0);
    return 0;
}
