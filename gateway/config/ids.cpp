// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/ids.h"

#include <algorithm>
#include <atomic>

namespace gateway {

namespace {

// Without i, l, o and u, which are misread.
constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::string_view kPrefix = "req_";
constexpr std::size_t kDigitCount = 13; // 65 bits hold a 64-bit number; the top digit is at most 7.
constexpr int kCounterBits = 12;
constexpr std::int64_t kMaxMicroseconds = INT64_MAX >> kCounterBits;

} // namespace

std::string RequestId::text() const
{
    std::string result(kPrefix);
    result.resize(kPrefix.size() + kDigitCount);
    auto rest = static_cast<std::uint64_t>(value);
    for (std::size_t i = result.size(); i-- > kPrefix.size();) {
        result[i] = kDigits[rest & 31U];
        rest >>= 5;
    }
    return result;
}

RequestId RequestId::parse(std::string_view text)
{
    if (text.size() != kPrefix.size() + kDigitCount || !text.starts_with(kPrefix)) return {};
    std::uint64_t value = 0;
    for (const char c : text.substr(kPrefix.size())) {
        const auto digit = kDigits.find(c);
        if (digit == std::string_view::npos || value >> 58 != 0) return {};
        value = value << 5 | digit;
    }
    return RequestId{static_cast<std::int64_t>(value)};
}

RequestId nextRequestId(std::int64_t nowMicroseconds)
{
    static std::atomic<std::int64_t> last{0};
    const std::int64_t wanted = std::clamp<std::int64_t>(nowMicroseconds, 0, kMaxMicroseconds)
                                << kCounterBits;
    std::int64_t seen = last.load(std::memory_order_relaxed);
    // A clock that stands or steps back only makes the counter run on.
    for (;;) {
        const std::int64_t next = std::max(wanted, seen + 1);
        if (last.compare_exchange_weak(seen, next, std::memory_order_relaxed)) return RequestId{next};
    }
}

} // namespace gateway
