// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cstdint>

#include "guardrail/personal/finders.h"

namespace gateway::guardrail {

namespace {

const CalledBy& phonePlaces()
{
    static const CalledBy names("office|home|work");
    return names;
}

const CalledBy& phoneNames()
{
    static const CalledBy names(
        "phone|telephone|tel|mobile|cell|cellphone|fax|call|text|sms|whatsapp|dial|number is"
        "|ring|reach|contact|handy|telefon|teléfono|telefono|téléphone|móvil|message|registered"
        "|hotline|voicemail|pager|landline|portable");
    return names;
}

constexpr std::size_t kLeastDigits = 6, kMostDigits = 15; // ITU-T E.164, section 6.1

/// A number as it is written: words of digits, and what stands between.
struct PhoneRun {
    std::size_t first = 0, last = 0; // words
    std::size_t start = 0, end = 0;  // bytes, with a plus, brackets and an extension
    std::size_t digits = 0, groups = 0;
    std::array<std::uint8_t, kMostDigits> sizes{}; // digits of each group
    bool plus = false, brackets = false, dashes = false, dots = false, spaces = false;
};

bool joins(std::string_view gap)
{
    if (gap.size() == 1) {
        const char c = gap.front();
        return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/';
    }
    if (gap.size() == 2) return gap == ") " || gap == " (" || gap == ")-";
    return gap == " - " || gap == ") - ";
}

void noteGap(std::string_view gap, PhoneRun& run)
{
    for (const char c : gap) {
        run.brackets = run.brackets || c == '(' || c == ')';
        run.dashes = run.dashes || c == '-';
        run.spaces = run.spaces || c == ' ';
    }
    run.dots = run.dots || (gap.size() == 1 && gap.front() == '.');
}

/// "x123" right behind, which is one word with the last digits: "555-0132x818".
std::size_t leadingDigits(const Scan& scan, const Word& known)
{
    if (known.digits) return known.size();
    const std::string_view word = scan.of(known);
    std::size_t digits = 0;
    while (digits < word.size() && isAsciiDigit(word[digits]))
        ++digits;
    const bool extends =
        digits < word.size() && word[digits] == 'x' && digits + 1 < word.size() &&
        std::all_of(word.begin() + static_cast<std::ptrdiff_t>(digits) + 1, word.end(), isAsciiDigit);
    return digits == word.size() || extends ? digits : 0;
}

void addLeft(const Scan& scan, PhoneRun& run)
{
    if (scan.before(run.start) == '(') {
        --run.start;
        run.brackets = true;
    }
    if (scan.before(run.start) == '+') {
        --run.start;
        run.plus = true;
    }
}

PhoneRun runFrom(const Scan& scan, std::size_t first)
{
    PhoneRun run;
    run.first = run.last = first;
    run.start = scan.words[first].start;
    for (std::size_t i = first; i < scan.words.size(); ++i) {
        const std::size_t digits = leadingDigits(scan, scan.words[i]);
        if (digits == 0 || run.digits + digits > kMostDigits) break;
        if (i > first) {
            if (!joins(scan.gap(i - 1))) break;
            noteGap(scan.gap(i - 1), run);
        }
        run.digits += digits;
        run.sizes[run.groups++] = static_cast<std::uint8_t>(digits);
        run.last = i;
        run.end = scan.words[i].end;
        if (digits < scan.words[i].size()) break;
    }
    addLeft(scan, run);
    return run;
}

/// The North American plan: three, three and four digits, perhaps a country's one before.
bool isNorthAmerican(const PhoneRun& run)
{
    if (run.groups < 3) return false;
    const std::size_t skip = run.groups - 3;
    const bool sizes = run.sizes[skip] == 3 && run.sizes[skip + 1] == 3 && run.sizes[skip + 2] == 4;
    return sizes && (skip == 0 || (skip == 1 && run.sizes[0] <= 3));
}

/// "1987" or "2026".
bool isCentury(const Scan& scan, const PhoneRun& run, std::size_t group)
{
    const std::string_view word = scan.of(scan.words[run.first + group]);
    return word.starts_with("19") || word.starts_with("20");
}

/// A date, a time, an address of a machine, an amount, a social security number.
bool isSomethingElse(const Scan& scan, const PhoneRun& run)
{
    const auto size = [&run](std::size_t group) -> std::size_t { return run.sizes[group]; };
    if (run.groups == 3 && !run.plus && !run.brackets) {
        const bool yearFirst = size(0) == 4 && size(1) <= 2 && size(2) <= 2;
        const bool yearLast = size(0) <= 2 && size(1) <= 2 && (size(2) == 4 || run.dots);
        const bool socialSecurity = size(0) == 3 && size(1) == 2 && size(2) == 4;
        if (yearFirst || yearLast || socialSecurity) return true;
    }
    if (run.groups == 4 && run.dots && !run.dashes && !run.spaces) {
        bool isAddress = true;
        for (std::size_t i = 0; i < 4; ++i)
            isAddress = isAddress && size(i) <= 3;
        if (isAddress) return true;
    }
    if (run.groups == 2 && size(0) == 4 && size(1) == 4 && isCentury(scan, run, 0) && isCentury(scan, run, 1))
        return true;
    // Decimals, versions and ranges of addresses.
    const bool small = [&] {
        for (std::size_t i = 1; i < run.groups; ++i) {
            if (size(i) < 2) return true;
        }
        return false;
    }();
    if (run.dots && (run.groups == 2 || small || run.spaces)) return true;
    const std::string_view all = scan.text.substr(run.start, run.end - run.start);
    return all.find('/') != std::string_view::npos && run.groups != 2;
}

bool isCalledPhone(const Scan& scan, const PhoneRun& run)
{
    return scan.isCalled(run.start, run.end, phoneNames());
}

bool isPhone(const Scan& scan, const PhoneRun& run)
{
    if (run.digits < kLeastDigits || isSomethingElse(scan, run)) return false;
    if (run.plus) return run.digits >= 8;
    if (isNorthAmerican(run) && (run.dashes || run.dots || run.brackets)) return true;
    if (isCalledPhone(scan, run) || scan.isFollowedBy(run.end, phonePlaces())) {
        // A number in one piece has to be of a length that is dialled.
        return run.groups > 1 ? run.digits >= 6 && run.digits <= 14 : run.digits >= 9 && run.digits <= 13;
    }
    const bool trunk = scan.text[scan.words[run.first].start] == '0' && run.groups > 1;
    bool evenGroups = true; // "07700 900 123", and no list of small numbers
    for (std::size_t i = 0; i < run.groups; ++i)
        evenGroups = evenGroups && run.sizes[i] >= 2 && run.sizes[i] <= 8;
    if (trunk) return evenGroups && run.digits >= 9 && run.digits <= 12 && !run.dots;
    return run.brackets && run.groups >= 3 && evenGroups && run.digits >= 8 && scan.text[run.start] == '(';
}

/// Something longer, or decimals, has begun before.
bool isPartBefore(const Scan& scan, std::size_t start)
{
    const char left = scan.before(start);
    const bool decimal = (left == '.' || left == ',') && start > 1 && isAsciiDigit(scan.text[start - 2]);
    return isWordByte(left) || decimal;
}

bool isJoined(const Scan& scan, std::size_t start)
{
    const char left = scan.before(start);
    return left == '-' || left == '/' || left == '#' || left == '=' || isPartBefore(scan, start);
}

} // namespace

/// With a plus and a country, in the North American form, or as they are written elsewhere where it begins
/// with the trunk's 0 or the words around speak of one.
void findPhones(const Scan& scan, std::vector<Finding>& found)
{
    for (std::size_t i = 0; i < scan.words.size(); ++i) {
        if (leadingDigits(scan, scan.words[i]) == 0) continue;
        if (isJoined(scan, scan.words[i].start)) continue;
        const PhoneRun run = runFrom(scan, i);
        const bool joined = run.plus ? isPartBefore(scan, run.start) : isJoined(scan, run.start);
        const char right = scan.at(run.end);
        // "-" before letters is a dash: "555-0132-Office". Before digits, more of something longer goes on.
        const bool longer =
            isWordByte(right) || ((right == '-' || right == ':') && isAsciiDigit(scan.at(run.end + 1)));
        if (joined || longer || !isPhone(scan, run)) continue;
        found.push_back({run.start, run.end - run.start, Entity::Phone});
        i = run.last;
    }
}

} // namespace gateway::guardrail
