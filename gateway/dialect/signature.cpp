// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/signature.h"

#include <array>
#include <cstring>
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
    const char* const begin = json.data();
    const char* const end = begin + json.size();
    // By its rarest byte: a search for all of it stops at every quotation mark.
    for (const char* at = begin;;) {
        at = static_cast<const char*>(std::memchr(at, '1', static_cast<std::size_t>(end - at)));
        if (!at) return false;
        const auto before = static_cast<std::size_t>(at - begin);
        if (before >= kStart.size() && json.substr(before - kStart.size(), kStart.size()) == kStart &&
            at + 1 != end && at[1] == '.')
            return true;
        ++at;
    }
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
