// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/personal/id_checks.h"

#include <array>
#include <initializer_list>
#include <string>

#include "guardrail/personal/scan.h"

namespace gateway::guardrail {

namespace {

int numberAt(std::string_view id, std::size_t start, std::size_t size)
{
    int value = 0;
    for (const char digit : id.substr(start, size))
        value = value * 10 + (digit - '0');
    return value;
}

/// Digits times weights.
int weighed(std::string_view id, std::initializer_list<int> weights)
{
    int sum = 0;
    std::size_t place = 0;
    for (const int weight : weights)
        sum += weight * digitAt(id, place++);
    return sum;
}

bool isDay(int day, int month)
{
    return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

/// "yymmdd" from `start` on.
bool hasDate(std::string_view id, std::size_t start)
{
    return isDay(numberAt(id, start + 4, 2), numberAt(id, start + 2, 2));
}

bool isZero(std::string_view digits)
{
    return digits.find_first_not_of('0') == std::string_view::npos;
}

/// ISO 7064, MOD 11,10.
bool passesMod11And10(std::string_view id)
{
    int product = 10;
    for (const char digit : id.substr(0, id.size() - 1)) {
        int sum = (digit - '0' + product) % 10;
        if (sum == 0) sum = 10;
        product = sum * 2 % 11;
    }
    return (11 - product) % 10 == id.back() - '0';
}

/// A check digit by weights modulo 11, of which ten counts as none or as 0.
bool passesMod11(std::string_view id, std::initializer_list<int> weights, bool tenIsZero)
{
    int check = (11 - weighed(id, weights) % 11) % 11;
    if (check == 10) {
        if (!tenIsZero) return false;
        check = 0;
    }
    return check == id.back() - '0';
}

constexpr std::string_view kSpanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

} // namespace

bool isAny(std::string_view)
{
    return true;
}

bool isUsSocialSecurity(std::string_view id)
{
    const int area = numberAt(id, 0, 3);
    return area != 0 && area != 666 && area < 900 && !isZero(id.substr(3, 2)) && !isZero(id.substr(5));
}

bool isUsTaxpayer(std::string_view id)
{
    const int group = numberAt(id, 3, 2);
    return id.front() == '9' && ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) ||
                                 (group >= 90 && group <= 92) || group >= 94);
}

bool isBritishInsurance(std::string_view id)
{
    constexpr std::string_view kNotFirst = "DFIQUV", kNotSecond = "DFIOQUV";
    for (const std::string_view none : {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}) {
        if (id.substr(0, 2) == none) return false;
    }
    return kNotFirst.find(id[0]) == std::string_view::npos &&
           kNotSecond.find(id[1]) == std::string_view::npos && id[8] >= 'A' && id[8] <= 'D';
}

bool isBritishHealth(std::string_view id)
{
    return !isZero(id) && passesMod11(id, {10, 9, 8, 7, 6, 5, 4, 3, 2}, false);
}

bool isCanadianInsurance(std::string_view id)
{
    return id.front() != '0' && id.front() != '8' && passesLuhn(id);
}

bool isAustralianTax(std::string_view id)
{
    return !isZero(id) && weighed(id, {1, 4, 3, 7, 5, 8, 6, 9, 10}) % 11 == 0;
}

bool isAustralianMedicare(std::string_view id)
{
    return id.front() >= '2' && id.front() <= '6' &&
           weighed(id, {1, 3, 7, 9, 1, 3, 7, 9}) % 10 == digitAt(id, 8);
}

bool isIndianAadhaar(std::string_view id)
{
    // Verhoeff's scheme: products in the dihedral group of order ten.
    constexpr std::array<std::string_view, 10> kProducts{
        "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
        "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"};
    constexpr std::array<std::string_view, 8> kPermutations{"0123456789", "1576283094", "5803796142",
                                                            "8916043527", "9453126870", "4286573901",
                                                            "2793806415", "7046913258"};
    int check = 0;
    for (std::size_t i = 0; i < id.size(); ++i) {
        const auto digit = static_cast<std::size_t>(digitAt(id, id.size() - 1 - i));
        const auto turned = static_cast<std::size_t>(kPermutations[i % 8][digit] - '0');
        check = kProducts[static_cast<std::size_t>(check)][turned] - '0';
    }
    return id.front() >= '2' && check == 0;
}

