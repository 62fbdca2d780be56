// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/personal/host_name.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/strings.h"
#include "guardrail/personal/scan.h"

namespace gateway::guardrail {

namespace {

// The codes of countries that IANA's root zone has as domains, one after the other.
constexpr std::string_view kCountries =
    "acadaeafagaialamaoaqarasatauawaxazbabbbdbebfbgbhbibjbmbnbobrbsbtbwbybzcacccdcfcgchcickclcmcncocrcucvcwcx"
    "cyczdedjdkdmdodzeceeegereseteufifjfkfmfofrgagbgdgegfggghgiglgmgngpgqgrgsgtgugwgyhkhmhnhrhthuidieilimin"
    "ioiqirisitjejmjojpkekgkhkikmknkpkrkwkykzlalblclilklrlsltlulvlymamcmdmemgmhmkmlmmmnmompmqmrmsmtmumvmw"
    "mxmymznancnenfngninlnonpnrnunzompapepfpgphpkplpmpnprpsptpwpyqarerorsrurwsasbscsdsesgshsisjskslsmsnsosr"
    "ssstsusvsxsysztctdtftgthtjtktltmtntotrtttvtwtzuaugukusuyuzvavcvevgvivnvuwfwsyeytzazmzw";

// Others that addresses of people and pages are at; sorted.
constexpr auto kGeneric = std::to_array<std::string_view>(
    {"academy",    "accountant", "aero",       "agency",        "amsterdam",   "app",         "arpa",
     "art",        "asia",       "auto",       "baby",          "band",        "bank",        "bar",
     "bayern",     "beauty",     "berlin",     "best",          "bio",         "biz",         "blog",
     "boutique",   "brussels",   "business",   "cafe",          "camp",        "capital",     "care",
     "cash",       "cat",        "center",     "chat",          "church",      "city",        "cloud",
     "club",       "coach",      "codes",      "college",       "cologne",     "com",         "community",
     "company",    "computer",   "consulting", "cool",          "coop",        "desi",        "design",
     "dev",        "digital",    "direct",     "doctor",        "earth",       "edu",         "education",
     "email",      "energy",     "engineer",   "engineering",   "enterprises", "equipment",   "estate",
     "events",     "example",    "expert",     "family",        "farm",        "film",        "finance",
     "fit",        "foundation", "fun",        "fund",          "games",       "gift",        "global",
     "gmail",      "gmbh",       "google",     "gov",           "group",       "guide",       "hamburg",
     "health",     "help",       "homes",      "house",         "icu",         "inc",         "info",
     "ink",        "institute",  "int",        "international", "istanbul",    "jobs",        "koeln",
     "lat",        "law",        "legal",      "life",          "link",        "live",        "llc",
     "london",     "love",       "ltd",        "management",    "marketing",   "media",       "melbourne",
     "mil",        "mobi",       "moda",       "mom",           "museum",      "name",        "net",
     "network",    "news",       "ngo",        "ninja",         "nrw",         "nyc",         "one",
     "online",     "org",        "page",       "paris",         "partners",    "photography", "post",
     "pro",        "ruhr",       "school",     "services",      "shop",        "site",        "social",
     "solutions",  "space",      "store",      "studio",        "support",     "swiss",       "sydney",
     "systems",    "team",       "tech",       "technology",    "tel",         "test",        "tips",
     "tirol",      "today",      "tokyo",      "tools",         "top",         "trade",       "travel",
     "university", "vip",        "vision",     "vlaanderen",    "wales",       "web",         "website",
     "wien",       "wiki",       "work",       "works",         "world",       "wtf",         "xxx",
     "xyz",        "yoga",       "zone"});
static_assert(std::is_sorted(kGeneric.begin(), kGeneric.end()));

constexpr std::size_t kMaxLabelBytes = 63, kMaxHostBytes = 253; // RFC 1035, section 2.3.4

bool isLabelByte(char c)
{
    return (isWordByte(c) && c != '_') || c == '-';
}

} // namespace

bool isTopLevel(std::string_view label)
{
    const std::string small = lowered(label);
    if (small.starts_with("xn--")) return small.size() > 4;
    // Names in other scripts are top-level domains in their own right, and no code looks like them.
    if (!small.empty() && static_cast<unsigned char>(small.front()) >= 0x80) return true;
    if (small.size() == 2) {
        for (std::size_t i = 0; i + 1 < kCountries.size(); i += 2) {
            if (kCountries.substr(i, 2) == small) return true;
        }
        return false;
    }
    return std::binary_search(kGeneric.begin(), kGeneric.end(), small);
}

std::size_t hostNameEnd(std::string_view text, std::size_t start)
{
    std::size_t end = start; // of the longest name so far
    std::size_t label = start;
    for (std::size_t at = start; at - start <= kMaxHostBytes; ++at) {
        const bool goesOn = at < text.size() && isLabelByte(text[at]);
        if (goesOn) continue;
        const std::string_view name = text.substr(label, at - label);
        const bool isLabel =
            !name.empty() && name.size() <= kMaxLabelBytes && name.front() != '-' && name.back() != '-';
        if (!isLabel) break;
        if (label > start && isTopLevel(name)) end = at;
        if (at >= text.size() || text[at] != '.') break;
        label = at + 1;
    }
    // "a.com_b" is no name that ends there.
    return end < text.size() && text[end] == '_' ? start : end;
}

} // namespace gateway::guardrail
