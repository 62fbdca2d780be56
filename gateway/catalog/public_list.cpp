// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/public_list.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_set>
#include <utility>

#include "base/json_cursor.h"
#include "base/json_text.h"
#include "base/strings.h"
#include "catalog/data_file.h"
#include "catalog/model_words.h"

namespace gateway::catalog {

namespace {

constexpr Money kMaxAmount = Money::fromNanos(100'000 * Money::kNanosPerDollar);
constexpr std::int64_t kMaxTokens = 1'000'000'000;
constexpr int kMaxExponent = 1000;

bool saysNothing(std::string_view value)
{
    return value.empty() || jsonKindOf(value) == JsonKind::Null;
}

/// The decimal times ten to the `shift`, as text: no double may come between.
std::optional<std::string> scaled(std::string_view decimal, int shift)
{
    const auto mark = decimal.find_first_of("eE");
    int exponent = 0;
    if (mark != std::string_view::npos) {
        std::string_view digits = decimal.substr(mark + 1);
        if (digits.starts_with('+')) digits.remove_prefix(1);
        const char* end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, exponent);
        if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
        if (exponent > kMaxExponent || exponent < -kMaxExponent) return std::nullopt;
    }
    return std::string(decimal.substr(0, mark)) + "e" + std::to_string(exponent + shift);
}

bool hasDigitAboveZero(std::string_view decimal)
{
    return decimal.substr(0, decimal.find_first_of("eE")).find_first_of("123456789") !=
           std::string_view::npos;
}

} // namespace

bool readAmount(std::string_view value, int shift, Variable variable, std::optional<Money>& into)
{
    if (saysNothing(value)) return true;
    std::string text(value);
    const JsonKind kind = jsonKindOf(value);
    if (kind != JsonKind::Number && !(kind == JsonKind::String && readText(value, text))) return false;
    const auto asIs = Money::parseRounded(text);
    if (variable == Variable::Unknown && asIs == Money::fromNanos(-Money::kNanosPerDollar)) return true;
    const auto decimal = scaled(text, shift);
    const auto amount = decimal ? Money::parseRounded(*decimal) : std::nullopt;
    if (!amount || *amount < Money{} || *amount > kMaxAmount) return false;
    // Too small to be told from nothing is not free.
    if (*amount == Money{} && hasDigitAboveZero(text)) return false;
    into = *amount;
    return true;
}

bool readPrice(std::string_view value, int shift, Variable variable, std::optional<Price>& into)
{
    std::optional<Money> amount;
    if (!readAmount(value, shift, variable, amount)) return false;
    if (amount) into = Price{*amount};
    return true;
}

bool readTokens(std::string_view value, std::optional<std::int64_t>& into)
{
    if (saysNothing(value)) return true;
    std::int64_t count = 0;
    if (!readCount(value, count) || count > kMaxTokens) return false;
    if (count > 0) into = count;
    return true;
}

bool readAnswer(std::string_view value, std::optional<bool>& into)
{
    bool truth = false;
    if (saysNothing(value)) return true;
    if (!readTruth(value, truth)) return false;
    into = truth;
    return true;
}

bool readKindsOfContent(std::string_view value, Modalities& into)
{
    if (saysNothing(value)) return true;
    std::vector<std::string> words;
    if (!readTexts(value, words)) return false;
    for (const std::string& word : words) {
        const auto* part = findNamed(kModalities, word == "file" ? "pdf" : word);
        if (part) into.** part = true;
    }
    return true;
}

bool readModelName(std::string_view value, std::string& into)
{
    return readName(value, into) && !hasControlByte(into);
}

ModelMode guessedMode(std::string_view name, const Modalities& outputs)
{
    constexpr std::array<std::pair<std::string_view, ModelMode>, 5> kTelling{
        {{"embed", ModelMode::Embedding},
         {"rerank", ModelMode::Rerank},
         {"whisper", ModelMode::Transcription},
         {"transcribe", ModelMode::Transcription},
         {"moderation", ModelMode::Moderation}}};
    const std::string small = lowered(name);
    for (const auto& [part, mode] : kTelling) {
        if (small.find(part) != std::string::npos) return mode;
    }
    if (outputs.text || outputs == Modalities{}) return ModelMode::Chat;
    if (outputs.image) return ModelMode::Image;
    return outputs.video ? ModelMode::Video : ModelMode::Speech;
}

bool orderTiers(PriceTiers& tiers)
{
    std::sort(tiers.begin(), tiers.end(),
              [](const PriceTier& left, const PriceTier& right) { return left.above < right.above; });
    const auto same =
        std::adjacent_find(tiers.begin(), tiers.end(), [](const PriceTier& left, const PriceTier& right) {
            return left.above == right.above;
        });
    return same == tiers.end();
}

void dropRepeated(PublicList& list)
{
    std::unordered_set<std::string> seen;
    list.refused += std::erase_if(list.models, [&seen](const ModelFacts& facts) {
        return !seen.insert(facts.row.kind + '\n' + facts.row.id).second;
    });
}

} // namespace gateway::catalog
