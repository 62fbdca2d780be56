// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "guardrail/personal/finders.h"
#include "guardrail/personal/id_checks.h"
#include "guardrail/personal/id_rules.h"

namespace gateway::guardrail {

namespace {

constexpr std::array kRules{
    IdRule{"US social security number", "!999-99-9999|999 99 9999|?999999999", isUsSocialSecurity,
           "ssn|social security"},
    IdRule{"US taxpayer number", "!999-99-9999|999 99 9999|?999999999", isUsTaxpayer, "itin|tax id|taxpayer"},
    IdRule{"British insurance number", "!AA999999A|!AA 99 99 99 A", isBritishInsurance, ""},
    IdRule{"Canadian insurance number", "999-999-999|999 999 999|999999999", isCanadianInsurance,
           "sin|social insurance"},
    IdRule{"Australian tax file number", "999 999 999|999-999-999|999999999", isAustralianTax,
           "tfn|tax file"},
    IdRule{"Indian Aadhaar number", "!9999 9999 9999|!9999-9999-9999|!9999:9999:9999|999999999999",
           isIndianAadhaar, "aadhaar|aadhar|uid"},
    IdRule{"Indian PAN", "!AAAAA9999A", isIndianPan, ""},
    IdRule{"Singaporean NRIC or FIN", "!A9999999A", isSingaporean, ""},
    IdRule{"Singaporean NRIC or FIN", "A9999999A", isAny, "nric|fin"},
    IdRule{"Spanish NIF", "!99999999a|!99999999-a|!9999999-a|9999999a", isSpanish, "nif|dni"},
    IdRule{"Spanish NIE", "!A9999999A|!A-9999999-A", isSpanish, ""},
    IdRule{"Italian fiscal code", "!AAAAAA99A99A999A|!AAAAAAXXAXXAXXXA", isAny, ""},
    IdRule{"French insurance number", "!999999999999999|!9 99 99 99 999 999 99", isFrench, ""},
    IdRule{"German tax number", "99999999999|99 999 999 999", isGermanTax,
           "steuer|steuer-id|idnr|identifikationsnummer|tax id|tin"},
    IdRule{"Dutch BSN", "?999999999|9999.99.999", isDutch, "bsn|burgerservicenummer|sofi"},
    IdRule{"Belgian national number", "!99.99.99-999.99|!99999999999", isBelgian, ""},
    IdRule{"Portuguese tax number", "?999999999|?999 999 999", isPortuguese, "nif|contribuinte"},
    IdRule{"Polish PESEL", "99999999999", isPolish, "pesel"},
    IdRule{"Swedish personal number", "!999999-9999|!99999999-9999|999999999999|9999999999", isSwedish,
           "personnummer|personal number"},
    IdRule{"Danish CPR number", "999999-9999|9999999999", isDanish, "cpr|personnummer"},
    IdRule{"Norwegian birth number", "!99999999999|!999999 99999", isNorwegian, ""},
    IdRule{"Finnish identity code", "!999999-999X|!999999A999X|!999999+999X", isFinnish, ""},
    IdRule{"Irish PPS number", "9999999A|9999999AA", isIrish, "pps|ppsn"},
    IdRule{"Austrian insurance number", "9999 999999|9999999999", isAustrian,
           "svnr|sozialversicherung|versicherungsnummer"},
    IdRule{"Swiss AHV number", "!756.9999.9999.99|!7569999999999", isSwiss, ""},
    IdRule{"Brazilian CPF", "!999.999.999-99|99999999999", isBrazilian, "cpf"},
    IdRule{"Argentinian CUIT", "!99-99999999-9|99999999999", isArgentinian, "cuit|cuil"},
    IdRule{"Chilean RUT", "!99.999.999-X|!9.999.999-X|99999999-X|9999999-X", isChilean, "rut|run"},
    IdRule{"Mexican CURP", "!AAAA999999AAAAAAX9", isMexican, ""},
    IdRule{"South African identity number", "!9999999999999|!999999 9999 999", isSouthAfrican, ""},
    IdRule{"Chinese identity number", "!99999999999999999X", isChinese, ""},
    IdRule{"Korean registration number", "!999999-9999999", isKorean, ""},
    IdRule{"Japanese individual number", "999999999999|9999 9999 9999", isJapanese,
           "my number|individual number|個人番号"},
    IdRule{"Turkish identity number", "99999999999", isTurkish, "kimlik|tckn|tc"},
    IdRule{"Israeli identity number", "?999999999", isIsraeli, "teudat|israeli id"},
    IdRule{"Romanian CNP", "!9999999999999", isRomanian, ""},
    IdRule{"Bulgarian EGN", "9999999999", isBulgarian, "egn"},
    IdRule{"Czech or Slovak birth number", "!999999/9999|9999999999", isCzech, "rodné|rodne|birth number"},
    IdRule{"Croatian OIB", "99999999999", isCroatian, "oib"},
    IdRule{"Greek tax number", "?999999999", isGreek, "afm|tax id"},
    IdRule{"Estonian or Lithuanian personal code", "99999999999", isBaltic, "isikukood|asmens|personal code"},
    IdRule{"Thai identity number", "!9-9999-99999-99-9|9999999999999", isThai, "thai id"},
    IdRule{"Russian SNILS", "!999-999-999 99|!999-999-999-99", isRussianPension, ""},
    IdRule{"Taiwanese identity number", "A999999999", isTaiwanese, "national id|taiwan"},
    IdRule{"Malaysian identity number", "!999999-99-9999", isMalaysian, ""},
    IdRule{"passport number", "?A99999999|?AA9999999|?999999999|?A9999999|?99AA99999", isAny, "passport"},
    IdRule{"driving licence",
           "?9999-99-9999|?A999999999999|?A99999999999999|?A99999999999|?AXXX-XXXX-XXXX|?A9999999|?A99999999|"
           "?999999999|?99999999|?9999999|?999999999999|?AA999999A|?AAAAA999999AA9AA",
           isAny,
           "driver's license|drivers license|driver license|driver's licence|driving licence|driving license|"
           "license number|licence number|licence is|license is"},
};

constexpr std::array kMedical{
    IdRule{"British NHS number", "999 999 9999|999-999-9999|9999999999", isBritishHealth, "nhs|patient"},
    IdRule{"Australian Medicare number", "9999 99999 9|9999999999", isAustralianMedicare, "medicare"},
    IdRule{"US Medicare number", "!9AX9-AX9-AA99|9AX9AX9AA99", isUsMedicare, "medicare|mbi"},
    IdRule{"US provider number", "9999999999", isUsProvider, "npi|provider"},
    IdRule{"medical record number", "?99999999|?9999999|?999999|?AA999999|?A9999999|?999-99-9999|?999999999",
           isAny, "mrn|medical record|patient id|patient number|health insurance"},
};

} // namespace

void findNationalIds(const Scan& scan, std::vector<Finding>& found)
{
    static const IdRules rules(kRules);
    rules.find(scan, Entity::NationalId, found);
}

void findMedicalNumbers(const Scan& scan, std::vector<Finding>& found)
{
    static const IdRules rules(kMedical);
    rules.find(scan, Entity::MedicalNumber, found);
}

} // namespace gateway::guardrail
