// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace ui {

/// Puts text on the clipboard.
void copyText(const QString& text);

} // namespace ui
