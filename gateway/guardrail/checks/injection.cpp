// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>

#include "guardrail/attacks/attack_finder.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

class InjectionCheck final : public Check {
public:
    explicit InjectionCheck(AttackFinder finder) : m_finder(finder) {}

    void find(std::string_view text, std::vector<Found>& into) const override { m_finder.find(text, into); }
    [[nodiscard]] std::size_t openSince(std::string_view text) const override
    {
        return m_finder.openSince(text);
    }
    [[nodiscard]] bool mayFind(std::string_view json) const override { return m_finder.mayFind(json); }

private:
    AttackFinder m_finder;
};

Result<std::unique_ptr<Check>> makeInjection(const Parameters& parameters)
{
    constexpr unsigned kLow = 6, kMedium = 4, kHigh = 2;
    const std::string sensitivity = parameters.text("sensitivity");
    AttackFinder::Families families;
    const auto& names = attackFamilyNames();
    const auto wanted = parameters.texts("families");
    for (std::size_t i = 0; i < names.size(); ++i)
        families.set(i, std::find(wanted.begin(), wanted.end(), names[i]) != wanted.end());
    const unsigned least = sensitivity == "low" ? kLow : sensitivity == "high" ? kHigh : kMedium;
    return std::unique_ptr<Check>(new InjectionCheck(AttackFinder(families, least)));
}

} // namespace

const CheckKind& injectionKind()
{
    static const CheckKind kind{
        "injection",
        "Prompt attacks",
        "Finds sentences that want to make a model forget its instructions, tell them, take another role, "
        "give "
        "data away or call tools behind the user's back, also in disguise.",
        {{"sensitivity",
          Parameter::Type::Choice,
          "Sensitivity",
          R"("medium")",
          {"low", "medium", "high"},
          0,
          0,
          "High finds more, also in harmless texts about attacks."},
         {"families", Parameter::Type::Choices, "Sorts",
          R"(["ignore_instructions","role_takeover","prompt_extraction","delimiter","exfiltration","tool_hijack","encoded","typoglycemia"])",
          attackFamilyNames()}},
        true,
        true,
        true,
        makeInjection};
    return kind;
}

} // namespace gateway::guardrail
