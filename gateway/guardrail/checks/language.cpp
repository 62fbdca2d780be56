// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "guardrail/check_kind.h"
#include "guardrail/language_of.h"

namespace gateway::guardrail {

namespace {

class LanguageCheck final : public Check {
public:
    LanguageCheck(std::vector<std::string_view> languages, bool otherWay)
        : m_languages(std::move(languages)), m_otherWay(otherWay)
    {
    }

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        const std::string_view language = languageOf(subject.text);
        if (language.empty()) return {};
        const bool isOne = std::find(m_languages.begin(), m_languages.end(), language) != m_languages.end();
        if (isOne != m_otherWay) return {};
        return {true, m_otherWay ? "the text is in a language that it should not be in"
                                 : "the text is in none of the languages that it should be in"};
    }

private:
    std::vector<std::string_view> m_languages; // as languageOf() names them
    bool m_otherWay;
};

Result<std::unique_ptr<Check>> makeLanguage(const Parameters& parameters)
{
    std::vector<std::string_view> languages;
    for (const std::string& code : parameters.texts("languages")) {
        const std::string_view known = knownLanguage(code);
        if (known.empty())
            return clientError(
                Code::InvalidRequest,
                "`" + code +
                    "` is no language that can be told from others. Write it as ISO 639-1 does, "
                    "such as `en` or `de`.",
                "languages");
        languages.push_back(known);
    }
    if (languages.empty())
        return clientError(Code::InvalidRequest, "`languages` names none. Write at least one, such as `en`.",
                           "languages");
    return std::unique_ptr<Check>(new LanguageCheck(std::move(languages), parameters.flag("not")));
}

} // namespace

const CheckKind& languageKind()
{
    static const CheckKind kind{"language",
                                "Language",
                                "Fails where the text is in none of some languages. Short texts and those "
                                "that may be in several pass.",
                                {{"languages",
                                  Parameter::Type::Texts,
                                  "Languages",
                                  "null",
                                  {},
                                  0,
                                  0,
                                  "Codes of ISO 639-1: en, de, fr, …"},
                                 {"not", Parameter::Type::Flag, "The other way round", "false"}},
                                false,
                                true,
                                true,
                                makeLanguage};
    return kind;
}

} // namespace gateway::guardrail
