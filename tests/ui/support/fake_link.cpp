// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/support/fake_link.h"

#include <algorithm>
#include <array>

#include <QDateTime>

#include "ui/support/fake_budgets.h"
#include "ui/support/fake_models.h"
#include "ui/support/fake_usage.h"

namespace ui {
namespace {

constexpr std::int64_t kMinute = 60'000'000;

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
    addAlerts(history, m_activity);
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
    if (row.requestedModel == "smart") {
        row.route = "smart";
        row.rewritesJson =
            R"([{"by":"smart","change":"text","role":"system","where":"before","text":"Be brief.\nBe kind."},)"
            R"({"by":"smart","change":"parameter","name":"temperature","before":1,"now":0.1}])";
    }
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

void FakeLink::answerNow()
{
    for (const auto& answer : std::exchange(m_later, {})) {
        answer();
    }
}

void FakeLink::setConfig(const gateway::Config& config)
{
    m_config = std::make_shared<gateway::Config>(config);
    emit configChanged();
}

} // namespace ui
