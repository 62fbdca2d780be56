// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include <nlohmann/json.hpp>

#include "guardrail/any_all_none.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

class RequiredMetadataPairsCheck final : public Check {
public:
    RequiredMetadataPairsCheck(nlohmann::json pairs, std::string which)
        : m_pairs(std::move(pairs)), m_which(std::move(which))
    {
        for (const auto& [key, value] : m_pairs.items())
            m_keys.push_back(key);
    }

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        const auto metadata = nlohmann::json::parse(subject.metadataJson, nullptr, false);
        const auto isThere = [&](const std::string& key) {
            return metadata.is_object() && metadata.contains(key) && metadata.at(key) == m_pairs.at(key);
        };
        if (holds(m_which, m_keys, isThere)) return {};
        return {true, "the request's metadata do not have the values that they should have"};
    }

private:
    nlohmann::json m_pairs;
    std::vector<std::string> m_keys;
    std::string m_which;
};

Result<std::unique_ptr<Check>> makeRequiredMetadataPairs(const Parameters& parameters)
{
    return std::unique_ptr<Check>(
        new RequiredMetadataPairsCheck(parameters.json("pairs"), parameters.text("operator")));
}

} // namespace

const CheckKind& requiredMetadataPairsKind()
{
    static const CheckKind kind{
        "required_metadata_pairs",
        "Metadata values",
        "Fails unless any, all or none of some values stand in the request's metadata.",
        {{"pairs", Parameter::Type::Json, "Values by key"},
         {"operator", Parameter::Type::Choice, "Which", R"("all")", {"any", "all", "none"}}},
        false,
        true,
        false,
        makeRequiredMetadataPairs,
        false,
        false,
        false,
        true};
    return kind;
}

} // namespace gateway::guardrail
