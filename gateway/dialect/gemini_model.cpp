// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/gemini_model.h"

#include <algorithm>

#include "base/strings.h"
#include "dialect/model_traits.h"

namespace gateway::dialect::gemini {
namespace {

constexpr std::int64_t kProLeast = 128; // it cannot leave its thinking
constexpr std::int64_t kLiteLeast = 512;
constexpr std::int64_t kProMost = 32768;
constexpr std::int64_t kFlashMost = 24576;

/// "2.5-pro" → 205, "3-flash" → 300; 0 where no number stands there.
int versionAt(std::string_view text)
{
    if (text.empty() || !isAsciiDigit(text[0]) || (text.size() > 1 && isAsciiDigit(text[1]))) return 0;
    int version = (text[0] - '0') * 100;
    if (text.size() > 2 && text[1] == '.' && isAsciiDigit(text[2])) version += text[2] - '0';
    return version;
}

} // namespace

ModelTraits modelTraits(std::string_view model)
{
    constexpr std::string_view kName = "gemini-";
    const std::string_view name = model.substr(model.rfind('/') + 1);
    ModelTraits traits;
    traits.gemini = name.starts_with(kName);
    if (!traits.gemini) return traits;
    traits.version = versionAt(name.substr(kName.size()));
    traits.pro = name.find("-pro") != std::string_view::npos;
    traits.lite = name.find("-lite") != std::string_view::npos;
    return traits;
}

Effort effortOfLevel(std::string_view level)
{
    return effortNamed(lowered(level));
}

std::string_view levelFor(const ModelTraits& model, Effort effort)
{
    switch (effort) {
    case Effort::None:
    case Effort::Minimal:
        return model.pro ? "low" : "minimal";
    case Effort::Low:
        return "low";
    case Effort::Medium:
    case Effort::Undecided:
        // The first of that generation knew two levels only.
        return model.pro && model.version == 300 ? "high" : "medium";
    case Effort::High:
    case Effort::Max:
        break;
    }
    return "high";
}

std::int64_t budgetFor(const ModelTraits& model, const Reasoning& wish)
{
    if (wish.effort == Effort::None) return model.pro ? kProLeast : 0;
    if (!wish.budgetTokens && wish.effort == Effort::Undecided) return -1;
    const std::int64_t least = model.pro ? kProLeast : model.lite ? kLiteLeast : 1;
    return std::clamp(wish.budgetTokens.value_or(budgetOf(wish.effort)), least,
                      model.pro ? kProMost : kFlashMost);
}

} // namespace gateway::dialect::gemini
