// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/jws.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

namespace gateway {

namespace {

template <auto Free>
struct JwsFree {
    template <class T>
    void operator()(T* object) const
    {
        Free(object);
    }
};
using JwsPublicKey = std::unique_ptr<EVP_PKEY, JwsFree<EVP_PKEY_free>>;
using JwsKeyContext = std::unique_ptr<EVP_PKEY_CTX, JwsFree<EVP_PKEY_CTX_free>>;
using JwsDigest = std::unique_ptr<EVP_MD_CTX, JwsFree<EVP_MD_CTX_free>>;
using JwsNumber = std::unique_ptr<BIGNUM, JwsFree<BN_free>>;
using JwsBuilder = std::unique_ptr<OSSL_PARAM_BLD, JwsFree<OSSL_PARAM_BLD_free>>;
using JwsParams = std::unique_ptr<OSSL_PARAM, JwsFree<OSSL_PARAM_free>>;
using JwsPair = std::unique_ptr<ECDSA_SIG, JwsFree<ECDSA_SIG_free>>;

struct JwsAlgorithm {
    std::string_view name;
    const char* keyType;
    const EVP_MD* (*digest)();
    bool pss;
    std::string_view curve; // of EC keys
    const char* group;      // the same to OpenSSL
    std::size_t coordinate; // bytes
};
constexpr std::array kJwsAlgorithms{JwsAlgorithm{"RS256", "RSA", EVP_sha256, false, {}, "", 0},
                                    JwsAlgorithm{"RS384", "RSA", EVP_sha384, false, {}, "", 0},
                                    JwsAlgorithm{"RS512", "RSA", EVP_sha512, false, {}, "", 0},
                                    JwsAlgorithm{"PS256", "RSA", EVP_sha256, true, {}, "", 0},
                                    JwsAlgorithm{"PS384", "RSA", EVP_sha384, true, {}, "", 0},
                                    JwsAlgorithm{"PS512", "RSA", EVP_sha512, true, {}, "", 0},
                                    JwsAlgorithm{"ES256", "EC", EVP_sha256, false, "P-256", "P-256", 32},
                                    JwsAlgorithm{"ES384", "EC", EVP_sha384, false, "P-384", "P-384", 48}};

constexpr int kLeastRsaBits = 2048;
constexpr std::size_t kMostModulus = 1024, kMostExponent = 8; // bytes; larger ones only cost time

JwsNumber jwsNumber(std::string_view bytes)
{
    return JwsNumber(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                               static_cast<int>(bytes.size()), nullptr));
}

JwsPublicKey jwsKeyOf(const char* type, OSSL_PARAM_BLD* builder)
{
    const JwsParams params(OSSL_PARAM_BLD_to_param(builder));
    const JwsKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* made = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
        return nullptr;
    return JwsPublicKey(made);
}

JwsPublicKey rsaKeyOf(const JwsKey& key)
{
    const bool fits = !key.modulus.empty() && key.modulus.size() <= kMostModulus && !key.exponent.empty() &&
                      key.exponent.size() <= kMostExponent;
    if (!fits) return nullptr;
    const JwsNumber modulus = jwsNumber(key.modulus), exponent = jwsNumber(key.exponent);
    const JwsBuilder builder(OSSL_PARAM_BLD_new());
    if (!modulus || !exponent || !builder || BN_num_bits(modulus.get()) < kLeastRsaBits ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1)
        return nullptr;
    return jwsKeyOf("RSA", builder.get());
}

JwsPublicKey curveKeyOf(const JwsKey& key, const JwsAlgorithm& algorithm)
{
    if (key.curve != algorithm.curve || key.x.size() != algorithm.coordinate ||
        key.y.size() != algorithm.coordinate)
        return nullptr;
    const std::string point = "\x04" + key.x + key.y; // not compressed
    const JwsBuilder builder(OSSL_PARAM_BLD_new());
    if (!builder ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, algorithm.group, 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) != 1)
        return nullptr;
    return jwsKeyOf("EC", builder.get());
}

/// JWT puts the two numbers of such a signature one behind the other, OpenSSL wants them as DER.
std::string derOf(std::string_view signature, std::size_t coordinate)
{
    if (signature.size() != 2 * coordinate) return {};
    JwsNumber first = jwsNumber(signature.substr(0, coordinate));
    JwsNumber second = jwsNumber(signature.substr(coordinate));
    const JwsPair pair(ECDSA_SIG_new());
    if (!first || !second || !pair || ECDSA_SIG_set0(pair.get(), first.get(), second.get()) != 1) return {};
    static_cast<void>(first.release()); // the pair's now
    static_cast<void>(second.release());
    const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
    if (size <= 0) return {};
    std::string der(static_cast<std::size_t>(size), '\0');
    auto* out = reinterpret_cast<unsigned char*>(der.data());
    if (i2d_ECDSA_SIG(pair.get(), &out) != size) return {};
    return der;
}

} // namespace

bool verifiesJws(std::string_view algorithm, const JwsKey& key, std::string_view text,
                 std::string_view signature)
{
    const auto* const row = std::find_if(kJwsAlgorithms.begin(), kJwsAlgorithms.end(),
                                         [&](const JwsAlgorithm& each) { return each.name == algorithm; });
    if (row == kJwsAlgorithms.end()) return false;
    const bool isCurve = !row->curve.empty();
    const JwsPublicKey made = isCurve ? curveKeyOf(key, *row) : rsaKeyOf(key);
    const std::string der = isCurve ? derOf(signature, row->coordinate) : std::string(signature);
    const JwsDigest digest(EVP_MD_CTX_new());
    EVP_PKEY_CTX* context = nullptr; // the digest's
    if (!made || der.empty() || !digest ||
        EVP_DigestVerifyInit(digest.get(), &context, row->digest(), nullptr, made.get()) != 1)
        return false;
    if (row->pss && (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) != 1 ||
                     EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) != 1))
        return false;
    return EVP_DigestVerify(digest.get(), reinterpret_cast<const unsigned char*>(der.data()), der.size(),
                            reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

} // namespace gateway
