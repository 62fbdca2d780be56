// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <utility>

#include <QCryptographicHash>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "gateway/gateway.h"

#include "support/processes.h"

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

/// A virtual key of GatewayProcess::kKey in a configuration, with whatever else it has.
inline QJsonObject virtualKey(QJsonObject more = {})
{
    more[QStringLiteral("sha256")] = QString::fromLatin1(
        QCryptographicHash::hash(support::GatewayProcess::kKey, QCryptographicHash::Sha256).toHex());
    return more;
}

/// The same with this configuration, which is written first.
inline std::unique_ptr<gateway::Gateway> startedGateway(const QTemporaryDir& folder,
                                                        const QJsonObject& config)
{
    QFile file(folder.filePath(QStringLiteral("config.json")));
    if (!file.open(QIODevice::WriteOnly)) return nullptr;
    file.write(QJsonDocument(config).toJson());
    file.close();
    return startedGateway(folder);
}

} // namespace e2e
