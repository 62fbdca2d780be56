// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/language_of.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>

// clang-format off: the first header uses FILE and does not include what has it.
#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>
// clang-format on

#include "base/strings.h"
#include "base/utf8.h"
#include "guardrail/links/link_scan.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kLeastLetters = 20;
constexpr std::size_t kMostBytes = std::size_t{256} << 10;

/// What the library's small table tells, by its own samples. It has names for many more that it never finds,
/// which would make a rule that nothing fits.
constexpr std::array<std::string_view, 88> kKnown{
    "af", "ar", "az", "be", "bg", "bh", "bn", "bs", "ca", "cs", "cy", "da", "de", "dv", "el",
    "en", "es", "et", "eu", "fa", "fi", "fr", "ga", "gd", "gl", "gu", "he", "hi", "hr", "ht",
    "hu", "hy", "id", "is", "it", "iu", "ja", "jv", "ka", "kk", "km", "kn", "ko", "ku", "ky",
    "lg", "lo", "lt", "lv", "mg", "mk", "ml", "mr", "ms", "mt", "my", "ne", "nl", "no", "ny",
    "or", "pa", "pl", "pt", "ro", "ru", "rw", "si", "sk", "sl", "sq", "sr", "st", "su", "sv",
    "sw", "ta", "te", "tg", "th", "tl", "tr", "uk", "ur", "uz", "vi", "yi", "zh"};

/// Its own spellings of what ISO 639-1 names otherwise, and kinds of one language.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kOtherCodes{
    {{"iw", "he"}, {"jw", "jv"}, {"nb", "no"}, {"nn", "no"}, {"sr-ME", "sr"}, {"zh-Hant", "zh"}}};

std::string_view isoCode(std::string_view code)
{
    const auto* const other = std::find_if(kOtherCodes.begin(), kOtherCodes.end(),
                                           [code](const auto& each) { return each.first == code; });
    return other == kOtherCodes.end() ? code : other->second;
}

/// The characters of the fence of a block of code that a line begins with, as Markdown has it; else none.
std::string_view blockFence(std::string_view line)
{
    line = trimmed(line);
    if (!line.starts_with("```") && !line.starts_with("~~~")) return {};
    const char mark = line.front();
    const std::size_t size = std::min(line.find_first_not_of(mark), line.size());
    // "```so```" is code within a line.
    if (mark == '`' && line.find(mark, size) != std::string_view::npos) return {};
    return line.substr(0, size);
}

std::string withoutBlocks(std::string_view text)
{
    std::string rest;
    std::string_view open; // the fence of the block that goes on
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const std::string_view fence = blockFence(line);
        if (open.empty()) {
            open = fence;
            if (open.empty()) rest.append(line).push_back('\n');
        } else if (fence.starts_with(open) && trimmed(line).size() == fence.size()) {
            open = {};
        }
    }
    return rest;
}

std::string withoutAddresses(std::string_view text)
{
    std::string rest;
    std::size_t at = 0;
    for (const Link& link : linksOf(text)) {
        if (link.start < at) continue;
        rest.append(text.substr(at, link.start - at)).push_back(' ');
        at = link.start + link.size;
    }
    return rest.append(text.substr(at));
}

/// What Unicode calls fit for interchange. Of a text with anything else the library tells nothing, and its
/// functions that do not check for it crash on some.
bool isExchangeable(char32_t c)
{
    if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
    return (c < 0x7F || c > 0x9F) && (c < 0xFDD0 || c > 0xFDEF) && (c & 0xFFFEU) != 0xFFFE;
}

/// A letter, about: signs, digits, marks over letters, pictures and private characters are none.
bool isProseLetter(char32_t c)
{
    if (c < 0x80) return asciiLower(static_cast<char>(c)) >= 'a' && asciiLower(static_cast<char>(c)) <= 'z';
    struct Range {
        char32_t first, last;
    };
    constexpr std::array<Range, 12> kNone{{{0x80, 0xBF},
                                           {0xD7, 0xD7},
                                           {0xF7, 0xF7},
                                           {0x300, 0x36F},
                                           {0x2000, 0x2BFF},
                                           {0x2E00, 0x2E7F},
                                           {0x3000, 0x303F},
                                           {0xE000, 0xF8FF},
                                           {0xFE00, 0xFE6F},
                                           {0xFF00, 0xFF20},
                                           {0x1F000, 0x1FAFF},
                                           {0xE0000, 0x10FFFF}}};
    return std::none_of(kNone.begin(), kNone.end(),
                        [c](const Range& range) { return c >= range.first && c <= range.last; });
}

struct Prose {
    std::string text; // fit for the library
    std::size_t letters = 0;
};

Prose proseOf(std::string_view text)
{
    const std::string kept = withoutAddresses(withoutBlocks(text));
    Prose prose;
    prose.text.reserve(kept.size());
    const char* const end = kept.data() + kept.size();
    for (const char* at = kept.data(); at != end;) {
        const std::size_t size = utf8Sequence(at, end);
        const char32_t c = size == 0 ? 0 : decodeUtf8(at, size);
        if (isExchangeable(c))
            prose.text.append(at, size);
        else
            prose.text.push_back(' ');
        prose.letters += isProseLetter(c) ? 1 : 0;
        at += std::max<std::size_t>(size, 1);
    }
    return prose;
}

} // namespace

std::string_view knownLanguage(std::string_view code)
{
    const std::string_view wanted = code.size() == 2 ? isoCode(code) : code;
    const auto* const known = std::find(kKnown.begin(), kKnown.end(), wanted);
    return known == kKnown.end() ? std::string_view() : *known;
}

std::string_view languageOf(std::string_view text)
{
    const Prose prose = proseOf(text.substr(0, kMostBytes));
    if (prose.letters < kLeastLetters) return {};
    const CLD2::CLDHints hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    std::array<CLD2::Language, 3> languages{};
    std::array<int, 3> percents{};
    std::array<double, 3> scores{};
    int letterBytes = 0, validBytes = 0;
    bool isReliable = false;
    const CLD2::Language language = CLD2::ExtDetectLanguageSummaryCheckUTF8(
        prose.text.data(), static_cast<int>(prose.text.size()), true, &hints, 0, languages.data(),
        percents.data(), scores.data(), nullptr, &letterBytes, &isReliable, &validBytes);
    if (!isReliable || language == CLD2::UNKNOWN_LANGUAGE) return {};
    return isoCode(CLD2::LanguageCode(language));
}

} // namespace gateway::guardrail
