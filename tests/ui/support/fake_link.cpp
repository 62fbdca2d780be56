// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/support/fake_link.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <QDateTime>

#include "ui/support/fake_budgets.h"
#include "ui/support/fake_models.h"
#include "ui/support/fake_usage.h"

namespace ui {
namespace {

constexpr std::int64_t kMinute = 60'000'000;

template <class T>
QFuture<T> ready(T value)
{
    QPromise<T> promise;
    promise.start();
    promise.addResult(std::move(value));
    promise.finish();
    return promise.future();
}

template <class T>
QFuture<T> dropped()
{
    QPromise<T> promise;
    promise.start();
    QFuture<T> future = promise.future();
    future.cancel();
    promise.finish();
    return future;
}

gateway::ProviderConfig provider(const char* id, const char* kind, const char* url)
{
    gateway::ProviderConfig made;
    made.id = gateway::ProviderId(id);
    made.kind = kind;
    made.baseUrl = url;
    return made;
}

void addKey(gateway::ProviderConfig& to, const char* id, gateway::SecretKind kind, const char* name)
{
    gateway::ProviderKey key;
    key.id = gateway::ProviderKeyId(id);
    key.secret = {kind, name};
    to.keys.push_back(key);
}

bool matches(const gateway::LogRow& row, const gateway::LogQuery& query)
{
    const bool failed = !row.errorCode.empty() || row.status >= 400;
    if (query.status == "error" && !failed) return false;
    if (query.status == "ok" && failed) return false;
    if (!query.provider.empty() && row.provider != query.provider) return false;
    if (!query.route.empty() && row.route != query.route) return false;
    if (!query.key.empty() && row.key != query.key) return false;
    if (!query.client.empty() && row.client != query.client) return false;
    if (query.sinceMicros > 0 && row.id.microseconds() < query.sinceMicros) return false;
    if (query.text.empty()) return true;
    return (row.requestedModel + row.provider + row.client + row.errorCode).find(query.text) !=
           std::string::npos;
}

const std::string kLongProvider = "a-company-with-a-name-that-goes-on-and-on-and-on-until-the-64th";
const std::string kLongModel =
    "accounts/research-and-development/models/a-very-long-model-name-instruct-preview-2026-11-22";

} // namespace

FakeLink::FakeLink(QObject* parent) : GatewayLink(parent)
{
    gateway::Config config;
    gateway::VirtualKeyConfig key;
    key.id = gateway::VirtualKeyId("default");
    key.sha256 = std::string(64, 'a');
    config.keys.push_back(key);
    m_config = std::make_shared<gateway::Config>(config);
    secrets[QStringLiteral("turnpike/default-key")] = "tp-0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
    m_activity.state = gateway::EngineState::Running;
    m_activity.host = "127.0.0.1";
    m_activity.port = m_activity.configuredPort = 4777;
    m_activity.keychain = gateway::KeychainState::Ready;
}

Places FakeLink::places() const
{
    return {QStringLiteral("/home/ada/.config/turnpike/config.json"),
            QStringLiteral("/home/ada/.local/share/turnpike")};
}

void FakeLink::makeUpData(int rows)
{
    gateway::Config config = *m_config;
    config.providers = {provider("openai", "openai", ""), provider("anthropic", "anthropic", ""),
                        provider("groq", "openai-compatible", "https://api.groq.com/openai/v1"),
                        provider("lab", "openai-compatible", "http://127.0.0.1:8000/v1")};
    addKey(config.providers[0], "work", gateway::SecretKind::Keychain, "openai/work");
    addKey(config.providers[0], "spare", gateway::SecretKind::Keychain, "openai/spare");
    addKey(config.providers[1], "main", gateway::SecretKind::Environment, "ANTHROPIC_API_KEY");
    addKey(config.providers[2], "main", gateway::SecretKind::Keychain, "groq/main");
    config.providers[0].dataPolicy = gateway::DataPolicy{false, 30, "us"};
    config.providers[3].local = true;
    gateway::VirtualKeyConfig& cursor = config.keys.emplace_back();
    cursor.id = gateway::VirtualKeyId("cursor");
    cursor.sha256 = std::string(64, 'b');
    cursor.models = {"gpt-*", "claude-*"};
    cursor.expires = "2030-01-31";
    config.routes = madeUpRoutes();
    addBudgets(config, m_activity);
    addVersions(versions, config, "file");
    m_config = std::make_shared<gateway::Config>(config);

    makeUpHealth();
    makeUpRows(rows);
    catalog = madeUpModels();
    nextUpdate = madeUpUpdate();
    emit configChanged();
    emit activityChanged();
}

void FakeLink::makeUpHealth()
{
    using State = gateway::ProviderHealth::State;
    using Key = gateway::KeyHealth::State;
    const auto key = [](const char* id, Key state, const char* masked, const char* problem = "") {
        return gateway::KeyHealth{gateway::ProviderKeyId(id), state, masked, problem, 0, 0};
    };
    m_activity.providers = {
        {gateway::ProviderId("openai"),
         State::Ready,
         2,
         2,
         {},
         {key("work", Key::Ready, "…9f2a"), key("spare", Key::Ready, "…77c1")}},
        {gateway::ProviderId("anthropic"),
         State::NoKey,
         0,
         1,
         "ANTHROPIC_API_KEY is not set.",
         {key("main", Key::Unreadable, "", "ANTHROPIC_API_KEY is not set.")}},
        {gateway::ProviderId("groq"), State::Ready, 1, 1, {}, {key("main", Key::Ready, "…b0d4")}},
        {gateway::ProviderId("lab"), State::Ready, 0, 0, {}, {}}};
}

void FakeLink::makeUpCrowd()
{
    makeUpData(300);
    m_crowded = true;
    gateway::Config config = *m_config;
    for (int i = 0; i < 14; ++i) {
        const std::string id = i == 0 ? kLongProvider : "provider-" + std::to_string(i);
        config.providers.push_back(
            provider(id.c_str(), "openai-compatible",
                     "https://gateway.internal.research-and-development.example.com:8443/llm/v1"));
        for (int key = 0; key < (i == 0 ? 9 : 1); ++key) {
            addKey(config.providers.back(), ("a-key-of-the-" + std::to_string(key + 1) + "th-team").c_str(),
                   gateway::SecretKind::File, "/home/ada/.config/turnpike/secrets/research/key.txt");
        }
    }
    for (int i = 0; i < 12; ++i) {
        gateway::VirtualKeyConfig key;
        key.id = gateway::VirtualKeyId("tool-number-" + std::to_string(i));
        key.models = {kLongModel, "gpt-*", "claude-*"};
        key.expires = i % 3 == 0 ? "2020-01-31" : "";
        config.keys.push_back(key);
    }
    m_activity.providers.push_back(
        {gateway::ProviderId(kLongProvider), gateway::ProviderHealth::State::Failing, 8, 9,
         "The server at gateway.internal.research-and-development.example.com closed "
         "the connection <b>before</b> it answered; it is tried again in 42 s."});
    for (std::size_t i = 0; i < m_rows.size(); i += 2) {
        gateway::LogRow& row = m_rows[i];
        row.provider = kLongProvider;
        row.requestedModel = i % 4 == 0 ? kLongModel : "smart";
        row.model = kLongModel;
        row.client = "an-editor-with-a-long-name/12.4.1";
        row.costNanos = 1'234'567'890'123;
        row.total = 734'000'000;
        row.inputTokens = 1'234'567;
        row.errorCode = i % 6 == 0 ? "context_length_exceeded" : "";
        if (!row.errorCode.empty()) row.status = 400;
        row.errorMessage =
            row.errorCode.empty() ? "" : "<b>182,000</b> tokens; the limit of this model is 128,000.";
        row.tags = {"team-research", "project-nightly-evaluation"};
    }
    addManyModels(catalog, kLongProvider, kLongModel);
    setConfig(config);
    emit activityChanged();
}

void FakeLink::makeUpRows(int rows)
{
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch() * 1000;
    m_rows.clear();
    for (int i = 0; i < rows; ++i) {
        m_rows.push_back(makeUpRow(i, now - (rows - i) * kMinute));
    }
    m_activity.lastLoggedId = m_rows.empty() ? 0 : m_rows.back().id.value;
}

gateway::LogRow FakeLink::makeUpRow(int index, std::int64_t atMicros) const
{
    struct Kind {
        const char *asked, *provider, *model, *client;
    };
    static constexpr std::array kKinds{
        Kind{"gpt-4.1", "openai", "gpt-4.1", "cursor"},
        Kind{"smart", "anthropic", "claude-sonnet-4-5", "claude-code"},
        Kind{"groq/llama-3.3-70b-versatile", "groq", "llama-3.3-70b-versatile", "aider"},
        Kind{"lab/qwen3-coder", "lab", "qwen3-coder", "openai-python"}};
    const Kind& kind = kKinds[static_cast<std::size_t>(index) % kKinds.size()];
    gateway::LogRow row;
    row.id.value = (atMicros << 12) + index % 4096;
    row.key = "default";
    row.client = kind.client;
    row.dialect = index % 4 == 1 ? "anthropic_messages" : "openai_chat";
    row.requestedModel = kind.asked;
    row.provider = kind.provider;
    row.model = kind.model;
    if (row.requestedModel == "smart") row.route = "smart";
    row.stream = index % 2 == 0;
    row.status = 200;
    row.inputTokens = 900 + 37 * (index % 60);
    row.outputTokens = 120 + 11 * (index % 23);
    row.costNanos = 1'000'000LL * (3 + index % 29);
    row.costSource = "computed";
    row.firstToken = 210'000 + 9'000 * (index % 13);
    row.total = 480'000 + 61'000 * (index % 31);
    row.overhead = 240;
    row.attempts.push_back({kind.provider, kind.model, "work", 200, {}, 0, 8'000, row.firstToken, row.total});
    if (index % 9 == 4) {
        row.status = 429;
        row.errorCode = "rate_limit_exceeded";
        row.errorMessage = "groq: 429, retry in 38 s. Every key was tried.";
        row.attempts[0].status = 429;
        row.attempts[0].error = "rate_limit_exceeded";
        row.requestBody =
            R"({"model":"gpt-4.1","messages":[{"role":"user","content":"Why is the sky blue?"}]})";
        row.responseBody = R"({"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}})";
    } else if (index % 9 == 7) {
        row.attempts.insert(row.attempts.begin(),
                            {"openai", "gpt-4.1", "work", 503, "upstream_error", 0, 9'000, 0, 180'000});
    }
    return row;
}

