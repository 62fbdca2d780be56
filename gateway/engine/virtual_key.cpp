// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include <openssl/rand.h>

#include "gateway/gateway.h"

#include "base/base64.h"
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

} // namespace gateway
