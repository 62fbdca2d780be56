// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/empty_state.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "theme/icons.h"
#include "widgets/build.h"

namespace ui {
namespace {

constexpr int kDisc = 72;
constexpr int kTextWidth = 380;

QHBoxLayout* centered(QWidget* widget)
{
    QHBoxLayout* line = row(0);
    line->addStretch();
    line->addWidget(widget);
    line->addStretch();
    return line;
}

} // namespace

EmptyState::EmptyState(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {24, 24, 24, 24}, 0);
    all->addStretch();
    m_disc = makeFrame("disc");
    m_disc->setFixedSize(kDisc, kDisc);
    auto* inDisc = column(m_disc, {}, 0);
    m_picture = new QLabel;
    m_picture->setAlignment(Qt::AlignCenter);
    inDisc->addWidget(m_picture);
    all->addLayout(centered(m_disc));
    all->addSpacing(18);

    m_title = makeLabel({}, "h2");
    all->addLayout(centered(m_title));
    all->addSpacing(6);
    m_sentence = makeParagraph({}, "muted");
    m_sentence->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_sentence->setFixedWidth(kTextWidth);
    all->addLayout(centered(m_sentence));
    all->addSpacing(16);
    m_button = makeButton(QStringLiteral("-"), "primary", {}, "emptyActionButton");
    m_button->hide();
    all->addLayout(centered(m_button));
    all->addStretch();
    connect(m_button, &QPushButton::clicked, this, &EmptyState::actionClicked);
}

void EmptyState::setContent(const QString& icon, const QString& title, const QString& sentence, bool bad)
{
    setLabelIcon(m_picture, icon, bad ? "danger" : "accent", 28);
    setLook(m_disc, "tone", bad ? QStringLiteral("bad") : QString());
    m_title->setText(title);
    m_sentence->setText(sentence);
}

void EmptyState::setAction(const QString& text, const QString& icon)
{
    m_button->setVisible(!text.isEmpty());
    if (text.isEmpty()) return; // What is hidden keeps its name.
    setButtonText(m_button, text);
    if (!icon.isEmpty()) setButtonIcon(m_button, {icon, "accentText", "accentText", 16});
}

} // namespace ui
