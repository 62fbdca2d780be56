// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <QDateTime>
#include <QMetaType>
#include <QString>

#include "gateway/snapshot.h"

/// Budgets and limits in words, and what a cell shows of them.
namespace ui {

/// What a cell with a bar of spending shows. The shares are of the amount and may be more than 1.
struct SpentCell {
    enum class Tone : std::uint8_t { Undecided, Fine, Near, Over };
    QString text; // "$1.84 of $10 a day"; "$12.00 of $10 + $5 allowed"
    QString note; // a second line, such as a forecast; may be empty
    double spent = 0, reserved = 0;
    Tone tone = Tone::Undecided; // Undecided: no bar, as nothing is known of it
    bool operator==(const SpentCell&) const = default;
};

/// The state of a budget, or of a key's own; null where the engine knows none.
[[nodiscard]] const gateway::BudgetState* budgetStateOf(const std::vector<gateway::BudgetState>& states,
                                                        const std::string& name, bool ofKey);
/// What may be spent in its present time, with what was allowed beyond its limit.
[[nodiscard]] std::int64_t roomOf(const gateway::BudgetState& state);
/// Nothing is left of it. False where it is not known yet.
[[nodiscard]] bool isUsedUp(const gateway::BudgetState& state);
/// `nearPercent`: from there on it is near its limit.
[[nodiscard]] SpentCell spentCell(const std::optional<std::string>& usd, gateway::BudgetPeriod per,
                                  const gateway::BudgetState* state, int nearPercent);
/// What a screen reader says of it: the text, what is set aside, the share and the note.
[[nodiscard]] QString spokenText(const SpentCell& cell);

/// "Day", "Last 24 hours", for a list to choose from.
[[nodiscard]] QString periodName(gateway::BudgetPeriod per);
/// "$10 a day", "$2.50 in 24 hours", "$10 in all"; "—" without an amount.
[[nodiscard]] QString amountText(const std::optional<std::string>& usd, gateway::BudgetPeriod per);
/// "Everything"; "model claude-*, key cursor".
[[nodiscard]] QString scopeText(const gateway::BudgetScope& scope);
/// "Refuses", "Goes to cheap", "Only warns", "Asks for $5 more".
[[nodiscard]] QString atLimitText(const gateway::BudgetConfig& budget);
/// "14:00", "Mon 00:00", "Dec 1", "Never"; "—" where it is not known.
[[nodiscard]] QString anewText(gateway::BudgetPeriod per, const gateway::BudgetState* state,
                               const QDateTime& now);
/// "$5", "$2.50": whole dollars without cents.
[[nodiscard]] QString dollarsText(std::int64_t nanos);
/// "60 rpm, 200k tpm"; "—" where nothing is limited.
[[nodiscard]] QString limitsText(const gateway::RateLimits& limits);
/// The same in whole words, one a line; empty where nothing is limited.
[[nodiscard]] QString limitsStory(const gateway::RateLimits& limits);

/// The decimal text of a configuration as it is typed here; and a typed amount as the configuration has it.
/// Nothing where it is no amount.
[[nodiscard]] QString typedDollars(const std::optional<std::string>& usd);
[[nodiscard]] std::optional<std::string> dollarsFrom(const QString& typed);
/// "50, 80"; and back. Nothing where it holds more than ten or anything but whole percents from 1 to 100.
[[nodiscard]] QString percentsText(const std::vector<int>& percents);
[[nodiscard]] std::optional<std::vector<int>> percentsFrom(const QString& typed);

} // namespace ui

Q_DECLARE_METATYPE(ui::SpentCell)