bool isIndianPan(std::string_view id)
{
    return std::string_view("ABCFGHJLPT").find(id[3]) != std::string_view::npos;
}

bool isSingaporean(std::string_view id)
{
    constexpr std::string_view kCitizens = "JZIHGFEDCBA", kForeigners = "XWUTRQPNMLK", kLater = "XWUTRQPNJLK";
    int sum = weighed(id.substr(1), {2, 7, 6, 5, 4, 3, 2});
    if (id.front() == 'T' || id.front() == 'G') sum += 4;
    if (id.front() == 'M') sum += 3;
    const auto place = static_cast<std::size_t>(sum % 11);
    switch (id.front()) {
    case 'S':
    case 'T':
        return kCitizens[place] == id.back();
    case 'F':
    case 'G':
        return kForeigners[place] == id.back();
    case 'M':
        return kLater[place] == id.back();
    default:
        return false;
    }
}

bool isSpanish(std::string_view id)
{
    std::string digits(id.substr(0, id.size() - 1));
    if (digits.front() >= 'X' && digits.front() <= 'Z')
        digits.front() = static_cast<char>(digits.front() - 'X' + '0');
    if (!isAsciiDigit(digits.front())) return false;
    return kSpanishLetters[static_cast<std::size_t>(remainder(digits, 23))] == id.back();
}

bool isFrench(std::string_view id)
{
    const int month = numberAt(id, 3, 2);
    const bool known = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
    return (id.front() == '1' || id.front() == '2') && known &&
           97 - remainder(id.substr(0, 13), 97) == numberAt(id, 13, 2);
}

bool isGermanTax(std::string_view id)
{
    std::array<int, 10> counts{};
    for (const char digit : id.substr(0, 10))
        ++counts[static_cast<std::size_t>(digit - '0')];
    int repeated = 0;
    for (const int count : counts)
        repeated += count > 1 ? 1 : 0;
    return id.front() != '0' && repeated == 1 && passesMod11And10(id);
}

bool isCroatian(std::string_view id)
{
    return passesMod11And10(id);
}

bool isDutch(std::string_view id)
{
    return !isZero(id) && weighed(id, {9, 8, 7, 6, 5, 4, 3, 2, -1}) % 11 == 0;
}

bool isBelgian(std::string_view id)
{
    const int month = numberAt(id, 2, 2) % 20, check = numberAt(id, 9, 2);
    const std::string since2000 = "2" + std::string(id.substr(0, 9));
    return month <= 12 && numberAt(id, 4, 2) <= 31 &&
           (97 - remainder(id.substr(0, 9), 97) == check || 97 - remainder(since2000, 97) == check);
}

bool isPortuguese(std::string_view id)
{
    return std::string_view("1235689").find(id.front()) != std::string_view::npos &&
           (passesMod11(id, {9, 8, 7, 6, 5, 4, 3, 2}, true) ||
            (weighed(id, {9, 8, 7, 6, 5, 4, 3, 2}) % 11 == 0 && id.back() == '0'));
}

bool isPolish(std::string_view id)
{
    const int month = numberAt(id, 2, 2) % 20;
    return isDay(numberAt(id, 4, 2), month) && weighed(id, {1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1}) % 10 == 0;
}

bool isSwedish(std::string_view id)
{
    const std::string_view ten = id.substr(id.size() - 10);
    const int day = numberAt(ten, 4, 2);
    // With 60 added to the day for those who are registered, but not residents.
    return isDay(day > 60 ? day - 60 : day, numberAt(ten, 2, 2)) && passesLuhn(ten);
}

