// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "ui/support/fake_link.h"
#include "ui/support/fake_models.h"
#include "ui/support/fake_usage.h"
#include "ui/support/ready.h"

namespace ui {
namespace {

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

} // namespace

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
    if (dropSecretReads) return dropped<SecretAnswer>();
    if (!secretReadProblem.isEmpty()) return ready(SecretAnswer{{}, secretReadProblem, keychainClosed});
    const auto found = secrets.find(name);
    if (found == secrets.end()) return ready(SecretAnswer{{}, QStringLiteral("There is no such key.")});
    return ready(SecretAnswer{gateway::Secret(found->second), {}});
}

QFuture<gateway::Gateway::NewKey> FakeLink::createKey(const gateway::VirtualKeyConfig& key)
{
    gateway::Gateway::NewKey made;
    if (!nextProblems.empty()) {
        made.problems = std::exchange(nextProblems, {});
        return given(made);
    }
    made.key = gateway::Secret("tp-made-up-key-for-" + key.id.text);
    gateway::Config config = *m_config;
    config.keys.push_back(key);
    setConfig(config);
    return given(made);
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
    if (usageFails && usageFails(query)) return given(std::vector<gateway::UsageRow>{});
    if (query.by == "guardrail") return given(guardrailUses);
    gateway::UsageQuery bounded = query;
    if (query.limit > 0 && groupsAtMost > 0) bounded.limit = groupsAtMost;
    return given(madeUpUsage(m_rows, bounded));
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
