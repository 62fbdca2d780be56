// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/// The checksums and ranges of national identification numbers, each as its issuer's documents or ISO 7064
/// say. They take the letters and digits alone, of the right number and kind at each place.
namespace gateway::guardrail {

[[nodiscard]] bool isUsSocialSecurity(std::string_view id);
[[nodiscard]] bool isUsTaxpayer(std::string_view id);
[[nodiscard]] bool isBritishInsurance(std::string_view id);
[[nodiscard]] bool isBritishHealth(std::string_view id);
[[nodiscard]] bool isCanadianInsurance(std::string_view id);
[[nodiscard]] bool isAustralianTax(std::string_view id);
[[nodiscard]] bool isAustralianMedicare(std::string_view id);
[[nodiscard]] bool isIndianAadhaar(std::string_view id);
[[nodiscard]] bool isIndianPan(std::string_view id);
[[nodiscard]] bool isSingaporean(std::string_view id);
[[nodiscard]] bool isSpanish(std::string_view id);
[[nodiscard]] bool isFrench(std::string_view id);
[[nodiscard]] bool isGermanTax(std::string_view id);
[[nodiscard]] bool isCroatian(std::string_view id);
[[nodiscard]] bool isDutch(std::string_view id);
[[nodiscard]] bool isBelgian(std::string_view id);
[[nodiscard]] bool isPortuguese(std::string_view id);
[[nodiscard]] bool isPolish(std::string_view id);
[[nodiscard]] bool isSwedish(std::string_view id);
[[nodiscard]] bool isDanish(std::string_view id);
[[nodiscard]] bool isNorwegian(std::string_view id);
[[nodiscard]] bool isFinnish(std::string_view id);
[[nodiscard]] bool isIrish(std::string_view id);
[[nodiscard]] bool isAustrian(std::string_view id);
[[nodiscard]] bool isSwiss(std::string_view id);
[[nodiscard]] bool isBrazilian(std::string_view id);
[[nodiscard]] bool isArgentinian(std::string_view id);
[[nodiscard]] bool isChilean(std::string_view id);
[[nodiscard]] bool isMexican(std::string_view id);
[[nodiscard]] bool isSouthAfrican(std::string_view id);
[[nodiscard]] bool isChinese(std::string_view id);
[[nodiscard]] bool isKorean(std::string_view id);
[[nodiscard]] bool isJapanese(std::string_view id);
[[nodiscard]] bool isTurkish(std::string_view id);
[[nodiscard]] bool isIsraeli(std::string_view id);
[[nodiscard]] bool isRomanian(std::string_view id);
[[nodiscard]] bool isBulgarian(std::string_view id);
[[nodiscard]] bool isCzech(std::string_view id);
[[nodiscard]] bool isGreek(std::string_view id);
[[nodiscard]] bool isBaltic(std::string_view id);
[[nodiscard]] bool isThai(std::string_view id);
[[nodiscard]] bool isRussianPension(std::string_view id);
[[nodiscard]] bool isTaiwanese(std::string_view id);
[[nodiscard]] bool isMalaysian(std::string_view id);
[[nodiscard]] bool isUsProvider(std::string_view id);
[[nodiscard]] bool isUsMedicare(std::string_view id);
/// Every number of that shape.
[[nodiscard]] bool isAny(std::string_view id);

} // namespace gateway::guardrail
