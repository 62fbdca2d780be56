// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/banner_strip.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "pages/page.h"
#include "theme/icons.h"
#include "widgets/build.h"

namespace ui {

BannerStrip::BannerStrip(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* outer = column(this, {kPageMargin, 12, kPageMargin, 0}, 0);
    m_box = makeFrame("banner");
    outer->addWidget(m_box);
    auto* layout = new QHBoxLayout(m_box);
    layout->setContentsMargins(14, 7, 8, 7);
    layout->setSpacing(10);
    m_picture = new QLabel;
    m_text = makeParagraph({});
    m_text->setAccessibleDescription(QStringLiteral("notice"));
    m_action = makeButton(QStringLiteral("-"), "link", {}, "bannerActionButton");
    QPushButton* close = makeIconButton(QStringLiteral("x"), tr("Dismiss"), "bannerDismissButton");
    layout->addWidget(m_picture);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action);
    layout->addWidget(close);
    connect(m_action, &QPushButton::clicked, this, [this] { emit actionWanted(m_notice); });
    connect(close, &QPushButton::clicked, this, [this] { emit dismissed(m_notice.id); });
    hide();
}

void BannerStrip::setNotice(const Notice& notice)
{
    const bool shows = !notice.id.isEmpty();
    if (shows && notice.id == m_notice.id && notice.text == m_notice.text) return;
    m_notice = notice;
    if (shows) {
        const bool bad = notice.tone == Notice::Tone::Bad;
        const bool warning = notice.tone == Notice::Tone::Warning;
        setLook(m_box, "tone",
                bad       ? QStringLiteral("bad")
                : warning ? QStringLiteral("warn")
                          : QStringLiteral("info"));
        setLabelIcon(m_picture, bad ? QStringLiteral("circle-alert") : QStringLiteral("triangle-alert"),
                     bad       ? "danger"
                     : warning ? "warning"
                               : "accent",
                     16);
        m_text->setText(notice.text);
        setButtonText(m_action, notice.actionText);
        m_action->setVisible(!notice.actionText.isEmpty());
    }
    setVisible(shows);
}

} // namespace ui
