// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include <openssl/rand.h>

#include "gateway/gateway.h"

#include "base/base64.h"
#include "base/iso_time.h"
#include "base/sha256.h"

namespace gateway {

FreshKey makeVirtualKey()
{
    std::array<unsigned char, 32> random{};
    FreshKey fresh;
    // Without good randomness no key is better than a guessable one.
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return fresh;
    std::string text = "tp-" + base64Url({reinterpret_cast<const char*>(random.data()), random.size()});
    fresh.sha256 = hexText(sha256(text));
    fresh.key = Secret(text);
    wipe(text);
    return fresh;
}

void put(const FreshKey& fresh, std::int64_t nowMicros, VirtualKeyConfig& config)
{
    // Enough to tell keys from each other, and nothing that would help to guess one.
    constexpr std::size_t kPrefixBytes = 7;
    config.sha256 = fresh.sha256;
    config.prefix = std::string(fresh.key.reveal().substr(0, kPrefixBytes));
    config.created = isoText(nowMicros / kMicrosPerSecond * kMicrosPerSecond);
}

void rotate(VirtualKeyConfig& config, const FreshKey& fresh, seconds overlap, std::int64_t nowMicros)
{
    config.former.reset();
    if (overlap > seconds(0)) {
        const std::int64_t until = nowMicros + overlap.count() * kMicrosPerSecond;
        config.former = FormerKey{config.sha256, isoText(until / kMicrosPerSecond * kMicrosPerSecond)};
    }
    put(fresh, nowMicros, config);
}

} // namespace gateway
