// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/signature.h"

#include <array>
#include <utility>

namespace gateway::dialect {
namespace {

// No signature of Anthropic's begins so: theirs are plain base64, which has no dot.
constexpr std::array<std::pair<Maker, std::string_view>, 2> kMarks{
    {{Maker::OpenAi, "tp1.openai."}, {Maker::Gemini, "tp1.gemini."}}};

} // namespace

std::string markedSignature(Maker maker, std::string_view given)
{
    if (given.empty()) return {};
    for (const auto& [owner, mark] : kMarks) {
        if (owner == maker) return std::string(mark).append(given);
    }
    return std::string(given);
}

std::string_view ownSignature(Maker maker, std::string_view canonical)
{
    if (makerOf(canonical) != maker) return {};
    for (const auto& [owner, mark] : kMarks) {
        if (owner == maker) canonical.remove_prefix(mark.size());
    }
    return canonical;
}

Maker makerOf(std::string_view canonical)
{
    if (canonical.empty()) return Maker::Undecided;
    for (const auto& [owner, mark] : kMarks) {
        if (canonical.starts_with(mark)) return owner;
    }
    return Maker::Anthropic;
}

} // namespace gateway::dialect
