// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/parameters.h"

#include <algorithm>

#include "base/nearest_name.h"

namespace gateway::guardrail {

namespace {

using ParameterJson = nlohmann::json;

Error parameterError(std::string message, std::string_view name)
{
    return clientError(Code::InvalidRequest, std::move(message), std::string(name));
}

bool isChoiceOf(const Parameter& parameter, const ParameterJson& value)
{
    return value.is_string() && std::find(parameter.choices.begin(), parameter.choices.end(),
                                          value.get_ref<const std::string&>()) != parameter.choices.end();
}

bool isListOfTexts(const ParameterJson& value)
{
    return value.is_array() && std::all_of(value.begin(), value.end(),
                                           [](const ParameterJson& each) { return each.is_string(); });
}

std::string choicesOf(const Parameter& parameter)
{
    std::string all;
    for (const std::string_view each : parameter.choices)
        all.append(all.empty() ? "" : ", ").append(each);
    return all;
}

/// What the value should be; empty where it is.
std::string fault(const Parameter& parameter, const ParameterJson& value)
{
    using enum Parameter::Type;
    switch (parameter.type) {
    case Flag:
        return value.is_boolean() ? "" : "has to be true or false.";
    case Number: {
        const bool fits = value.is_number_integer() && value.get<std::int64_t>() >= parameter.least &&
                          value.get<std::int64_t>() <= parameter.most;
        return fits ? ""
                    : "has to be a whole number from " + std::to_string(parameter.least) + " to " +
                          std::to_string(parameter.most) + ".";
    }
    case Text:
        return value.is_string() ? "" : "has to be a text.";
    case Texts:
        return isListOfTexts(value) ? "" : "has to be a list of texts.";
    case Choice:
        return isChoiceOf(parameter, value) ? "" : "has to be one of: " + choicesOf(parameter) + ".";
    case Choices: {
        const bool fits = value.is_array() &&
                          std::all_of(value.begin(), value.end(),
                                      [&](const ParameterJson& each) { return isChoiceOf(parameter, each); });
        return fits ? "" : "has to be a list out of: " + choicesOf(parameter) + ".";
    }
    case Json:
        return value.is_object() ? "" : "has to be an object.";
    case JsonList: {
        const bool fits =
            value.is_array() && std::all_of(value.begin(), value.end(),
                                            [](const ParameterJson& each) { return each.is_object(); });
        return fits ? "" : "has to be a list of objects.";
    }
    case Undecided:
        break;
    }
    return "is not known.";
}

std::optional<Error> unknownName(const std::vector<Parameter>& known, const ParameterJson& given)
{
    std::vector<std::string> names;
    for (const Parameter& each : known)
        names.emplace_back(each.name);
    for (const auto& [name, value] : given.items()) {
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        return parameterError(
            "The check has no parameter \"" + name.substr(0, 64) + "\"." + didYouMean(name, names), name);
    }
    return std::nullopt;
}

} // namespace

Result<Parameters> Parameters::parse(const std::vector<Parameter>& known, std::string_view text)
{
    const ParameterJson given =
        text.empty() ? ParameterJson::object() : ParameterJson::parse(text, nullptr, false);
    if (!given.is_object()) return parameterError("The parameters have to be a JSON object.", "");
    if (auto unknown = unknownName(known, given)) return *std::move(unknown);
    Parameters values;
    values.m_values = ParameterJson::object();
    for (const Parameter& each : known) {
        const std::string name(each.name);
        const auto found = given.find(name);
        ParameterJson value =
            found != given.end() ? *found : ParameterJson::parse(each.defaultJson, nullptr, false);
        if (found == given.end() && value.is_null())
            return parameterError("The parameter \"" + name + "\" is missing.", name);
        if (const std::string what = fault(each, value); !what.empty())
            return parameterError("\"" + name + "\" " + what, name);
        values.m_values[name] = std::move(value);
    }
    return values;
}

bool Parameters::flag(std::string_view name) const
{
    return m_values.at(std::string(name)).get<bool>();
}

std::int64_t Parameters::number(std::string_view name) const
{
    return m_values.at(std::string(name)).get<std::int64_t>();
}

std::string Parameters::text(std::string_view name) const
{
    return m_values.at(std::string(name)).get<std::string>();
}

std::vector<std::string> Parameters::texts(std::string_view name) const
{
    return m_values.at(std::string(name)).get<std::vector<std::string>>();
}

const nlohmann::json& Parameters::json(std::string_view name) const
{
    return m_values.at(std::string(name));
}

} // namespace gateway::guardrail
