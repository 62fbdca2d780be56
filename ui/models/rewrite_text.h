// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <QString>

namespace ui {

/// What routes and presets changed of a request (LogRow::rewritesJson), as a difference: "+ system text
/// before (preset/coach): Be brief.", "temperature: 1 → 0.1 (smart)". Empty where nothing was changed or the
/// text is not readable.
[[nodiscard]] QString rewriteText(const std::string& json);

} // namespace ui
