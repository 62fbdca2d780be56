// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <QByteArray>

namespace support {

/// A key that signs JSON Web Tokens, made anew in the test.
class TokenKey {
public:
    /// "RSA" with so many bits, or a curve: "P-256", "P-384".
    explicit TokenKey(const char* type, unsigned bits = 2048)
        : m_key(QByteArray(type) == "RSA" ? EVP_RSA_gen(bits) : EVP_EC_gen(type), EVP_PKEY_free), m_type(type)
    {
    }

    /// As a list has it. `more`: further members, each with a comma before it.
    [[nodiscard]] QByteArray jwk(const QByteArray& name, const QByteArray& more = {}) const
    {
        const QByteArray begin = R"({"kid":")" + name + "\"" + more;
        if (m_type == "RSA")
            return begin + R"(,"kty":"RSA","n":")" + number(OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" +
                   number(OSSL_PKEY_PARAM_RSA_E) + "\"}";
        const int size = coordinate();
        return begin + R"(,"kty":"EC","crv":")" + m_type + R"(","x":")" +
               number(OSSL_PKEY_PARAM_EC_PUB_X, size) + R"(","y":")" +
               number(OSSL_PKEY_PARAM_EC_PUB_Y, size) + "\"}";
    }

    [[nodiscard]] QByteArray token(const QByteArray& algorithm, const QByteArray& name,
                                   const QByteArray& claims) const
    {
        return signedText(algorithm, R"({"alg":")" + algorithm + R"(","typ":"JWT","kid":")" + name + "\"}",
                          claims);
    }
    /// With any head; `algorithm` is what it is signed with.
    [[nodiscard]] QByteArray signedText(const QByteArray& algorithm, const QByteArray& head,
                                        const QByteArray& claims) const
    {
        const QByteArray text = base64(head) + "." + base64(claims);
        return text + "." + base64(signature(algorithm, text));
    }
    [[nodiscard]] static QByteArray base64(const QByteArray& bytes)
    {
        return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    }

private:
    [[nodiscard]] int coordinate() const { return m_type == "P-256" ? 32 : 48; }

    [[nodiscard]] QByteArray number(const char* name, int size = 0) const
    {
        BIGNUM* value = nullptr;
        if (EVP_PKEY_get_bn_param(m_key.get(), name, &value) != 1) return {};
        QByteArray bytes = padded(value, size);
        BN_free(value);
        return base64(bytes);
    }

    static QByteArray padded(const BIGNUM* value, int size)
    {
        QByteArray bytes(size > 0 ? size : BN_num_bytes(value), '\0');
        BN_bn2binpad(value, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
        return bytes;
    }

    [[nodiscard]] QByteArray signature(const QByteArray& algorithm, const QByteArray& text) const
    {
        const EVP_MD* digest = algorithm.endsWith("384")   ? EVP_sha384()
                               : algorithm.endsWith("512") ? EVP_sha512()
                                                           : EVP_sha256();
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                              EVP_MD_CTX_free};
        EVP_PKEY_CTX* padding = nullptr;
        EVP_DigestSignInit(context.get(), &padding, digest, nullptr, m_key.get());
        if (algorithm.startsWith("PS")) {
            EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING);
            EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, RSA_PSS_SALTLEN_DIGEST);
        }
        const auto* bytes = reinterpret_cast<const unsigned char*>(text.constData());
        const auto length = static_cast<std::size_t>(text.size());
        std::size_t size = 0;
        EVP_DigestSign(context.get(), nullptr, &size, bytes, length);
        QByteArray made(static_cast<qsizetype>(size), '\0');
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(made.data()), &size, bytes, length);
        made.resize(static_cast<qsizetype>(size));
        return m_type == "RSA" ? made : twoNumbers(made);
    }

    /// As tokens have it, from DER.
    [[nodiscard]] QByteArray twoNumbers(const QByteArray& der) const
    {
        const auto* at = reinterpret_cast<const unsigned char*>(der.constData());
        ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
        if (!pair) return {};
        const QByteArray both =
            padded(ECDSA_SIG_get0_r(pair), coordinate()) + padded(ECDSA_SIG_get0_s(pair), coordinate());
        ECDSA_SIG_free(pair);
        return both;
    }

    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> m_key;
    QByteArray m_type;
};

} // namespace support
