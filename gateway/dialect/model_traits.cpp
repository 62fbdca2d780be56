// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/model_traits.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace gateway::dialect {
namespace {

constexpr std::int64_t kLowBudget = 1024; // Anthropic's least
constexpr std::int64_t kMediumBudget = 2048;
constexpr std::int64_t kHighBudget = 4096;
constexpr std::int64_t kMaxBudget = 16384;

bool isDigit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/// Behind the vendor's part of "openai/gpt-5" and the like.
std::string_view ownName(std::string_view model)
{
    const std::size_t slash = model.rfind('/');
    return slash == std::string_view::npos ? model : model.substr(slash + 1);
}

/// The numbers of at most two digits in a name: dates are longer.
std::vector<int> shortNumbers(std::string_view name)
{
    std::vector<int> numbers;
    for (std::size_t at = 0; at < name.size();) {
        if (!isDigit(name[at])) {
            ++at;
            continue;
        }
        const std::size_t begin = at;
        while (at < name.size() && isDigit(name[at])) {
            ++at;
        }
        int value = 0;
        if (at - begin <= 2) {
            std::from_chars(name.data() + begin, name.data() + at, value);
            numbers.push_back(value);
        }
    }
    return numbers;
}

} // namespace

/// OpenAI's model pages: "none" since 5.1, "minimal" in 5; those that are made to reason know neither, and
/// the large ones take no wish to do less.
std::string_view leastEffort(std::string_view name)
{
    const auto has = [name](std::string_view word) { return name.find(word) != std::string_view::npos; };
    if (has("-pro")) return {};
    if (!name.starts_with("gpt-") || has("codex")) return "low";
    return name == "gpt-5" || name.starts_with("gpt-5-") ? "minimal" : "none";
}

OpenAiModel openAiModel(std::string_view model)
{
    const std::string_view name = ownName(model);
    OpenAiModel traits;
    if (name.starts_with("codex-") || (name.size() >= 2 && name[0] == 'o' && isDigit(name[1]))) {
        traits.named = traits.reasons = true;
        traits.leastEffort = leastEffort(name);
        return traits;
    }
    traits.named = name.starts_with("chatgpt-") || (name.starts_with("gpt-") && !name.starts_with("gpt-oss"));
    const bool generation = name.starts_with("gpt-") && name.size() >= 5 && name[4] >= '5' && name[4] <= '9';
    traits.reasons = generation && name.find("chat") == std::string_view::npos;
    if (traits.reasons) traits.leastEffort = leastEffort(name);
    return traits;
}

ClaudeModel claudeModel(std::string_view model)
{
    const std::string_view name = ownName(model);
    const std::size_t at = name.find("claude");
    ClaudeModel traits;
    if (at == std::string_view::npos) return traits;
    const std::vector<int> numbers = shortNumbers(name.substr(at));
    if (numbers.empty()) return traits;
    traits.version = numbers[0] * 100 + (numbers.size() > 1 ? numbers[1] : 0);
    traits.opus = name.find("opus") != std::string_view::npos;
    return traits;
}

Effort effortNamed(std::string_view name)
{
    struct Row {
        std::string_view name;
        Effort effort;
    };
    constexpr std::array kRows{Row{"none", Effort::None}, Row{"minimal", Effort::Minimal},
                               Row{"low", Effort::Low},   Row{"medium", Effort::Medium},
                               Row{"high", Effort::High}, Row{"xhigh", Effort::Max},
                               Row{"max", Effort::Max}};
    const auto* row =
        std::find_if(kRows.begin(), kRows.end(), [name](const Row& one) { return one.name == name; });
    return row == kRows.end() ? Effort::Undecided : row->effort;
}

std::string_view effortName(Effort effort)
{
    switch (effort) {
    case Effort::None:
        return "none";
    case Effort::Minimal:
        return "minimal";
    case Effort::Low:
        return "low";
    case Effort::High:
    case Effort::Max:
        return "high";
    case Effort::Medium:
    case Effort::Undecided:
        break;
    }
    return "medium";
}

std::int64_t budgetOf(Effort effort)
{
    switch (effort) {
    case Effort::High:
        return kHighBudget;
    case Effort::Max:
        return kMaxBudget;
    case Effort::Medium:
    case Effort::Undecided:
        return kMediumBudget;
    case Effort::None:
    case Effort::Minimal:
    case Effort::Low:
        break;
    }
    return kLowBudget;
}

Effort effortOfBudget(std::int64_t tokens)
{
    if (tokens <= kLowBudget) return Effort::Low;
    return tokens <= kMediumBudget ? Effort::Medium : Effort::High;
}

Effort effortOf(const Reasoning& reasoning)
{
    if (reasoning.effort != Effort::Undecided) return reasoning.effort;
    return reasoning.budgetTokens ? effortOfBudget(*reasoning.budgetTokens) : Effort::Medium;
}

} // namespace gateway::dialect
