// SPDX-License-Identifier: GPL-3.0-or-later
#include <boost/asio/post.hpp>

#include <QSaveFile>

#include "engine/gateway_private.h"
#include "engine/proxies.h"
#include "pipeline/model_table.h"
#include "pipeline/models_answer.h"

namespace gateway {

namespace {

constexpr const char* kNotRunning = "The gateway is not running. Start it, then look again.";

CatalogUpdate failedLook(CatalogOrigin origin, std::string problem)
{
    CatalogUpdate update;
    update.origin = origin;
    update.problem = std::move(problem);
    return update;
}

/// The address that a list is fetched from; the options' own goes first.
std::string urlOf(CatalogOrigin origin, const GatewayOptions& options)
{
    if (origin == CatalogOrigin::OpenRouter)
        return options.openRouterListUrl.empty() ? "https://openrouter.ai/api/v1/models"
                                                 : options.openRouterListUrl;
    return options.modelsDevListUrl.empty() ? "https://models.dev/api.json" : options.modelsDevListUrl;
}

} // namespace

bool Gateway::Private::serves() const
{
    return running && (activity.state == EngineState::Running || activity.state == EngineState::Paused);
}

void Gateway::Private::makeTable(std::function<void(ModelTable)> done)
{
    // The runtime is made here, as what it is made of lives here; the rest can wait for nobody.
    boost::asio::post(files, [runtime = makeRuntime(), problem = catalogs.problem(), done = std::move(done)] {
        ModelTable table = pipeline::modelTable(*runtime);
        table.updateProblem = problem;
        done(std::move(table));
    });
}

void Gateway::Private::look(CatalogOrigin origin, std::function<void(CatalogUpdate)> done)
{
    const auto base = upstream::parseBaseUrl(urlOf(origin, options));
    if (!serves() || !base) return done(failedLook(origin, kNotRunning));
    if (fetching) return done(failedLook(origin, "A look is under way already. Wait for it, or cancel it."));
    fetching = std::make_shared<engine::ListFetch>();
    fetching->origin = base->origin;
    fetching->target = base->path;
    fetching->origin.proxy = engine::proxyFor(base->origin, ProviderConfig(), file.config()->network);
    fetching->origin.seal();
    running->fetch(fetching, [this, origin, done = std::move(done)](Result<std::string> text) mutable {
        mailbox.post([this, origin, done = std::move(done), text = std::move(text)]() mutable {
            const auto fetch = std::exchange(fetching, nullptr);
            if (!text) return done(failedLook(origin, text.error().message));
            compareList(origin, std::move(text.value()), std::move(done));
        });
    });
}

void Gateway::Private::compareList(CatalogOrigin origin, std::string text,
                                   std::function<void(CatalogUpdate)> done)
{
    boost::asio::post(files, [this, origin, text = std::move(text), inForce = catalogs.inForce(),
                              runtime = makeRuntime(), done = std::move(done)]() mutable {
        engine::FoundUpdate found = engine::Catalogs::look(origin, text, *inForce, presets);
        pipeline::markOverridden(*runtime, found.answer.changes);
        mailbox.post([this, found = std::move(found), done = std::move(done)]() mutable {
            catalogs.keepFound(std::move(found.list));
            done(std::move(found.answer));
        });
    });
}

void Gateway::Private::changeCatalog(engine::Catalogs::Change change, std::function<void(QString)> done)
{
    boost::asio::post(files, [this, change = std::move(change), done = std::move(done)]() mutable {
        const Outcome outcome = engine::Catalogs::carryOut(change);
        mailbox.post([this, change = std::move(change), outcome, done = std::move(done)] {
            catalogs.adopt(change, outcome);
            if (outcome) refreshRuntime();
            done(outcome ? QString() : QString::fromStdString(outcome.error().message));
        });
    });
}

QFuture<ModelTable> Gateway::models()
{
    return d->later<ModelTable>([&](auto done) { d->makeTable(std::move(done)); });
}

QFuture<ModelTable> Gateway::refreshModels()
{
    return d->later<ModelTable>([&](auto done) {
        d->afterSecrets([this, done = std::move(done)]() mutable {
            if (!d->serves()) return d->makeTable(std::move(done));
            d->running->refreshLists(d->makeRuntime(), [this, done = std::move(done)]() mutable {
                d->mailbox.post([this, done = std::move(done)]() mutable { d->makeTable(std::move(done)); });
            });
        });
    });
}

QFuture<QString> Gateway::exportModels(const QString& path)
{
    return d->later<QString>([&](auto done) {
        boost::asio::post(d->files, [runtime = d->makeRuntime(), path, done = std::move(done)] {
            const std::string text =
                pipeline::modelListBody(pipeline::listModels(*runtime, nullptr), pipeline::ListShape::OpenAi);
            QSaveFile file(path);
            const bool written = file.open(QIODevice::WriteOnly) &&
                                 file.write(text.data(), static_cast<qint64>(text.size())) ==
                                     static_cast<qint64>(text.size()) &&
                                 file.commit();
            done(written ? QString()
                         : QStringLiteral("The file could not be written: %1. Choose another place.")
                               .arg(file.errorString()));
        });
    });
}

QFuture<CatalogUpdate> Gateway::lookForCatalogUpdate(CatalogOrigin origin)
{
    return d->later<CatalogUpdate>([&](auto done) { d->look(origin, std::move(done)); });
}

void Gateway::cancelCatalogUpdate()
{
    if (d->fetching && d->running) d->running->cancel(d->fetching);
}

QFuture<QString> Gateway::takeCatalogUpdate()
{
    return d->later<QString>([&](auto done) {
        auto change = d->catalogs.take();
        if (!change) return done(tr("There is nothing to take. Look for a newer list first."));
        d->changeCatalog(std::move(*change), std::move(done));
    });
}

QFuture<QString> Gateway::dropCatalogUpdate()
{
    return d->later<QString>([&](auto done) { d->changeCatalog(d->catalogs.drop(), std::move(done)); });
}

} // namespace gateway
