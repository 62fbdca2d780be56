// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <QString>
#include <QStringList>

namespace ui {

/// A parameter that is added to requests, as it is typed: the value is JSON, or a text without quotes.
struct ParameterLine {
    QString name, value;
    bool isPinned = false; // else it holds where the client does not say
    bool operator==(const ParameterLine&) const = default;
};
using ParameterLines = std::vector<ParameterLine>;

/// The names of OpenAI's chat completions that are offered.
[[nodiscard]] const QStringList& knownParameters();
/// Of the two objects of a DecorationConfig; those that are not quite JSON (see below) come back as they
/// were.
[[nodiscard]] ParameterLines parameterLines(const std::string& pinnedJson, const std::string& defaultsJson);
/// The object of the pinned ones, or of the others; empty: there are none. Where a value is not JSON the
/// object is not, either: so it is not applied. Lines without a name are left out.
[[nodiscard]] std::string parametersJson(const ParameterLines& lines, bool pinned);
/// What is wrong with the line at `place` by itself; empty: nothing.
[[nodiscard]] QString parameterProblem(const ParameterLines& lines, std::size_t place);

} // namespace ui
