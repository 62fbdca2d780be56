// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <future>

#include <QCoreApplication>

#include "support/http_client.h"

namespace e2e {

/// A call from a thread of its own, while servers of the test answer in this one.
inline support::HttpReply httpMeanwhile(quint16 port, const QByteArray& method, const QByteArray& path,
                                        const support::HeaderList& headers, const QByteArray& body)
{
    auto reply =
        std::async(std::launch::async, [&] { return support::http(port, method, path, headers, body); });
    while (reply.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 5);
    return reply.get();
}

} // namespace e2e
