// SPDX-License-Identifier: GPL-3.0-or-later
#include "accounting/cost.h"

#include <algorithm>
#include <array>
#include <limits>

namespace gateway::accounting {

namespace {

using Wide = unsigned __int128;

std::int64_t atLeastZero(std::int64_t tokens)
{
    return std::max<std::int64_t>(tokens, 0);
}

std::optional<Price> firstOf(const std::optional<Price>& preferred, const std::optional<Price>& other)
{
    return preferred ? preferred : other;
}

/// The prices that hold for a request with this much input; what a tier leaves out stays at the base price.
PriceList effectivePrices(std::int64_t inputTokens, const PriceList& base, const PriceTiers& tiers)
{
    const PriceTier* highest = nullptr;
    for (const PriceTier& tier : tiers) {
        if (inputTokens > tier.above && (!highest || tier.above > highest->above)) highest = &tier;
    }
    return highest ? overlaid(base, highest->prices) : base;
}

/// Adds up millionths of nano-dollars. Input and output are two counts of 63 bits, however they are divided,
/// and prices have 63 bits too, so nothing overflows.
class Sum {
public:
    void add(std::int64_t tokens, const std::optional<Price>& price)
    {
        if (tokens <= 0) return;
        if (!price) {
            m_known = false;
            return;
        }
        const std::int64_t nanos = atLeastZero(price->perMillion.nanos());
        m_total += static_cast<Wide>(tokens) * static_cast<Wide>(nanos);
    }

    std::optional<Money> rounded() const
    {
        if (!m_known) return std::nullopt;
        constexpr Wide kMillion = 1'000'000;
        constexpr Wide kLargest = std::numeric_limits<std::int64_t>::max();
        const Wide nanos = std::min((m_total + kMillion / 2) / kMillion, kLargest);
        return Money::fromNanos(static_cast<std::int64_t>(nanos));
    }

private:
    Wide m_total = 0;
    bool m_known = true;
};

} // namespace

PriceList overlaid(const PriceList& base, const PriceList& over)
{
    constexpr std::array kParts{&PriceList::input,      &PriceList::output,         &PriceList::cacheRead,
                                &PriceList::cacheWrite, &PriceList::cacheWriteHour, &PriceList::reasoning,
                                &PriceList::audioInput, &PriceList::audioOutput,    &PriceList::imageInput,
                                &PriceList::imageOutput};
    PriceList held = base;
    for (const auto part : kParts)
        held.*part = firstOf(over.*part, base.*part);
    return held;
}

Cost computeCost(const Usage& usage, const PriceList& prices, const PriceTiers& tiers)
{
    if (usage.reportedCost) return {std::max(*usage.reportedCost, Money{}), CostSource::Reported};
    if (!usage.known || (!prices.input && !prices.output && !prices.audioInput))
        return {Money{}, CostSource::Unknown};

    const std::int64_t input = atLeastZero(usage.inputTokens);
    const std::int64_t cacheRead = std::min(atLeastZero(usage.cacheReadTokens), input);
    const std::int64_t cacheWrite = std::min(atLeastZero(usage.cacheWriteTokens), input - cacheRead);
    const std::int64_t output = atLeastZero(usage.outputTokens);
    const std::int64_t reasoning = std::min(atLeastZero(usage.reasoningTokens), output);
    const PriceList held = effectivePrices(input, prices, tiers);
    Sum sum;
    // Sound and pictures are part of the fresh input; lists that do not price them apart price them as text.
    const std::int64_t fresh = input - cacheRead - cacheWrite;
    const std::int64_t audio = std::min(atLeastZero(usage.audioInputTokens), fresh);
    const std::int64_t image = std::min(atLeastZero(usage.imageInputTokens), fresh - audio);
    const std::int64_t audioOut = std::min(atLeastZero(usage.audioOutputTokens), output - reasoning);
    const std::int64_t imageOut =
        std::min(atLeastZero(usage.imageOutputTokens), output - reasoning - audioOut);
    sum.add(fresh - audio - image, held.input);
    sum.add(audio, firstOf(held.audioInput, held.input));
    sum.add(image, firstOf(held.imageInput, held.input));
    sum.add(cacheRead, firstOf(held.cacheRead, held.input));
    sum.add(cacheWrite, firstOf(held.cacheWrite, held.input));
    sum.add(output - reasoning - audioOut - imageOut, held.output);
    sum.add(audioOut, firstOf(held.audioOutput, held.output));
    sum.add(imageOut, firstOf(held.imageOutput, held.output));
    sum.add(reasoning, firstOf(held.reasoning, held.output));
    const auto amount = sum.rounded();
    if (!amount) return {Money{}, CostSource::Unknown};
    return {*amount, usage.estimated ? CostSource::Estimated : CostSource::Computed};
}

Cost computeUnitCost(const Usage& usage, const std::vector<UnitPrice>& units)
{
    constexpr std::int64_t kMillion = 1'000'000;
    for (const UnitPrice& unit : units) {
        std::int64_t pieces = 0;
        std::int64_t perPrice = 1;
        switch (unit.unit) {
        case PriceUnit::Image:
            pieces = usage.images;
            break;
        case PriceUnit::Second:
            pieces = usage.milliseconds;
            perPrice = 1000;
            break;
        case PriceUnit::Request:
            pieces = usage.requests;
            break;
        case PriceUnit::MillionCharacters:
            pieces = usage.characters;
            perPrice = kMillion;
            break;
        default:
            break;
        }
        if (pieces <= 0) continue;
        const Wide nanos = static_cast<Wide>(pieces) * static_cast<Wide>(atLeastZero(unit.amount.nanos()));
        constexpr Wide kLargest = std::numeric_limits<std::int64_t>::max();
        const Wide divisor = static_cast<Wide>(perPrice);
        const Wide rounded = std::min((nanos + divisor / 2) / divisor, kLargest);
        const bool rough = usage.estimated || unit.unit == PriceUnit::Image;
        return {Money::fromNanos(static_cast<std::int64_t>(rounded)),
                rough ? CostSource::Estimated : CostSource::Computed};
    }
    return {Money{}, CostSource::Unknown};
}

} // namespace gateway::accounting
