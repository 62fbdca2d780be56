// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tone_delegate.h"

#include <algorithm>

#include <QAbstractItemView>
#include <QFontMetrics>

#include "theme/theme.h"

namespace ui {
namespace {

const char* inkOf(const QString& tone)
{
    if (tone == QLatin1String("good")) return "success";
    if (tone == QLatin1String("warn")) return "warning";
    return tone == QLatin1String("bad") ? "danger" : nullptr;
}

} // namespace

ToneDelegate::ToneDelegate(int toneRole, int strongRole, QObject* parent)
    : RowDelegate(parent), m_toneRole(toneRole), m_strongRole(strongRole)
{
}

int ToneDelegate::neededWidth(const QAbstractItemView& view, const QModelIndex& index) const
{
    const int plain = neededCellWidth(view, index);
    if (m_strongRole < 0 || !index.data(m_strongRole).toBool()) return plain;
    QFont bold = view.font();
    bold.setWeight(QFont::DemiBold);
    const QString text = index.data().toString();
    return plain + std::max(0, QFontMetrics(bold).horizontalAdvance(text) -
                                   view.fontMetrics().horizontalAdvance(text));
}

void ToneDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    RowDelegate::initStyleOption(option, index);
    if (m_strongRole >= 0 && index.data(m_strongRole).toBool()) option->font.setWeight(QFont::DemiBold);
    const char* ink = m_toneRole < 0 ? nullptr : inkOf(index.data(m_toneRole).toString());
    if (ink != nullptr) option->palette.setColor(QPalette::Text, Theme::instance().color(ink));
}

} // namespace ui
