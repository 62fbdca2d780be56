// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json_text.h"
#include "dialect/gemini_fields.h"
#include "dialect/placed_text.h"
#include "exchange/canonical.h"

/// What a Gemini candidate tells of its text: how likely its tokens were, and the pages that it relies on.
namespace gateway::dialect::gemini {

/// `logprobsResult`.
[[nodiscard]] std::vector<TokenLogprob> readLogprobs(const Fields& candidate);
/// Members of a candidate; none without tokens.
void writeLogprobs(JsonWriter& json, const std::vector<TokenLogprob>& tokens);

/// A page and the bytes of the text that rely on it; those of all its text where `begin` is negative.
struct Grounded {
    Citation citation;
    std::int64_t begin = -1;
    std::int64_t end = -1;
    std::int64_t part = 0; // of the candidate's parts, within which the bytes are counted
};
/// Each page once for each place, or once without a place where no place relies on it.
[[nodiscard]] std::vector<Grounded> readGrounding(const Fields& metadata);
/// The citations of a text that begins `before` bytes after what the places are counted from.
[[nodiscard]] Citation citationIn(PlacedText& text, const Grounded& grounded, std::int64_t before);
/// Gives each to the text that it is about. `partBegins`: bytes of text before each part of the candidate.
void addGrounding(std::vector<Grounded> grounding, const std::vector<std::int64_t>& partBegins,
                  std::vector<Part>& parts);

/// Puts `groundingMetadata` together.
class GroundingWriter {
public:
    /// `before`: bytes of the part that come before the text.
    void add(PlacedText& text, const Citation& citation, std::int64_t before, std::int64_t part = 0);
    [[nodiscard]] bool empty() const { return m_chunks.empty(); }
    [[nodiscard]] std::string metadata() const;

private:
    std::unordered_map<std::string, std::int64_t> m_places; // of the addresses among the chunks
    std::string m_chunks;                                   // as the following, without the brackets
    std::string m_supports;
};

} // namespace gateway::dialect::gemini
