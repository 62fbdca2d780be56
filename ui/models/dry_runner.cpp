// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/dry_runner.h"

#include <memory>
#include <utility>

#include <QPromise>
#include <QThreadPool>

namespace ui {

QFuture<DryAnswer> startDryRun(const gateway::Config& config, const QString& dataFolder, const QString& body,
                               const gateway::RouteId& route)
{
    auto promise = std::make_shared<QPromise<DryAnswer>>();
    promise->start();
    QThreadPool::globalInstance()->start(
        [promise, config, folder = dataFolder.toStdString(), bytes = body.toStdString(), name = route.text] {
            DryAnswer answer;
            const auto result = gateway::dryRun(config, folder, bytes, name);
            if (result) {
                answer.run = result.value();
            } else {
                answer.problem = QString::fromStdString(result.error().message);
            }
            promise->addResult(std::move(answer));
            promise->finish();
        });
    return promise->future();
}

} // namespace ui
