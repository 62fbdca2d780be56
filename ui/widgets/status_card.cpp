// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/status_card.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "models/gateway_status.h"
#include "widgets/build.h"
#include "widgets/dot.h"

namespace ui {

StatusCard::StatusCard(GatewayStatus& status, QWidget* parent) : QFrame(parent), m_status(status)
{
    setProperty("role", QStringLiteral("inset"));
    auto* all = column(this, {12, 10, 12, 10}, 3);
    auto* head = row(8);
    m_dot = new Dot;
    m_headline = makeLabel({});
    m_headline->setAccessibleDescription(QStringLiteral("gateway-state"));
    head->addWidget(m_dot);
    head->addWidget(m_headline, 1);
    all->addLayout(head);
    m_address = makeLabel({}, "monoMuted");
    m_address->setAccessibleDescription(QStringLiteral("gateway-address"));
    all->addWidget(m_address);
    connect(&status, &GatewayStatus::changed, this, &StatusCard::refresh);
    refresh();
}

void StatusCard::setFolded(bool folded)
{
    m_headline->setVisible(!folded);
    m_address->setVisible(!folded);
}

void StatusCard::refresh()
{
    m_dot->setToken(m_status.dotToken());
    m_headline->setText(m_status.headline());
    m_address->setText(m_status.address());
    setToolTip(m_status.headline() + QLatin1Char('\n') + m_status.address());
}

} // namespace ui
