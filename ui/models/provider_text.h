// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include <QString>

#include "gateway/config.h"
#include "gateway/snapshot.h"

/// What there is to say about a provider.
namespace ui {

/// What a {word} in a provider's address stands for, and what it may look like.
struct AddressPart {
    QString name, example;
};
[[nodiscard]] AddressPart addressPart(const QString& word);
/// What the keys and addresses of this kind of provider look like, where that is not plain; else empty.
[[nodiscard]] QString kindHint(const std::string& kind);

/// "Answered in 212 ms, 84 models: gpt-4.1, …" or what went wrong and what to do.
[[nodiscard]] QString testText(const gateway::ProviderTest& test);
[[nodiscard]] QString policyText(const std::optional<gateway::DataPolicy>& policy);

} // namespace ui
