// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/self_signed.h"

#include <cstdio>
#include <memory>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace e2e {

namespace {

template <auto close>
struct Closes {
    template <class T>
    void operator()(T* what) const
    {
        close(what);
    }
};

using Key = std::unique_ptr<EVP_PKEY, Closes<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Closes<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Closes<X509_EXTENSION_free>>;
using File = std::unique_ptr<std::FILE, Closes<std::fclose>>;

} // namespace

bool writeSelfSigned(const QString& certificatePath, const QString& keyPath, const char* names)
{
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(X509_new());
    if (!key || !certificate) return false;
    constexpr long kDay = 24L * 3600;
    X509* raw = certificate.get();
    X509_set_version(raw, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(raw), 1);
    X509_gmtime_adj(X509_getm_notBefore(raw), -kDay);
    X509_gmtime_adj(X509_getm_notAfter(raw), kDay);
    X509_set_pubkey(raw, key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(raw), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("fake upstream"), -1, -1, 0);
    X509_set_issuer_name(raw, X509_get_subject_name(raw));
    const Extension subject(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names));
    if (!subject || X509_add_ext(raw, subject.get(), -1) != 1) return false;
    if (X509_sign(raw, key.get(), EVP_sha256()) == 0) return false;
    const File certificateFile(std::fopen(certificatePath.toLocal8Bit().constData(), "w"));
    const File keyFile(std::fopen(keyPath.toLocal8Bit().constData(), "w"));
    return certificateFile && keyFile && PEM_write_X509(certificateFile.get(), raw) == 1 &&
           PEM_write_PrivateKey(keyFile.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1;
}

} // namespace e2e