bool isDanish(std::string_view id)
{
    return isDay(numberAt(id, 0, 2), numberAt(id, 2, 2));
}

bool isNorwegian(std::string_view id)
{
    const int day = numberAt(id, 0, 2) % 40, month = numberAt(id, 2, 2) % 40;
    return isDay(day, month) && passesMod11(id.substr(0, 10), {3, 7, 6, 1, 8, 9, 4, 5, 2}, false) &&
           passesMod11(id, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2}, false);
}

bool isFinnish(std::string_view id)
{
    constexpr std::string_view kChecks = "0123456789ABCDEFHJKLMNPRSTUVWXY";
    // The sign of the century between date and number is a letter now and then.
    const std::string digits = std::string(id.substr(0, 6)) + std::string(id.substr(id.size() - 4, 3));
    if (digits.find_first_not_of("0123456789") != std::string::npos) return false;
    return isDay(numberAt(digits, 0, 2), numberAt(digits, 2, 2)) &&
           kChecks[static_cast<std::size_t>(remainder(digits, 31))] == id.back();
}

bool isIrish(std::string_view id)
{
    constexpr std::string_view kLetters = "WABCDEFGHIJKLMNOPQRSTUV";
    int sum = weighed(id, {8, 7, 6, 5, 4, 3, 2});
    if (id.size() == 9 && id[8] != 'W') sum += 9 * (id[8] - 'A' + 1);
    return kLetters[static_cast<std::size_t>(sum % 23)] == id[7];
}

bool isAustrian(std::string_view id)
{
    const int check = weighed(id, {3, 7, 9, 0, 5, 8, 4, 2, 1, 6}) % 11;
    return id.front() != '0' && check == digitAt(id, 3) &&
           isDay(numberAt(id, 4, 2), numberAt(id, 6, 2) % 12 + 1);
}

bool isSwiss(std::string_view id)
{
    return id.starts_with("756") && weighed(id, {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1}) % 10 == 0;
}

bool isBrazilian(std::string_view id)
{
    if (id.find_first_not_of(id.front()) == std::string_view::npos) return false;
    const int first = weighed(id, {10, 9, 8, 7, 6, 5, 4, 3, 2}) * 10 % 11 % 10;
    const int second = weighed(id, {11, 10, 9, 8, 7, 6, 5, 4, 3, 2}) * 10 % 11 % 10;
    return first == digitAt(id, 9) && second == digitAt(id, 10);
}

bool isArgentinian(std::string_view id)
{
    const int kind = numberAt(id, 0, 2);
    const bool known = kind == 20 || (kind >= 23 && kind <= 27) || kind == 30 || kind == 33 || kind == 34;
    return known && passesMod11(id, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2}, true);
}

bool isChilean(std::string_view id)
{
    int sum = 0, weight = 2;
    for (std::size_t i = id.size() - 1; i-- > 0; weight = weight == 7 ? 2 : weight + 1) {
        if (!isAsciiDigit(id[i])) return false;
        sum += weight * digitAt(id, i);
    }
    const int check = 11 - sum % 11;
    return id.back() == (check == 11 ? '0' : check == 10 ? 'K' : static_cast<char>('0' + check));
}

bool isMexican(std::string_view id)
{
    return hasDate(id, 4) && (id[10] == 'H' || id[10] == 'M' || id[10] == 'X');
}

bool isSouthAfrican(std::string_view id)
{
    return hasDate(id, 0) && id[10] <= '2' && passesLuhn(id);
}

bool isChinese(std::string_view id)
{
    constexpr std::string_view kChecks = "10X98765432";
    const int sum = weighed(id, {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2});
    const int year = numberAt(id, 6, 4);
    return year >= 1850 && year <= 2100 && hasDate(id, 8) &&
           kChecks[static_cast<std::size_t>(sum % 11)] == id.back();
}

