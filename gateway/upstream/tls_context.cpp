// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/tls_context.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <openssl/ssl.h>

namespace gateway::upstream {

namespace ssl = boost::asio::ssl;

namespace {

/// What a connection must remember until its session ticket arrives, which may be long after the handshake.
struct SessionSlot {
    std::map<std::string, SSL_SESSION*>* sessions;
    std::string key;
};

int slotIndex()
{
    static const int index = SSL_get_ex_new_index(
        0, nullptr, nullptr, nullptr,
        [](void*, void* slot, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<SessionSlot*>(slot); });
    return index;
}

} // namespace

TlsContexts::~TlsContexts()
{
    for (auto& [key, session] : m_sessions)
        SSL_SESSION_free(session);
}

int TlsContexts::keepSession(SSL* connection, SSL_SESSION* session)
{
    auto* slot = static_cast<SessionSlot*>(SSL_get_ex_data(connection, slotIndex()));
    if (!slot) return 0;
    SSL_SESSION*& kept = (*slot->sessions)[slot->key];
    if (kept) SSL_SESSION_free(kept);
    kept = session;
    return 1; // we own the reference now
}

Result<ssl::context*> TlsContexts::find(const std::string& caFile)
{
    auto& slot = m_contexts[caFile];
    if (slot) return slot.get();
    auto context = std::make_unique<ssl::context>(ssl::context::tls_client);
    boost::system::error_code error;
    context->set_options(
        ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, error);
    if (caFile.empty())
        context->set_default_verify_paths(error);
    else
        context->load_verify_file(caFile, error);
    if (error) {
        return upstreamError(Code::UpstreamTlsError, Retry::NextTarget,
                             "The certificates in `" + caFile + "` cannot be read (" + error.message() +
                                 "). Correct the provider's ca_file.");
    }
    context->set_verify_mode(ssl::verify_peer, error);
    static const unsigned char kHttp11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    SSL_CTX_set_alpn_protos(context->native_handle(), kHttp11, sizeof kHttp11);
    SSL_CTX_set_session_cache_mode(context->native_handle(),
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context->native_handle(), &TlsContexts::keepSession);
    slot = std::move(context);
    return slot.get();
}

Outcome TlsContexts::prepare(SSL* connection, const std::string& host, const std::string& poolKey)
{
    boost::system::error_code notAnAddress;
    boost::asio::ip::make_address(host, notAnAddress);
    bool ready = true;
    if (notAnAddress) {
        ready = SSL_set_tlsext_host_name(connection, host.c_str()) == 1 &&
                SSL_set1_host(connection, host.c_str()) == 1;
    } else {
        ready = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), host.c_str()) == 1;
    }
    if (!ready) {
        return upstreamError(Code::UpstreamTlsError, Retry::NextTarget,
                             "TLS cannot be set up for the host name `" + host + "`.");
    }
    SSL_set_ex_data(connection, slotIndex(), new SessionSlot{&m_sessions, poolKey});
    if (const auto kept = m_sessions.find(poolKey); kept != m_sessions.end() && kept->second)
        SSL_set_session(connection, kept->second);
    return Done{};
}

} // namespace gateway::upstream
