// SPDX-License-Identifier: GPL-3.0-or-later
#include <tuple>
#include <utility>

#include "base/json_scan.h"
#include "guardrail/any_all_none.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

class RequiredMetadataKeysCheck final : public Check {
public:
    RequiredMetadataKeysCheck(std::vector<std::string> keys, std::string which)
        : m_keys(std::move(keys)), m_which(std::move(which))
    {
    }

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        if (m_keys.empty()) return {}; // nothing is required
        JsonDocument metadata;
        std::ignore = scanJson(subject.metadataJson, metadata); // where it is none it has no keys
        const bool fits =
            holds(m_which, m_keys, [&](const std::string& key) { return metadata.find(key) != nullptr; });
        if (fits) return {};
        return {true, "the request's metadata do not have the keys that they should have"};
    }

private:
    std::vector<std::string> m_keys;
    std::string m_which;
};

Result<std::unique_ptr<Check>> makeRequiredMetadataKeys(const Parameters& parameters)
{
    return std::unique_ptr<Check>(
        new RequiredMetadataKeysCheck(parameters.texts("keys"), parameters.text("operator")));
}

} // namespace

const CheckKind& requiredMetadataKeysKind()
{
    static const CheckKind kind{
        "required_metadata_keys",
        "Metadata keys",
        "Fails unless the request's metadata have any, all or none of some keys.",
        {{"keys", Parameter::Type::Texts, "Keys"},
         {"operator", Parameter::Type::Choice, "Which", R"("all")", {"any", "all", "none"}}},
        false,
        true,
        false,
        makeRequiredMetadataKeys,
        false,
        false,
        false,
        true};
    return kind;
}

} // namespace gateway::guardrail
