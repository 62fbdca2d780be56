// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <QString>

namespace ui {

/// What guardrails found in a request (LogRow::guardrailsJson), one to a line: "personal: Mask, 2 email
/// (observed only)". Empty where nothing was found or the text is not readable.
[[nodiscard]] QString guardrailText(const std::string& json);

} // namespace ui