void FakeLink::logOneMore()
{
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch() * 1000;
    m_rows.push_back(makeUpRow(static_cast<int>(m_rows.size()), now));
    m_activity.lastLoggedId = m_rows.back().id.value;
    emit activityChanged();
}

void FakeLink::setKeysAside()
{
    std::vector<gateway::KeyHealth>& keys = m_activity.providers[0].keys;
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch() * 1000;
    keys[0].state = gateway::KeyHealth::State::Refused;
    keys[0].since = now;
    keys[0].problem = "The provider refused this key (401). Put it right there or replace it, then test it.";
    keys[1].state = gateway::KeyHealth::State::RateLimited;
    keys[1].until = now + 60 * kMinute;
    emit activityChanged();
}

void FakeLink::setActivity(const gateway::ActivitySnapshot& activity)
{
    m_activity = activity;
    emit activityChanged();
}

void FakeLink::setConfig(const gateway::Config& config)
{
    m_config = std::make_shared<gateway::Config>(config);
    emit configChanged();
}

std::vector<const gateway::ProviderPreset*> FakeLink::presetsForKey(const QString& key) const
{
    return gateway::presetsForKey(key.toStdString());
}

void FakeLink::pause()
{
    m_activity.state = gateway::EngineState::Paused;
    emit activityChanged();
}

