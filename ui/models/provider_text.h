// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include <QString>

#include "gateway/config.h"
#include "gateway/snapshot.h"

/// What there is to say about a provider.
namespace ui {

/// "Answered in 212 ms, 84 models: gpt-4.1, …" or what went wrong and what to do.
[[nodiscard]] QString testText(const gateway::ProviderTest& test);
[[nodiscard]] QString policyText(const std::optional<gateway::DataPolicy>& policy);

} // namespace ui
