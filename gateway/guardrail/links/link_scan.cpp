// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/links/link_scan.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/strings.h"
#include "guardrail/links/plain_host.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kMostAddress = 48; // characters of one part that are an address yet
constexpr std::size_t kMostScheme = 8;

bool endsAddress(char c)
{
    constexpr std::string_view kEnds = "\"<>`";
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7F || kEnds.find(c) != std::string_view::npos;
}

bool isSlash(char c)
{
    return c == '/' || c == '\\';
}

bool isSchemeLetter(char c)
{
    const char small = asciiLower(c);
    return small >= 'a' && small <= 'z';
}

bool isScheme(std::string_view name)
{
    constexpr std::string_view kSchemes[] = {"http", "https", "ftp", "ws", "wss"};
    return std::any_of(std::begin(kSchemes), std::end(kSchemes),
                       [name](std::string_view each) { return equalsIgnoreCase(name, each); });
}

/// Of an address from `from` on whose host ends at `host`. A bracket that it did not open ends it.
std::size_t addressEnd(std::string_view text, std::size_t from, std::size_t host)
{
    std::size_t end = host, open = 0;
    for (; end < text.size() && !endsAddress(text[end]); ++end) {
        if (text[end] == '(') ++open;
        if (text[end] != ')') continue;
        if (open == 0) break;
        --open;
    }
    // The bracket of an IPv6 address is its own.
    const bool bracketed = text.substr(from, host - from).find('[') != std::string_view::npos;
    const std::size_t least = bracketed ? host : from;
    constexpr std::string_view kBehind = ".,;:!?'*~|]}";
    while (end > least && kBehind.find(text[end - 1]) != std::string_view::npos)
        --end;
    return end;
}

/// Stands as a picture or a link: "](", "]: ", "<", "src=", "url(".
bool isShown(std::string_view text, std::size_t start)
{
    constexpr std::size_t kMostBlanks = 8;
    std::size_t at = start;
    const auto skipBlanks = [&] {
        const std::size_t least = at - std::min(at, kMostBlanks);
        while (at > least && (text[at - 1] == ' ' || text[at - 1] == '\t' || text[at - 1] == '\n'))
            --at;
    };
    if (at > 0 && (text[at - 1] == '<' || text[at - 1] == '"' || text[at - 1] == '\'')) --at;
    if (at < start && text[at] == '<') return true;
    skipBlanks();
    const std::string_view before = text.substr(0, at);
    if (before.ends_with("](") || before.ends_with("]:") || before.ends_with("](<")) return true;
    if (before.size() >= 4 && equalsIgnoreCase(before.substr(before.size() - 4), "url(")) return true;
    if (!before.ends_with('=')) return false;
    // An attribute's name, behind which blanks may stand.
    --at;
    skipBlanks();
    constexpr std::string_view kNames[] = {"src", "href", "srcset", "action", "poster", "background", "data"};
    return std::any_of(std::begin(kNames), std::end(kNames), [&](std::string_view name) {
        return at > name.size() && equalsIgnoreCase(text.substr(at - name.size(), name.size()), name) &&
               !isAsciiAlnum(text[at - name.size() - 1]);
    });
}

/// The link at `start` whose authority begins at `authority`; of no size where there is no host, or one
/// without a dot where there has to be one.
Link linkAt(std::string_view text, std::size_t start, std::size_t authority, bool needsDot)
{
    constexpr std::size_t kMostAuthority = 2048;
    constexpr std::string_view kEnds = "/?#\\)";
    Link link{start};
    std::size_t hostEnd = authority;
    while (hostEnd < text.size() && hostEnd - authority < kMostAuthority && !endsAddress(text[hostEnd]) &&
           kEnds.find(text[hostEnd]) == std::string_view::npos)
        ++hostEnd;
    std::string_view host = text.substr(authority, hostEnd - authority);
    if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
    const std::size_t bracket = host.starts_with('[') ? host.find(']') : 0;
    if (bracket == std::string_view::npos) return link;
    host = host.substr(0, host.find(':', bracket));
    if (bracket == 0) {
        while (!host.empty() && std::string_view(".,;!?'*~|]}").find(host.back()) != std::string_view::npos)
            host.remove_suffix(1);
    }
    link.host = plainHost(host);
    if (link.host.empty() || (needsDot && link.host.find('.') == std::string::npos)) return link;
    const std::size_t end = addressEnd(text, authority, hostEnd);
    if (end == authority) return link;
    link.size = end - start;
    link.rest = text.substr(hostEnd, end - std::min(end, hostEnd));
    link.shown = isShown(text, start);
    return link;
}

