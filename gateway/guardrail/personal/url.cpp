// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

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
    // Goes on behind what was found: one may hold the beginnings of many.
    const auto add = [&](std::size_t start, std::size_t host) {
        const std::size_t end = urlEnd(text, host);
        found.push_back({start, end - start, Entity::Url});
        return end;
    };
    for (std::size_t at = text.find("://"); at != std::string_view::npos;) {
        std::size_t start = at, next = at + 3;
        while (start > 0 && isAsciiLetter(text[start - 1]) && at - start < 8)
            --start;
        const std::string scheme = lowered(text.substr(start, at - start));
        const std::size_t host = hostNameEnd(text, at + 3);
        if ((scheme == "http" || scheme == "https" || scheme == "ftp") && host != at + 3)
            next = std::max(next, add(start, host));
        at = text.find("://", next);
    }
    for (std::size_t at = text.find("www."); at != std::string_view::npos;) {
        std::size_t next = at + 4;
        const char left = scan.before(at);
        const std::size_t host = isWordByte(left) || left == '/' || left == '.' ? at : hostNameEnd(text, at);
        if (host > at + 4) next = std::max(next, add(at, host));
        at = text.find("www.", next);
    }
}

} // namespace gateway::guardrail
