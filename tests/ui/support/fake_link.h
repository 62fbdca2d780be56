// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <QPromise>

#include "models/gateway_link.h"

namespace ui {

/// A gateway without an engine: rows, figures and answers are made up or set by the test, and what the window
/// asks for is written down. Futures are ready at once.
class FakeLink : public GatewayLink {
    Q_OBJECT

public:
    /// Running, nothing configured, nothing logged.
    explicit FakeLink(QObject* parent = nullptr);
    /// Adds providers, keys and `rows` requests of the last day.
    void makeUpData(int rows);
    /// Adds far too much of everything: many providers and keys, long names, dear and slow requests, gaps in
    /// the figures.
    void makeUpCrowd();
    /// What the log holds, oldest first.
    [[nodiscard]] const std::vector<gateway::LogRow>& rows() const { return m_rows; }
    void setRows(std::vector<gateway::LogRow> rows) { m_rows = std::move(rows); }
    /// A new request at the end of the log, as the engine would announce it.
    void logOneMore();
    /// Of the first provider's keys one is refused, the other one rate-limited.
    void setKeysAside();
    void setActivity(const gateway::ActivitySnapshot& activity);
    void setConfig(const gateway::Config& config);
    /// Gives the answers that wait, in their order.
    void answerNow();

    [[nodiscard]] std::shared_ptr<const gateway::Config> config() const override { return m_config; }
    [[nodiscard]] const gateway::ActivitySnapshot& activity() const override { return m_activity; }
    [[nodiscard]] const Problems& configProblems() const override { return fileProblems; }
    [[nodiscard]] Places places() const override;
    [[nodiscard]] const std::vector<gateway::ProviderPreset>& presets() const override
    {
        return gateway::providerPresets();
    }
    [[nodiscard]] std::vector<const gateway::ProviderPreset*>
    presetsForKey(const QString& key) const override;

    void pause() override;
    void resume() override;
    void reload() override { ++reloads; }

    QFuture<Problems> apply(const gateway::Config& config) override;
    QFuture<QString> saveSecret(const QString& name, const gateway::Secret& secret) override;
    QFuture<QString> removeSecret(const QString& name) override;
    QFuture<SecretAnswer> readSecret(const QString& name) override;
    QFuture<gateway::Gateway::NewKey> createKey(const gateway::VirtualKeyConfig& key) override;
    QFuture<gateway::Gateway::NewKey> rotateKey(const gateway::VirtualKeyId& id,
                                                gateway::seconds overlap) override;

    QFuture<QString> answerQuestion(std::uint64_t id, bool allow) override;
    QFuture<QString> allowMore(const QString& budget, bool ofKey, std::int64_t nanos) override;
    QFuture<Problems> pauseSpending(bool paused) override;
    QFuture<std::vector<gateway::Alert>> alerts(const gateway::AlertQuery& query) override;
    /// Gives it the next id, and the present time where it has none; then announces it as the engine does.
    void raise(gateway::Alert alert);
    /// A request waits for an answer, for two minutes yet.
    void ask(const gateway::SpendQuestion& question);
    [[nodiscard]] gateway::Secret takeFirstKey() override { return std::exchange(firstKey, {}); }

    QFuture<gateway::LogPage> requests(const gateway::LogQuery& query) override;
    QFuture<gateway::Figures> figures(const gateway::FiguresQuery& query) override;
    QFuture<std::vector<gateway::UsageRow>> usage(const gateway::UsageQuery& query) override;
    QFuture<std::vector<gateway::UsagePoint>> usageSeries(const gateway::UsageSeriesQuery& query) override;
    QFuture<gateway::Recalculation> recalculate(std::int64_t sinceMicros, bool write) override;
    QFuture<gateway::Reconciliation> reconcile(const gateway::ReconcileQuery& query) override;
    QFuture<std::vector<gateway::RouteVersion>> routeVersions(const gateway::RouteId& id) override;
    QFuture<gateway::ProviderTest> testProvider(const gateway::ProviderId& id) override;
    QFuture<gateway::ProviderTest> testKey(const gateway::ProviderId& id,
                                           const gateway::ProviderKeyId& key) override;
    QFuture<gateway::ProviderTest> testProviderWith(const gateway::ProviderConfig& provider,
                                                    const gateway::Secret& key) override;
    QFuture<gateway::TrialAnswer> sendTrial(const QString& model, const QString& text) override;

    QFuture<gateway::ModelTable> models() override;
    QFuture<gateway::ModelTable> refreshModels() override;
    QFuture<gateway::CatalogUpdate> lookForCatalogUpdate(gateway::CatalogOrigin origin) override;
    /// Answers a look that is under way as the engine does: with the problem that it was stopped.
    void cancelCatalogUpdate() override;
    QFuture<QString> takeCatalogUpdate() override;
    QFuture<QString> dropCatalogUpdate() override;
    QFuture<QString> exportModels(const QString& path) override;

