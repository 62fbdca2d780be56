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

constexpr std::size_t kReach = 64;

/// "git@host.org:path": where a repository or a folder is.
bool isRepository(const Scan& scan, std::size_t start, std::size_t at, std::size_t end)
{
    if (scan.at(end) != ':') return false;
    const std::string_view behind = scan.text.substr(end + 1, kReach);
    const std::string_view path = behind.substr(0, behind.find_first_of(" \t\r\n\"'<>"));
    return scan.text.substr(start, at - start) == "git" ? !path.empty()
                                                        : path.find('/') != std::string_view::npos;
}

/// "//user:password@host": a part of an address.
bool isLogin(const Scan& scan, std::size_t start)
{
    const std::string_view before =
        scan.text.substr(start > kReach ? start - kReach : 0, std::min(start, kReach));
    const std::size_t space = before.find_last_of(" \t\r\n\"'<>");
    const std::string_view word = before.substr(space == std::string_view::npos ? 0 : space + 1);
    return scan.before(start) == '@' || word.ends_with("://") ||
           (word.ends_with(':') && word.find("://") != std::string_view::npos);
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
        if (isRepository(scan, start, at, end) || isLogin(scan, start)) continue;
        found.push_back({start, end - start, Entity::Email});
    }
}

} // namespace gateway::guardrail