void FakeLink::resume()
{
    m_activity.state = gateway::EngineState::Running;
    emit activityChanged();
}

QFuture<GatewayLink::Problems> FakeLink::apply(const gateway::Config& config)
{
    if (neverAnswers) return held<Problems>();
    if (!nextProblems.empty()) return ready(std::exchange(nextProblems, {}));
    addVersions(versions, config, "window");
    setConfig(config);
    return ready(Problems{});
}

QFuture<QString> FakeLink::saveSecret(const QString& name, const gateway::Secret& secret)
{
    if (neverAnswers) return held<QString>();
    if (!nextSecretProblem.isEmpty()) return ready(nextSecretProblem);
    secrets[name] = std::string(secret.reveal());
    return ready(QString());
}

QFuture<QString> FakeLink::removeSecret(const QString& name)
{
    secrets.erase(name);
    return ready(QString());
}

QFuture<SecretAnswer> FakeLink::readSecret(const QString& name)
{
    const auto found = secrets.find(name);
    if (found == secrets.end()) return ready(SecretAnswer{{}, QStringLiteral("There is no such key.")});
    return ready(SecretAnswer{gateway::Secret(found->second), {}});
}

QFuture<gateway::Gateway::NewKey> FakeLink::createKey(const gateway::VirtualKeyConfig& key)
{
    gateway::Gateway::NewKey made;
    if (!nextProblems.empty()) {
        made.problems = std::exchange(nextProblems, {});
        return ready(made);
    }
    made.key = gateway::Secret("tp-made-up-key-for-" + key.id.text);
    gateway::Config config = *m_config;
    config.keys.push_back(key);
    setConfig(config);
    return ready(made);
}