    QFuture<std::vector<gateway::CacheEntry>> cachedAnswers(const gateway::CacheFilter& filter,
                                                            std::size_t most) override;
    QFuture<std::string> cachedText(const std::string& key) override;
    QFuture<std::size_t> purgeCache(const gateway::CacheFilter& filter, bool countOnly) override;
    QFuture<bool> pinCached(const std::string& key, bool pinned) override;
    /// Routes keep answers, and there are some.
    void makeUpCache();

    std::vector<gateway::CacheEntry> kept;    // answers, the latest used first
    std::vector<gateway::CacheFilter> purges; // that were not only counted
    std::map<QString, std::string> secrets;   // what "the keychain" holds
    Problems fileProblems;
    Problems nextProblems; // the answer to the next apply(); empty: it is applied
    QString nextSecretProblem;
    gateway::Secret firstKey;
    /// What answers at a base URL when a local server is looked for there; elsewhere nothing does.
    std::map<std::string, gateway::ProviderTest> localServers;
    std::vector<std::string> asked; // base URLs of the providers that testProviderWith() was called for
    std::vector<std::string> testedKeys;
    std::vector<gateway::LogQuery> queries;
    std::vector<gateway::UsageQuery> usageQueries;
    std::vector<gateway::UsageRow> guardrailUses; // what the log says by guardrail
    std::uint32_t groupsAtMost = 0;               // taken for the limit of usage that has one; 0: that limit
    std::vector<std::pair<std::int64_t, bool>> recalculations; // since, write
    gateway::Recalculation nextRecalculation{37, 31, 420'000'000, {}};
    std::vector<gateway::ReconcileQuery> reconciled;
    gateway::Reconciliation nextReconciliation;  // empty: a made-up one
    std::vector<gateway::RouteVersion> versions; // oldest first; apply() adds to them as the engine does
    std::vector<gateway::Alert> history;         // oldest first
    std::vector<gateway::AlertQuery> alertQueries;
    std::vector<std::pair<std::uint64_t, bool>> answers; // to questions
    QString nextSpendProblem;                            // of the next answer, or of allowing more
    int reloads = 0;
    int trials = 0;
    QString trialModel;                // of the last test request
    gateway::ModelTable catalog;       // what models() says before the configuration's own entries
    gateway::CatalogUpdate nextUpdate; // the answer to the next look
    QString exportedTo;                // the file of the last exported list of models
    QString nextUpdateProblem;         // of taking or dropping an update
    int refreshes = 0;                 // of the providers' lists
    int looks = 0, cancels = 0;        // at a public list
    /// Of the questions for which it is true the log fails: it answers that there is nothing.
    std::function<bool(const gateway::UsageQuery&)> usageFails;
    bool dropQueries = false;     // the log answers nothing, as when the engine is shutting down
    QString secretReadProblem;    // the keychain fails when it is read
    bool keychainClosed = false;  // for it is locked or waits for its prompt
    bool dropSecretReads = false; // or does not answer
    bool answersLater = false;    // new keys and what was used wait for answerNow()
    bool neverAnswers = false;    // reads, tests and savings stay under way for ever

private:
    static constexpr const char* kLongProvider =
        "a-company-with-a-name-that-goes-on-and-on-and-on-until-the-64th";

    template <class T>
    [[nodiscard]] QFuture<T> held()
    {
        auto promise = std::make_shared<QPromise<T>>();
        promise->start();
        m_held.push_back(promise); // Else it would be cancelled at the end of this call.
        return promise->future();
    }
    /// `answer`, at once or when answerNow() is called.
    template <class T>
    [[nodiscard]] QFuture<T> given(T answer)
    {
        auto promise = std::make_shared<QPromise<T>>();
        promise->start();
        m_later.push_back([promise, answer = std::move(answer)] {
            promise->addResult(answer);
            promise->finish();
        });
        QFuture<T> future = promise->future();
        if (!answersLater) answerNow();
        return future;
    }
    void makeUpHealth();
    void makeUpRows(int rows);
    [[nodiscard]] gateway::Figures figuresOf(const gateway::FiguresQuery& query) const;
    void fillBucket(gateway::Figures& figures, std::int64_t at, int index) const;
    [[nodiscard]] gateway::LogRow makeUpRow(int index, std::int64_t atMicros) const;

    std::shared_ptr<const gateway::Config> m_config;
    gateway::ActivitySnapshot m_activity;
    std::vector<gateway::LogRow> m_rows; // oldest first
    std::vector<std::shared_ptr<void>> m_held;
    std::vector<std::function<void()>> m_later;
    std::shared_ptr<QPromise<gateway::CatalogUpdate>> m_look; // under way
    bool m_crowded = false;
};

} // namespace ui
