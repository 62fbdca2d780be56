// SPDX-License-Identifier: GPL-3.0-or-later
#include "side_bar.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "pages/page_table.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/build.h"
#include "widgets/status_card.h"

namespace ui {
namespace {

constexpr int kWidth = 224;
constexpr int kFoldedWidth = 64;
constexpr int kBrandSize = 28;

} // namespace

SideBar::SideBar(GatewayStatus& status, QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("sidebar"));
    setFixedWidth(kWidth);
    auto* all = column(this, {12, 16, 12, 12}, 4);
    buildBrand(all);
    auto* group = new QButtonGroup(this);
    PageSection section = PageSection::Foot;
    for (const PageEntry& page : pageTable()) {
        if (page.section == PageSection::Foot) continue;
        if (page.section != section) {
            section = page.section;
            QLabel* title = makeLabel(sectionTitle(section), "section");
            title->setContentsMargins(10, 14, 0, 4);
            m_sections.append(title);
            all->addWidget(title);
        }
        addPage(all, page);
    }
    all->addSpacing(8);
    for (const PageEntry& page : pageTable()) {
        if (page.section == PageSection::Foot) addPage(all, page);
    }
    for (QPushButton* button : std::as_const(m_buttons)) {
        group->addButton(button);
    }
    all->addStretch();
    m_card = new StatusCard(status);
    all->addWidget(m_card);
    all->addSpacing(4);
    m_theme = makeButton(QStringLiteral("-"), "nav", {}, "themeButton");
    connect(m_theme, &QPushButton::clicked, this, &SideBar::themeToggled);
    connect(&Theme::instance(), &Theme::changed, this, &SideBar::showTheme);
    all->addWidget(m_theme);
    showTheme();
}

void SideBar::buildBrand(QVBoxLayout* all)
{
    QHBoxLayout* line = row(10);
    line->setContentsMargins(6, 0, 0, 0);
    auto* mark = new QLabel;
    mark->setPixmap(applicationIcon().pixmap(QSize(kBrandSize, kBrandSize), 2.0));
    m_brand = makeLabel(QStringLiteral("Turnpike"), "brand");
    line->addWidget(mark);
    line->addWidget(m_brand);
    line->addStretch();
    all->addLayout(line);
}

void SideBar::addPage(QVBoxLayout* all, const PageEntry& page)
{
    QPushButton* button = makeButton(page.title, "nav", {}, "pageButton");
    button->setCheckable(true);
    button->setProperty("title", page.title);
    setButtonIcon(button, {page.icon, "muted", "accent", 18});
    connect(button, &QPushButton::clicked, this, [this, id = page.id] { emit pageChosen(id); });
    m_buttons.insert(page.id, button);
    all->addWidget(button);
}

void SideBar::setCurrent(const QString& pageId)
{
    if (QPushButton* button = m_buttons.value(pageId)) button->setChecked(true);
}

void SideBar::setFolded(bool folded)
{
    m_folded = folded;
    setFixedWidth(folded ? kFoldedWidth : kWidth);
    m_brand->setVisible(!folded);
    for (QLabel* section : std::as_const(m_sections)) {
        section->setVisible(!folded);
    }
    for (QPushButton* button : std::as_const(m_buttons)) {
        setText(button, button->property("title").toString());
    }
    setText(m_theme, m_theme->property("title").toString());
    m_card->setFolded(folded);
}

// Folded, the name is in the tool tip; what screen readers say stays.
void SideBar::setText(QPushButton* button, const QString& text)
{
    button->setText(m_folded ? QString() : text);
    button->setToolTip(m_folded ? text : QString());
    button->setAccessibleName(text);
}

void SideBar::showTheme()
{
    const bool dark = Theme::instance().isDark();
    const QString text = dark ? tr("Light mode") : tr("Dark mode");
    m_theme->setProperty("title", text);
    setText(m_theme, text);
    setButtonIcon(m_theme, {dark ? QStringLiteral("sun") : QStringLiteral("moon"), "muted", "accent", 18});
}

} // namespace ui
