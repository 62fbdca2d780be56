// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "guardrail/personal/finders.h"

namespace gateway::guardrail {

namespace {

const CalledBy& cardNames()
{
    static const CalledBy names("card|credit|debit|cc|maestro|mastercard|visa");
    return names;
}

int prefixOf(std::string_view digits, std::size_t length)
{
    int value = 0;
    for (std::size_t i = 0; i < length; ++i)
        value = value * 10 + digitAt(digits, i);
    return value;
}

bool within(int value, int least, int most)
{
    return value >= least && value <= most;
}

bool isMaestro(std::string_view digits)
{
    const int four = prefixOf(digits, 4);
    return within(four, 5018, 5018) || four == 5020 || four == 5038 || four == 5893 || four == 6304 ||
           within(four, 6759, 6763) || four == 604;
}

/// Whether a network of cards has numbers of this beginning in this length (ISO/IEC 7812 and the networks'
/// own ranges).
bool isIssued(std::string_view digits)
{
    const std::size_t size = digits.size();
    const int two = prefixOf(digits, 2), three = prefixOf(digits, 3), four = prefixOf(digits, 4);
    if (isMaestro(digits)) return size >= 12;
    if (two == 34 || two == 37) return size == 15;
    if (digits.front() == '1') return size == 15; // UATP, and JCB's 1800
    if (four == 2131) return size == 15;          // JCB
    if (two == 35) return size >= 16;             // JCB
    if (within(three, 300, 305) || two == 36 || within(two, 38, 39))
        return size == 14 || size >= 16; // Diners
    if (digits.front() == '4') return size == 13 || size == 16 || size == 19;
    if (within(two, 51, 55) || within(four, 2221, 2720)) return size == 16;
    if (four == 6011 || within(three, 644, 649) || two == 65) return size >= 16;
    if (two == 62 || two == 81 || within(two, 50, 50) || within(two, 56, 58) || within(two, 60, 69))
        return size >= 16;
    return false;
}

/// Maestro's ranges hold short numbers, too, which without a word around are too many others'.
bool mayBeShort(std::string_view digits)
{
    const int two = prefixOf(digits, 2);
    return two == 50 || within(two, 56, 69);
}

bool isCalledCard(const Scan& scan, const DigitRun& run)
{
    return scan.isCalled(scan.words[run.first].start, scan.words[run.last].end, cardNames());
}

} // namespace

/// 12 to 19 digits in the range of a network, with the check digit right (Luhn), plain or in groups.
void findPaymentCards(const Scan& scan, std::vector<Finding>& found)
{
    for (std::size_t i = 0; i < scan.words.size(); ++i) {
        // Neither is one by itself, nor a group of one.
        if (!scan.words[i].digits || scan.words[i].size() < 3) continue;
        const auto run = longestRun(scan, i, " -", 19, [&scan](const DigitRun& each) {
            if (each.digits.size() < 12) return false;
            const bool same = std::adjacent_find(each.digits.begin(), each.digits.end(),
                                                 std::not_equal_to<>()) == each.digits.end();
            // Groups of a number are of three digits at least; lists of small numbers are no card.
            bool grouped = true;
            for (std::size_t k = each.first; k <= each.last; ++k)
                grouped = grouped && (each.first == each.last || scan.words[k].size() >= 3);
            if (same || !grouped) return false;
            const bool issued = isIssued(each.digits);
            if ((!issued && !mayBeShort(each.digits)) || !passesLuhn(each.digits)) return false;
            return issued || isCalledCard(scan, each);
        });
        if (!run) continue;
        const std::size_t start = scan.words[run->first].start, end = scan.words[run->last].end;
        if (!scan.standsAlone(start, end) || scan.before(start) == '-' || scan.before(start) == '+') continue;
        found.push_back({start, end - start, Entity::PaymentCard});
        i = run->last;
    }
}

} // namespace gateway::guardrail
