// SPDX-License-Identifier: GPL-3.0-or-later
#include "accounting/cost.h"

#include <algorithm>
#include <array>

#include "accounting/exact_sum.h"

namespace gateway::accounting {

namespace {

constexpr std::int64_t kMillion = 1'000'000;

std::int64_t atLeastZero(std::int64_t tokens)
{
    return std::max<std::int64_t>(tokens, 0);
}

std::optional<Price> firstOf(const std::optional<Price>& preferred, const std::optional<Price>& other)
{
    return preferred ? preferred : other;
}

/// The step of prices that a request with this much input has reached; null: none.
const PriceTier* tierReached(std::int64_t inputTokens, const PriceTiers& tiers)
{
    const PriceTier* highest = nullptr;
    for (const PriceTier& tier : tiers) {
        if (inputTokens > tier.above && (!highest || tier.above > highest->above)) highest = &tier;
    }
    return highest;
}

bool hasTokenPrice(const PriceList& prices)
{
    return prices.input || prices.output || prices.audioInput;
}

/// A cost that is added up.
struct Bill {
    ExactSum sum;
    bool known = true; // false: a price is missing for tokens that were used
    bool exact = true; // false: a price stands in for another

    void add(std::int64_t tokens, const std::optional<Price>& price)
    {
        if (tokens <= 0) return;
        known = known && price.has_value();
        if (price) sum.add(tokens, price->perMillion.nanos());
    }

