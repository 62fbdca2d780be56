// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHBoxLayout>

#include "widgets/build.h"

/// What the tabs of a provider have in common: texts stand in line with those of the tables, whose padding is
/// their own.
namespace ui {

inline constexpr int kTabIndent = 16;

[[nodiscard]] inline QHBoxLayout* indented(QWidget* widget = nullptr)
{
    QHBoxLayout* line = row(8);
    line->setContentsMargins(kTabIndent, 0, kTabIndent, 0);
    if (widget != nullptr) line->addWidget(widget);
    return line;
}

} // namespace ui
