// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <QFuture>
#include <QObject>

#include "gateway/config.h"
#include "gateway/config_io.h"
#include "gateway/snapshot.h"

namespace gateway {

enum class LogLevel : std::uint8_t { Undecided, Trace, Debug, Info, Warn, Error };

/// Where the program keeps its things and how it differs from the configured port.
struct GatewayOptions {
    std::string configPath;
    std::string dataDir;
    std::optional<std::uint16_t> port; // overrides the configured one for this run; 0: any free one
    std::uint16_t portsToTry = 1;      // the window takes the next free one of ten
    bool runOnBackup = false;          // a bad file at start: use the last good copy instead of failing
    LogLevel logLevel = LogLevel::Info;
    SecretStore* secrets = nullptr;                  // not owned, outlives the gateway; null: no keychain
    std::string openRouterListUrl, modelsDevListUrl; // for tests; empty: the public lists
    milliseconds healthCheckSecond{1000}; // for tests: what a second of health_check.every_seconds is
};

/// The only door to the engine. Lives on its owner's thread; calls return at once, signals and futures are
/// delivered on that thread. Owns the engine's threads; destroying it stops them.
class Gateway : public QObject {
    Q_OBJECT

public:
    explicit Gateway(GatewayOptions options, QObject* parent = nullptr);
    ~Gateway() override;

    /// Reads the configuration and starts to listen. Answers with started() or failed().
    void start();
    /// Accepts nothing more, lets running requests end (at most server.drain_seconds), then stopped().
    void stop();
    /// Ends the wait of stop() at once.
    void stopNow();
    void pause();
    void resume();

    [[nodiscard]] std::shared_ptr<const Config> config() const;
    [[nodiscard]] const ActivitySnapshot& activity() const;
    /// Where the config file was damaged at start or by an edit: its problems. Empty when it is in force.
    [[nodiscard]] const std::vector<ConfigProblem>& configProblems() const;

    /// Validates, writes the file atomically, swaps. The future holds the problems; empty: applied.
    QFuture<std::vector<ConfigProblem>> apply(const Config& config);
    /// Reads the file again (SIGHUP, a change from outside).
    void reload();

    /// Writes to the keychain and, on success, makes the engine read the secrets again.
    QFuture<QString> saveSecret(const QString& name, const Secret& secret); // problem text, empty: saved
    QFuture<QString> removeSecret(const QString& name);
    /// Makes a virtual key, writes its hash to the config; the key itself is in the answer only this once.
    struct NewKey {
        Secret key;
        std::vector<ConfigProblem> problems;
    };
    QFuture<NewKey> createKey(const VirtualKeyConfig& key);
    /// The key behind firstKeyMade(), to be shown; given out once, then empty.
    [[nodiscard]] Secret takeFirstKey();

    /// Makes the key anew; what it was before is good for `overlap` yet. As createKey() else.
    QFuture<NewKey> rotateKey(const VirtualKeyId& id, seconds overlap);

    /// What a request waits for is allowed, or refused; a problem's text, empty: done.
    QFuture<QString> answerQuestion(std::uint64_t id, bool allow);
    /// Lets a budget spend so much more in its present time; a problem's text, empty: done.
    QFuture<QString> allowMore(const QString& budget, bool ofKey, std::int64_t nanos);
    /// Writes config.pauseSpending.
    QFuture<std::vector<ConfigProblem>> pauseSpending(bool paused);
    QFuture<std::vector<Alert>> alerts(const AlertQuery& query);

    /// Puts the prices of today on rows that have none, or only counts them.
    QFuture<Recalculation> recalculate(std::int64_t sinceMicros, bool write);
    /// What a provider says was used beside what the log says.
    QFuture<Reconciliation> reconcile(const ReconcileQuery& query);

    QFuture<LogPage> requests(const LogQuery& query);
    QFuture<Figures> figures(const FiguresQuery& query);
    QFuture<std::vector<UsageRow>> usage(const UsageQuery& query);
    QFuture<std::vector<UsagePoint>> usageSeries(const UsageSeriesQuery& query);
    /// What the route was, the newest first, at most 100. A deleted one keeps them.
    QFuture<std::vector<RouteVersion>> routeVersions(const RouteId& id);
    QFuture<ProviderTest> testProvider(const ProviderId& id);
    /// The same with this one of its keys. A key that works has its turn again at once.
    QFuture<ProviderTest> testKey(const ProviderId& id, const ProviderKeyId& key);
    /// The same with a key that is not saved yet.
    QFuture<ProviderTest> testProviderWith(const ProviderConfig& provider, const Secret& key);
    /// One short request through the whole pipeline, logged like any other. `model` as a client would name
    /// it.
    QFuture<TrialAnswer> sendTrial(const QString& model, const QString& text);

