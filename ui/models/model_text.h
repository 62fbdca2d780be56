// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <QString>

#include "gateway/snapshot.h"

/// What there is to say about a model. What is not known is "–", never 0; what costs nothing is "free".
namespace ui {

/// What a model can do, as bits.
enum Ability : int {
    AbilityNone = 0,
    AbilityTools = 1,
    AbilityVision = 2,
    AbilityReasoning = 4,
    AbilityJson = 8,
    AbilityAudio = 16
};

struct AbilityText {
    Ability ability;
    QString icon;
    QString name;    // "Tools"
    QString meaning; // "Calls tools"
};
/// All abilities in the order in which they are shown.
[[nodiscard]] const std::vector<AbilityText>& abilityTexts();
[[nodiscard]] int abilitiesOf(const gateway::ModelRow& row);
/// "Tools, Vision", or "–".
[[nodiscard]] QString abilityNames(int abilities);

/// Every digit of an amount, at least two decimals: "2.50", "0.075".
[[nodiscard]] QString exactDollars(std::int64_t nanos);
/// "2.50", "free" or "–".
[[nodiscard]] QString priceText(const gateway::ModelPrices::Nanos& price);
/// "$2.50", "free" or "–".
[[nodiscard]] QString priceWithCurrency(const gateway::ModelPrices::Nanos& price);
/// Dollars as somebody typed them, in nano-dollars: from 0 to a million, at most nine decimals; else nothing.
[[nodiscard]] std::optional<std::int64_t> parseDollars(const QString& typed);
/// The amount as the configuration keeps it: "2.5".
[[nodiscard]] std::string configDollars(std::int64_t nanos);

/// "131k", "1.05M", or "–".
[[nodiscard]] QString tokensText(const std::optional<std::int64_t>& tokens);
/// "Chat", "Embedding", …; one that is not known here as the catalog writes it, none as "–".
[[nodiscard]] QString modeText(const std::string& mode);
[[nodiscard]] QString sourceText(gateway::FactSource source);
/// "Jul 24 2026" of "2026-07-24"; what is no date stays as it is.
[[nodiscard]] QString dayText(const std::string& isoDate);
/// Where the prices come from, and of which day.
[[nodiscard]] QString priceSourceText(const gateway::ModelRow& row);

/// What clients call it: its alias, else its name.
[[nodiscard]] QString clientName(const gateway::ModelRow& row);
/// PROVIDER/MODEL, which always reaches it.
[[nodiscard]] QString fullName(const gateway::ModelRow& row);
/// `text` with places where a long word without any may be broken into lines.
[[nodiscard]] QString breakable(const QString& text);
/// All that is known, as name and value; what does not apply is left out.
[[nodiscard]] std::vector<std::pair<QString, QString>> modelFacts(const gateway::ModelRow& row);
/// What an announced end means for who uses the model; empty: none announced.
[[nodiscard]] QString deprecationText(const gateway::ModelRow& row);

} // namespace ui
