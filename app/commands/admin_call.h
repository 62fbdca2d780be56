// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <QByteArray>
#include <QUrl>

#include "gateway/secrets.h"

namespace app {

/// How long an answer of the administration is waited for.
inline constexpr int kPatienceSeconds = 10;

struct AdminReply {
    int status = 0; // 0: none has come
    bool timedOut = false, tooLarge = false;
    QByteArray body = {};
    std::string problem = {}; // why the connection broke off
};

/// One call with the key, by no proxy, following no redirection. Blocking, in an event loop of its own. A
/// call that is not a GET is sent once at most, whatever becomes of the connection.
[[nodiscard]] AdminReply sendAdminCall(const QUrl& url, const gateway::Secret& key, const QByteArray& method,
                                       const QByteArray& body);

} // namespace app
