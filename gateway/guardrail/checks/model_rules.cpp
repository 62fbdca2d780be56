// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/glob.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

using ModelGlobs = std::vector<std::string>;

/// Which models the values of a request's metadata allow; where none of them says, the defaults do.
class ModelRulesCheck final : public Check {
public:
    struct RuleRow {
        std::string key, value;
        ModelGlobs models;
    };

    ModelRulesCheck(std::vector<RuleRow> rows, ModelGlobs defaults, bool otherWay)
        : m_rows(std::move(rows)), m_defaults(std::move(defaults)), m_otherWay(otherWay)
    {
    }

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        const auto metadata = nlohmann::json::parse(subject.metadataJson, nullptr, false);
        ModelGlobs allowed;
        for (const RuleRow& row : m_rows) {
            const auto given = metadata.is_object() ? metadata.find(row.key) : metadata.end();
            if (given != metadata.end() && !given->is_null() && says(*given, row.value))
                allowed.insert(allowed.end(), row.models.begin(), row.models.end());
        }
        if (allowed.empty()) allowed = m_defaults;
        const bool listed = std::any_of(allowed.begin(), allowed.end(), [&](const std::string& glob) {
            return globMatches(glob, subject.model);
        });
        if (!allowed.empty() && listed != m_otherWay) return {};
        return {true, "the model is not allowed for a request with such metadata"};
    }

private:
    /// 1.0 and 1e3 are as good a 1 and 1000.
    static bool sameNumber(double number, const std::string& value)
    {
        const auto said = nlohmann::json::parse(value, nullptr, false);
        return said.is_number() && said.get<double>() == number;
    }

    static bool says(const nlohmann::json& given, const std::string& value)
    {
        if (given.is_array())
            return std::any_of(given.begin(), given.end(),
                               [&](const nlohmann::json& each) { return says(each, value); });
        if (given.is_string()) return given.get_ref<const std::string&>() == value;
        if (given.is_number_float()) return sameNumber(given.get<double>(), value);
        return given.dump() == value;
    }

    std::vector<RuleRow> m_rows;
    ModelGlobs m_defaults;
    bool m_otherWay;
};

Error badModelRules(std::string what)
{
    return clientError(Code::InvalidRequest, std::move(what), "rules");
}

bool isModelList(const nlohmann::json& value)
{
    return value.is_array() && std::all_of(value.begin(), value.end(),
                                           [](const nlohmann::json& each) { return each.is_string(); });
}

Result<std::unique_ptr<Check>> makeModelRules(const Parameters& parameters)
{
    const nlohmann::json& rules = parameters.json("rules");
    const auto defaults = rules.value("defaults", nlohmann::json::array());
    const auto metadata = rules.value("metadata", nlohmann::json::object());
    if (!isModelList(defaults)) return badModelRules("\"defaults\" has to be a list of models.");
    if (!metadata.is_object()) return badModelRules("\"metadata\" has to be an object: key, value, models.");
    std::vector<ModelRulesCheck::RuleRow> rows;
    for (const auto& [key, values] : metadata.items()) {
        if (!values.is_object()) return badModelRules("\"" + key + "\" has to be an object: value, models.");
        for (const auto& [value, models] : values.items()) {
            if (!isModelList(models)) return badModelRules("\"" + key + "\" has to name lists of models.");
            rows.push_back({key, value, models.get<ModelGlobs>()});
        }
    }
    if (rows.empty() && defaults.empty())
        return badModelRules("Needs \"defaults\", models for all, or \"metadata\", models by key and value.");
    return std::unique_ptr<Check>(
        new ModelRulesCheck(std::move(rows), defaults.get<ModelGlobs>(), parameters.flag("not")));
}

} // namespace

const CheckKind& modelRulesKind()
{
    static const CheckKind kind{"model_rules",
                                "Models by metadata",
                                "Fails unless the model is one that the request's metadata allow.",
                                {{"rules",
                                  Parameter::Type::Json,
                                  "Rules",
                                  "null",
                                  {},
                                  0,
                                  0,
                                  R"({"defaults": [models], "metadata": {key: {value: [models]}}})"},
                                 {"not", Parameter::Type::Flag, "The other way round", "false"}},
                                false,
                                true,
                                false,
                                makeModelRules,
                                false,
                                false,
                                false,
                                true};
    return kind;
}

} // namespace gateway::guardrail
