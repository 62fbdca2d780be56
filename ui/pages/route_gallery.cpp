// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/route_gallery.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "models/route_templates.h"
#include "pages/page.h"
#include "widgets/build.h"

namespace ui {
namespace {

constexpr int kColumns = 2;

} // namespace

RouteGallery::RouteGallery(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* content = new QWidget;
    content->setProperty("role", QStringLiteral("clear"));
    auto* all = column(content, {0, 0, 4, 0}, kCardGap);
    QHBoxLayout* head = row(12);
    head->addWidget(
        makeParagraph(tr("A route is a model name of your own. It decides which model answers, and "
                         "what happens when that fails. Begin with one of these, or empty.")),
        1);
    QPushButton* empty = makeButton(tr("&Empty route"), "ghost", QStringLiteral("plus"), "emptyRouteButton");
    head->addWidget(empty, 0, Qt::AlignTop);
    all->addLayout(head);
    auto* grid = new QGridLayout;
    grid->setSpacing(kCardGap);
    int place = 0;
    for (const RouteTemplate& each : routeTemplates()) {
        grid->addWidget(buildCard(each), place / kColumns, place % kColumns);
        ++place;
    }
    for (int i = 0; i < kColumns; ++i) {
        grid->setColumnStretch(i, 1);
    }
    all->addLayout(grid);
    all->addStretch();
    scroll->setWidget(content);
    column(this, {}, 0)->addWidget(scroll);
    connect(empty, &QPushButton::clicked, this, [this] { emit chosen({}); });
}

QWidget* RouteGallery::buildCard(const RouteTemplate& shown)
{
    QFrame* card = makeFrame("card");
    auto* inside = column(card, {16, 14, 16, 12}, 6);
    inside->addWidget(makeLabel(shown.name, "h3"));
    inside->addWidget(makeParagraph(shown.sentence, "muted"));
    inside->addStretch();
    QPushButton* use = makeButton(tr("Use"), "ghost", {}, "useTemplateButton");
    use->setAccessibleName(tr("Use %1").arg(shown.name));
    use->setAccessibleDescription(shown.sentence);
    inside->addWidget(use, 0, Qt::AlignLeft);
    connect(use, &QPushButton::clicked, this, [this, id = shown.id] { emit chosen(id); });
    return card;
}

} // namespace ui