double bitsOfLetter(std::string_view text)
{
    std::array<unsigned, 256> counts{};
    for (const char c : text)
        ++counts[static_cast<unsigned char>(c)];
    double bits = 0;
    for (const unsigned count : counts) {
        if (count == 0) continue;
        const double share = static_cast<double>(count) / static_cast<double>(text.size());
        bits -= share * std::log2(share);
    }
    return bits;
}

/// Long, and neither words with hyphens between them nor one letter again and again.
bool isDense(std::string_view part)
{
    constexpr double kLeastBits = 2.8;
    constexpr std::size_t kLeastRun = 12; // letters between hyphens, on an average
    if (part.size() <= kMostAddress || bitsOfLetter(part) < kLeastBits) return false;
    const auto parted = std::count_if(part.begin(), part.end(), [](char c) { return c == '-' || c == '_'; });
    return part.size() / (static_cast<std::size_t>(parted) + 1) >= kLeastRun;
}

/// Escapes of spaces and lines: a sentence.
bool isSentence(std::string_view part)
{
    constexpr std::size_t kLeastSpaces = 4;
    if (part.size() <= kMostAddress) return false;
    std::size_t spaces = 0;
    for (std::size_t at = 0; at < part.size(); ++at) {
        const std::string_view left = part.substr(at);
        if (left.starts_with('+') || left.starts_with("%20") || startsWithIgnoreCase(left, "%0a") ||
            left.starts_with("%2B"))
            ++spaces;
    }
    return spaces >= kLeastSpaces;
}

/// Letters of other scripts, as titles of pages have them.
bool isEscapedTitle(std::string_view part)
{
    const std::string plain = percentDecoded(part);
    const auto high = std::count_if(plain.begin(), plain.end(),
                                    [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    return static_cast<std::size_t>(high) * 2 >= plain.size();
}

} // namespace

std::vector<Link> linksOf(std::string_view text)
{
    std::vector<Link> links;
    std::size_t done = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        std::size_t start = at, authority = at;
        if (c == ':') {
            while (start > done && at - start < kMostScheme && isSchemeLetter(text[start - 1]))
                --start;
            const bool known = isScheme(text.substr(start, at - start));
            authority = at + 1;
            while (authority < text.size() && isSlash(text[authority]))
                ++authority;
            if (!known || authority == at + 1) continue;
        } else if (c == '/' && text.substr(at).starts_with("//")) {
            authority = at + 2;
            if (at < done || !isShown(text, at)) continue;
        } else if ((c == 'w' || c == 'W') && startsWithIgnoreCase(text.substr(at, 4), "www.")) {
            if (at > 0 && (isAsciiAlnum(text[at - 1]) || text[at - 1] == '.' || text[at - 1] == '@'))
                continue;
        } else {
            continue;
        }
        // A host without a dot is one only where a scheme says so.
        Link link = linkAt(text, start, authority, c != ':');
        if (link.size == 0) continue;
        done = link.start + link.size;
        at = std::max(at, done - 1);
        links.push_back(std::move(link));
    }
    return links;
}

bool carriesData(const Link& link)
{
    const std::size_t query = std::min(link.rest.find_first_of("?#"), link.rest.size());
    for (std::size_t at = 0; at < link.rest.size();) {
        const std::size_t end = std::min(link.rest.find_first_of("/?&=#;,", at), link.rest.size());
        const std::string_view part = link.rest.substr(at, end - at);
        const bool dense = isDense(part);
        if (at > query && (dense || isSentence(part))) return true;
        if (at <= query && (dense || isSentence(part)) && !isEscapedTitle(part)) return true;
        at = end + 1;
    }
    // Names before the domain, without their dots.
    std::string names = link.host;
    for (int labels = 0; labels < 2; ++labels) {
        const std::size_t dot = names.rfind('.');
        names.resize(dot == std::string::npos ? 0 : dot);
    }
    std::erase(names, '.');
    return isDense(names);
}

std::size_t openLink(std::string_view text)
{
    constexpr std::size_t kMostHeld = 64;
    std::size_t start = text.size();
    while (start > 0 && !endsAddress(text[start - 1]))
        --start;
    if (text.size() - start <= kMostHeld) return start;
    // Of a long run only an address is held.
    const auto links = linksOf(text.substr(start));
    if (!links.empty()) return start + links.back().start;
    return text.size() - kMostScheme - 3;
}

bool mayHoldLink(std::string_view json)
{
    for (std::size_t at = 0; at + 1 < json.size(); ++at) {
        if (isSlash(json[at]) && (isSlash(json[at + 1]) || json[at + 1] == 'u')) return true;
        if (json[at] == ':' && isSlash(json[at + 1])) return true;
        if ((json[at] == 'w' || json[at] == 'W') && startsWithIgnoreCase(json.substr(at, 4), "www."))
            return true;
    }
    return false;
}

} // namespace gateway::guardrail
