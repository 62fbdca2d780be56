// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/check.h"

#include <algorithm>

#include "base/strings.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kLeastHeld = 16; // words behind a number that tell what it is
constexpr std::size_t kMostHeld = 64;

bool isSpaceByte(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Where the run of bytes without a space that ends before `end` begins.
std::size_t runStart(std::string_view text, std::size_t end, std::size_t least)
{
    while (end > least && !isSpaceByte(text[end - 1]))
        --end;
    return end;
}

bool isNumberLike(std::string_view run)
{
    constexpr std::size_t kGroup = 4; // of letters, as in accounts
    return run.size() <= kGroup || std::any_of(run.begin(), run.end(), isAsciiDigit);
}

} // namespace

std::size_t Check::openSince(std::string_view text) const
{
    const std::size_t least = text.size() > kMostHeld ? text.size() - kMostHeld : 0;
    std::size_t open = runStart(text, text.size(), least);
    // Numbers are written in groups: the last word may go on with what stands before it.
    while (open > least) {
        const std::size_t end = open - 1; // a space
        const std::size_t start = runStart(text, end, least);
        if (start == end || !isNumberLike(text.substr(start, end - start))) break;
        open = start;
    }
    const std::size_t most = text.size() - std::min(text.size(), kLeastHeld);
    return std::min(open, runStart(text, most, least));
}

} // namespace gateway::guardrail
