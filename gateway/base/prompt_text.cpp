// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "gateway/prompts.h"

#include "base/strings.h"

namespace gateway {

namespace {

constexpr std::string_view kVariableOpens = "{{", kVariableCloses = "}}";
constexpr std::string_view kOfMetadata = "metadata.";

/// Calls text(view) and variable(name) for what a text consists of, in order.
template <class Text, class Variable>
void walkPromptText(std::string_view all, Text&& text, Variable&& variable)
{
    for (;;) {
        const auto open = all.find(kVariableOpens);
        const auto close = open == std::string_view::npos ? open : all.find(kVariableCloses, open);
        if (close == std::string_view::npos) return text(all);
        text(all.substr(0, open));
        const std::size_t begin = open + kVariableOpens.size();
        variable(trimmed(all.substr(begin, close - begin)));
        all.remove_prefix(close + kVariableCloses.size());
    }
}

} // namespace

const std::vector<std::string>& promptVariableNames()
{
    static const std::vector<std::string> names{"date", "time",   "weekday", "model",        "route",
                                                "key",  "client", "session", "metadata.NAME"};
    return names;
}

bool isPromptVariable(std::string_view name)
{
    if (name.starts_with(kOfMetadata)) return name.size() > kOfMetadata.size();
    const auto& names = promptVariableNames();
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> promptVariables(std::string_view text)
{
    std::vector<std::string> names;
    walkPromptText(
        text, [](std::string_view) {}, [&names](std::string_view name) { names.emplace_back(name); });
    return names;
}

std::string withPromptVariables(std::string_view text,
                                const std::function<std::string(std::string_view)>& valueOf)
{
    std::string whole;
    walkPromptText(
        text, [&whole](std::string_view part) { whole.append(part); },
        [&](std::string_view name) { whole.append(valueOf(name)); });
    return whole;
}

std::optional<std::string_view> presetName(std::string_view model)
{
    for (const std::string_view prefix : {"preset/", "@preset/"}) {
        if (model.starts_with(prefix)) return model.substr(prefix.size());
    }
    return std::nullopt;
}

} // namespace gateway
