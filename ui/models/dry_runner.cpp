// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/dry_runner.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include <QCoreApplication>
#include <QPromise>
#include <QRandomGenerator>
#include <QThreadPool>

namespace ui {
namespace {

/// `work` gets the promise and gives the result.
template <class T, class Work>
QFuture<T> start(Work work)
{
    auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, work = std::move(work)] {
        T result = work(*promise);
        if (!promise->isCanceled()) promise->addResult(std::move(result));
        promise->finish();
    });
    return promise->future();
}

/// Passes on how far the work is. False: it is not wanted any more.
template <class T>
bool tellProgress(QPromise<T>& promise, std::size_t done, std::size_t all)
{
    promise.setProgressRange(0, static_cast<int>(all));
    promise.setProgressValue(static_cast<int>(done));
    return !promise.isCanceled();
}

gateway::Result<gateway::DryRun> explained(const DryGround& ground, const DryQuestion& question)
{
    auto explainer = gateway::DryExplainer::make(ground.config, ground.dataFolder.toStdString());
    if (!explainer) return explainer.error();
    if (auto known = explainer->simulate(question.options.simulate); !known) return known.error();
    explainer->seed(QRandomGenerator::global()->generate());
    const std::string body = question.body.toStdString();
    return explainer->run(
        {body, question.options.route, question.logged ? &*question.logged : nullptr, question.headers});
}

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::RouteTest)
};

void noteOldFailures(RouteTestResults& results, const DryGround& inForce, const gateway::RouteId& changed)
{
    const auto isOthers = [&](const auto& each) { return !each.passed && each.route != changed.text; };
    if (std::none_of(results.begin(), results.end(), isOthers)) return;
    const RouteTestResults before =
        gateway::runRouteTests(inForce.config, inForce.dataFolder.toStdString(), {});
    for (gateway::RouteTestResult& result : results) {
        if (!isOthers(result)) continue;
        const bool failed = std::any_of(before.begin(), before.end(), [&](const auto& each) {
            return each.route == result.route && each.name == result.name && !each.passed;
        });
        if (failed) result.why += ' ' + Text::tr("(Without this change too.)").toStdString();
    }
}

} // namespace

QFuture<DryAnswer> startDryRun(const DryGround& ground, const DryQuestion& question)
{
    return start<DryAnswer>([ground, question](QPromise<DryAnswer>&) {
        auto run = explained(ground, question);
        DryAnswer answer;
        if (run) {
            answer.run = std::move(run.value());
        } else {
            answer.problem = QString::fromStdString(run.error().message);
        }
        return answer;
    });
}

QFuture<RouteTestResults> startRouteTests(const DryGround& ground, const gateway::RouteId& route)
{
    return start<RouteTestResults>([ground, route](QPromise<RouteTestResults>& promise) {
        return gateway::runRouteTests(
            ground.config, ground.dataFolder.toStdString(), route.text,
            [&promise](std::size_t done, std::size_t all) { return tellProgress(promise, done, all); });
    });
}

QFuture<RouteTestResults> startAllRouteTests(const DryGround& ground, const gateway::Config& inForce,
                                             const gateway::RouteId& changed)
{
    return start<RouteTestResults>([ground, inForce, changed](QPromise<RouteTestResults>& promise) {
        RouteTestResults results = gateway::runRouteTests(
            ground.config, ground.dataFolder.toStdString(), {},
            [&promise](std::size_t done, std::size_t all) { return tellProgress(promise, done, all); });
        if (!promise.isCanceled()) noteOldFailures(results, {inForce, ground.dataFolder}, changed);
        return results;
    });
}

QFuture<Replay> startReplay(const DryGround& ground, std::vector<gateway::LogRow> rows,
                            const gateway::DryRunOptions& options)
{
    return start<Replay>([ground, rows = std::move(rows), options](QPromise<Replay>& promise) {
        return replay(
            ground.config, ground.dataFolder, rows, options,
            [&promise](std::size_t done, std::size_t all) { return tellProgress(promise, done, all); });
    });
}

} // namespace ui
