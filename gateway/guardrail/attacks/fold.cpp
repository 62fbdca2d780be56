// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/attacks/fold.h"

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "base/utf8.h"

namespace gateway::guardrail {

namespace {

struct FoldRange {
    char32_t first, last;
};
constexpr FoldRange kUnseen[] = {
    {0x00AD, 0x00AD},   {0x0300, 0x036F}, {0x0483, 0x0489}, {0x061C, 0x061C}, {0x115F, 0x1160},
    {0x17B4, 0x17B5},   {0x180B, 0x180E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F},
    {0x202A, 0x202E},   {0x2060, 0x206F}, {0x20D0, 0x20FF}, {0x3164, 0x3164}, {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F},   {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF9, 0xFFFB}, {0x1D173, 0x1D17A},
    {0xE0000, 0xE0FFF},
};

/// Runs of letters, by their first one, as Latin ones; '.' leaves one as it is.
struct FoldRun {
    char32_t first;
    std::string_view letters;
};
constexpr FoldRun kRuns[] = {
    {0x00C0, "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty"},
    {0x0100, "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
             "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"},
    {0x0251, "a"},
    {0x0261, "g"},
    {0x0269, "ii"},
    {0x0391, "abydezhoiklmn.onp.ctyox.w"}, // capitals, by their looks
    {0x03AC, "aeni.abydeznoikluv.onpcotu.x.wiuouw"},
    {0x1D00, "a"},
    {0x1D04, "cd"},
    {0x1D07, "e"},
    {0x1D0A, "jklm"},
    {0x1D0F, "o"},
    {0x1D18, "p"},
    {0x1D1B, "tu"},
    {0x1D20, "vw"},
    {0x1D22, "z"},
    {0x0262, "g"},
    {0x026A, "i"},
    {0x0274, "n"},
    {0x0280, "r"},
    {0x0299, "b"},
    {0x029C, "h"},
    {0x029F, "l"},
    {0x028F, "y"},
    {0x1EA0, "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy"},
    {0x2070, "0i..456789"},
    {0x2080, "0123456789"},
};

/// Cyrillic small letters that look as Latin ones do, or as capitals of those.
constexpr std::pair<char16_t, char> kCyrillic[] = {
    {0x430, 'a'}, {0x432, 'b'}, {0x435, 'e'}, {0x43A, 'k'}, {0x43C, 'm'}, {0x43D, 'h'},
    {0x43E, 'o'}, {0x440, 'p'}, {0x441, 'c'}, {0x442, 't'}, {0x443, 'y'}, {0x445, 'x'},
    {0x451, 'e'}, {0x455, 's'}, {0x456, 'i'}, {0x457, 'i'}, {0x458, 'j'}, {0x4AF, 'y'},
    {0x4BB, 'h'}, {0x4CF, 'l'}, {0x501, 'd'}, {0x51B, 'q'}, {0x51D, 'w'},
};

constexpr std::size_t kTable = 0x2500;

std::array<char16_t, kTable> makeTable()
{
    std::array<char16_t, kTable> table{};
    for (std::size_t i = 0; i < kTable; ++i)
        table[i] = i < 0x80 ? static_cast<unsigned char>(asciiLower(static_cast<char>(i)))
                            : static_cast<char16_t>(i);
    for (const FoldRun& run : kRuns) {
        for (std::size_t i = 0; i < run.letters.size(); ++i) {
            if (run.letters[i] != '.') table[run.first + i] = static_cast<unsigned char>(run.letters[i]);
        }
    }
    for (const auto& [letter, latin] : kCyrillic)
        table[letter] = static_cast<unsigned char>(latin);
    for (std::size_t i = 0x410; i <= 0x42F; ++i)
        table[i] = table[i + 0x20];
    for (std::size_t i = 0x400; i <= 0x40F; ++i)
        table[i] = table[i + 0x50];
    for (std::size_t i = 0x460; i <= 0x52E; i += 2) // capital and small by turns
        table[i] = table[i + 1];
    for (const FoldRange& range : kUnseen) {
        for (char32_t i = range.first; i <= range.last && i < kTable; ++i)
            table[i] = 0;
    }
    return table;
}

/// Letters of mathematics, in circles and squares.
char32_t foldedHigh(char32_t point)
{
    const auto letter = [](char32_t number) { return U'a' + number % 26; };
    if (point >= 0xFF10 && point <= 0xFF5A) {
        const auto ascii = static_cast<char>(point - 0xFF00 + 0x20);
        return static_cast<unsigned char>(asciiLower(ascii));
    }
    if (point >= 0x1D400 && point <= 0x1D6A3) return letter(point - 0x1D400);
    if (point >= 0x1D7CE && point <= 0x1D7FF) return U'0' + (point - 0x1D7CE) % 10;
    if (point >= 0x1F110 && point <= 0x1F129) return letter(point - 0x1F110);
    if (point >= 0x1F130 && point <= 0x1F149) return letter(point - 0x1F130);
    if (point >= 0x1F150 && point <= 0x1F169) return letter(point - 0x1F150);
    if (point >= 0x1F170 && point <= 0x1F189) return letter(point - 0x1F170);
    if (point == 0xA731) return U's';
    if (point == 0xA730) return U'f';
    for (const FoldRange& range : kUnseen) {
        if (point >= range.first && point <= range.last) return 0;
    }
    return point;
}

} // namespace

char32_t folded(char32_t point)
{
    static const std::array<char16_t, kTable> kPlain = makeTable();
    if (point >= 0x249C && point <= 0x24E9) return U'a' + (point - 0x249C) % 26;
    if (point < kTable) return kPlain[point];
    return foldedHigh(point);
}

std::string foldedText(std::string_view text)
{
    std::string out;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        const std::size_t size = utf8Sequence(at, end);
        const char32_t point = size == 0 ? 0 : folded(decodeUtf8(at, size));
        if (point != 0) appendUtf8(out, point);
        at += std::max<std::size_t>(1, size);
    }
    return out;
}

bool isSpacedLetter(char32_t point)
{
    if (point < 0x80) return isAsciiAlnum(static_cast<char>(point));
    return (point >= 0xC0 && point < 0x2000 && point != 0xD7 && point != 0xF7) ||
           (point >= 0xAC00 && point <= 0xD7A3);
}

bool isUnspaced(char32_t point)
{
    return (point >= 0x3041 && point <= 0x9FFF) || (point >= 0xF900 && point <= 0xFAFF) ||
           (point >= 0xFF66 && point <= 0xFF9F) || (point >= 0x20000 && point <= 0x3FFFF);
}

char tagged(char32_t point)
{
    return point >= 0xE0020 && point <= 0xE007E ? static_cast<char>(point - 0xE0000) : '\0';
}

} // namespace gateway::guardrail