    [[nodiscard]] Cost cost(bool estimated) const
    {
        if (!known) return {Money{}, CostSource::Unknown};
        const bool rough = estimated || !exact;
        return {sum.rounded(), rough ? CostSource::Estimated : CostSource::Computed};
    }
};

void addInput(Bill& bill, const Usage& usage, const PriceList& held)
{
    const std::int64_t input = atLeastZero(usage.inputTokens);
    const std::int64_t cacheRead = std::min(atLeastZero(usage.cacheReadTokens), input);
    const std::int64_t cacheWrite = std::min(atLeastZero(usage.cacheWriteTokens), input - cacheRead);
    const std::int64_t hour = std::min(atLeastZero(usage.cacheWriteHourTokens), cacheWrite);
    // Sound and pictures are part of the fresh input; lists that do not price them apart price them as text.
    const std::int64_t fresh = input - cacheRead - cacheWrite;
    const std::int64_t audio = std::min(atLeastZero(usage.audioInputTokens), fresh);
    const std::int64_t image = std::min(atLeastZero(usage.imageInputTokens), fresh - audio);
    const auto write = firstOf(held.cacheWrite, held.input);
    bill.add(fresh - audio - image, held.input);
    bill.add(audio, firstOf(held.audioInput, held.input));
    bill.add(image, firstOf(held.imageInput, held.input));
    bill.add(cacheRead, firstOf(held.cacheRead, held.input));
    bill.add(cacheWrite - hour, write);
    bill.add(hour, firstOf(held.cacheWriteHour, write));
    // To keep it longer costs more wherever it costs anything.
    if (hour > 0 && held.cacheWrite && !held.cacheWriteHour) bill.exact = false;
}

void addOutput(Bill& bill, const Usage& usage, const PriceList& held)
{
    const std::int64_t output = atLeastZero(usage.outputTokens);
    const std::int64_t reasoning = std::min(atLeastZero(usage.reasoningTokens), output);
    const std::int64_t audio = std::min(atLeastZero(usage.audioOutputTokens), output - reasoning);
    const std::int64_t image = std::min(atLeastZero(usage.imageOutputTokens), output - reasoning - audio);
    bill.add(output - reasoning - audio - image, held.output);
    bill.add(audio, firstOf(held.audioOutput, held.output));
    bill.add(image, firstOf(held.imageOutput, held.output));
    bill.add(reasoning, firstOf(held.reasoning, held.output));
}

void addTokenCost(Bill& bill, const Usage& usage, const PriceList& held)
{
    addInput(bill, usage, held);
    addOutput(bill, usage, held);
}

const ServicePrices* servicePrices(const Prices& prices, ServiceTier service)
{
    if (!prices.services || service == ServiceTier::Undecided) return nullptr;
    for (const ServicePrices& each : *prices.services) {
        if (each.service == service) return &each;
    }
    return nullptr;
}

/// The prices of tokens that hold for a service and a size.
struct Held {
    PriceList list;
    bool exact = true;
    bool half = false;
};

Held heldFor(const Prices& prices, const Usage& usage, bool isSum)
{
    static const PriceTiers s_none;
    const PriceList* const own = prices.own ? &prices.own->prices : nullptr;
    // Who states both prices of his own states them for every size and service.
    const bool isOwn = own && own->input && own->output;
    const bool asked = usage.service != ServiceTier::Undecided;
    const ServicePrices* service = servicePrices(prices, usage.service);
    const bool stated = !asked || service || isOwn;
    // Who serves later for less asks the same whether it was sent as a batch or not.
    if (!stated && usage.service == ServiceTier::Flex) service = servicePrices(prices, ServiceTier::Batch);
    const PriceTiers& usual = prices.tiers && !isOwn ? *prices.tiers : s_none;
    const PriceTiers& tiers = service && !isOwn ? service->tiers : usual;
    Held held;
    if (prices.list) held.list = *prices.list;
    if (service && !isOwn) held.list = overlaid(held.list, service->prices);
    // A sum does not tell which requests were long enough for a step, and lists may tell none for a service.
    const PriceTier* const step = isSum ? nullptr : tierReached(atLeastZero(usage.inputTokens), tiers);
    // What a step leaves out stays at the base price.
    if (step) held.list = overlaid(held.list, step->prices);
    if (own) held.list = overlaid(held.list, *own);
    const bool lacksStep = isSum ? !usual.empty() || !tiers.empty()
                                 : tiers.empty() && !usual.empty() && usage.inputTokens > usual.front().above;
    held.exact = stated && !lacksStep;
    // Who states a price for batches asks half, so that half is the best guess for who does not.
    held.half = !stated && usage.service == ServiceTier::Batch;
    return held;
}

const UnitPrice* unitPrice(const std::vector<UnitPrice>* units, PriceUnit unit)
{
    if (!units) return nullptr;
    for (const UnitPrice& each : *units) {
        if (each.unit == unit) return &each;
    }
    return nullptr;
}

const UnitPrice* unitPrice(const Prices& prices, PriceUnit unit)
{
    const UnitPrice* own = prices.own ? unitPrice(&prices.own->units, unit) : nullptr;
    return own ? own : unitPrice(prices.units, unit);
}

/// How many millionths of its price were used of a piece that a model sells instead of tokens.
struct Pieces {
    std::int64_t count = 0;
    std::int64_t millionths = 0; // of a price, each
};

Pieces piecesOf(const Usage& usage, PriceUnit unit)
{
    switch (unit) {
    case PriceUnit::Image:
        return {usage.images, kMillion};
    case PriceUnit::Second:
        return {usage.milliseconds, 1000};
    case PriceUnit::MillionCharacters:
        return {usage.characters, 1};
    default:
        return {};
    }
}

bool isCounted(const Usage& usage)
{
    return usage.known || usage.requests > 0 || usage.images > 0 || usage.milliseconds > 0 ||
           usage.characters > 0;
}

/// True where such a piece was counted and has a price.
bool addPiece(Bill& bill, const Usage& usage, const std::vector<UnitPrice>* units, bool isOwn)
{
    if (!units) return false;
    for (const UnitPrice& each : *units) {
        const Pieces pieces = piecesOf(usage, each.unit);
        if (pieces.count <= 0) continue;
        bill.sum.add(pieces.count, each.amount.nanos(), pieces.millionths);
        bill.exact = bill.exact && (isOwn || each.unit != PriceUnit::Image);
        return true;
    }
    return false;
}

/// What comes beside tokens and pieces, where any were counted. False: a request has no price.
bool addExtras(Bill& bill, const Prices& prices, const Usage& usage, bool isSum)
{
    if (usage.searches > 0) {
        const UnitPrice* const search = unitPrice(prices, PriceUnit::ThousandSearches);
        if (search) bill.sum.add(usage.searches, search->amount.nanos(), kMillion / 1000);
        bill.exact = bill.exact && search;
    }
    const UnitPrice* const request = unitPrice(prices, PriceUnit::Request);
    if (!request || !isCounted(usage)) return false;
    bill.sum.add(std::max<std::int64_t>(usage.requests, 1), request->amount.nanos(), kMillion);
    bill.exact = bill.exact && !isSum;
    return true;
}

void applyTerms(ExactSum& sum, const Terms& terms)
{
    if (terms.isPlain()) return;
    sum.take(terms.less, Terms::kWhole);
    sum.take(terms.more, Terms::kWhole);
}

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
    if (!usage.known || !hasTokenPrice(prices)) return {Money{}, CostSource::Unknown};
    Bill bill;
    const PriceTier* const step = tierReached(atLeastZero(usage.inputTokens), tiers);
    addTokenCost(bill, usage, step ? overlaid(prices, step->prices) : prices);
    return bill.cost(usage.estimated);
}

Terms termsOf(const std::optional<std::string>& discountPercent,
              const std::optional<std::string>& marginPercent)
{
    const auto percent = [](const std::optional<std::string>& text) {
        const auto amount = text ? Money::parse(*text) : std::nullopt; // the same decimals
        return amount ? amount->nanos() : 0;
    };
    Terms terms;
    terms.less = Terms::kWhole - std::clamp<std::int64_t>(percent(discountPercent), 0, Terms::kWhole);
    terms.more = Terms::kWhole + std::clamp<std::int64_t>(percent(marginPercent), 0, 10 * Terms::kWhole);
    return terms;
}

PriceList usualPrices(const Prices& prices)
{
    const PriceList listed = prices.list ? *prices.list : PriceList();
    return prices.own ? overlaid(listed, prices.own->prices) : listed;
}

Cost costBy(const Prices& prices, const Usage& usage, bool isSum)
{
    if (usage.reportedCost) return {std::max(*usage.reportedCost, Money{}), CostSource::Reported};
    const Held held = heldFor(prices, usage, isSum);
    Bill bill;
    // An owner who names a piece's price, and none for tokens, pays for the piece alone.
    const OwnPrices* const own = prices.own;
    const bool ownPiece = own && !own->prices.input && !own->prices.output;
    bool based = ownPiece && addPiece(bill, usage, &own->units, true);
    const bool byRequest = ownPiece && isCounted(usage) && unitPrice(&own->units, PriceUnit::Request);
    if (!based && !byRequest && usage.known && hasTokenPrice(held.list)) {
        based = true;
        addTokenCost(bill, usage, held.list);
        bill.exact = bill.exact && held.exact;
        if (held.half) bill.sum.take(1, 2);
    }
    if (!based && !byRequest) {
        based =
            (own && addPiece(bill, usage, &own->units, true)) || addPiece(bill, usage, prices.units, false);
        // No list has services for pieces.
        if (based && usage.service != ServiceTier::Undecided) bill.exact = false;
    }
    const bool request = addExtras(bill, prices, usage, isSum);
    if (!based && !request) return {Money{}, CostSource::Unknown};
    applyTerms(bill.sum, prices.terms);
    return bill.cost(usage.estimated);
}

} // namespace gateway::accounting
