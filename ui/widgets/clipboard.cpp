// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/clipboard.h"

#include <QClipboard>
#include <QGuiApplication>

namespace ui {

void copyText(const QString& text)
{
    QGuiApplication::clipboard()->setText(text);
}

} // namespace ui
