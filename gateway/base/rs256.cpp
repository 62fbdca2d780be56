// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/rs256.h"

#include <cstddef>
#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace gateway {

namespace {

constexpr std::size_t kMaxPemBytes = 64 * 1024;

template <auto Free>
struct Deleter {
    template <class T>
    void operator()(T* object) const
    {
        Free(object);
    }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;

PrivateKey readKey(std::string_view pem)
{
    if (pem.size() > kMaxPemBytes) return nullptr;
    const Bio source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    // Without one OpenSSL would ask at the terminal.
    const auto noPassword = [](char*, int, int, void*) { return 0; };
    PrivateKey key(source ? PEM_read_bio_PrivateKey(source.get(), nullptr, noPassword, nullptr) : nullptr);
    if (key && EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) key.reset();
    return key;
}

} // namespace

std::optional<std::string> rs256(std::string_view pem, std::string_view text)
{
    const PrivateKey key = readKey(pem);
    const Digest digest(EVP_MD_CTX_new());
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t size = 0;
    if (!key || !digest || EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
        EVP_DigestSign(digest.get(), nullptr, &size, bytes, text.size()) != 1)
        return std::nullopt;
    std::string signature(size, '\0');
    auto* out = reinterpret_cast<unsigned char*>(signature.data());
    if (EVP_DigestSign(digest.get(), out, &size, bytes, text.size()) != 1) return std::nullopt;
    signature.resize(size);
    return signature;
}

} // namespace gateway
