// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/gateway_status.h"

#include <algorithm>
#include <utility>

#include "models/format.h"
#include "models/provider_list_model.h"
#include "models/when_done.h"

namespace ui {
namespace {

using gateway::EngineState;

constexpr int kTodayMillis = 2000;
constexpr int kLookMillis = 30'000;
const QString kSpendingPaused = QStringLiteral("spending-paused");

bool fails(const gateway::ProviderHealth& provider)
{
    using State = gateway::ProviderHealth::State;
    return provider.state == State::KeyRefused || provider.state == State::Failing;
}

} // namespace

GatewayStatus::GatewayStatus(GatewayLink& link, QObject* parent, Clock clock)
    : QObject(parent), m_link(link), m_clock(std::move(clock))
{
    m_todayTimer.setSingleShot(true);
    m_todayTimer.setInterval(kTodayMillis);
    connect(&m_todayTimer, &QTimer::timeout, this, &GatewayStatus::readToday);
    connect(&m_dayTimer, &QTimer::timeout, this, &GatewayStatus::lookAtClock);
    m_dayTimer.start(kLookMillis);
    connect(&link, &GatewayLink::activityChanged, this, &GatewayStatus::onActivity);
    connect(&link, &GatewayLink::configChanged, this, &GatewayStatus::onConfig);
    connect(&link, &GatewayLink::configRejected, this, &GatewayStatus::changed);
    connect(&link, &GatewayLink::failed, this, [this](const QString&, const QString& message) {
        m_failure = message;
        emit changed();
    });
    reckonSpend();
    readToday();
}

GatewayStatus::Kind GatewayStatus::kind() const
{
    switch (m_link.activity().state) {
    case EngineState::Running:
        return failingProviders() > 0 ? Kind::Degraded : Kind::Running;
    case EngineState::Paused:
        return Kind::Paused;
    case EngineState::Failed:
        return Kind::Failed;
    case EngineState::Stopped:
    case EngineState::Draining:
        return Kind::Stopped;
    case EngineState::Undecided:
    case EngineState::Starting:
        break;
    }
    return m_failure.isEmpty() ? Kind::Starting : Kind::Failed;
}

QString GatewayStatus::headline() const
{
    switch (kind()) {
    case Kind::Running:
        return isSpendingPaused() ? tr("Spending paused") : tr("Gateway running");
    case Kind::Degraded:
        return tr("Running, a provider fails");
    case Kind::Paused:
        return tr("Gateway paused");
    case Kind::Stopped:
        return tr("Gateway stopped");
    case Kind::Failed:
        return tr("Gateway not running");
    default:
        return tr("Gateway starting…");
    }
}

const char* GatewayStatus::dotToken() const
{
    switch (kind()) {
    case Kind::Running:
        return isSpendingPaused() ? "warning" : "success";
    case Kind::Degraded:
        return "warning";
    case Kind::Failed:
        return "danger";
    default:
        return "section";
    }
}

QString GatewayStatus::address() const
{
    const QString url = baseUrl();
    const qsizetype slashes = url.indexOf(QLatin1String("://"));
    return slashes < 0 ? url : url.mid(slashes + 3);
}

QString GatewayStatus::baseUrl() const
{
    const gateway::ActivitySnapshot& activity = m_link.activity();
    if (activity.port != 0) return QString::fromStdString(activity.baseUrl());
    const auto config = m_link.config();
    const auto port = config ? config->server.port : gateway::ServerConfig{}.port;
    return QStringLiteral("http://127.0.0.1:%1").arg(port);
}

bool GatewayStatus::canServe() const
{
    const Kind now = kind();
    return now == Kind::Running || now == Kind::Degraded || now == Kind::Paused;
}

int GatewayStatus::failingProviders() const
{
    const auto& providers = m_link.activity().providers;
    return static_cast<int>(std::count_if(providers.begin(), providers.end(), fails));
}

QString GatewayStatus::silentLogText() const
{
    return canServe() ? tr("The request log did not answer. Requests are still served.")
                      : tr("The gateway is not running, and its log cannot be read without it.");
}

QString GatewayStatus::todayText(bool withFailures) const
{
    QString text = spend().today + QStringLiteral(" · ") +
                   tr("%Ln request(s)", nullptr, static_cast<int>(m_today.requests));
    if (withFailures && m_today.failures > 0)
        text += QStringLiteral(" · ") + tr("%Ln failed", nullptr, static_cast<int>(m_today.failures));
    return text;
}

void GatewayStatus::reckonSpend()
{
    static const gateway::Config kNone;
    const auto config = m_link.config();
    m_spend = spendOverview(config ? *config : kNone, m_link.activity(), m_today.costNanos, m_clock());
}

void GatewayStatus::onConfig()
{
    reckonSpend();
    emit changed();
}

void GatewayStatus::lookAtClock()
{
    if (m_clock().date() != m_day) readToday();
}

void GatewayStatus::onActivity()
{
    if (!isSpendingPaused()) m_dismissed.remove(kSpendingPaused); // Paused anew, it is told anew.
    if (canServe()) m_failure.clear();
    if (m_link.activity().lastLoggedId != m_todayId && !m_todayTimer.isActive()) m_todayTimer.start();
    reckonSpend();
    emit changed();
}

void GatewayStatus::readToday()
{
    m_todayId = m_link.activity().lastLoggedId;
    m_day = m_clock().date();
    gateway::UsageQuery query;
    query.sinceMicros = m_day.startOfDay().toMSecsSinceEpoch() * 1000;
    whenDone(m_link.usage(query), this, [this, day = m_day](const std::vector<gateway::UsageRow>& rows) {
        if (day != m_day) return; // It is another day by now.
        m_today = rows.empty() ? gateway::UsageRow{} : rows.front();
        reckonSpend();
        emit changed();
    });
}

Notice GatewayStatus::notice() const
{
    const Notice* worst = nullptr;
    const std::vector<Notice> all = notices();
    for (const Notice& notice : all) {
        if (m_dismissed.contains(notice.id)) continue;
        if (worst == nullptr || notice.tone > worst->tone) worst = &notice;
    }
    return worst == nullptr ? Notice{} : *worst;
}

void GatewayStatus::dismiss(const QString& id)
{
    m_dismissed.insert(id);
    emit changed();
}

QString GatewayStatus::configProblemText() const
{
    if (!m_link.activity().configProblem.empty())
        return QString::fromStdString(m_link.activity().configProblem);
    for (const gateway::ConfigProblem& problem : m_link.configProblems()) {
        if (problem.weight != gateway::ConfigProblem::Weight::Error) continue;
        return QString::fromStdString(problem.path + ": " + problem.message);
    }
    return {};
}

std::vector<Notice> GatewayStatus::notices() const
{
    using Tone = Notice::Tone;
    const gateway::ActivitySnapshot& activity = m_link.activity();
    std::vector<Notice> all;
    if (kind() == Kind::Failed) {
        const QString text = tr("The gateway is not running. %1").arg(m_failure);
        all.push_back({text, Tone::Bad, text, tr("Server settings"), NoticeAction::OpenServerSettings, {}});
    }
    if (const QString problem = configProblemText(); !problem.isEmpty()) {
        const QString text =
            tr("The configuration file has a problem, the last good one stays in force. %1").arg(problem);
        all.push_back({text, Tone::Bad, text, tr("Show"), NoticeAction::OpenConfigSettings, {}});
    }
    if (!activity.logProblem.empty()) {
        QString text = QString::fromStdString(activity.logProblem);
        if (activity.lostLogRows > 0) {
            text += QLatin1Char(' ') + tr("%Ln request(s) could not be logged.", nullptr,
                                          static_cast<int>(activity.lostLogRows));
        }
        all.push_back({QString::fromStdString(activity.logProblem),
                       Tone::Bad,
                       text,
                       tr("Data folder"),
                       NoticeAction::OpenConfigSettings,
                       {}});
    }
    if (!activity.keychainProblem.empty()) {
        const QString text = QString::fromStdString(activity.keychainProblem);
        all.push_back({text, Tone::Warning, text, tr("Check again"), NoticeAction::ReadAgain, {}});
    }
    if (activity.port != 0 && activity.configuredPort != 0 && activity.port != activity.configuredPort) {
        const QString text =
            tr("Port %1 is taken by another program. Running on %2 until Turnpike is started again.")
                .arg(activity.configuredPort)
                .arg(activity.port);
        all.push_back(
            {text, Tone::Warning, text, tr("Server settings"), NoticeAction::OpenServerSettings, {}});
    }
    if (isSpendingPaused()) {
        all.push_back({kSpendingPaused,
                       Tone::Warning,
                       tr("Spending is paused: requests that cost money are refused, what is free goes on."),
                       tr("Resume"),
                       NoticeAction::ResumeSpending,
                       {}});
    }
    if (const Notice failing = failingNotice(); !failing.id.isEmpty()) all.push_back(failing);
    return all;
}

Notice GatewayStatus::failingNotice() const
{
    const auto& providers = m_link.activity().providers;
    const auto first = std::find_if(providers.begin(), providers.end(), fails);
    if (first == providers.end()) return {};
    const QString name = QString::fromStdString(first->id.text);
    const QString problem = QString::fromStdString(first->problem);
    QString text =
        problem.isEmpty() ? tr("%1: %2.").arg(name, healthText(*first)) : tr("%1: %2").arg(name, problem);
    const int others = failingProviders() - 1;
    if (others > 0) text += QLatin1Char(' ') + tr("%Ln other provider(s) fail too.", nullptr, others);
    // Without the words, which may count down: dismissed is dismissed until another one fails.
    const QString id = QStringLiteral("failing %1 %2").arg(name).arg(others);
    return {id, Notice::Tone::Warning, text, tr("Show"), NoticeAction::OpenProvider, name};
}

} // namespace ui
