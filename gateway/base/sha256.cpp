// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/sha256.h"

#include <memory>
#include <new>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/strings.h"

namespace gateway {

Sha256 sha256(std::string_view bytes)
{
    // The one-shot functions look the algorithm up at each call, which takes longer than a key's digest
    // itself.
    static const EVP_MD* const s_algorithm = [] {
        // What the library keeps for a thread is freed when that ends, also while the program leaves.
        OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
        return EVP_MD_fetch(nullptr, "SHA256", nullptr);
    }();
    thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> t_context(EVP_MD_CTX_new(),
                                                                                         &EVP_MD_CTX_free);
    Sha256 digest{};
    if (!t_context || EVP_DigestInit_ex2(t_context.get(), s_algorithm, nullptr) != 1 ||
        EVP_DigestUpdate(t_context.get(), bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(t_context.get(), digest.data(), nullptr) != 1)
        throw std::bad_alloc();
    return digest;
}

Sha256 hmacSha256(std::string_view key, std::string_view bytes)
{
    Sha256 digest{};
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data(), nullptr);
    return digest;
}

bool equalsInConstantTime(const Sha256& left, const Sha256& right)
{
    return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string hexText(const Sha256& digest)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(digest.size() * 2);
    for (const std::uint8_t byte : digest) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15U];
    }
    return text;
}

std::optional<Sha256> parseSha256(std::string_view hex)
{
    Sha256 digest{};
    if (hex.size() != digest.size() * 2) return std::nullopt;
    for (std::size_t i = 0; i < digest.size(); ++i) {
        const int high = hexValue(hex[2 * i]);
        const int low = hexValue(hex[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        digest[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return digest;
}

} // namespace gateway
