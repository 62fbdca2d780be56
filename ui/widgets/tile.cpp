// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tile.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/sparkline.h"

namespace ui {
namespace {

const char* lookOf(TileText::Tone tone)
{
    switch (tone) {
    case TileText::Tone::Good:
        return "good";
    case TileText::Tone::Bad:
        return "bad";
    default:
        return "muted";
    }
}

const char* tokenOf(TileText::Tone tone)
{
    switch (tone) {
    case TileText::Tone::Good:
        return "success";
    case TileText::Tone::Bad:
        return "danger";
    default:
        return "muted";
    }
}

} // namespace

Tile::Tile(const QString& title, const QString& icon, const QString& key, QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("card"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto* all = column(this, {16, 14, 16, 14}, 8);

    auto* head = row(8);
    auto* picture = new QLabel;
    setLabelIcon(picture, icon, "muted", 16);
    head->addWidget(picture);
    head->addWidget(makeLabel(title, "muted"));
    head->addStretch();
    all->addLayout(head);

    auto* middle = row(10);
    m_value = makeLabel(QStringLiteral("—"), "kpi");
    m_value->setAccessibleDescription(key);
    m_line = new Sparkline;
    middle->addWidget(m_value);
    middle->addStretch();
    middle->addWidget(m_line, 1);
    all->addLayout(middle);

    auto* foot = row(5);
    m_trend = new QLabel;
    m_change = makeLabel({}, "muted");
    m_change->setAccessibleDescription(key + QStringLiteral("-change"));
    setLook(m_change, "emphasis", QStringLiteral("true"));
    m_against = makeElided("muted");
    foot->addWidget(m_trend);
    foot->addWidget(m_change);
    foot->addWidget(m_against, 1);
    all->addLayout(foot);
}

void Tile::setText(const TileText& text, const QString& span)
{
    m_value->setText(text.value);
    const bool bad = text.tone == TileText::Tone::Bad;
    m_line->setLine(text.line, bad ? "danger" : "accent");
    const bool moves = text.trend == TileText::Trend::Up || text.trend == TileText::Trend::Down;
    m_trend->setVisible(moves && !text.change.isEmpty());
    if (moves) {
        const bool up = text.trend == TileText::Trend::Up;
        setLabelIcon(m_trend, up ? QStringLiteral("trending-up") : QStringLiteral("trending-down"),
                     tokenOf(text.tone), 14);
    }
    m_change->setVisible(!text.change.isEmpty());
    m_change->setText(text.change);
    setLook(m_change, "tone", QLatin1String(lookOf(text.tone)));
    const QString usual = text.change.isEmpty() ? tr("no comparison yet") : tr("vs prior %1").arg(span);
    m_against->setText(text.note.isEmpty() ? usual : text.note);
    m_against->setToolTip(m_against->text());
}

} // namespace ui
