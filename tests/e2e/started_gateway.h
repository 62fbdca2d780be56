// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <utility>

#include <QTemporaryDir>
#include <QTest>

#include "gateway/gateway.h"

namespace e2e {

/// A gateway within the test, on a free port, with config.json and its data in `folder`. Null: it did not
/// start.
inline std::unique_ptr<gateway::Gateway> startedGateway(const QTemporaryDir& folder,
                                                        gateway::GatewayOptions options = {})
{
    options.configPath = folder.filePath(QStringLiteral("config.json")).toStdString();
    options.dataDir = folder.filePath(QStringLiteral("data")).toStdString();
    options.port = 0;
    auto made = std::make_unique<gateway::Gateway>(std::move(options));
    bool started = false;
    QObject::connect(made.get(), &gateway::Gateway::started, made.get(), [&started] { started = true; });
    made->start();
    if (!QTest::qWaitFor([&started] { return started; }, 20'000)) made.reset();
    return made;
}

} // namespace e2e
