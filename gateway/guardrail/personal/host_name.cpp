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
constexpr std::array<std::string_view, 118> kGeneric{
    "academy",   "accountant",    "aero",        "agency",      "amsterdam", "app",        "arpa",
    "art",       "asia",          "auto",        "band",        "bank",      "bar",        "beauty",
    "berlin",    "best",          "bio",         "biz",         "blog",      "business",   "cafe",
    "capital",   "care",          "cat",         "center",      "chat",      "church",     "city",
    "cloud",     "club",          "coach",       "codes",       "college",   "com",        "community",
    "company",   "computer",      "consulting",  "coop",        "cool",      "design",     "dev",
    "digital",   "direct",        "doctor",      "earth",       "edu",       "education",  "email",
    "energy",    "engineer",      "engineering", "enterprises", "equipment", "estate",     "events",
    "example",   "expert",        "family",      "finance",     "fit",       "foundation", "fun",
    "fund",      "games",         "global",      "gmbh",        "gov",       "group",      "guide",
    "health",    "help",          "house",       "inc",         "info",      "ink",        "institute",
    "int",       "international", "jobs",        "law",         "legal",     "life",       "live",
    "llc",       "london",        "ltd",         "management",  "marketing", "media",      "mil",
    "mobi",      "museum",        "name",        "net",         "network",   "news",       "ngo",
    "one",       "online",        "org",         "page",        "paris",     "partners",   "photography",
    "post",      "pro",           "school",      "services",    "shop",      "site",       "social",
    "solutions", "space",         "store",       "studio",      "support",   "systems"};

constexpr std::array<std::string_view, 26> kMore{
    "team",  "tech",   "technology", "tel",   "test",   "tips",       "today", "tools", "top",
    "trade", "travel", "university", "vip",   "vision", "vlaanderen", "wales", "web",   "website",
    "wien",  "wiki",   "work",       "works", "world",  "xxx",        "xyz",   "zone"};

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
    return std::binary_search(kGeneric.begin(), kGeneric.end(), small) ||
           std::binary_search(kMore.begin(), kMore.end(), small);
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
