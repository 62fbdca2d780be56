// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/local_servers.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <QUrl>

#include "models/config_edit.h"
#include "models/when_done.h"

namespace ui {
namespace {

struct Owner {
    std::string_view owner, preset;
};

// What these servers write into "owned_by" of their lists.
constexpr std::array kOwners{Owner{"organization_owner", "lm-studio"},
                             Owner{"llamacpp", "llama.cpp"},
                             Owner{"vllm", "vllm"},
                             Owner{"sglang", "sglang"},
                             Owner{"koboldcpp", "koboldcpp"},
                             Owner{"xinference", "xinference"}};

bool namesItself(const std::string& preset)
{
    return std::any_of(kOwners.begin(), kOwners.end(),
                       [&](const Owner& each) { return each.preset == preset; });
}

const gateway::ProviderPreset* presetNamed(const std::vector<gateway::ProviderPreset>& presets,
                                           const std::string& id)
{
    const auto found = std::find_if(presets.begin(), presets.end(),
                                    [&](const gateway::ProviderPreset& each) { return each.id == id; });
    return found == presets.end() ? nullptr : &*found;
}

gateway::ProviderConfig providerAt(const gateway::ProviderPreset& preset)
{
    gateway::ProviderConfig provider;
    provider.id = gateway::ProviderId(preset.id);
    provider.kind = preset.kind;
    provider.baseUrl = preset.baseUrl;
    provider.local = true;
    provider.dataPolicy = preset.dataPolicy;
    return provider;
}

bool hasPort(const gateway::Config& config, int port)
{
    return std::any_of(config.providers.begin(), config.providers.end(),
                       [port](const gateway::ProviderConfig& provider) {
                           if (!provider.baseUrl.empty()) return loopbackPort(provider.baseUrl) == port;
                           const gateway::ProviderPreset* preset = gateway::presetOf(provider);
                           return preset != nullptr && loopbackPort(preset->baseUrl) == port;
                       });
}

} // namespace

int loopbackPort(const std::string& url)
{
    const QUrl parsed(QString::fromStdString(url), QUrl::StrictMode);
    const QString host = parsed.host();
    const bool here = host == QLatin1String("localhost") || host == QLatin1String("127.0.0.1") ||
                      host == QLatin1String("::1");
    return parsed.scheme() == QLatin1String("http") && here ? parsed.port(80) : 0;
}

std::string presetOfOwner(const std::string& owner)
{
    const auto found =
        std::find_if(kOwners.begin(), kOwners.end(), [&](const Owner& each) { return each.owner == owner; });
    return found == kOwners.end() ? std::string() : std::string(found->preset);
}

LocalServers::LocalServers(GatewayLink& link, QObject* parent) : QObject(parent), m_link(link)
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        for (Probe& probe : m_probes) {
            probe.future.cancel();
        }
        endLook();
    });
    connect(&link, &GatewayLink::configChanged, this, [this] {
        filter();
        emit changed();
    });
}

void LocalServers::look()
{
    cancel();
    m_probes.clear();
    m_found.clear();
    const auto config = m_link.config();
    for (const gateway::ProviderPreset& preset : m_link.presets()) {
        const int port = preset.local ? loopbackPort(preset.baseUrl) : 0;
        if (port == 0 || port == m_link.activity().port || hasPort(*config, port)) continue;
        const auto same = std::find_if(m_probes.begin(), m_probes.end(), [&](const Probe& probe) {
            return probe.preset.kind == preset.kind && probe.preset.baseUrl == preset.baseUrl;
        });
        if (same != m_probes.end()) {
            same->shared = true;
        } else {
            m_probes.push_back({preset, false, {}});
        }
    }
    m_found.resize(m_probes.size());
    m_open = m_probes.size();
    m_hasLooked = false;
    filter();
    if (m_open == 0) {
        endLook();
        return;
    }
    m_deadline.start(m_patience);
    emit changed();
    for (std::size_t place = 0; place < m_probes.size(); ++place) {
        ask(place);
    }
}

void LocalServers::ask(std::size_t place)
{
    gateway::ProviderConfig provider = providerAt(m_probes[place].preset);
    provider.proxy = "none"; // What is asked is this computer, whatever the system says.
    m_probes[place].future = m_link.testProviderWith(provider, gateway::Secret());
    whenDone(
        m_probes[place].future, this,
        [this, place, round = m_round](const gateway::ProviderTest& answer) {
            settle(place, round, &answer);
        },
        [this, place, round = m_round] { settle(place, round, nullptr); });
}

void LocalServers::settle(std::size_t place, int round, const gateway::ProviderTest* answer)
{
    if (round != m_round || m_open == 0) return;
    if (answer != nullptr && answer->ok && answer->hasList) {
        const Probe& probe = m_probes[place];
        const std::string named = presetOfOwner(answer->owner);
        const bool plain = named.empty() && !probe.shared && !namesItself(probe.preset.id);
        const gateway::ProviderPreset* preset = plain           ? &probe.preset
                                                : named.empty() ? nullptr
                                                                : presetNamed(m_link.presets(), named);
        FoundServer& server = m_found[place];
        server.provider = providerAt(preset == nullptr ? probe.preset : *preset);
        server.provider.kind = probe.preset.kind; // As it was asked, so it answered.
        server.provider.baseUrl = probe.preset.baseUrl;
        server.models = static_cast<int>(answer->models.size());
        server.name = preset == nullptr ? tr("Model server") : QString::fromStdString(preset->name);
        if (preset == nullptr) {
            const int port = loopbackPort(probe.preset.baseUrl);
            server.provider.id = gateway::ProviderId("local-" + std::to_string(port));
        }
    }
    if (--m_open == 0) {
        endLook();
        return;
    }
    filter();
    emit changed();
}

void LocalServers::endLook()
{
    m_deadline.stop();
    ++m_round;
    m_open = 0;
    m_hasLooked = true;
    filter();
    emit changed();
}

void LocalServers::cancel()
{
    if (!isLooking()) return;
    ++m_round;
    m_open = 0;
    m_deadline.stop();
    for (Probe& probe : m_probes) {
        probe.future.cancel();
    }
    emit changed();
}

void LocalServers::filter()
{
    m_shown.clear();
    const auto config = m_link.config();
    for (const FoundServer& server : m_found) {
        if (server.name.isEmpty() || hasPort(*config, loopbackPort(server.provider.baseUrl))) continue;
        m_shown.push_back(server);
        gateway::ProviderId& id = m_shown.back().provider.id;
        id.text = freeProviderName(*config, QString::fromStdString(id.text)).toStdString();
    }
}

} // namespace ui
