// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/glob.h"

#include <cstddef>

namespace gateway {

bool globMatches(std::string_view pattern, std::string_view text)
{
    // On a mismatch only the last star has to take one more: what stood before it is matched already.
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool isGlob(std::string_view pattern)
{
    return pattern.find_first_of("*?") != std::string_view::npos;
}

} // namespace gateway
