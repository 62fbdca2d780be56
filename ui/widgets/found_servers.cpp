// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/found_servers.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/spinner.h"

namespace ui {

FoundServers::FoundServers(GatewayLink& link, WhenNone whenNone, QWidget* parent)
    : QFrame(parent)
    , m_servers(link)
    , m_whenNone(whenNone)
    , m_title(makeLabel({}, "h3"))
    , m_spinner(new Spinner)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {16, 12, 12, 12}, 8);
    QHBoxLayout* head = row(10);
    m_title->setAccessibleDescription(QStringLiteral("found-servers"));
    m_stop = makeButton(tr("Stop looking"), "plain", QStringLiteral("x"), "stopLookingButton");
    m_close = makeIconButton(QStringLiteral("x"), tr("Hide the servers found"), "hideServersButton");
    head->addWidget(m_spinner);
    head->addWidget(m_title, 1);
    head->addWidget(m_stop);
    head->addWidget(m_close);
    all->addLayout(head);
    m_hint =
        makeParagraph(tr("Start one and look again: Ollama with \"ollama serve\", LM Studio with its "
                         "Developer tab, llama.cpp with \"llama-server -m MODEL\", vLLM with \"vllm serve "
                         "MODEL\". One that listens elsewhere is added with its address."),
                      "muted");
    m_hint->setTextInteractionFlags(Qt::TextSelectableByMouse);
    all->addWidget(m_hint);
    m_rows = new QVBoxLayout;
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(6);
    all->addLayout(m_rows);
    connect(m_stop, &QPushButton::clicked, &m_servers, &LocalServers::cancel);
    connect(m_close, &QPushButton::clicked, this, [this] {
        m_dismissed = true;
        hide();
    });
    connect(&m_servers, &LocalServers::changed, this, &FoundServers::showState);
    hide();
}

void FoundServers::look()
{
    m_dismissed = false;
    if (!m_servers.isLooking()) m_servers.look();
    showState();
}

void FoundServers::showState()
{
    const bool looking = m_servers.isLooking();
    const bool any = !m_servers.found().empty();
    const bool explains = m_whenNone == WhenNone::Explain && m_servers.hasLooked() && !any;
    m_spinner->setVisible(looking);
    m_stop->setVisible(looking);
    m_close->setVisible(!looking);
    m_hint->setVisible(explains && !looking);
    m_title->setText(any       ? tr("Found on this computer")
                     : looking ? tr("Looking for model servers on this computer…")
                               : tr("No model server was found on this computer"));
    fillRows();
    setVisible(!m_dismissed && (any || explains || (looking && m_whenNone == WhenNone::Explain)));
}

void FoundServers::fillRows()
{
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (const FoundServer& server : m_servers.found()) {
        auto* line = new QWidget(this);
        line->setProperty("role", QStringLiteral("clear"));
        auto* inside = new QHBoxLayout(line);
        inside->setContentsMargins(0, 0, 0, 0);
        inside->setSpacing(10);
        auto* picture = new QLabel;
        setLabelIcon(picture, QStringLiteral("hard-drive"), "accent", 16);
        QLabel* name = makeLabel(tr("%1 (%2)").arg(server.name, tr("%Ln model(s)", nullptr, server.models)));
        ElidedLabel* address = makeElided("monoMuted");
        address->setText(QString::fromStdString(server.provider.baseUrl));
        QPushButton* add = makeButton(tr("Add"), "ghost", QStringLiteral("plus"), "addServerButton");
        add->setAccessibleName(tr("Add %1").arg(server.name));
        connect(add, &QPushButton::clicked, this, [this, server] { emit addWanted(server); });
        inside->addWidget(picture);
        inside->addWidget(name);
        inside->addWidget(address, 1);
        inside->addWidget(add);
        m_rows->addWidget(line);
        line->show();
    }
}

} // namespace ui
