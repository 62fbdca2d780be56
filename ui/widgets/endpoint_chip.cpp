// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/endpoint_chip.h"

#include <QHBoxLayout>
#include <QMenu>

#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/dot.h"

namespace ui {

EndpointChip::EndpointChip(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_button = new QPushButton;
    m_button->setObjectName(QStringLiteral("endpointButton"));
    m_button->setProperty("kind", QStringLiteral("endpoint"));
    m_button->setToolTip(tr("Copy the base URL"));
    auto* inside = new QHBoxLayout(m_button);
    inside->setContentsMargins(12, 0, 12, 0);
    m_dot = new Dot;
    m_dot->setAttribute(Qt::WA_TransparentForMouseEvents);
    inside->addWidget(m_dot);
    inside->addStretch();
    layout->addWidget(m_button);

    auto* arrow = new QPushButton;
    arrow->setObjectName(QStringLiteral("endpointMenuButton"));
    arrow->setProperty("kind", QStringLiteral("endpointMenu"));
    arrow->setAccessibleName(tr("More ways to copy the endpoint"));
    arrow->setToolTip(arrow->accessibleName());
    setButtonIcon(arrow, {QStringLiteral("chevron-down"), "muted", "muted", 14});
    m_menu = new QMenu(arrow);
    arrow->setMenu(m_menu);
    layout->addWidget(arrow);
    connect(m_button, &QPushButton::clicked, this, &EndpointChip::copyWanted);
}

void EndpointChip::setEndpoint(const QString& baseUrl, const QString& state, const char* dotToken)
{
    m_button->setText(QStringLiteral("   ") + baseUrl);
    m_button->setAccessibleName(tr("Copy %1").arg(baseUrl));
    m_button->setAccessibleDescription(state);
    m_button->setToolTip(tr("%1. Click to copy the base URL.").arg(state));
    m_dot->setToken(dotToken);
}

} // namespace ui
