// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include "base/pattern.h"
#include "guardrail/personal/finders.h"

namespace gateway::guardrail {

namespace {

// Of bytes, any that is not ASCII a letter; capitals of Latin, Greek and Cyrillic letters.
const char* const kCapital = R"((?:[A-Z]|\xc3[\x80-\x9e]|[\xc4\xc5\xce\xd0].))";
const char* const kLetters = R"([A-Za-z\x80-\xff-])";

std::string capitalWord()
{
    return std::string("(?:") + kCapital + R"([A-Za-z\x80-\xff'.-]*))";
}

std::string houseNumber()
{
    return R"((?:\d{1,5}(?: ?[a-zA-Z]\b)?(?:[-/]\d{1,4})?))";
}

/// "de la Paix", "Giuseppe Garibaldi".
std::string southernNames()
{
    const std::string links =
        R"((?:(?:de|du|des|do|da|dos|das|la|le|les|los|las|del|della|delle|dei|di|dal) |l(?:'|’)|d(?:'|’)|dell(?:'|’)))";
    return "(?:" + links + "{0,3}" + capitalWord() + "(?: " + links + "{0,3}" + capitalWord() + "){0,3})";
}

/// Behind a street's name or number: a flat.
std::string flat()
{
    return R"((?:,? ?(?:\n[>?, ]{0,5})?(?:Apt|Apartment|Suite|Unit|Flat)\.? ?#?\d\w{0,4}))";
}

std::string englishForm()
{
    return houseNumber() + " (?:(?:North|South|East|West|[NSEW]\\.?) )?" + "(?:" + capitalWord() + " ){1,3}" +
           R"((?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Way|Place|Pl|Terrace|Close|)"
           R"(Crescent|Square|Sq|Parkway|Pkwy|Highway|Hwy|Gardens|Grove|Trail|Circle|Alley|Mews|Quay|Parade|Str\.)\b\.?)";
}

/// Streets whose name is one word with what they are, or two, and the number behind: German, Dutch, Danish,
/// Norwegian, Swedish, Icelandic, Finnish.
std::string northernForms()
{
    const std::string one = std::string(kCapital) + kLetters +
                            "+(?:straße|strasse|str\\.|weg|platz|allee|gasse|damm|ufer|graben|zeile|straat|"
                            "laan|plein|gracht|kade|"
                            "dijk|singel|dreef|vej|vejen|veien|vegen|sgate|gata|gaten|gatan|vägen|stræde|"
                            "allé|torget|plads|stigen|"
                            "bakken|backen|gränd|stræti|stræde|straeti|vegur|braut|katu|ntie|kuja|polku) ";
    const std::string two =
        std::string("(?:") + kCapital + kLetters +
        "+[ -]){1,2}(?:Straße|Strasse|Str\\.|Weg|Platz|Allee|Gasse|Damm|Ufer|gate|gata|vei|"
        "vej|väg|gatan|vägen|plass|plads) ";
    return "(?:" + one + "|" + two + ")" + houseNumber();
}

/// Hungarian, Polish, Czech, Slovak, Slovene, Croatian, Turkish.
std::string easternForms()
{
    const std::string names = capitalWord() + "(?: " + capitalWord() + "){0,2}";
    const std::string number = R"(\d{1,4}(?:/\d{1,4})?)";
    return "(?:" + names + " (?:utca|út|u\\.|tér|útja|körút|köz) " + number +
           "\\.?|(?:ul\\.|al\\.|pl\\.|os\\.) " + names + " " + number +
           "|(?:[Tt]rg|[Cc]esta|[Uu]lica|[Uu]lice|[Nn]áměstí|[Nn]ámestie) (?:" + kLetters + "+ ){1,3}" +
           number + "|" + names + " (?:Caddesi|Cad\\.|Sokak|Sokağı|Sok\\.|Bulvarı)(?:,? No:?)? ?" + number +
           ")";
}

std::string frenchForm()
{
    return houseNumber() +
           R"((?: (?:bis|ter))?,? (?:[Rr]ue|[Aa]venue|[Aa]v\.|[Bb]oulevard|[Bb]d|[Pp]lace|[Cc]hemin|[Ii]mpasse|[Aa]llée|[Qq]uai|[Cc]ours|[Rr]oute) )" +
           southernNames();
}

std::string southernForm()
{
    return R"((?:Calle|C/|Avenida|Avda\.|Av\.|Plaza|Paseo|Camino|Ronda|Carrer|Rúa|Rua|Travessa|Praça|Alameda|Estrada|Via|Viale|Piazza|Corso|Largo|Vicolo) ?)" +
           southernNames() + R"((?:, ?| | ?n(?:º|°|\.) ?|, n(?:º|°|\.) ?))" + houseNumber();
}

/// Boxes of post offices, and of the United States' forces.
std::string boxForms()
{
    return R"((?:(?:P\. ?O\. ?Box|PO Box|Postfach|Postbus) \d{1,6}|(?:PSC|Unit|CMR) \d{1,5},? Box \d{1,5},?[ \n](?:APO|FPO|DPO),? A[AEP] \d{5}|US(?:NS|S|NV|CGC) )" +
           capitalWord() + R"((?: )" + capitalWord() + R"()?,?[ \n](?:APO|FPO|DPO),? A[AEP] \d{5}))";
}

/// A street in one of some twenty languages with its number, and the town behind it where it stands there.
std::string addressForms()
{
    const std::string word = std::string(kCapital) + R"([A-Za-z\x80-\xff'-]+)";
    const std::string town = R"((?:(?:,? ?\n|, | )(?:\d{4,5}(?: ?[A-Z]{2})? )(?:)" + word +
                             ")(?: (?:am|an der|" + word + ")){0,2})";
    const std::string overseas =
        "(?:(?:, (?:" + word +
        R"([ ]?){1,3})?,? (?:[A-Z]{2} \d{5}(?:-\d{4})?|[A-Z]{1,2}\d[0-9A-Z]? ?\d[A-Z]{2})))";
    const std::string before = R"((?:\d{1,5} )?)"; // as some write all numbers
    // Any name where a flat is behind.
    const std::string withFlat = "(?:" + before + "(?:" + capitalWord() + R"( ){1,4}\d{1,5}\.?|\d{1,5}(?: )" +
                                 capitalWord() + "){1,4})" + flat();
    return "(?:" + englishForm() + flat() + "?" + overseas + "?|" + before + "(?:" + northernForms() + "|" +
           easternForms() + "|" + frenchForm() + "|" + southernForm() + ")" + flat() + "?" + town + "?|" +
           boxForms() + "|" + withFlat + ")";
}

/// Any name with a number.
std::string looseForms()
{
    const std::string word = std::string(kCapital) + R"([a-z\x80-\xff'-]{2,}\.?)";
    const std::string names = word + "(?: (?:" + word + "|de|del|da|do|la)){0,3}";
    return "(?:" + names + R"( \d{1,4}\b(?: ?[a-z]\b)?|\d{1,5} )" + names + ")";
}

const CalledBy& addressNames()
{
    static const CalledBy names(
        "lives at|lives on|lives in|live at|live on|living at|located at|address:|address is|address to|"
        "address with|addresses|resides at|office is at|meet me at|meet you at|meet us at|taxi to|"
        "ship to|ship it to|deliver to|delivered to|sent to|send it to|anschrift|wohnt in|wohne in|wohnhaft|"
        "adresse|adres|habite|dirección|indirizzo|endereço|morada");
    return names;
}

/// `called`: only where the words around speak of an address.
void findForms(const Pattern& pattern, bool called, const Scan& scan, std::vector<Finding>& found)
{
    for (std::size_t from = 0; from < scan.text.size();) {
        const auto match = pattern.find(scan.text, from);
        if (!match) break;
        const auto start = static_cast<std::size_t>(match->data() - scan.text.data());
        const std::size_t end = start + match->size();
        from = end;
        if (!scan.standsAlone(start, end) || (called && !scan.nearBefore(start).holdsAny(addressNames())))
            continue;
        found.push_back({start, end - start, Entity::Address});
    }
}

} // namespace

void findAddresses(const Scan& scan, std::vector<Finding>& found)
{
    static const Result<Pattern> forms = Pattern::ofBytes(addressForms());
    static const Result<Pattern> loose = Pattern::ofBytes(looseForms());
    if (forms) findForms(forms.value(), false, scan, found);
    if (loose) findForms(loose.value(), true, scan, found);
}

} // namespace gateway::guardrail
