// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/count_check.h"
#include "guardrail/white_space.h"

namespace gateway::guardrail {

namespace {

std::int64_t wordsIn(std::string_view text)
{
    std::int64_t words = 0;
    bool inWord = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t space = whiteSpaceAt(text, at);
        if (space == 0 && !inWord) ++words;
        inWord = space == 0;
        at += inWord ? 1 : space;
    }
    return words;
}

Result<std::unique_ptr<Check>> makeWordCount(const Parameters& parameters)
{
    return std::unique_ptr<Check>(new CountCheck(wordsIn, "words", parameters));
}

} // namespace

const CheckKind& wordCountKind()
{
    static const CheckKind kind{"word_count",
                                "Number of words",
                                "Fails unless the text has a number of words in a range.",
                                countParameters("99999", 99999),
                                false,
                                true,
                                true,
                                makeWordCount};
    return kind;
}

} // namespace gateway::guardrail
