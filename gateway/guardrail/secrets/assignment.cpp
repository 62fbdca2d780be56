// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/secrets/assignment.h"

#include <algorithm>
#include <string>

#include "guardrail/secrets/likeness.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kValueReach = 80; // from a word of a name to its value
constexpr std::size_t kLongestValue = 160;

// Names that have a word of secrets in them and hold none.
constexpr auto kHarmlessNames = std::to_array<std::string_view>(
    {"public",    "primary",     "foreign",    "cache",       "sort",      "partition", "hash",
     "keyid",     "keyname",     "keyword",    "keycode",     "keypath",   "keyfile",   "tokentype",
     "tokenurl",  "tokenid",     "tokencount", "tokenizer",   "maxtoken",  "csrf",      "fingerprint",
     "checksum",  "digest",      "secretname", "secretref",   "secretarn", "sha",       "md5",
     "integrity", "commit",      "authorid",   "keyboard",    "keyspace",  "s3key",     "objectkey",
     "rowkey",    "idempotency", "registry",   "tokenaddress"});

enum Mark : std::uint8_t { kOther, kNamePart, kOperator, kFiller };

constexpr std::array<std::uint8_t, 256> marks()
{
    std::array<std::uint8_t, 256> made = {};
    for (int byte = 0; byte < 256; ++byte) {
        const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        if (letter || (byte >= '0' && byte <= '9')) made[static_cast<std::size_t>(byte)] = kNamePart;
    }
    for (const char byte : std::string_view("_-."))
        made[static_cast<unsigned char>(byte)] = kNamePart;
    for (const char byte : std::string_view("=:>,|"))
        made[static_cast<unsigned char>(byte)] = kOperator;
    for (const char byte : std::string_view(" \t\"'`[](){}?*&$\\"))
        made[static_cast<unsigned char>(byte)] = kFiller;
    return made;
}

constexpr std::array<std::uint8_t, 256> kMarks = marks();

std::uint8_t markOf(char byte)
{
    return kMarks[static_cast<unsigned char>(byte)];
}

bool isLower(char byte)
{
    return byte >= 'a' && byte <= 'z';
}
bool isUpper(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}

std::size_t skipTo(std::string_view text, std::size_t place)
{
    while (place < text.size() && (markOf(text[place]) == kOperator || markOf(text[place]) == kFiller))
        ++place;
    for (const std::string_view scheme : {"Bearer ", "bearer ", "Basic ", "Token ", "token "}) {
        if (text.substr(place, scheme.size()) == scheme) return place + scheme.size();
    }
    return place;
}

/// The name around a word, in lower case and without what separates its parts.
std::string wholeName(std::string_view text, std::size_t place, std::size_t size)
{
    std::size_t first = place, last = place + size;
    while (first > 0 && place - first < 40 && markOf(text[first - 1]) == kNamePart)
        --first;
    while (last < text.size() && last - place < 40 && markOf(text[last]) == kNamePart)
        ++last;
    std::string name;
    for (const char byte : text.substr(first, last - first)) {
        if (isUpper(byte))
            name += static_cast<char>(byte + 32);
        else if (byte != '_' && byte != '-' && byte != '.')
            name += byte;
    }
    return name;
}

/// Whether the word is one of the name's own, not the end of "monkey" or the beginning of "tokenize".
bool standsAlone(std::string_view text, std::size_t place, std::size_t size)
{
    if (place > 0 && isLower(text[place - 1]) && !isUpper(text[place])) return false;
    if (place > 0 && isUpper(text[place - 1]) && isUpper(text[place])) return false;
    std::size_t after = place + size;
    if (after < text.size() && (text[after] == 's' || text[after] == 'S')) ++after;
    if (after >= text.size()) return true;
    if (isLower(text[after])) return false;
    return !(isUpper(text[after]) && isUpper(text[after - 1]));
}

