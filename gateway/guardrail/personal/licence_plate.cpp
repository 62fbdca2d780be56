// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/pattern.h"
#include "guardrail/personal/finders.h"

namespace gateway::guardrail {

namespace {

const CalledBy& plateNames()
{
    static const CalledBy names(
        "plate|licence plate|license plate|number plate|registration|vehicle|kennzeichen|plaque"
        "|immatriculation|immatriculé|immatriculée|matrícula|matricula|targa|targata|kenteken"
        "|rejestracyjny|registreringsnummer|skilt|placa");
    return names;
}

/// What is on plates, by country; a space or a dash where there is one, or none.
constexpr std::string_view kPlates =
    "(?:"
    "[A-Z]{2}[0-9]{2}[ ]?[A-Z]{3}"                            // Britain
    "|(?:[A-Z]|Ä|Ö|Ü){1,3}[- ][A-Z]{1,2}[- ]?[0-9]{1,4}[EH]?" // Germany
    "|[A-Z]{2}[- ]?[0-9]{3}[- ]?[A-Z]{2}"                     // France, Italy
    "|[0-9]{4}[- ]?[A-Z]{3}"                                  // Spain
    "|[0-9]{1,2}[- ]?[A-Z]{3}[- ]?[0-9]{1,3}"                 // Netherlands, Belgium, California
    "|[A-Z]{1,3}[- ][0-9]{2,3}[- ][A-Z]{1,2}|[0-9]{2}-[A-Z]{2}-[A-Z0-9]{2}|[A-Z]{2}-[0-9]{2}-[0-9]{2}"
    "|[A-Z]{2}-[0-9]{2}-[A-Z]{2}"                        // Netherlands, Portugal
    "|[A-Z]{2,3}[- ]?[0-9A-Z][0-9]{3}[0-9A-Z]"           // Poland, Norway
    "|[A-Z]{2} ?[0-9]{2} ?[0-9]{3}"                      // Denmark
    "|[A-Z]{3}[- ]?[0-9]{2,3}[A-Z]?"                     // Sweden, Finland, Australia
    "|[A-Z]{1,2}[- ][0-9]{3,6} ?[A-Z]{0,2}"              // Austria, Switzerland
    "|[0-9]{2,3}-[A-Z]{1,2}-[0-9]{1,6}"                  // Ireland
    "|[A-Z]{2}[- ]?[0-9]{2}[- ]?[A-Z]{1,2}[- ]?[0-9]{4}" // India
    "|[A-Z]{3}[- ]?[0-9]{4}|[A-Z]{3}[0-9][A-Z][0-9]{2}"  // United States, Brazil
    "|[A-Z]{4}[- ]?[0-9]{3}"                             // Canada
    "|[A-Z][0-9]{3}[A-Z]{2} ?[0-9]{2,3}"                 // Russia, in Latin letters
    ")";

} // namespace

/// Where the words around speak of a plate: its shape alone says little.
void findLicencePlates(const Scan& scan, std::vector<Finding>& found)
{
    static const Result<Pattern> pattern = Pattern::ofBytes(kPlates);
    if (!pattern) return;
    for (std::size_t from = 0; from < scan.text.size();) {
        const auto match = pattern.value().find(scan.text, from);
        if (!match) break;
        const auto start = static_cast<std::size_t>(match->data() - scan.text.data());
        const std::size_t end = start + match->size();
        from = start + 1;
        if (!scan.standsAlone(start, end)) continue;
        if (!scan.isCalled(start, end, plateNames())) continue;
        found.push_back({start, end - start, Entity::LicencePlate});
        from = end;
    }
}

} // namespace gateway::guardrail
