// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "guardrail/personal/finders.h"
#include "guardrail/personal/host_name.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kMaxLocalBytes = 64; // RFC 5321, section 4.5.3.1.1

bool isLocalByte(char c)
{
    constexpr std::string_view kMarks = ".!#$%&'*+-/=?^`{|}~";
    return isWordByte(c) || kMarks.find(c) != std::string_view::npos;
}

/// Where the name before the "@" begins; npos: there is none.
std::size_t localStart(std::string_view text, std::size_t at)
{
    std::size_t start = at;
    while (start > 0 && at - start < kMaxLocalBytes && isLocalByte(text[start - 1]))
        --start;
    // Marks that quote or join it rather than belong to it.
    constexpr std::string_view kNotFirst = ".'`{}|/=&?*~";
    for (std::size_t place = at; place > start; --place) {
        if (text[place - 1] == '=' || text[place - 1] == '/' || text[place - 1] == '?') start = place;
    }
    while (start < at && kNotFirst.find(text[start]) != std::string_view::npos)
        ++start;
    const std::string_view local = text.substr(start, at - start);
    const bool isName = !local.empty() && local.back() != '.' && local.find("..") == std::string_view::npos;
    return isName ? start : std::string_view::npos;
}

} // namespace

void findEmails(const Scan& scan, std::vector<Finding>& found)
{
    const std::string_view text = scan.text;
    for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        const std::size_t start = localStart(text, at);
        if (start == std::string_view::npos) continue;
        const std::size_t end = hostNameEnd(text, at + 1);
        if (end == at + 1) continue;
        // "git@host.org:path" is where a repository is, "user:password@host" a part of an address.
        const bool isRepository =
            scan.at(end) == ':' && (isWordByte(scan.at(end + 1)) || scan.at(end + 1) == '/');
        const bool isLogin = scan.before(start) == ':' || scan.before(start) == '@';
        const bool isScheme = start >= 3 && text.substr(start - 3, 3) == "://";
        if (isRepository || (isLogin && !scan.isCalled(start, start, {"mailto", "mail", "email"})) ||
            isScheme)
            continue;
        found.push_back({start, end - start, Entity::Email});
    }
}

} // namespace gateway::guardrail