bool endsGenericValue(char byte)
{
    return static_cast<unsigned char>(byte) <= ' ' ||
           std::string_view("\"'`<>(){}[],;\\|").find(byte) != std::string_view::npos;
}

std::size_t genericEnd(std::string_view text, std::size_t start, bool password)
{
    std::size_t end = start;
    while (end < text.size() && end - start <= kLongestValue && !endsGenericValue(text[end])) {
        const char byte = text[end];
        if (!password && std::string_view("=:&?#!$%^*@").find(byte) != std::string_view::npos) break;
        ++end;
    }
    while (!password && end < text.size() && end > start && text[end] == '=' && end - start <= kLongestValue)
        ++end;
    return end;
}

bool isHarmless(const std::string& name)
{
    return std::any_of(kHarmlessNames.begin(), kHarmlessNames.end(),
                       [&name](std::string_view each) { return name.find(each) != std::string::npos; });
}

bool isQuotedBetween(std::string_view text, std::size_t first, std::size_t last)
{
    const std::string_view between = text.substr(first, last - first);
    if (between.substr(0, 5) == "value") return false;
    return between.substr(0, between.find_first_of("=:>,|")).find_first_of("\"'`") != std::string_view::npos;
}

} // namespace

namespace {

/// Where it goes on in "name: KEY" and, on the next line, "value: …"; `place` else.
std::size_t behindLineEnd(std::string_view text, std::size_t place)
{
    std::size_t next = place;
    while (next < text.size() && next - place < 20 && static_cast<unsigned char>(text[next]) <= ' ')
        ++next;
    return text.substr(next, 6) == "value:" ? next : place;
}

} // namespace

ValueStarts valueStarts(std::string_view text, std::size_t from)
{
    ValueStarts starts;
    int words = 0;
    const std::size_t last = std::min(text.size(), from + kValueReach);
    for (std::size_t place = from; place < last && starts.count < starts.places.size();) {
        const std::uint8_t mark = markOf(text[place]);
        if (mark == kOther) {
            const std::size_t next = behindLineEnd(text, place);
            if (next == place) break;
            place = next;
            continue;
        }
        if (mark != kOperator) {
            // So many words are a sentence.
            words += text[place] == ' ' && text[place - 1] != ' ' ? 1 : 0;
            if (words > 3) break;
            ++place;
            continue;
        }
        words = 0;
        place = skipTo(text.substr(0, std::min(text.size(), last + 8)), place);
        starts.places[starts.count++] = place;
    }
    return starts;
}

std::string_view genericWords()
{
    return "key apikey token secret password passwd passphrase pwd pass credential creds auth access "
           "authorization";
}

std::optional<Found> genericValue(std::string_view text, std::size_t place, std::size_t size,
                                  std::size_t& read)
{
    if (place < read || !standsAlone(text, place, size)) return std::nullopt;
    const ValueStarts starts = valueStarts(text, place + size);
    if (starts.count == 0) return std::nullopt;
    const bool password = text[place] == 'p' || text[place] == 'P';
    for (std::size_t i = 0; i < starts.count; ++i) {
        const std::size_t start = starts.places[i];
        // Behind a type the value of the same name may follow, behind a quoted value only another's.
        if (i > 0 && isQuotedBetween(text, starts.places[i - 1], start)) break;
        if (start < read) continue;
        const std::size_t end = genericEnd(text, start, password);
        if (end - start < 8) continue;
        read = end;
        // A call, a member or a text that goes on is code, or a value of another sort.
        if (end - start > kLongestValue) continue;
        if (end < text.size() && std::string_view("([{@:").find(text[end]) != std::string_view::npos)
            continue;
        const std::string_view value = text.substr(start, end - start);
        const bool alike = password ? looksLikePassword(value) : looksRandom(value);
        if (alike && !isHarmless(wholeName(text, place, size)))
            return Found{start, end - start, password ? "password" : "generic_secret"};
    }
    return std::nullopt;
}

} // namespace gateway::guardrail
