// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/secrets/likeness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>

namespace gateway::guardrail {

namespace {

constexpr auto kStandIns = std::to_array<std::string_view>(
    {"example",   "placeholder", "changeme",    "change_me", "change-me", "replace",  "redacted",
     "yourkey",   "your_",       "your-",       "dummy",     "xxxxxx",    "*****",    "123456789",
     "987654321", "abcdefgh",    "0000000000",  "deadbeef",  "insert",    "<",        "${",
     "{{",        "todo",        "fake",        "mock",      "test_",     "test-",    "sample",
     "qwerty",    "lorem",       "foobar",      "my-secret", "my_secret", "mysecret", "not-a-",
     "null",      "undefined",   "process.env", "os.env",    "password",  "passwd"});

bool isDigitByte(char byte)
{
    return byte >= '0' && byte <= '9';
}
bool isLowerByte(char byte)
{
    return byte >= 'a' && byte <= 'z';
}
bool isUpperByte(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}
bool isLetterByte(char byte)
{
    return isLowerByte(byte) || isUpperByte(byte);
}

bool hasLongRun(std::string_view value)
{
    std::size_t run = 1;
    for (std::size_t i = 1; i < value.size(); ++i) {
        run = value[i] == value[i - 1] && value[i] != 'A' ? run + 1 : 1;
        if (run >= 7) return true;
    }
    return false;
}

bool isUuid(std::string_view value)
{
    return value.size() == 36 && value[8] == '-' && value[13] == '-' && value[18] == '-' && value[23] == '-';
}

/// How a part between separators reads: a word ("Service"), a short number or version ("v2", "2024").
bool readsAsWord(std::string_view part)
{
    if (part.empty()) return true;
    const auto digits = static_cast<std::size_t>(std::count_if(part.begin(), part.end(), isDigitByte));
    if (digits == part.size()) return digits <= 8;
    if (part.size() <= 6 && digits * 2 <= part.size()) return true;
    // Letters, with a number before or behind at most.
    std::size_t changes = 0, turns = 0, vowels = 0;
    for (std::size_t i = 0; i < part.size(); ++i) {
        vowels += std::string_view("aeiouyAEIOUY").find(part[i]) != std::string_view::npos ? 1 : 0;
        if (i == 0) continue;
        changes += isDigitByte(part[i]) != isDigitByte(part[i - 1]) ? 1 : 0;
        turns += isUpperByte(part[i]) && isLowerByte(part[i - 1]) ? 1 : 0;
    }
    const std::size_t letters = part.size() - digits;
    if (changes > 1 && part.size() > 5 && !(changes == 2 && digits <= 5 && letters >= 10)) return false;
    if (letters <= 3) return part.size() <= 6;
    const auto uppers = static_cast<std::size_t>(std::count_if(part.begin(), part.end(), isUpperByte));
    const std::size_t mixed = std::min(uppers, letters - uppers);
    if (letters >= 10 && mixed * 4 > letters && turns * 6 > letters) return false;
    // Words have vowels, and camel case turns every few letters.
    return vowels * 6 >= letters && turns * 3 <= letters && digits * 2 <= letters + 2;
}

bool consistsOfWords(std::string_view value)
{
    std::size_t start = 0;
    for (std::size_t i = 0; i <= value.size(); ++i) {
        if (i < value.size() && (isLetterByte(value[i]) || isDigitByte(value[i]))) continue;
        if (!readsAsWord(value.substr(start, i - start))) return false;
        start = i + 1;
    }
    return true;
}

} // namespace

double entropyOf(std::string_view value)
{
    std::array<std::uint32_t, 256> counts = {};
    for (const char byte : value)
        ++counts[static_cast<unsigned char>(byte)];
    double bits = 0;
    for (const std::uint32_t count : counts) {
        if (count == 0) continue;
        const double part = count / static_cast<double>(value.size());
        bits -= part * std::log2(part);
    }
    return bits;
}

bool isPlaceholder(std::string_view value)
{
    std::string lower(value);
    for (char& byte : lower)
        byte = isUpperByte(byte) ? static_cast<char>(byte + 32) : byte;
    return hasLongRun(value) ||
           std::any_of(kStandIns.begin(), kStandIns.end(),
                       [&lower](std::string_view each) { return lower.find(each) != std::string::npos; });
}

bool looksRandom(std::string_view value)
{
    const auto digits = static_cast<std::size_t>(std::count_if(value.begin(), value.end(), isDigitByte));
    const auto letters = static_cast<std::size_t>(std::count_if(value.begin(), value.end(), isLetterByte));
    if (value.size() < 10 || digits == 0 || letters == 0) return false;
    if (value.front() == '/' && value.size() < 32) return false;
    // As much as half of what so many bytes could have.
    const double least = value.size() >= 20 ? 3.5 : value.size() >= 16 ? 3.2 : 3.0;
    const bool hex = value.size() >= 32 && value.find_first_not_of("0123456789abcdefABCDEF") == value.npos;
    if (entropyOf(value) < (hex ? 3.0 : least)) return false;
    return !isUuid(value) && !isPlaceholder(value) && !consistsOfWords(value);
}

bool looksLikePassword(std::string_view value)
{
    const auto is = [&value](auto test) { return std::any_of(value.begin(), value.end(), test); };
    const auto other = [](char byte) { return !isLetterByte(byte) && !isDigitByte(byte); };
    if (value.size() < 8 || value.size() > 64 || isPlaceholder(value) || isUuid(value)) return false;
    if (value.find("::") != value.npos || value.find("://") != value.npos) return false;
    if (!is(isLetterByte) || !is(isDigitByte) || entropyOf(value) < 2.7) return false;
    if (value.size() < 12) return is(other) || !consistsOfWords(value) || !is(isUpperByte);
    return looksRandom(value) || (is(other) && is(isUpperByte) && is(isLowerByte));
}

} // namespace gateway::guardrail
