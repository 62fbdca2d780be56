// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
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

/// A condition as lines of which all, or any, must hold. No lines: it always holds.
struct ConditionDraft {
    bool any = false;
    std::vector<ConditionRow> rows;
    bool operator==(const ConditionDraft&) const = default;
};

/// As the configuration has it; empty for no lines.
[[nodiscard]] std::string conditionJson(const ConditionDraft& draft);
/// Nothing where the JSON cannot be read, or is nested so that lines cannot show it.
[[nodiscard]] std::optional<ConditionDraft> conditionOf(const std::string& json);

/// The fields to choose from; those that end in a dot want a name behind it.
[[nodiscard]] const QStringList& conditionFields();
[[nodiscard]] const QStringList& conditionOperators();
/// "is", "is at least", "contains", …
[[nodiscard]] QString operatorText(const QString& op);
/// What a value for it looks like.
[[nodiscard]] QString valueExample(const QString& field, const QString& op);

} // namespace ui
