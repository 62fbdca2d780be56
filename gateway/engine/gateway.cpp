// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/gateway.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include <boost/asio/post.hpp>

#include "gateway/virtual_key.h"

#include "base/program_pages.h"
#include "base/wall_clock.h"
#include "embedded.h"
#include "engine/gateway_private.h"
#include "engine/health_report.h"
#include "engine/proxies.h"
#include "guardrail/secrets/secret_finder.h"

namespace gateway {

namespace {

constexpr int kSnapshotMs = 250;
constexpr int kProxyCheckMs = 60'000;
constexpr int kLogPatience = 5000;                 // ms that the log may take to say what was spent
constexpr std::int64_t kLongestLookMs = 3'600'000; // a timer holds no more than some days
constexpr const char* kFirstKeyName = "turnpike/default-key";

log_store::LogStoreOptions storeOptions(Gateway& door, engine::Mailbox& mailbox)
{
    log_store::LogStoreOptions options;
    options.notice = [&door, &mailbox](const std::string& text) {
        mailbox.post([&door, text = QString::fromStdString(text)] {
            emit door.note(static_cast<int>(LogLevel::Warn), text);
        });
    };
    return options;
}

/// It is part of the program: that it cannot be read is a mistake of ours that the tests find.
catalog::Catalog builtInCatalog()
{
    auto parsed = catalog::Catalog::parse(embedded::catalogJson);
    releasePages(embedded::catalogJson);
    return parsed ? std::move(parsed.value()) : catalog::Catalog();
}

/// Writes unless somebody else, `turnpiked key create` for one, has changed the file since it was read.
Outcome writeOver(const std::string& path, const std::string& seen, const std::string& text)
{
    const ConfigFileLock lock(path);
    const auto now = readConfigFile(path);
    if (!now) return now.error();
    if (now.value() != seen)
        return gatewayError(Code::Internal,
                            "The configuration file was just changed by another program. Try again.");
    return writeConfigFile(path, text);
}

} // namespace

Gateway::Private::Private(Gateway& door, GatewayOptions given)
    : q(door)
    , options(std::move(given))
    , file(options.configPath)
    , secrets(options.secrets)
    , catalogs(options.dataDir, builtInCatalog())
    , log(storeOptions(door, mailbox))
    , recorder(log, keyUses, [this] { mailbox.post([this] { follow(); }); })
    , health(healthMeans(), options.healthCheckSecond)
    , spend(spendMeans())
    , alerts(alertMeans())
    , questions(questionMeans())
    , desk(mailbox, questions, alerts)
{
    if (auto parsed = catalog::Presets::parse(embedded::providersJson)) presets = std::move(parsed.value());
    releasePages(embedded::providersJson);
    snapshotTimer.setSingleShot(true);
    snapshotTimer.setInterval(kSnapshotMs);
    drainTimer.setSingleShot(true);
    questionTimer.setSingleShot(true);
    QObject::connect(&questionTimer, &QTimer::timeout, &q, [this] {
        questions.expire(nowMicros());
        timeQuestions();
    });
    shared.desk = &desk;
    proxyTimer.setInterval(kProxyCheckMs);
    QObject::connect(&snapshotTimer, &QTimer::timeout, &q, [this] { takeSnapshot(); });
    circuitTimer.setSingleShot(true);
    QObject::connect(&circuitTimer, &QTimer::timeout, &q, [this] { takeSnapshot(); });
    QObject::connect(&drainTimer, &QTimer::timeout, &q, [this] { finishStop(); });
    QObject::connect(&proxyTimer, &QTimer::timeout, &q, [this] { refreshRuntime(); });
    QObject::connect(&file, &engine::ConfigFile::changed, &q, [this](bool outside) {
        keepRoutes(outside ? kFromFile : changedFrom);
        onConfigChanged();
    });
    QObject::connect(&file, &engine::ConfigFile::rejected, &q, [this] {
        takeSnapshot();
        emit q.configRejected();
    });
    QObject::connect(&secrets, &engine::SecretTable::changed, &q, [this] {
        refreshRuntime();
        takeSnapshot();
        if (secrets.pending()) return;
        for (const auto& job : std::exchange(afterSecretsJobs, {}))
            job();
    });
}

Gateway::Private::~Private()
{
    // First the threads that call in here, then what they call.
    health.stop();
    if (running) running->stop();
    origins.stop();
    files.join();
    cacheWork.join();
    log.stop();
    mailbox.close();
}

void Gateway::Private::start()
{
    activity.state = EngineState::Starting;
    shared.startedAt = std::chrono::duration_cast<std::chrono::microseconds>(
                           std::chrono::system_clock::now().time_since_epoch())
                           .count();
    shared.adminDesk = &adminDesk;
    if (auto opened = file.open(options.runOnBackup); !opened) {
        activity.state = EngineState::Failed;
        emit q.failed(QStringLiteral("config_invalid"), QString::fromStdString(opened.error().message));
        return;
    }
    const Config& config = *file.config();
    log.start(options.dataDir);
    answers.start(options.dataDir, [this](std::string text) {
        mailbox.post([this, text = QString::fromStdString(text)] {
            emit q.note(static_cast<int>(LogLevel::Warn), text);
        });
    });
    // Made beside the start: the first time it takes a tenth of a second.
    guardrail::SecretFinder::keepCompiledIn(std::filesystem::path(options.dataDir) / "patterns.cache");
    boost::asio::post(files, [] { std::ignore = guardrail::SecretFinder::shared().hyperscan(); });
    readAlerts();
    keepRoutes(kFromFile);
    if (const std::string problem = catalogs.load(); !problem.empty())
        emit q.note(static_cast<int>(LogLevel::Warn), QString::fromStdString(problem));
    shared.origins = &origins;
    ioThreads = config.server.ioThreads;
    running = std::make_unique<engine::Engine>(shared, recorder, ioThreads);
    host = config.server.host;
    configuredPort = options.port.value_or(config.server.port);
    auto bound = running->listen(host, configuredPort, options.portsToTry);
    if (!bound) {
        activity.state = EngineState::Failed;
        activity.configuredPort = configuredPort;
        const bool inUse = bound.error().detail == "in_use";
        emit q.failed(inUse ? QStringLiteral("port_in_use") : QStringLiteral("listen_failed"),
                      QString::fromStdString(bound.error().message));
        return;
    }
    port = bound.value();
    if (configuredPort == 0) configuredPort = port;
    secrets.load(config, false);
    if (config.server.requireKey && config.keys.empty()) makeFirstKey();
    const auto runtime = makeRuntime();
    toServe = runtime;
    spend.follow(runtime->budgets, runtime->readsSpend);
    // Where there is a budget, nobody is served before it knows what was spent.
    if (!spend.waits()) return serve(std::exchange(toServe, nullptr));
    QTimer::singleShot(kLogPatience, &q, [this] {
        if (!toServe || stopping) return;
        spend.giveUp();
        serve(std::exchange(toServe, nullptr));
    });
}

void Gateway::Private::serve(const std::shared_ptr<const pipeline::Runtime>& runtime)
{
    running->start(runtime);
    health.follow(runtime);
    activity.state = EngineState::Running;
    watchSystemProxy();
    keepCopy();
    readKeyUses();
    takeSnapshot();
    emit q.started();
}

engine::SpendWatch::Means Gateway::Private::spendMeans()
{
    engine::SpendWatch::Means means;
    means.ask = [this](std::int64_t since, std::function<void(log_store::SpentReply)> done) {
        log.spent(since, [this, done = std::move(done)](log_store::SpentReply reply) {
            mailbox.post([this, done, reply = std::move(reply)] {
                for (const std::string& name : reply.once)
                    shared.chargedOnce.note(name);
                done(reply);
            });
        });
    };
    means.tell = [this](const accounting::BudgetRule& rule, const engine::SpendWatch::Telling& telling) {
        tellBudget(rule, telling);
    };
    means.changed = [this] {
        if (toServe && !spend.waits() && !stopping) return serve(std::exchange(toServe, nullptr));
        if (activity.state == EngineState::Running) takeSnapshot();
    };
    return means;
}

void Gateway::Private::readKeyUses()
{
    if (file.config()->keys.empty()) return;
    log.keyUses([this](std::vector<KeyUse> uses) {
        mailbox.post([this, uses = std::move(uses)] {
            if (uses.empty()) return;
            keyUses.seed(uses);
            takeSnapshot();
        });
    });
}

void Gateway::Private::watchSystemProxy()
{
    const Config& config = *file.config();
    const auto asksSystem = [&config](const ProviderConfig& provider) {
        return (provider.proxy.empty() ? config.network.proxy : provider.proxy) == "system";
    };
    if (std::none_of(config.providers.begin(), config.providers.end(), asksSystem))
        proxyTimer.stop();
    else if (!proxyTimer.isActive())
        proxyTimer.start();
}

void Gateway::Private::keepCopy()
{
    if (file.text().empty()) return;
    boost::asio::post(files, [this, path = file.path(), text = file.text()] {
        if (auto kept = keepConfigCopy(path, text); !kept)
            mailbox.post([this, message = QString::fromStdString(kept.error().message)] {
                emit q.note(static_cast<int>(LogLevel::Warn), message);
            });
    });
}

void Gateway::Private::keepRoutes(const char* source)
{
    if (keptRoutes && *keptRoutes == file.config()->routes) return;
    keptRoutes = file.config()->routes;
    log_store::RoutesInForce now;
    now.time = std::chrono::duration_cast<std::chrono::microseconds>(
                   std::chrono::system_clock::now().time_since_epoch())
                   .count();
    now.source = source;
    for (const RouteConfig& route : *keptRoutes)
        now.routes.emplace_back(route.id.text, routeText(route));
    log.recordRoutes(std::move(now));
}

void Gateway::Private::makeFirstKey()
{
    FreshKey fresh = makeVirtualKey();
    Config config = *file.config();
    VirtualKeyConfig key;
    key.id = VirtualKeyId("default");
    key.sha256 = fresh.sha256;
    noteMade(key, fresh.key, nowMicros());
    config.keys.push_back(key);
    const std::string text = file.textWith(config);
    if (auto written = writeOver(file.path(), file.seen(), text); !written) {
        emit q.note(static_cast<int>(LogLevel::Error), QString::fromStdString(written.error().message));
    }
    file.adopt(text, std::make_shared<const Config>(std::move(config)));
    firstKey = fresh.key;
    if (!options.secrets) {
        emit q.firstKeyMade(QString());
        return;
    }
    options.secrets->write(kFirstKeyName, fresh.key, [door = QPointer<Gateway>(&q)](const Outcome& kept) {
        if (door) emit door->firstKeyMade(kept ? QString::fromLatin1(kFirstKeyName) : QString());
    });
}

std::shared_ptr<const pipeline::Runtime> Gateway::Private::makeRuntime()
{
    auto runtime = std::make_shared<pipeline::Runtime>(file.config(), port, catalogs.inForce(), presets);
    runtime->adminKey = secrets.adminKey(*file.config());
    runtime->secretsPending = secrets.pending();
    runtime->learnFrom(targetStates);
    runtime->spendFrom(spendKeeper);
    answers.follow(*file.config());
    runtime->machine = machine.flags();
    machine.setNeeded(runtime->readsMachine);
    for (pipeline::InquiryAddress& address : runtime->inquiryAddresses) {
        const GuardrailConfig& rule = address.rule->config;
        if (rule.secret) address.secret = secrets.find(*rule.secret);
        address.base.origin.proxy =
            engine::proxyFor(address.base.origin, ProviderConfig(), file.config()->network);
        address.base.origin.seal();
    }
    for (pipeline::ProviderRuntime& provider : runtime->providers) {
        provider.keys = secrets.keysOf(provider.config);
        provider.state = secrets.stateOf(provider.config.id);
        provider.base.origin.proxy =
            engine::proxyFor(provider.base.origin, provider.config, file.config()->network);
        provider.base.origin.seal();
    }
    return runtime;
}

std::shared_ptr<pipeline::ProviderRuntime> Gateway::Private::lonelyProvider(const ProviderConfig& provider,
                                                                            const Secret& key)
{
    auto config = std::make_shared<Config>();
    config->network = file.config()->network;
    config->providers.push_back(provider);
    const pipeline::Runtime runtime(config, port, catalogs.inForce(), presets);
    const pipeline::ProviderRuntime* found = runtime.findProvider(provider.id.text);
    if (!found) return nullptr;
    auto lonely = std::make_shared<pipeline::ProviderRuntime>(*found);
    lonely->base.origin.proxy = engine::proxyFor(lonely->base.origin, provider, config->network);
    lonely->base.origin.seal();
    if (!key.empty())
        lonely->keys.push_back({ProviderKeyId("new"), key, {}, 1, std::make_shared<pipeline::KeyHealth>()});
    return lonely;
}

void Gateway::Private::afterSecrets(std::function<void()> job)
{
    if (!secrets.pending()) return job();
    afterSecretsJobs.push_back(std::move(job));
}

void Gateway::Private::refreshRuntime()
{
    if (!running || port == 0) return;
    const auto runtime = makeRuntime();
    if (toServe) {
        toServe = runtime;
    } else {
        running->setRuntime(runtime);
        if (!stopping) health.follow(runtime);
    }
    spend.follow(runtime->budgets, runtime->readsSpend);
}

void Gateway::Private::onConfigChanged()
{
    const Config& config = *file.config();
    secrets.load(config, false);
    watchSystemProxy();
    if (running && config.server.ioThreads != ioThreads)
        emit q.note(static_cast<int>(LogLevel::Warn),
                    QStringLiteral("A change of server.io_threads holds from the next start on."));
    const std::uint16_t wanted = options.port.value_or(config.server.port);
    if (running && !options.port &&
        (config.server.host != host || (wanted != configuredPort && wanted != port))) {
        auto bound = running->listen(config.server.host, wanted, 1);
        if (bound) {
            host = config.server.host;
            port = bound.value();
            configuredPort = wanted == 0 ? port : wanted;
        } else {
            emit q.note(static_cast<int>(LogLevel::Error), QString::fromStdString(bound.error().message));
        }
    }
    refreshRuntime();
    keepCopy();
    takeSnapshot();
    emit q.configChanged();
}

void Gateway::Private::save(Config config, const std::function<void(std::vector<ConfigProblem>)>& done)
{
    std::vector<ConfigProblem> problems = validate(config);
    for (const ConfigProblem& problem : problems) {
        if (problem.weight != ConfigProblem::Weight::Error) continue;
        mailbox.post([done, problems] { done(problems); });
        return;
    }
    if (!file.inForce()) {
        problems.push_back({ConfigProblem::Weight::Error, "",
                            "The configuration file has problems and would be lost. Correct it first.", 0});
        mailbox.post([done, problems] { done(problems); });
        return;
    }
    std::string text = file.textWith(config);
    boost::asio::post(files, [this, text = std::move(text), path = file.path(), seen = file.seen(),
                              config = std::move(config), done]() mutable {
        const Outcome written = writeOver(path, seen, text);
        mailbox.post([this, text = std::move(text), config = std::move(config), done, written]() mutable {
            if (!written) {
                done({{ConfigProblem::Weight::Error, "", written.error().message, 0}});
                return;
            }
            file.adopt(std::move(text), std::make_shared<const Config>(std::move(config)));
            done({});
        });
    });
}

void Gateway::Private::setPaused(bool paused)
{
    shared.paused.store(paused);
    if (activity.state == EngineState::Running || activity.state == EngineState::Paused)
        activity.state = paused ? EngineState::Paused : EngineState::Running;
    takeSnapshot();
}

void Gateway::Private::stop()
{
    if (stopping) return;
    stopping = true;
    health.stop();
    questions.refuseAll();
    if (!running || toServe || activity.state == EngineState::Failed) {
        finishStop();
        return;
    }
    activity.state = EngineState::Draining;
    takeSnapshot();
    drainTimer.start(std::chrono::duration_cast<milliseconds>(file.config()->server.drain));
    running->drain([this] { mailbox.post([this] { finishStop(); }); });
}

void Gateway::Private::finishStop()
{
    if (activity.state == EngineState::Stopped) return;
    health.stop();
    drainTimer.stop();
    snapshotTimer.stop();
    circuitTimer.stop();
    questionTimer.stop();
    proxyTimer.stop();
    if (running) running->stop();
    log.stop();
    activity.state = EngineState::Stopped;
    emit q.activityChanged();
    emit q.stopped();
}

engine::HealthWatch::Means Gateway::Private::healthMeans()
{
    engine::HealthWatch::Means means;
    means.mayAsk = [this] { return running && activity.state == EngineState::Running; };
    means.ask = [this](std::shared_ptr<engine::HealthCall> call) { running->check(std::move(call)); };
    means.cancel = [this](std::shared_ptr<engine::HealthCall> call) { running->cancel(std::move(call)); };
    means.home = [this](std::function<void()> job) { mailbox.post(std::move(job)); };
    means.changed = [this] { takeSnapshot(); };
    return means;
}

void Gateway::Private::follow()
{
    if (!snapshotTimer.isActive()) snapshotTimer.start();
}

void Gateway::Private::reportTargets()
{
    const std::int64_t now = nowMicros();
    activity.targets = engine::targetHealth(*file.config(), targetStates, now);
    const std::int64_t next = engine::nextHalfOpen(activity.targets);
    circuitTimer.stop();
    if (next == 0 || stopping) return;
    // Rounded up: a timer that is early would find it open still.
    const std::int64_t wait = std::clamp<std::int64_t>((next - now) / 1000 + 1, 1, kLongestLookMs);
    circuitTimer.start(static_cast<int>(wait));
}

void Gateway::Private::reportSpending()
{
    const std::int64_t now = nowMicros();
    spend.look(now); // the clock may have been set
    spend.tellMarks(now);
    activity.budgets = spend.states(now);
    const auto& budgets = spend.table();
    activity.spentTodayNanos = budgets ? budgets->today().state(now).spent : 0;
}

void Gateway::Private::takeSnapshot()
{
    recorder.listen();
    activity.host = host;
    activity.port = port;
    activity.configuredPort = configuredPort;
    activity.startedAt = shared.startedAt;
    activity.activeRequests = shared.active.load();
    activity.openConnections = shared.openConnections.load();
    activity.requests = shared.requests.load();
    activity.failures = shared.failures.load();
    activity.lostLogRows = log.lostRows();
    activity.skippedShadows = shared.skippedShadows.load();
    activity.cache = answers.figures();
    activity.logProblem = log.problem();
    activity.lastLoggedId = log.lastLoggedId();
    activity.configProblem.clear();
    for (const ConfigProblem& problem : file.problems()) {
        if (problem.weight == ConfigProblem::Weight::Error && activity.configProblem.empty())
            activity.configProblem = problem.path + (problem.path.empty() ? "" : ": ") + problem.message;
    }
    activity.keychain = options.secrets ? options.secrets->state() : KeychainState::Unavailable;
    activity.keychainProblem = options.secrets ? options.secrets->problem() : std::string();
    activity.providers.clear();
    for (const ProviderConfig& provider : file.config()->providers)
        activity.providers.push_back(engine::healthOf(provider, secrets));
    reportSpending();
    activity.keyUses = keyUses.all();
    reportAlerts();
    reportTargets();
    // While something moves the window is told again; at rest nothing wakes up.
    const std::uint64_t rows = log.loggedRows();
    const bool moving =
        activity.requests != seenRequests || rows != seenRows || activity.activeRequests > 0 ||
        rows < activity.requests - std::min<std::uint64_t>(activity.requests, activity.lostLogRows);
    seenRequests = activity.requests;
    seenRows = rows;
    if (moving && !stopping) follow();
    emit q.activityChanged();
}

Gateway::Gateway(GatewayOptions options, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(*this, std::move(options)))
{
}

Gateway::~Gateway() = default;

void Gateway::start()
{
    d->mailbox.post([this] { d->start(); });
}

void Gateway::stop()
{
    d->mailbox.post([this] { d->stop(); });
}

void Gateway::stopNow()
{
    d->mailbox.post([this] {
        d->stopping = true;
        d->finishStop();
    });
}

void Gateway::pause()
{
    d->setPaused(true);
}

void Gateway::resume()
{
    d->setPaused(false);
}

std::shared_ptr<const Config> Gateway::config() const
{
    return d->file.config();
}

const ActivitySnapshot& Gateway::activity() const
{
    return d->activity;
}

const std::vector<ConfigProblem>& Gateway::configProblems() const
{
    return d->file.problems();
}

void Gateway::reload()
{
    d->secrets.load(*d->file.config(), true);
    d->file.reload();
    d->refreshRuntime();
}

Secret Gateway::takeFirstKey()
{
    return std::exchange(d->firstKey, Secret());
}

} // namespace gateway
