// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/server_settings.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include "models/when_done.h"
#include "widgets/build.h"
#include "widgets/segments.h"
#include "widgets/setting_row.h"

namespace ui {
namespace {

constexpr int kMostDrainSeconds = 3600;

int indexOf(gateway::LogBodies bodies)
{
    switch (bodies) {
    case gateway::LogBodies::Off:
        return 0;
    case gateway::LogBodies::All:
        return 2;
    default:
        return 1;
    }
}

gateway::LogBodies bodiesAt(int index)
{
    if (index == 0) return gateway::LogBodies::Off;
    return index == 2 ? gateway::LogBodies::All : gateway::LogBodies::Errors;
}

} // namespace

ServerSettings::ServerSettings(GatewayLink& link, QWidget* parent) : QFrame(parent), m_link(link)
{
    setProperty("role", QStringLiteral("card"));
    buildRows();
    connect(&link, &GatewayLink::configChanged, this, &ServerSettings::showConfig);
    showConfig();
}

void ServerSettings::buildRows()
{
    auto* all = column(this, {20, 16, 20, 10}, 0);
    all->addWidget(makeLabel(tr("Server"), "h2"));
    all->addSpacing(4);
    m_address = makeLabel({}, "mono");
    m_address->setAccessibleDescription(QStringLiteral("server-address"));
    m_addressRow = new SettingRow(
        tr("Address"), tr("Reached from this computer only, unless the file says otherwise."), m_address);
    QWidget* port = buildPort();
    m_portRow = new SettingRow(tr("&Port"), tr("Where tools find the gateway."), port, m_port);
    m_requireKey = new QCheckBox;
    m_requireKey->setObjectName(QStringLiteral("requireKeyCheckBox"));
    m_requireKey->setAccessibleName(tr("Require a key"));
    connect(m_requireKey, &QCheckBox::clicked, this, [this](bool on) {
        change(on ? tr("A key is required") : tr("No key is required"),
               [on](gateway::ServerConfig& server) { server.requireKey = on; });
    });
    m_keyRow =
        new SettingRow(tr("Require a &key"),
                       tr("Without one, every program on this computer can spend your money."), m_requireKey);
    m_bodies = new Segments(tr("Stored bodies"), {tr("Off"), tr("Errors"), tr("All")});
    connect(m_bodies, &Segments::chosen, this, [this](int index) {
        change(tr("Stored bodies changed"),
               [index](gateway::ServerConfig& server) { server.logBodies = bodiesAt(index); });
    });
    m_bodiesRow =
        new SettingRow(tr("Stored bodies"), tr("Of which requests the log keeps the texts."), m_bodies);
    m_drain = makeSpinBox(tr("Time to finish"), "drainSpinBox", 0, kMostDrainSeconds);
    m_drain->setKeyboardTracking(false); // Applied when the number is complete.
    m_drain->setSuffix(tr(" s"));
    connect(m_drain, &QSpinBox::valueChanged, this, [this](int seconds) {
        change(tr("Time to finish changed"),
               [seconds](gateway::ServerConfig& server) { server.drain = gateway::seconds(seconds); });
    });
    m_drainRow = new SettingRow(tr("Time to &finish"),
                                tr("How long running requests may still take when quitting."), m_drain);
    bool first = true;
    for (SettingRow* settingRow : {m_addressRow, m_portRow, m_keyRow, m_bodiesRow, m_drainRow}) {
        if (!first) all->addWidget(makeLine());
        first = false;
        all->addWidget(settingRow);
    }
}

QWidget* ServerSettings::buildPort()
{
    auto* holder = new QWidget;
    holder->setProperty("role", QStringLiteral("clear"));
    auto* line = new QHBoxLayout(holder);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    m_port = makeSpinBox(tr("Port"), "portSpinBox", 1, 65535);
    m_applyPort = makeButton(tr("Appl&y"), "ghost", {}, "applyPortButton");
    m_applyPort->setAccessibleName(tr("Apply the port"));
    m_applyPort->setEnabled(false);
    connect(m_port, &QSpinBox::valueChanged, this,
            [this](int port) { m_applyPort->setEnabled(port != m_link.config()->server.port); });
    connect(m_applyPort, &QPushButton::clicked, this, [this] {
        const auto port = static_cast<std::uint16_t>(m_port->value());
        change(tr("The port is now %1").arg(port),
               [port](gateway::ServerConfig& server) { server.port = port; });
    });
    line->addWidget(m_port);
    line->addWidget(m_applyPort);
    return holder;
}

void ServerSettings::showConfig()
{
    const gateway::ServerConfig& server = m_link.config()->server;
    m_address->setText(QString::fromStdString(server.host));
    const QSignalBlocker noPort(m_port);
    const QSignalBlocker noDrain(m_drain);
    m_port->setValue(server.port);
    m_applyPort->setEnabled(false);
    m_requireKey->setChecked(server.requireKey);
    m_bodies->setCurrent(indexOf(server.logBodies));
    m_drain->setValue(static_cast<int>(server.drain.count()));
}

void ServerSettings::change(const QString& done, const Change& what)
{
    gateway::ServerConfig server = m_link.config()->server;
    what(server);
    if (server != m_link.config()->server) applyServer(server, done);
}

void ServerSettings::applyServer(const gateway::ServerConfig& server, const QString& done)
{
    gateway::Config config = *m_link.config();
    const gateway::ServerConfig before = config.server;
    config.server = server;
    whenDone(
        m_link.apply(config), this,
        [this, before, done](const GatewayLink::Problems& problems) {
            showProblems(problems);
            if (!problems.empty()) {
                showConfig(); // Back to what is in force.
                return;
            }
            emit toastWanted(
                {done, tr("Undo"), [this, before] { applyServer(before, tr("Undone")); }, false, true});
        },
        [this] { showConfig(); });
}

void ServerSettings::showProblems(const GatewayLink::Problems& problems)
{
    for (SettingRow* settingRow : {m_addressRow, m_portRow, m_keyRow, m_bodiesRow, m_drainRow}) {
        settingRow->setProblem({});
    }
    for (const gateway::ConfigProblem& problem : problems) {
        SettingRow* settingRow = m_addressRow; // Where the path names none of ours, the first row tells it.
        if (problem.path == "server.port") settingRow = m_portRow;
        if (problem.path == "server.require_key") settingRow = m_keyRow;
        if (problem.path == "server.log_bodies") settingRow = m_bodiesRow;
        if (problem.path == "server.drain_seconds") settingRow = m_drainRow;
        settingRow->setProblem(QString::fromStdString(problem.message));
    }
}

} // namespace ui
