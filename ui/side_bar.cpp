// SPDX-License-Identifier: GPL-3.0-or-later
#include "side_bar.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/alert_inbox.h"
#include "models/gateway_status.h"
#include "pages/page_table.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/build.h"
#include "widgets/nav_button.h"
#include "widgets/spend_card.h"
#include "widgets/status_card.h"

namespace ui {
namespace {

constexpr int kWidth = 224;
constexpr int kFoldedWidth = 64;
constexpr int kBrandSize = 28;
constexpr int kSpacing = 4;
constexpr int kSectionGap = 14;
constexpr int kLowHeight = 700; // Below it there is no room for that between all the pages.

} // namespace

SideBar::SideBar(GatewayStatus& status, AlertInbox& inbox, QWidget* parent)
    : QFrame(parent), m_status(status), m_inbox(inbox)
{
    setProperty("role", QStringLiteral("sidebar"));
    setFixedWidth(kWidth);
    auto* all = column(this, {12, 16, 12, 12}, kSpacing);
    buildBrand(all);
    auto* group = new QButtonGroup(this);
    PageSection section = PageSection::Foot;
    for (const PageEntry& page : pageTable()) {
        if (page.section == PageSection::Foot) continue;
        if (page.section != section) {
            section = page.section;
            QLabel* title = makeLabel(sectionTitle(section), "section");
            title->setContentsMargins(10, kSectionGap, 0, 4);
            m_sections.append(title);
            all->addWidget(title);
        }
        addPage(all, page);
    }
    all->addSpacing(8);
    for (const PageEntry& page : pageTable()) {
        if (page.section == PageSection::Foot) addPage(all, page);
    }
    for (NavButton* button : std::as_const(m_buttons)) {
        group->addButton(button);
    }
    all->addStretch();
    m_spend = new SpendCard(status);
    connect(m_spend, &QPushButton::clicked, this, &SideBar::budgetsWanted);
    all->addWidget(m_spend);
    all->addSpacing(4);
    m_card = new StatusCard(status);
    all->addWidget(m_card);
    all->addSpacing(4);
    m_theme = makeButton(QStringLiteral("-"), "nav", {}, "themeButton");
    connect(m_theme, &QPushButton::clicked, this, &SideBar::themeToggled);
    connect(&Theme::instance(), &Theme::changed, this, &SideBar::showTheme);
    all->addWidget(m_theme);
    showTheme();
    setFolded(false);
    connect(&status, &GatewayStatus::changed, this, &SideBar::showBadges);
    connect(&inbox, &AlertInbox::changed, this, &SideBar::showBadges);
    showBadges();
}

void SideBar::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    const bool low = height() < kLowHeight;
    if (low != m_low) {
        m_low = low;
        const QString look = low ? QStringLiteral("true") : QString();
        for (NavButton* button : std::as_const(m_buttons)) {
            setLook(button, "low", look);
        }
        setLook(m_theme, "low", look);
    }
    layout()->setSpacing(low ? 1 : kSpacing);
    for (QLabel* section : std::as_const(m_sections)) {
        section->setContentsMargins(10, low ? kSectionGap / 2 : kSectionGap, 0, 4);
    }
}

void SideBar::buildBrand(QVBoxLayout* all)
{
    m_brandLine = row(10);
    m_brandLine->setContentsMargins(6, 0, 0, 0);
    auto* mark = new QLabel;
    mark->setFixedSize(kBrandSize, kBrandSize);
    mark->setPixmap(applicationIcon().pixmap(QSize(kBrandSize, kBrandSize), 2.0));
    m_brand = makeLabel(QStringLiteral("Turnpike"), "brand");
    m_fold = makeIconButton(QStringLiteral("panel-left"), tr("Fold the side bar"), "foldButton");
    connect(m_fold, &QPushButton::clicked, this, &SideBar::foldToggled);
    m_brandLine->addWidget(mark);
    m_brandLine->addWidget(m_brand);
    m_brandLine->addWidget(m_fold);
    all->addLayout(m_brandLine);
}

void SideBar::addPage(QVBoxLayout* all, const PageEntry& page)
{
    auto* button = new NavButton;
    button->setObjectName(QStringLiteral("pageButton"));
    button->setCheckable(true);
    setText(button, page.title);
    button->setProperty("title", page.title);
    setButtonIcon(button, {page.icon, "muted", "accent", 18});
    connect(button, &QPushButton::clicked, this, [this, id = page.id] { emit pageChosen(id); });
    m_buttons.insert(page.id, button);
    all->addWidget(button);
}

void SideBar::setCurrent(const QString& pageId)
{
    if (NavButton* button = m_buttons.value(pageId)) button->setChecked(true);
    m_current = pageId;
    showBadges();
}

void SideBar::showBadges()
{
    const QString requests = QStringLiteral("requests");
    const std::uint64_t failures = m_status.failures();
    if (m_current == requests || failures < m_seenFailures) m_seenFailures = failures;
    if (NavButton* button = m_buttons.value(requests)) {
        const auto fresh = static_cast<int>(failures - m_seenFailures);
        button->setBadge(fresh, "danger", tr("%Ln failed request(s) since you last looked", nullptr, fresh));
    }
    if (NavButton* button = m_buttons.value(QStringLiteral("providers"))) {
        const int failing = m_status.failingProviders();
        button->setBadge(failing, "warning", tr("%Ln provider(s) failing", nullptr, failing));
    }
    if (NavButton* button = m_buttons.value(QStringLiteral("keys"))) {
        const int unread = m_inbox.unread();
        button->setBadge(unread, "warning", tr("%Ln unread alert(s)", nullptr, unread));
    }
}

void SideBar::setFolded(bool folded)
{
    m_folded = folded;
    setFixedWidth(folded ? kFoldedWidth : kWidth);
    m_brand->setVisible(!folded);
    m_brandLine->setDirection(folded ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_brandLine->setStretchFactor(m_brand, folded ? 0 : 1); // Upright, it would take the height instead.
    m_fold->setAccessibleName(folded ? tr("Unfold the side bar") : tr("Fold the side bar"));
    m_fold->setToolTip(tr("%1 (Ctrl+B)").arg(m_fold->accessibleName()));
    for (QLabel* section : std::as_const(m_sections)) {
        section->setVisible(!folded);
    }
    for (NavButton* button : std::as_const(m_buttons)) {
        setText(button, button->property("title").toString());
    }
    setText(m_theme, m_theme->property("title").toString());
    m_spend->setFolded(folded);
    m_card->setFolded(folded);
}

// Folded, the name is in the tool tip; what screen readers say stays.
void SideBar::setText(QPushButton* button, const QString& text)
{
    button->setText(m_folded ? QString() : asButtonText(text));
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
