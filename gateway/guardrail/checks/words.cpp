// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <utility>

#include "base/strings.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

bool isLetterOrDigit(std::string_view text, std::size_t place)
{
    return place < text.size() && (isAsciiAlnum(text[place]) || text[place] == '_' ||
                                   static_cast<unsigned char>(text[place]) >= 0x80);
}

class WordsCheck final : public Check {
public:
    WordsCheck(std::vector<std::string> words, bool whole, bool ignoreCase)
        : m_whole(whole), m_ignoreCase(ignoreCase)
    {
        for (std::string& word : words) {
            if (word.empty()) continue;
            if (ignoreCase) word = gateway::lowered(word);
            m_byFirst[static_cast<unsigned char>(word.front())].push_back(std::move(word));
        }
        for (auto& those : m_byFirst)
            std::sort(those.begin(), those.end(), [](const std::string& left, const std::string& right) {
                return left.size() > right.size();
            });
    }

    void find(std::string_view given, std::vector<Found>& into) const override
    {
        const std::string small = m_ignoreCase ? gateway::lowered(given) : std::string();
        const std::string_view text = m_ignoreCase ? std::string_view(small) : given;
        for (std::size_t at = 0; at < text.size(); ++at) {
            const std::size_t size = sizeAt(text, at);
            if (size == 0) continue;
            into.push_back({at, size, "word"});
            at += size - 1;
        }
    }

private:
    [[nodiscard]] std::size_t sizeAt(std::string_view text, std::size_t at) const
    {
        const auto& those = m_byFirst[static_cast<unsigned char>(text[at])];
        if (those.empty() ||
            (m_whole && at > 0 && isLetterOrDigit(text, at - 1) && isLetterOrDigit(text, at)))
            return 0;
        for (const std::string& word : those) {
            if (!text.substr(at).starts_with(word)) continue;
            const std::size_t end = at + word.size();
            if (m_whole && isLetterOrDigit(text, end) && isLetterOrDigit(text, end - 1)) continue;
            return word.size();
        }
        return 0;
    }

    std::array<std::vector<std::string>, 256> m_byFirst; // the longest first
    bool m_whole, m_ignoreCase;
};

Result<std::unique_ptr<Check>> makeWords(const Parameters& parameters)
{
    constexpr std::size_t kMostWords = 10'000;
    auto words = parameters.texts("words");
    if (words.empty() || words.size() > kMostWords)
        return clientError(Code::InvalidRequest, "\"words\" needs 1 to 10000 words.", "words");
    return std::unique_ptr<Check>(
        new WordsCheck(std::move(words), parameters.flag("whole_words"), parameters.flag("ignore_case")));
}

} // namespace

const CheckKind& wordsKind()
{
    static const CheckKind kind{
        "words",
        "Words",
        "Finds the words and phrases of a list.",
        {{"words", Parameter::Type::Texts, "Words"},
         {"whole_words", Parameter::Type::Flag, "Whole words only", "true"},
         {"ignore_case", Parameter::Type::Flag, "Ignore case (of ASCII letters)", "true"}},
        true,
        true,
        true,
        makeWords};
    return kind;
}

} // namespace gateway::guardrail
