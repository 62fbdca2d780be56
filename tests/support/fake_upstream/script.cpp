// SPDX-License-Identifier: GPL-3.0-or-later
#include "script.h"

#include <algorithm>

namespace fake {

Script& Script::write(std::string bytes, uint64_t repeat)
{
    if (!bytes.empty() && repeat > 0) steps.push_back({Step::Kind::Write, std::move(bytes), repeat, {}});
    return *this;
}

Script& Script::wait(uint64_t ms)
{
    static constexpr uint64_t kLongestMs = 3'600'000;
    auto duration = std::chrono::milliseconds(std::min(ms, kLongestMs));
    if (ms > 0) steps.push_back({Step::Kind::Wait, {}, 1, duration});
    return *this;
}

Script& Script::reset()
{
    if (!steps.empty()) wait(50);
    return end(Step::Kind::Reset);
}

Script& Script::end(Step::Kind kind)
{
    steps.push_back({kind, {}, 1, {}});
    return *this;
}

} // namespace fake