QFuture<gateway::LogPage> FakeLink::requests(const gateway::LogQuery& query)
{
    queries.push_back(query);
    if (neverAnswers) return held<gateway::LogPage>();
    if (dropQueries) return dropped<gateway::LogPage>();
    std::vector<gateway::LogRow> hits;
    std::copy_if(m_rows.begin(), m_rows.end(), std::back_inserter(hits),
                 [&](const gateway::LogRow& row) { return matches(row, query); });
    gateway::LogPage page;
    page.total = hits.size();
    if (query.after == 0) std::reverse(hits.begin(), hits.end());
    std::erase_if(hits, [&](const gateway::LogRow& row) {
        return (query.before > 0 && row.id.value >= query.before) ||
               (query.after > 0 && row.id.value <= query.after);
    });
    page.more = hits.size() > query.limit;
    if (page.more) hits.resize(query.limit);
    page.rows = hits;
    return ready(page);
}

void FakeLink::fillBucket(gateway::Figures& figures, std::int64_t at, int index) const
{
    gateway::FigureBucket bucket;
    bucket.start = at;
    // Nights without a request, and one request alone in the middle of one.
    const bool quiet = m_crowded && index % 20 < 7 && index % 20 != 3;
    if (!m_rows.empty() && !quiet) {
        const double wave = std::sin(index / 4.0) + 0.5 * std::sin(index / 1.7);
        bucket.requests = static_cast<std::uint64_t>(230 + 80 * wave + index);
        bucket.failures = index % 11 == 3 ? 4 : 0;
        bucket.p95 = static_cast<std::int64_t>((1100 + 380 * wave) * 1000) * (m_crowded ? 40 : 1);
        bucket.p50 = static_cast<std::int64_t>((420 + 70 * wave) * 1000);
        for (const auto& [name, factor] : {std::pair{"openai", 9.0}, {"anthropic", 7.0}, {"groq", 1.5}}) {
            figures.spend.push_back({at, name, static_cast<std::int64_t>((factor + 3 * wave) * 1e7)});
        }
        for (int i = 0; m_crowded && i < 6; ++i) {
            figures.spend.push_back({at, i == 0 ? kLongProvider : "provider-" + std::to_string(i),
                                     static_cast<std::int64_t>((12.0 - i) * 1e9)});
        }
    }
    figures.requests += bucket.requests;
    figures.failures += bucket.failures;
    figures.buckets.push_back(bucket);
}

gateway::Figures FakeLink::figuresOf(const gateway::FiguresQuery& query) const
{
    gateway::Figures figures;
    figures.query = query;
    for (const gateway::LogRow& row : m_rows) {
        if (row.provider != query.provider) continue;
        ++figures.requests;
        if (row.status >= 400 || !row.errorCode.empty()) ++figures.failures;
    }
    figures.p50 = figures.requests > figures.failures ? 431'000 : 0;
    figures.p95 = 3 * figures.p50;
    return figures;
}

QFuture<gateway::Figures> FakeLink::figures(const gateway::FiguresQuery& query)
{
    if (neverAnswers) return held<gateway::Figures>();
    if (dropQueries) return dropped<gateway::Figures>();
    if (!query.provider.empty()) return ready(figuresOf(query));
    gateway::Figures figures;
    figures.query = query;
    int index = 0;
    for (std::int64_t at = query.sinceMicros; at < query.untilMicros; at += query.bucketMicros, ++index) {
        fillBucket(figures, at, index);
    }
    for (const gateway::SpendSlice& slice : figures.spend) {
        figures.spendNanos += slice.nanos;
    }
    if (!m_rows.empty()) {
        figures.previousRequests = figures.requests * 92 / 100;
        figures.previousFailures = figures.failures / 2;
        figures.previousSpendNanos = figures.spendNanos * 103 / 100;
        figures.p50 = 431'000;
        figures.p95 = 1'240'000;
        figures.previousP95 = 1'313'000;
    }
    return ready(figures);
}

QFuture<std::vector<gateway::UsageRow>> FakeLink::usage(const gateway::UsageQuery& query)
{
    usageQueries.push_back(query);
    if (neverAnswers) return held<std::vector<gateway::UsageRow>>();
    if (dropQueries) return dropped<std::vector<gateway::UsageRow>>();
    return ready(madeUpUsage(m_rows, query));
}

