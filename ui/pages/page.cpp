// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/page.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/build.h"

namespace ui {

Page::Page(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("page"));
    setAttribute(Qt::WA_StyledBackground);
}

Page::Header Page::makeHeader(const QString& title, const QString& subtitle)
{
    QHBoxLayout* layout = row(8);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(1);
    QLabel* titleLabel = makeLabel(title, "h1");
    QLabel* subtitleLabel = makeElided("muted");
    subtitleLabel->setText(subtitle);
    texts->addWidget(titleLabel);
    texts->addWidget(subtitleLabel);
    layout->addLayout(texts, 1);
    return {layout, titleLabel, subtitleLabel};
}

QVBoxLayout* Page::pageLayout()
{
    return column(this, {kPageMargin, 20, kPageMargin, 24}, kCardGap);
}

void Page::bindAction(QPushButton* button, QAction* action)
{
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    QObject::connect(action, &QAction::enabledChanged, button, &QWidget::setEnabled);
    button->setEnabled(action->isEnabled());
}

} // namespace ui
