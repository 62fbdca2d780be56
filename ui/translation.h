// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QTranslator;

namespace ui {

/// Fills `texts` with the user's language, or with English, which needs it for its plurals. False: none is
/// there.
[[nodiscard]] bool loadTranslation(QTranslator& texts);

} // namespace ui
