// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>

#include "guardrail/personal/finders.h"

namespace gateway::guardrail {

namespace {

// Countries and the length of their numbers, from the IBAN registry (SWIFT, ISO 13616): "AD24" is Andorra's.
constexpr std::string_view kLengths =
    "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18"
    "FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27"
    "MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27"
    "SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

/// 0: no such country.
std::size_t lengthIn(std::string_view country)
{
    for (std::size_t i = 0; i + 3 < kLengths.size(); i += 4) {
        if (kLengths.substr(i, 2) == country)
            return static_cast<std::size_t>(digitAt(kLengths, i + 2) * 10 + digitAt(kLengths, i + 3));
    }
    return 0;
}

bool isLetterOrDigit(char c)
{
    return isAsciiDigit(c) || isAsciiLetter(c);
}

/// ISO 7064, MOD 97-10, with the first four at the end.
bool passesCheck(const std::string& iban)
{
    int rest = 0;
    const std::string turned = iban.substr(4) + iban.substr(0, 4);
    for (const char c : turned) {
        const int value = isAsciiDigit(c) ? c - '0' : c - 'A' + 10;
        rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
    return rest == 1;
}

} // namespace

/// A country that has such numbers, its length, the checksum right; plain, or in groups with one space
/// between.
void findIbans(const Scan& scan, std::vector<Finding>& found)
{
    const std::string_view text = scan.text;
    for (const Word& word : scan.words) {
        std::size_t at = word.start;
        if (word.size() < 4 || !isAsciiLetter(text[at]) || !isAsciiLetter(text[at + 1]) ||
            !isAsciiDigit(text[at + 2]) || !isAsciiDigit(text[at + 3]))
            continue;
        const std::size_t length = lengthIn(std::string{capital(text[at]), capital(text[at + 1])});
        std::string iban;
        for (; length > 0 && at < text.size() && iban.size() < length; ++at) {
            const bool between = (text[at] == ' ' || text[at] == '-') && isLetterOrDigit(scan.at(at + 1));
            if (isLetterOrDigit(text[at]))
                iban.push_back(capital(text[at]));
            else if (!between)
                break;
        }
        if (length == 0 || iban.size() != length || isWordByte(scan.at(at)) || !passesCheck(iban)) continue;
        found.push_back({word.start, at - word.start, Entity::Iban});
    }
}

} // namespace gateway::guardrail
