// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <QString>
#include <QStringList>

namespace ui {

/// One comparison as it is written in a line: a field, an operator ("$gte") and a value as one types it.
/// 12, true, false and null mean themselves; a text that looks like one of these stands in quotes.
struct ConditionRow {
    QString field, op, value;
    bool operator==(const ConditionRow&) const = default;
};

/// A condition as it is built: one comparison, or a group of which all, any or none of the parts must hold.
/// The outermost one is a group; where that has no parts, the condition always holds.
struct ConditionDraft {
    enum class Kind : std::uint8_t { Undecided, All, Any, None, Line };
    Kind kind = Kind::All;
    ConditionRow row = {};                  // of a line
    std::vector<ConditionDraft> parts = {}; // of a group
    [[nodiscard]] bool isGroup() const { return kind != Kind::Line; }
    bool operator==(const ConditionDraft&) const = default;

    [[nodiscard]] static ConditionDraft line(ConditionRow row) { return {Kind::Line, std::move(row), {}}; }
    [[nodiscard]] static ConditionDraft group(Kind kind, std::vector<ConditionDraft> parts)
    {
        return {kind, {}, std::move(parts)};
    }
};

/// The most that is shown as a draft: groups within groups so deep, and so many lines.
constexpr int kDeepestGroup = 5; // the outermost one is 0
constexpr int kMostConditionLines = 100;

/// As the configuration has it; empty for no parts. Read again it is the same draft, except that an outermost
/// "any of" with one line comes back as "all of", which means the same.
[[nodiscard]] std::string conditionJson(const ConditionDraft& draft);
/// Nothing where the JSON cannot be read, or says what a draft cannot; `why` then tells which, in a sentence.
[[nodiscard]] std::optional<ConditionDraft> conditionOf(const std::string& json, QString* why = nullptr);

[[nodiscard]] int lineCount(const ConditionDraft& draft);
/// "input_tokens is below 4000", "hour is 9 or 2 more", "none of 3 conditions". Empty: it always holds.
[[nodiscard]] QString conditionSummary(const ConditionDraft& draft);

/// The fields to choose from; those that end in a dot want a name behind it.
[[nodiscard]] const QStringList& conditionFields();
[[nodiscard]] const QStringList& conditionOperators();
/// "is", "is at least", "contains", …
[[nodiscard]] QString operatorText(const QString& op);
/// What a value for it looks like.
[[nodiscard]] QString valueExample(const QString& field, const QString& op);

} // namespace ui