bool isKorean(std::string_view id)
{
    return hasDate(id, 0) && id[6] >= '1' && id[6] <= '8';
}

bool isJapanese(std::string_view id)
{
    const int rest = weighed(id, {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11;
    return (rest <= 1 ? 0 : 11 - rest) == id.back() - '0';
}

bool isTurkish(std::string_view id)
{
    const int odd = weighed(id, {1, 0, 1, 0, 1, 0, 1, 0, 1}), even = weighed(id, {0, 1, 0, 1, 0, 1, 0, 1});
    const int all = weighed(id, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
    return id.front() != '0' && ((odd * 7 - even) % 10 + 10) % 10 == digitAt(id, 9) &&
           all % 10 == digitAt(id, 10);
}

bool isIsraeli(std::string_view id)
{
    return !isZero(id) && passesLuhn(id);
}

bool isRomanian(std::string_view id)
{
    const int rest = weighed(id, {2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9}) % 11;
    return id.front() != '0' && hasDate(id, 1) && (rest == 10 ? 1 : rest) == digitAt(id, 12);
}

bool isBulgarian(std::string_view id)
{
    const int month = numberAt(id, 2, 2) % 20;
    return isDay(numberAt(id, 4, 2), month) &&
           weighed(id, {2, 4, 8, 5, 10, 9, 7, 3, 6}) % 11 % 10 == digitAt(id, 9);
}

bool isCzech(std::string_view id)
{
    const int month = numberAt(id, 2, 2) % 50;
    return isDay(numberAt(id, 4, 2), month > 20 ? month - 20 : month) && remainder(id, 11) == 0;
}

bool isGreek(std::string_view id)
{
    return !isZero(id) && weighed(id, {256, 128, 64, 32, 16, 8, 4, 2}) % 11 % 10 == digitAt(id, 8);
}

bool isBaltic(std::string_view id)
{
    int rest = weighed(id, {1, 2, 3, 4, 5, 6, 7, 8, 9, 1}) % 11;
    if (rest == 10) rest = weighed(id, {3, 4, 5, 6, 7, 8, 9, 1, 2, 3}) % 11;
    return id.front() >= '1' && id.front() <= '6' && hasDate(id, 1) && rest % 10 == digitAt(id, 10);
}

bool isThai(std::string_view id)
{
    const int sum = weighed(id, {13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2});
    return id.front() != '0' && (11 - sum % 11) % 10 == digitAt(id, 12);
}

bool isRussianPension(std::string_view id)
{
    const int sum = weighed(id, {9, 8, 7, 6, 5, 4, 3, 2, 1}) % 101;
    return (sum == 100 ? 0 : sum) == numberAt(id, 9, 2);
}

bool isTaiwanese(std::string_view id)
{
    // Letters stand for 10 to 35 in the order of this list.
    constexpr std::string_view kOrder = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
    const std::size_t place = kOrder.find(id.front());
    if (place == std::string_view::npos || (id[1] != '1' && id[1] != '2')) return false;
    const int letter = static_cast<int>(place) + 10;
    return (letter / 10 + letter % 10 * 9 + weighed(id.substr(1), {8, 7, 6, 5, 4, 3, 2, 1, 1})) % 10 == 0;
}

bool isMalaysian(std::string_view id)
{
    return hasDate(id, 0) && numberAt(id, 6, 2) != 0;
}

bool isUsProvider(std::string_view id)
{
    return (id.front() == '1' || id.front() == '2') && passesLuhn("80840" + std::string(id));
}

bool isUsMedicare(std::string_view id)
{
    constexpr std::string_view kNone = "SLOIBZ";
    for (const std::size_t place : {1u, 4u, 7u, 8u}) {
        if (isAsciiDigit(id[place]) || kNone.find(id[place]) != std::string_view::npos) return false;
    }
    return id.front() != '0' && id.find_first_of(kNone) == std::string_view::npos;
}

} // namespace gateway::guardrail
