// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "guardrail/personal/finders.h"

namespace gateway::guardrail {

namespace {

const CalledBy& birthNames()
{
    static const CalledBy names(
        "born|birth|birthday|birthdate|dob|d.o.b|geboren|geburtsdatum|né le|née le|nacimiento"
        "|nato il|nata il");
    return names;
}

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};

bool isMonthName(std::string_view word)
{
    if (word.size() < 3 || !isAsciiLetter(word.front())) return false;
    const std::string small = lowered(word.substr(0, 3));
    return std::find(kMonths.begin(), kMonths.end(), small) != kMonths.end();
}

bool joinsDate(std::string_view gap)
{
    if (gap.size() == 1) {
        const char c = gap.front();
        return c == '-' || c == '/' || c == '.' || c == ' ';
    }
    return gap == ", " || gap == ". ";
}

bool isYear(const Scan& scan, const Word& word)
{
    return word.digits && (word.size() == 4 || word.size() == 2) &&
           (word.size() == 2 || scan.of(word).substr(0, 2) == "19" || scan.of(word).substr(0, 2) == "20");
}

/// Day, month and year in three words, in any order that is in use.
bool isDate(const Scan& scan, std::size_t first)
{
    if (first + 2 >= scan.words.size()) return false;
    const Word &one = scan.words[first], &two = scan.words[first + 1], &three = scan.words[first + 2];
    if (one.size() > 2 && one.digits && one.size() != 4) return false;
    if (!joinsDate(scan.gap(first)) || !joinsDate(scan.gap(first + 1))) return false;
    const auto isSmall = [](const Word& word) { return word.digits && word.size() <= 2; };
    const bool numbers = isSmall(two) && ((isSmall(one) && isYear(scan, three)) ||
                                          (one.size() == 4 && isYear(scan, one) && isSmall(three)));
    const bool named = (isMonthName(scan.of(one)) && isSmall(two) && isYear(scan, three)) ||
                       (isSmall(one) && isMonthName(scan.of(two)) && isYear(scan, three));
    return numbers || named;
}

/// A number of degrees with at least four decimals from `at` on; its end, 0: there is none.
std::size_t degreesEnd(std::string_view text, std::size_t at, int most)
{
    std::size_t place = at;
    if (place < text.size() && (text[place] == '-' || text[place] == '+')) ++place;
    int whole = 0;
    const std::size_t from = place;
    while (place < text.size() && isAsciiDigit(text[place]) && place - from < 4)
        whole = whole * 10 + (text[place++] - '0');
    if (place == from || whole > most || place >= text.size() || text[place] != '.') return 0;
    const std::size_t decimals = ++place;
    while (place < text.size() && isAsciiDigit(text[place]))
        ++place;
    return place - decimals >= 4 ? place : 0;
}

} // namespace

/// A date where the words around speak of a birth.
void findBirthDates(const Scan& scan, std::vector<Finding>& found)
{
    for (std::size_t i = 0; i + 2 < scan.words.size(); ++i) {
        if (!isDate(scan, i)) continue;
        const std::size_t start = scan.words[i].start, end = scan.words[i + 2].end;
        if (!scan.isCalled(start, end, birthNames())) continue;
        found.push_back({start, end - start, Entity::BirthDate});
        i += 2;
    }
}

/// Latitude and longitude as decimals with a comma between.
void findCoordinates(const Scan& scan, std::vector<Finding>& found)
{
    for (std::size_t i = 0; i < scan.words.size(); ++i) {
        if (!scan.words[i].digits) continue;
        std::size_t start = scan.words[i].start;
        if (scan.before(start) == '-' || scan.before(start) == '+') --start;
        if (isWordByte(scan.before(start)) || scan.before(start) == '.') continue;
        std::size_t end = degreesEnd(scan.text, start, 90);
        if (end == 0 || scan.at(end) != ',') continue;
        ++end;
        while (scan.at(end) == ' ')
            ++end;
        end = degreesEnd(scan.text, end, 180);
        if (end == 0 || isWordByte(scan.at(end))) continue;
        found.push_back({start, end - start, Entity::Coordinates});
    }
}

} // namespace gateway::guardrail
