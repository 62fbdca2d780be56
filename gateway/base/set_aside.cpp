// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/set_aside.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <sys/stat.h>

namespace gateway {

std::string setAside(const std::string& path)
{
    std::time_t now = std::time(nullptr);
    std::string target;
    struct stat status {};
    do {
        std::tm utc{};
        std::array<char, 32> text{};
        gmtime_r(&now, &utc);
        std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%S", &utc);
        target = path + ".damaged-" + text.data();
        ++now;
    } while (::lstat(target.c_str(), &status) == 0);
    return ::rename(path.c_str(), target.c_str()) == 0 ? target : std::string();
}

} // namespace gateway
