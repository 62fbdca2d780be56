// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "guardrail/count_check.h"

namespace gateway::guardrail {

namespace {

/// By the marks that end them.
std::int64_t sentencesIn(std::string_view text)
{
    return std::count_if(text.begin(), text.end(), [](char c) { return c == '.' || c == '!' || c == '?'; });
}

Result<std::unique_ptr<Check>> makeSentenceCount(const Parameters& parameters)
{
    return std::unique_ptr<Check>(new CountCheck(sentencesIn, "sentences", parameters));
}

} // namespace

const CheckKind& sentenceCountKind()
{
    static const CheckKind kind{"sentence_count",
                                "Number of sentences",
                                "Fails unless the text has a number of sentences in a range.",
                                countParameters("99999", 99999),
                                false,
                                true,
                                true,
                                makeSentenceCount};
    return kind;
}

} // namespace gateway::guardrail