QFuture<std::vector<gateway::RouteVersion>> FakeLink::routeVersions(const gateway::RouteId& id)
{
    if (neverAnswers) return held<std::vector<gateway::RouteVersion>>();
    std::vector<gateway::RouteVersion> found;
    for (const gateway::RouteVersion& version : versions) {
        if (version.route == id) found.insert(found.begin(), version);
    }
    return ready(found);
}

QFuture<gateway::ProviderTest> FakeLink::testProvider(const gateway::ProviderId& id)
{
    if (neverAnswers) return held<gateway::ProviderTest>();
    gateway::ProviderTest test;
    test.provider = id;
    test.micros = 212'000;
    test.ok = id.text != "anthropic";
    test.models = {"gpt-4.1", "gpt-4.1-mini", "gpt-4o", "o3", "o4-mini"};
    if (!test.ok)
        test.message = "There is no key to ask with. Set ANTHROPIC_API_KEY and start Turnpike again.";
    return ready(test);
}

QFuture<gateway::ProviderTest> FakeLink::testKey(const gateway::ProviderId& id,
                                                 const gateway::ProviderKeyId& key)
{
    testedKeys.push_back(id.text + "/" + key.text);
    if (neverAnswers) return held<gateway::ProviderTest>();
    for (gateway::ProviderHealth& provider : m_activity.providers) {
        for (gateway::KeyHealth& each : provider.keys) {
            const bool meant = provider.id == id && each.id == key;
            if (meant) each = {each.id, gateway::KeyHealth::State::Ready, each.masked, {}, 0, 0};
        }
    }
    emit activityChanged();
    return testProvider(id);
}

QFuture<gateway::ProviderTest> FakeLink::testProviderWith(const gateway::ProviderConfig& provider,
                                                          const gateway::Secret& key)
{
    asked.push_back(provider.baseUrl);
    if (const auto server = localServers.find(provider.baseUrl); server != localServers.end())
        return ready(server->second);
    if (neverAnswers) return held<gateway::ProviderTest>();
    gateway::ProviderTest test;
    test.provider = provider.id;
    test.ok = !key.empty() || provider.local;
    test.micros = 180'000;
    test.models = {"one", "two"};
    if (!test.ok) test.message = "The provider refused the key (401).";
    return ready(test);
}

QFuture<gateway::TrialAnswer> FakeLink::sendTrial(const QString& model, const QString& text)
{
    if (neverAnswers) return held<gateway::TrialAnswer>();
    ++trials;
    trialModel = model;
    gateway::TrialAnswer answer;
    answer.ok = true;
    answer.model = model.toStdString();
    answer.text = "[simulated] " + text.toStdString();
    answer.micros = 12'000;
    answer.inputTokens = 5;
    answer.outputTokens = 8;
    logOneMore();
    return ready(answer);
}

QFuture<gateway::ModelTable> FakeLink::models()
{
    if (neverAnswers) return held<gateway::ModelTable>();
    if (dropQueries) return dropped<gateway::ModelTable>();
    return ready(withOwnEntries(catalog, *m_config));
}

QFuture<gateway::ModelTable> FakeLink::refreshModels()
{
    ++refreshes;
    return models();
}

QFuture<gateway::CatalogUpdate> FakeLink::lookForCatalogUpdate(gateway::CatalogOrigin origin)
{
    ++looks;
    nextUpdate.origin = origin;
    m_look = std::make_shared<QPromise<gateway::CatalogUpdate>>();
    m_look->start();
    if (!neverAnswers) {
        m_look->addResult(nextUpdate);
        m_look->finish();
    }
    return m_look->future();
}

void FakeLink::cancelCatalogUpdate()
{
    ++cancels;
    if (m_look == nullptr || m_look->future().isFinished()) return;
    gateway::CatalogUpdate stopped;
    stopped.problem = "The look was stopped.";
    m_look->addResult(stopped);
    m_look->finish();
}

QFuture<QString> FakeLink::takeCatalogUpdate()
{
    if (!nextUpdateProblem.isEmpty()) return ready(nextUpdateProblem);
    catalog.updateDate = nextUpdate.date;
    catalog.updateSource =
        nextUpdate.origin == gateway::CatalogOrigin::OpenRouter ? "OpenRouter" : "models.dev";
    catalog.updateProblem.clear();
    return ready(QString());
}

QFuture<QString> FakeLink::dropCatalogUpdate()
{
    if (!nextUpdateProblem.isEmpty()) return ready(nextUpdateProblem);
    catalog.updateDate.clear();
    catalog.updateSource.clear();
    return ready(QString());
}

QFuture<QString> FakeLink::exportModels(const QString& path)
{
    exportedTo = path;
    return ready(nextUpdateProblem);
}

} // namespace ui
