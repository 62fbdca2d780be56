// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/signature.h"

#include <array>
#include <utility>

namespace gateway::dialect {
namespace {

constexpr std::string_view kMark = "tp1.";
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

bool isMarked(std::string_view signature)
{
    return signature.starts_with(kMark);
}

bool holdsMarked(std::string_view json)
{
    constexpr std::string_view kStart = "\"tp";
    // By its rarest byte: a search for all of it stops at every quotation mark.
    for (std::size_t at = json.find('1'); at != std::string_view::npos; at = json.find('1', at + 1)) {
        if (at >= kStart.size() && json.substr(at - kStart.size(), kStart.size()) == kStart &&
            json.substr(at + 1).starts_with('.'))
            return true;
    }
    return false;
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
