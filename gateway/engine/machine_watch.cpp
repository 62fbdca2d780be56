// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/machine_watch.h"

#include <string>
#include <utility>

#include <QCoreApplication>
#include <QNetworkInformation>
#include <QThread>

#include "engine/machine_state.h"
#include "engine/wireless_name.h"

namespace gateway::engine {

namespace {

constexpr int kLookMs = 2000;

/// Null where no part of the system tells: without NetworkManager, say. Qt's lives on the program's own
/// thread and may be asked there only.
const QNetworkInformation* networkTold()
{
    const QCoreApplication* program = QCoreApplication::instance();
    if (!program || QThread::currentThread() != program->thread()) return nullptr;
    if (!QNetworkInformation::instance())
        QNetworkInformation::loadBackendByFeatures(QNetworkInformation::Feature::Metered);
    return QNetworkInformation::instance();
}

void lookAtNetwork(pipeline::MachineFlags& flags)
{
    flags.online.store(leadsOut(), std::memory_order_relaxed);
    const QNetworkInformation* network = networkTold();
    flags.metered.store(network && network->isMetered(), std::memory_order_relaxed);
}

/// At what may take its time.
void lookPatiently(pipeline::MachineFlags& flags)
{
    flags.battery.store(runsOnBattery(), std::memory_order_relaxed);
    std::string network = wirelessName();
    flags.network.set(network.empty() ? leadingInterface() : std::move(network));
}

} // namespace

void lookAtMachine(pipeline::MachineFlags& flags)
{
    lookAtNetwork(flags);
    lookPatiently(flags);
}

MachineWatch::MachineWatch(std::function<void(std::function<void()>)> elsewhere)
    : m_elsewhere(std::move(elsewhere))
{
    m_timer.setInterval(kLookMs);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { look(); });
}

void MachineWatch::setNeeded(bool needed)
{
    if (needed == m_timer.isActive()) return;
    if (!needed) return m_timer.stop();
    look();
    m_timer.start();
}

void MachineWatch::look()
{
    lookAtNetwork(*m_flags);
    m_elsewhere([flags = m_flags] { lookPatiently(*flags); });
}

} // namespace gateway::engine
