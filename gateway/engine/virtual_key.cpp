// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/virtual_key.h"

#include <array>
#include <utility>

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

void noteMade(VirtualKeyConfig& key, const Secret& secret, std::int64_t nowMicros)
{
    constexpr std::size_t kShown = 8; // "tp-" and 30 of 256 bits: enough to tell keys apart, of no other use
    key.prefix = secret.reveal().substr(0, kShown);
    key.created = isoText(nowMicros);
}

VirtualKeyConfig rotated(VirtualKeyConfig key, const Secret& secret, const std::string& sha256,
                         std::chrono::seconds overlap, std::int64_t nowMicros)
{
    key.former.reset();
    if (overlap.count() > 0)
        key.former =
            FormerKey{std::move(key.sha256), isoText(nowMicros + overlap.count() * kMicrosPerSecond)};
    key.sha256 = sha256;
    noteMade(key, secret, nowMicros);
    return key;
}

} // namespace gateway
