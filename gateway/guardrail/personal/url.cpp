// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/personal/finders.h"
#include "guardrail/personal/host_name.h"

namespace gateway::guardrail {

namespace {

bool endsUrl(char c)
{
    constexpr std::string_view kEnds = "\"'<>`{}|\\^";
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7F || kEnds.find(c) != std::string_view::npos;
}

std::size_t urlEnd(std::string_view text, std::size_t from)
{
    std::size_t end = from;
    while (end < text.size() && !endsUrl(text[end]))
        ++end;
    // What a sentence puts behind it.
    constexpr std::string_view kBehind = ".,;:!?)]";
    while (end > from && kBehind.find(text[end - 1]) != std::string_view::npos)
        --end;
    return end;
}

} // namespace

/// http, https and ftp addresses, and bare names that begin with "www.".
void findUrls(const Scan& scan, std::vector<Finding>& found)
{
    const std::string_view text = scan.text;
    for (std::size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 3)) {
        std::size_t start = at;
        while (start > 0 && isAsciiLetter(text[start - 1]) && at - start < 8)
            --start;
        const std::string scheme = lowered(text.substr(start, at - start));
        if (scheme != "http" && scheme != "https" && scheme != "ftp") continue;
        const std::size_t host = hostNameEnd(text, at + 3);
        if (host != at + 3) found.push_back({start, urlEnd(text, host) - start, Entity::Url});
    }
    for (std::size_t at = text.find("www."); at != std::string_view::npos; at = text.find("www.", at + 4)) {
        if (isWordByte(scan.before(at)) || scan.before(at) == '/' || scan.before(at) == '.') continue;
        const std::size_t host = hostNameEnd(text, at);
        if (host > at + 4) found.push_back({at, urlEnd(text, host) - at, Entity::Url});
    }
}

} // namespace gateway::guardrail
