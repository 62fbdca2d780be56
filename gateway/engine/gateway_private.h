// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <thread>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <QPointer>
#include <QPromise>
#include <QTimer>

#include "gateway/gateway.h"

#include "catalog/presets.h"
#include "engine/admin_desk.h"
#include "engine/alert_book.h"
#include "engine/cache_desk.h"
#include "engine/catalogs.h"
#include "engine/config_file.h"
#include "engine/engine.h"
#include "engine/health_watch.h"
#include "engine/key_uses.h"
#include "engine/list_fetch.h"
#include "engine/machine_watch.h"
#include "engine/mailbox.h"
#include "engine/process_watch.h"
#include "engine/question_desk.h"
#include "engine/row_recorder.h"
#include "engine/secret_table.h"
#include "engine/spend_questions.h"
#include "engine/spend_watch.h"
#include "log_store/log_store.h"
#include "pipeline/runtime.h"
#include "pipeline/spending.h"

namespace gateway {

// Where a version of a route came from.
inline constexpr const char* kFromFile = "file";
inline constexpr const char* kFromWindow = "window";
inline constexpr const char* kFromApi = "api";

/// What stands behind the public door. Owner's thread.
class Gateway::Private {
public:
    Private(Gateway& door, GatewayOptions given);
    ~Private();

    void start();
    void stop();
    void finishStop();
    void setPaused(bool paused);

    [[nodiscard]] std::shared_ptr<const pipeline::Runtime> makeRuntime();
    [[nodiscard]] std::shared_ptr<pipeline::ProviderRuntime> lonelyProvider(const ProviderConfig& provider,
                                                                            const Secret& key);
    void refreshRuntime();
    void onConfigChanged();
    /// Looks again from time to time where a provider is called as the system says.
    void watchSystemProxy();
    /// What the log knows of the use of keys.
    void readKeyUses();
    /// So that there is a good copy to go back to, whoever damages the file next.
    void keepCopy();
    /// Gives the routes in force to the store, which keeps a version of each that changed.
    void keepRoutes(const char* source);
    void makeFirstKey();
    [[nodiscard]] engine::HealthWatch::Means healthMeans();
    [[nodiscard]] engine::SpendWatch::Means spendMeans();
    [[nodiscard]] engine::AdminDesk::Means adminMeans();
    // gateway_spending.cpp: what the user is asked and told about spending
    [[nodiscard]] engine::SpendQuestions::Means questionMeans();
    [[nodiscard]] engine::AlertBook::Means alertMeans();
    void readAlerts();
    void tellBudget(const accounting::BudgetRule& rule, const engine::SpendWatch::Telling& telling);
    /// False: there is no such budget.
    bool allow(const std::string& budget, bool ofKey, std::int64_t nanos);
    void timeQuestions();
    void reportAlerts();
    /// Takes requests from now on.
    void serve(const std::shared_ptr<const pipeline::Runtime>& runtime);
    void follow();
    void takeSnapshot();
    void reportSpending();
    void reportTargets();
    /// `key` alone where it is named.
    void test(const ProviderId& id, const std::optional<ProviderKeyId>& key,
              std::function<void(ProviderTest)> done);
    /// The configuration with a key that is new in it; the key is given out when that has worked.
    QFuture<NewKey> saveWithKey(Config config, const Secret& key);
    void save(Config config, const std::function<void(std::vector<ConfigProblem>)>& done);
    /// Its threads run and take requests.
    [[nodiscard]] bool serves() const;
    void makeTable(std::function<void(ModelTable)> done);
    void look(CatalogOrigin origin, std::function<void(CatalogUpdate)> done);
    void compareList(CatalogOrigin origin, std::string text, std::function<void(CatalogUpdate)> done);
    void changeCatalog(engine::Catalogs::Change change, std::function<void(QString)> done);
    /// Now, or once the keychain has answered for every key.
    void afterSecrets(std::function<void()> job);

    /// A future whose value an engine thread gives; it completes here.
    template <class T, class Start>
    QFuture<T> later(Start start)
    {
        auto promise = std::make_shared<QPromise<T>>();
        promise->start();
        QFuture<T> future = promise->future();
        start([this, promise](T value) {
            mailbox.post([promise, value = std::move(value)]() mutable {
                promise->addResult(std::move(value));
                promise->finish();
            });
        });
        return future;
    }

    Gateway& q;
    GatewayOptions options;
    engine::Mailbox mailbox;
    engine::ConfigFile file;
    engine::SecretTable secrets;
    engine::Catalogs catalogs;
    pipeline::TargetStates targetStates;
    pipeline::SpendKeeper spendKeeper;
    catalog::Presets presets;                    // set once, then constant: read by other threads
    std::shared_ptr<engine::ListFetch> fetching; // null: no look is under way
    log_store::LogStore log;
    boost::asio::thread_pool cacheWork{1};
    pipeline::Shared shared;
    engine::CacheDesk answers{shared.cache, cacheWork}; // outlives the threads that read from it
    engine::KeyUses keyUses;
    engine::RowRecorder recorder;
    engine::ProcessWatch origins;
    std::unique_ptr<engine::Engine> running;
    boost::asio::thread_pool files{1}; // what waits for the disk or takes its time
    engine::MachineWatch machine{
        [this](std::function<void()> job) { boost::asio::post(files, std::move(job)); }};
    engine::HealthWatch health;
    engine::SpendWatch spend;
    engine::AlertBook alerts;
    engine::SpendQuestions questions;
    engine::QuestionDesk desk;
    QTimer snapshotTimer, drainTimer, proxyTimer;
    QTimer questionTimer; // until nobody has answered in time
    QTimer circuitTimer;  // until an open circuit becomes half-open, which nothing else would tell
    ActivitySnapshot activity;
    std::string host;
    std::uint16_t port = 0;
    std::uint16_t configuredPort = 0;
    std::uint32_t ioThreads = 0; // set once in start(), then constant
    std::uint64_t seenRequests = 0, seenRows = 0;
    std::optional<std::vector<RouteConfig>> keptRoutes; // as the store knows them
    Secret firstKey;
    std::vector<std::function<void()>> afterSecretsJobs;
    std::shared_ptr<const pipeline::Runtime> toServe; // once budgets know what was spent before
    const char* changedFrom = kFromWindow;            // who changes the configuration
    engine::AdminDesk adminDesk{adminMeans()};
    bool stopping = false;
};

} // namespace gateway
