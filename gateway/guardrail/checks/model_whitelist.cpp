// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "base/glob.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

class ModelWhitelistCheck final : public Check {
public:
    ModelWhitelistCheck(std::vector<std::string> models, bool otherWay)
        : m_models(std::move(models)), m_otherWay(otherWay)
    {
    }

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        const bool listed = std::any_of(m_models.begin(), m_models.end(), [&](const std::string& glob) {
            return globMatches(glob, subject.model);
        });
        if (listed != m_otherWay) return {};
        return {true, "the model is not allowed"};
    }

private:
    std::vector<std::string> m_models;
    bool m_otherWay;
};

Result<std::unique_ptr<Check>> makeModelWhitelist(const Parameters& parameters)
{
    return std::unique_ptr<Check>(
        new ModelWhitelistCheck(parameters.texts("models"), parameters.flag("not")));
}

} // namespace

const CheckKind& modelWhitelistKind()
{
    static const CheckKind kind{"model_whitelist",
                                "Allowed models",
                                "Fails unless the model that is asked for is one of these.",
                                {{"models", Parameter::Type::Texts, "Models or patterns"},
                                 {"not", Parameter::Type::Flag, "The other way round", "false"}},
                                false,
                                true,
                                false,
                                makeModelWhitelist,
                                false,
                                false,
                                false,
                                true};
    return kind;
}

} // namespace gateway::guardrail