    /// What is known of every model of every provider.
    QFuture<ModelTable> models();
    /// Asks the providers for their lists anew, then as models().
    QFuture<ModelTable> refreshModels();
    /// Reads a public list, only ever on the user's word, and says what it would change.
    QFuture<CatalogUpdate> lookForCatalogUpdate(CatalogOrigin origin);
    /// Ends a look that is under way; its answer says so.
    void cancelCatalogUpdate();
    /// Puts in force what the last look found, now and at the next starts; a problem's text, empty: done.
    QFuture<QString> takeCatalogUpdate();
    /// Back to the catalog that came with the program.
    QFuture<QString> dropCatalogUpdate();
    /// Writes into a file what `GET /v1/models` tells a client that may ask all of them; a problem's text,
    /// empty: done.
    QFuture<QString> exportModels(const QString& path);

    /// Kept answers, the latest used first, at most so many.
    QFuture<std::vector<CacheEntry>> cachedAnswers(const CacheFilter& filter, std::size_t most);
    /// What that one says in words; where it says nothing, its bytes as they came. Empty: it is gone.
    QFuture<std::string> cachedText(const std::string& key);
    /// Forgets those, or only counts them; their number.
    QFuture<std::size_t> purgeCache(const CacheFilter& filter, bool countOnly);
    /// One that is pinned neither ends nor makes room. False: it is gone.
    QFuture<bool> pinCached(const std::string& key, bool pinned);

signals:
    void started();
    void failed(const QString& code, const QString& message);
    void stopped();
    void activityChanged();
    void configChanged();
    void configRejected();
    /// A first key was made because none existed: takeFirstKey() has it, and the keychain under this name
    /// (empty: it could not be kept there).
    void firstKeyMade(const QString& keychainName);
    /// Something the user should know of now; it is in alerts() already, or will be.
    void alerted(const gateway::Alert& alert);
    void note(int level, const QString& text); // what the program has to say; level is a LogLevel

private:
    class Private;
    std::unique_ptr<Private> d;
};

/// A random virtual key ("tp-" and 43 base64url characters) and its hash as the configuration keeps it.
struct FreshKey {
    Secret key;
    std::string sha256;
};
[[nodiscard]] FreshKey makeVirtualKey();

/// "budget_mark", "agent_loop", …; "info", "warning", "critical". Empty for what is undecided.
[[nodiscard]] std::string_view alertKindName(Alert::Kind kind);
[[nodiscard]] std::string_view alertLevelName(Alert::Level level);

/// Read-only access to the log of a (perhaps running) gateway, for `turnpiked logs` and `usage`. Blocking.
[[nodiscard]] Result<LogPage> readLog(const std::string& dataDir, const LogQuery& query);
[[nodiscard]] Result<std::vector<UsageRow>> readUsage(const std::string& dataDir, const UsageQuery& query);
/// As Gateway::recalculate(), by the prices of that configuration and of the catalog in force. A gateway that
/// runs on the same log goes on writing meanwhile; its budgets learn of it when they ask the log next.
/// Blocking.
[[nodiscard]] Result<Recalculation> recalculateLog(const std::string& dataDir, const Config& config,
                                                   std::int64_t sinceMicros, bool write);
/// As Gateway::reconcile(). Blocking.
[[nodiscard]] Reconciliation reconcileLog(const std::string& dataDir, const ReconcileQuery& query);

/// When keys were used last, of those that were within 90 days.
[[nodiscard]] Result<std::vector<KeyUse>> readKeyUses(const std::string& dataDir);

/// Whether tokens that nobody counted are counted by vocabularies, which not every build could get.
[[nodiscard]] bool hasTokenizers();

/// The same for alerts, the newest first.
[[nodiscard]] Result<std::vector<Alert>> readAlerts(const std::string& dataDir, const AlertQuery& query);

/// Provider presets and key recognition for the window (resources/providers.json).
struct ProviderPreset {
    std::string id, name, kind, baseUrl, docsUrl, keysUrl;
    std::vector<std::string> keyPrefixes, environment;
    bool local = false;
    std::optional<DataPolicy> dataPolicy; // what it says of itself, read there on that day
    std::string policySource, policyDate;
};
[[nodiscard]] const std::vector<ProviderPreset>& providerPresets();
/// The preset that a provider was made from, as far as its kind and address tell; null: none.
[[nodiscard]] const ProviderPreset* presetOf(const ProviderConfig& provider);
/// Presets whose keys look like this one; several when it cannot be told, none when unknown.
[[nodiscard]] std::vector<const ProviderPreset*> presetsForKey(std::string_view key);

} // namespace gateway
