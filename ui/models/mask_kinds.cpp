// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/mask_kinds.h"

#include <algorithm>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace ui {
namespace {

constexpr const char* kAnyOther = "*";
constexpr const char* kKindsParameter = "entities"; // of checks that find places of several kinds

auto entryOf(MaskAs& maskAs, const std::string& kind)
{
    return std::find_if(maskAs.begin(), maskAs.end(),
                        [&kind](const auto& entry) { return entry.first == kind; });
}

} // namespace

std::vector<std::string> maskKinds(const gateway::CheckDescription& check,
                                   const gateway::GuardrailConfig& rule)
{
    std::vector<std::string> kinds;
    for (const gateway::CheckParameter& parameter : check.parameters) {
        if (parameter.name != kKindsParameter) continue;
        const QJsonObject params =
            QJsonDocument::fromJson(QByteArray::fromStdString(rule.paramsJson)).object();
        const QLatin1String name(kKindsParameter);
        const QJsonArray chosen =
            params.contains(name)
                ? params.value(name).toArray()
                : QJsonDocument::fromJson(QByteArray::fromStdString(parameter.defaultJson)).array();
        for (const auto& each : chosen) {
            kinds.push_back(each.toString().toStdString());
        }
    }
    for (const auto& [kind, style] : rule.maskAs) {
        if (kind != kAnyOther && std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
            kinds.push_back(kind);
    }
    return kinds;
}

MaskAs withMaskStyle(MaskAs maskAs, const std::string& kind, const std::string& style)
{
    const auto found = entryOf(maskAs, kind);
    if (style.empty() && found != maskAs.end())
        maskAs.erase(found);
    else if (found != maskAs.end())
        found->second = style;
    else if (!style.empty())
        maskAs.emplace_back(kind, style);
    return maskAs;
}

std::string maskStyleOf(const MaskAs& maskAs, const std::string& kind)
{
    for (const auto& [name, style] : maskAs) {
        if (name == kind) return style;
    }
    return {};
}

} // namespace ui
