// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace gateway::routing {

/// What the complexity of a request is told by.
struct ComplexitySigns {
    std::string_view text;        // the user's last message
    std::int64_t inputTokens = 0; // of the whole request
    bool offersTools = false;
    bool wantsShape = false; // the answer is to be JSON
};

/// How much a request asks of a model: `simple`, `medium`, `complex` or `reasoning`, by signs that cost
/// nothing to look for. Points are summed up:
///   fewer than 8 words -1, 60 or more +1, 200 or more +2, 600 or more +3;
///   4000 tokens or more in the whole request +1, 20,000 or more +2;
///   a block of code +2; words of programming 1 each, 2 at most;
///   words of design, analysis and planning ("architecture", "trade-offs", "migrate") 2 each, 4 at most;
///   two questions or more +1, four or more +2; a list of three lines or more +1;
///   two demands on the answer or more ("table", "at least", "exactly", "json") +1; an answer held to a shape
///   +1; tools on offer +1; a greeting, thanks or "what is …" of less than 20 words -1.
/// Up to 0 it is simple, from 4 on complex, between them medium. Words that ask for reasoning count apart, 1
/// each
/// ("why", "logic") or 2 ("prove", "step by step"): from 2 on it is `reasoning`, with 1 where the points are
/// 3 or more. Of a long text the first and the last 4 KiB are read; words are English ones, all else holds in
/// any language.
[[nodiscard]] std::string_view complexityOf(const ComplexitySigns& signs);

} // namespace gateway::routing
