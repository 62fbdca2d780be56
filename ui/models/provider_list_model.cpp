// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/provider_list_model.h"

#include <algorithm>

#include <QCoreApplication>
#include <QDateTime>

#include "models/provider_keys_model.h"

namespace ui {
namespace {

using State = gateway::ProviderHealth::State;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::ProviderHealth)
};

int readyNow(const gateway::ProviderHealth& health)
{
    if (health.keys.empty()) return static_cast<int>(health.keysReady);
    return readyKeys(health, QDateTime::currentMSecsSinceEpoch() * 1000);
}

bool isRateLimited(const gateway::ProviderHealth& health)
{
    return health.state == State::Ready && !health.keys.empty() && readyNow(health) == 0;
}

} // namespace

QString healthText(const gateway::ProviderHealth& health)
{
    if (isRateLimited(health)) return Text::tr("Rate-limited");
    switch (health.state) {
    case State::Ready:
        return Text::tr("Ready");
    case State::NoKey:
        return Text::tr("No usable key");
    case State::KeyRefused:
        return Text::tr("Key refused");
    case State::Failing:
        return Text::tr("Failing");
    case State::Undecided:
        break;
    }
    return Text::tr("Not tried yet");
}

QString healthStory(const gateway::ProviderHealth& health)
{
    const QString state = healthText(health);
    if (!health.problem.empty()) return state + QStringLiteral(". ") + QString::fromStdString(health.problem);
    const int aside = static_cast<int>(health.keys.size()) - readyNow(health);
    if (isRateLimited(health))
        return Text::tr("%1. Every key waits until the provider takes it again; see Keys.").arg(state);
    if (aside > 0 && !health.keys.empty())
        return Text::tr("%1. %Ln of %2 keys set aside; see Keys.", nullptr, aside)
            .arg(state)
            .arg(health.keys.size());
    return state;
}

const char* healthToken(const gateway::ProviderHealth& health)
{
    if (isRateLimited(health)) return "warning";
    switch (health.state) {
    case State::Ready:
        return "success";
    case State::NoKey:
        return "warning";
    case State::KeyRefused:
    case State::Failing:
        return "danger";
    case State::Undecided:
        break;
    }
    return "section";
}

QString kindText(const std::string& kind)
{
    if (kind == "openai-compatible") return Text::tr("OpenAI-compatible");
    if (kind == "sandbox") return Text::tr("Sandbox (simulated)");
    for (const gateway::ProviderPreset& preset : gateway::providerPresets()) {
        if (preset.id == kind) return QString::fromStdString(preset.name); // A kind is named after its first.
    }
    return QString::fromStdString(kind);
}

ProviderListModel::ProviderListModel(GatewayLink& link, QObject* parent)
    : QAbstractListModel(parent), m_link(link)
{
    connect(&link, &GatewayLink::configChanged, this, &ProviderListModel::readConfig);
    connect(&link, &GatewayLink::activityChanged, this, &ProviderListModel::readHealth);
    readConfig();
}

int ProviderListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_providers.size());
}

QVariant ProviderListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const gateway::ProviderConfig& provider = m_providers[static_cast<std::size_t>(index.row())];
    const gateway::ProviderHealth health = healthOf(provider.id);
    const QString name = QString::fromStdString(provider.id.text);
    switch (role) {
    case Qt::DisplayRole:
    case IdRole:
        return name;
    case Qt::AccessibleTextRole:
        return name + QStringLiteral(", ") + healthText(health);
    case Qt::ToolTipRole:
        return QString::fromStdString(health.problem);
    case DotTokenRole:
        return QString::fromLatin1(healthToken(health));
    case DetailRole:
        if (provider.keys.empty()) return provider.local ? tr("Local, no key") : tr("No key");
        return tr("%1 of %Ln key(s)", nullptr, static_cast<int>(provider.keys.size())).arg(readyNow(health));
    default:
        return {};
    }
}

const gateway::ProviderConfig* ProviderListModel::providerAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_providers[static_cast<std::size_t>(row)] : nullptr;
}

gateway::ProviderHealth ProviderListModel::healthOf(const gateway::ProviderId& id) const
{
    const auto found =
        std::find_if(m_health.begin(), m_health.end(), [&](const auto& health) { return health.id == id; });
    return found == m_health.end() ? gateway::ProviderHealth{} : *found;
}

int ProviderListModel::rowOf(const gateway::ProviderId& id) const
{
    const auto found = std::find_if(m_providers.begin(), m_providers.end(),
                                    [&](const auto& provider) { return provider.id == id; });
    return found == m_providers.end() ? -1 : static_cast<int>(found - m_providers.begin());
}

void ProviderListModel::readConfig()
{
    const auto config = m_link.config();
    std::vector<gateway::ProviderConfig> next =
        config ? config->providers : std::vector<gateway::ProviderConfig>{};
    const bool sameNames = std::equal(next.begin(), next.end(), m_providers.begin(), m_providers.end(),
                                      [](const auto& a, const auto& b) { return a.id == b.id; });
    m_health = m_link.activity().providers;
    if (sameNames) { // Keeps the selection: only what is in the rows has changed.
        m_providers = std::move(next);
        if (!m_providers.empty()) emit dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_providers = std::move(next);
    endResetModel();
}

void ProviderListModel::readHealth()
{
    const auto& now = m_link.activity().providers;
    if (now == m_health) return;
    m_health = now;
    if (!m_providers.empty()) emit dataChanged(index(0), index(rowCount() - 1));
}

} // namespace ui
