// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <QFile>
#include <QTest>

#include "gateway/config_io.h"
#include "gateway/import.h"

/// What the tests of the importer ask of what it made.
namespace imported {

inline std::string fixture(const char* name)
{
    QFile file(QStringLiteral(TURNPIKE_FIXTURES "/import/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

/// The line about that path in the file; one with an empty note where there is none.
inline gateway::ImportLine lineFrom(const gateway::Imported& imported, std::string_view from)
{
    const auto found = std::find_if(imported.lines.begin(), imported.lines.end(),
                                    [from](const auto& line) { return line.from == from; });
    return found == imported.lines.end() ? gateway::ImportLine{"there is none", 0, "", ""} : *found;
}

inline bool isLeft(const gateway::Imported& imported, std::string_view from)
{
    const auto line = lineFrom(imported, from);
    return line.from == from && line.to.empty() && !line.note.empty();
}

inline bool isUsable(const gateway::Config& config)
{
    gateway::ParsedConfig parsed;
    parsed.problems = gateway::validate(config);
    return parsed.usable() && gateway::parseConfig(gateway::updateConfigText({}, config)).usable();
}

/// "weighted: a/b 3, route c", so that a test reads at a glance.
inline std::string described(const gateway::Config& config, std::string_view id)
{
    const gateway::RouteConfig* route = config.findRoute(id);
    if (!route) return "no such route";
    std::string text = route->strategy + ":";
    for (const auto& target : route->targets) {
        text += target.route.empty() ? " " + target.provider.text + "/" + target.model
                                     : " route " + target.route.text;
        if (target.weight != 1) text += " *" + std::to_string(target.weight);
    }
    return text;
}

inline std::string aliasGoal(const gateway::Config& config, std::string_view pattern)
{
    for (const auto& [each, goal] : config.aliases) {
        if (each == pattern) return goal;
    }
    return {};
}

/// Everything that may be shown or stored, in one text.
inline std::string everything(const gateway::Imported& imported)
{
    std::string text = gateway::updateConfigText({}, imported.config);
    for (const auto& line : imported.lines)
        text.append(line.from).append("\n").append(line.to).append("\n").append(line.note).append("\n");
    return text;
}

} // namespace imported
