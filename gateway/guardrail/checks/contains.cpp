// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "guardrail/any_all_none.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

class ContainsCheck final : public Check {
public:
    ContainsCheck(std::vector<std::string> words, std::string which)
        : m_words(std::move(words)), m_which(std::move(which))
    {
    }

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        const auto isThere = [&](const std::string& word) {
            return subject.text.find(word) != std::string_view::npos;
        };
        if (holds(m_which, m_words, isThere)) return {};
        return {true, m_which == "none"  ? "the text contains one of the words"
                      : m_which == "all" ? "the text does not contain all of the words"
                                         : "the text contains none of the words"};
    }

private:
    std::vector<std::string> m_words;
    std::string m_which;
};

Result<std::unique_ptr<Check>> makeContains(const Parameters& parameters)
{
    return std::unique_ptr<Check>(new ContainsCheck(parameters.texts("words"), parameters.text("operator")));
}

} // namespace

const CheckKind& containsKind()
{
    static const CheckKind kind{
        "contains",
        "Contains words",
        "Fails unless the text contains any, all or none of some words, letter for letter.",
        {{"words", Parameter::Type::Texts, "Words"},
         {"operator", Parameter::Type::Choice, "Which", R"("any")", {"any", "all", "none"}}},
        false,
        true,
        true,
        makeContains};
    return kind;
}

} // namespace gateway::guardrail
