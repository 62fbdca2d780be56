// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "gateway/result.h"

namespace gateway::upstream {

/// TLS settings of one IO thread: one context per certificate store, and the last session of each origin so
/// that the next handshake is short. Verification cannot be switched off.
class TlsContexts {
public:
    TlsContexts() = default;
    TlsContexts(const TlsContexts&) = delete;
    TlsContexts& operator=(const TlsContexts&) = delete;
    ~TlsContexts();

    [[nodiscard]] Result<boost::asio::ssl::context*> find(const std::string& caFile);
    /// Prepares a connection for `host`: SNI, name check, the kept session of `poolKey`.
    [[nodiscard]] Outcome prepare(SSL* connection, const std::string& host, const std::string& poolKey);

private:
    static int keepSession(SSL* connection, SSL_SESSION* session);

    std::map<std::string, std::unique_ptr<boost::asio::ssl::context>> m_contexts;
    std::map<std::string, SSL_SESSION*> m_sessions;
};

} // namespace gateway::upstream
