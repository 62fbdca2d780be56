// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>
#include <string>

#include <QTest>

#include "accounting/cost.h"

using namespace gateway;
using accounting::computeCost;
using accounting::costBy;
using accounting::OwnPrices;
using accounting::Prices;
using accounting::termsOf;

namespace {

constexpr auto kMost = std::numeric_limits<std::int64_t>::max();

std::optional<Price> price(const char* text)
{
    return Price{*Money::parse(text)};
}

PriceList sonnet()
{
    return {price("3"), price("15"), price("0.3"), price("3.75")};
}

PriceTiers sonnetTiers()
{
    return {{200'000, {price("6"), price("22.5"), price("0.6"), price("7.5")}}};
}

Usage usage(std::int64_t input, std::int64_t cacheRead, std::int64_t cacheWrite, std::int64_t output)
{
    Usage tokens;
    tokens.inputTokens = input;
    tokens.cacheReadTokens = cacheRead;
    tokens.cacheWriteTokens = cacheWrite;
    tokens.outputTokens = output;
    tokens.known = true;
    return tokens;
}

std::string dollars(const Cost& cost)
{
    return cost.amount.toString();
}

} // namespace

class CostTest : public QObject {
    Q_OBJECT

private slots:
    void chargesThinkingAtItsOwnPriceWhereItHasOne()
    {
        PriceList prices{price("1"), price("2"), std::nullopt, std::nullopt};
        Usage used = usage(0, 0, 0, 1'000'000);
        used.reasoningTokens = 400'000;
        QCOMPARE(dollars(computeCost(used, prices)), std::string("2"));
        prices.reasoning = price("10");
        QCOMPARE(dollars(computeCost(used, prices)), std::string("5.2"));
        used.reasoningTokens = 9'000'000; // More than there was output: all of it then.
        QCOMPARE(dollars(computeCost(used, prices)), std::string("10"));
        used.reasoningTokens = -1;
        QCOMPARE(dollars(computeCost(used, prices)), std::string("2"));
    }

    void chargesSoundAtItsOwnPriceWhereItHasOne()
    {
        PriceList prices{price("4"), price("16"), price("0.4"), std::nullopt};
        Usage used = usage(1'000'000, 200'000, 0, 500'000);
        const auto cost = [&](std::int64_t heard, std::int64_t spoken) {
            used.audioInputTokens = heard;
            used.audioOutputTokens = spoken;
            return dollars(computeCost(used, prices));
        };
        QCOMPARE(cost(500'000, 300'000), std::string("11.28"));
        prices.audioInput = price("32");
        prices.audioOutput = price("64");
        QCOMPARE(cost(0, 0), std::string("11.28"));
        QCOMPARE(cost(500'000, 300'000), std::string("39.68"));
        QCOMPARE(cost(-1, -1), std::string("11.28"));
        QCOMPARE(cost(9'000'000, 9'000'000), std::string("57.68")); // All of it then.
    }

    void letsATierRaiseThePriceOfThinking()
    {
        PriceList base{price("1"), price("2"), std::nullopt, std::nullopt};
        base.reasoning = price("4");
        PriceTiers tiers{{10, {price("3"), price("6"), std::nullopt, std::nullopt}}};
        Usage used = usage(1'000'000, 0, 0, 1'000'000);
        used.reasoningTokens = 1'000'000;
        QCOMPARE(dollars(computeCost(used, base, tiers)), std::string("7"));
        tiers[0].prices.reasoning = price("12");
        QCOMPARE(dollars(computeCost(used, base, tiers)), std::string("15"));
    }

    void chargesEachSortOfTokenAtItsOwnPrice()
    {
        // 1,000 plain at 3, 8,000 read at 0.3, 1,000 written at 3.75, 500 out at 15 dollars per million.
        const Cost cost = computeCost(usage(10'000, 8'000, 1'000, 500), sonnet());
        QCOMPARE(dollars(cost), std::string("0.01665"));
        QCOMPARE(cost.source, CostSource::Computed);
    }

    void chargesCachedTokensAsInputWhereTheirPriceIsUnknown()
    {
        const PriceList plain{price("2"), price("8"), std::nullopt, std::nullopt};
        QCOMPARE(dollars(computeCost(usage(1'000, 600, 300, 0), plain)), std::string("0.002"));
    }

    void doesNotChargeReasoningTwice()
    {
        Usage tokens = usage(100, 0, 0, 1'000);
        tokens.reasoningTokens = 900;
        QCOMPARE(dollars(computeCost(tokens, sonnet())), std::string("0.0153"));
    }

    void roundsOnceOverTheWholeSum()
    {
        // Half a nano-dollar each: apart they would make two, together they make one.
        const PriceList tiny{price("0.0005"), price("0.0005"), std::nullopt, std::nullopt};
        QCOMPARE(computeCost(usage(1, 0, 0, 1), tiny).amount.nanos(), std::int64_t(1));
        QCOMPARE(computeCost(usage(1, 0, 0, 0), tiny).amount.nanos(), std::int64_t(1));
        const PriceList finer{price("0.0004"), price("0.0004"), std::nullopt, std::nullopt};
        QCOMPARE(computeCost(usage(1, 0, 0, 0), finer).amount.nanos(), std::int64_t(0));
        QCOMPARE(computeCost(usage(1, 0, 0, 1), finer).amount.nanos(), std::int64_t(1));
    }

    void chargesTheWholeRequestAtTheTierItReaches()
    {
        const auto cost = [](std::int64_t input) {
            return dollars(computeCost(usage(input, 0, 0, 1'000), sonnet(), sonnetTiers()));
        };
        QCOMPARE(cost(200'000), std::string("0.615"));
        QCOMPARE(cost(200'001), std::string("1.222506"));
    }

    void countsCachedInputTowardsTheTier()
    {
        const Cost cost = computeCost(usage(250'000, 240'000, 10'000, 0), sonnet(), sonnetTiers());
        QCOMPARE(dollars(cost), std::string("0.219"));
    }

    void takesTheHighestTierReachedInWhateverOrderTheyStand()
    {
        const PriceList base{price("1"), price("1"), std::nullopt, std::nullopt};
        const PriceTiers tiers{{128'000, {price("3"), price("3"), std::nullopt, std::nullopt}},
                               {32'000, {price("2"), price("2"), std::nullopt, std::nullopt}}};
        QCOMPARE(dollars(computeCost(usage(32'000, 0, 0, 0), base, tiers)), std::string("0.032"));
        QCOMPARE(dollars(computeCost(usage(100'000, 0, 0, 0), base, tiers)), std::string("0.2"));
        QCOMPARE(dollars(computeCost(usage(200'000, 0, 0, 0), base, tiers)), std::string("0.6"));
    }

    void keepsTheBasePriceOfWhatATierLeavesOut()
    {
        const PriceTiers tiers{{10, {price("6"), std::nullopt, std::nullopt, std::nullopt}}};
        QCOMPARE(dollars(computeCost(usage(1'000, 500, 0, 1'000), sonnet(), tiers)), std::string("0.01815"));
    }

    void prefersWhatTheProviderReported()
    {
        Usage tokens = usage(10'000, 0, 0, 500);
        tokens.reportedCost = Money::parse("0.0123");
        const Cost cost = computeCost(tokens, sonnet());
        QCOMPARE(dollars(cost), std::string("0.0123"));
        QCOMPARE(cost.source, CostSource::Reported);
        QCOMPARE(computeCost(tokens, {}).source, CostSource::Reported);
    }

    void saysWhenTheTokensWereEstimated()
    {
        Usage tokens = usage(1'000, 0, 0, 0);
        tokens.estimated = true;
        QCOMPARE(computeCost(tokens, sonnet()).source, CostSource::Estimated);
    }

    void isUnknownWithoutPriceOrUsage()
    {
        QCOMPARE(computeCost(usage(1, 0, 0, 1), {}).source, CostSource::Unknown);
        QCOMPARE(computeCost(Usage{}, sonnet()).source, CostSource::Unknown);
        const PriceList noOutput{price("1"), std::nullopt, std::nullopt, std::nullopt};
        QCOMPARE(computeCost(usage(1, 0, 0, 1), noOutput).source, CostSource::Unknown);
        QCOMPARE(computeCost(usage(1, 0, 0, 1), noOutput).amount.nanos(), std::int64_t(0));
    }

    void needsNoPriceForTokensThatWereNotUsed()
    {
        const PriceList embedding{price("0.02"), std::nullopt, std::nullopt, std::nullopt};
        const Cost cost = computeCost(usage(1'000'000, 0, 0, 0), embedding);
        QCOMPARE(dollars(cost), std::string("0.02"));
        QCOMPARE(cost.source, CostSource::Computed);
    }

    void knowsThatFreeIsNotUnknown()
    {
        const Cost cost =
            computeCost(usage(5'000, 0, 0, 5'000), {price("0"), price("0"), std::nullopt, std::nullopt});
        QCOMPARE(dollars(cost), std::string("0"));
        QCOMPARE(cost.source, CostSource::Computed);
    }

    void isNeverNegative()
    {
        QCOMPARE(dollars(computeCost(usage(-5, -7, -9, -11), sonnet())), std::string("0"));
        // More cached than there was input: charged as if all input had been cached.
        QCOMPARE(dollars(computeCost(usage(1'000, 5'000, 5'000, 0), sonnet())), std::string("0.0003"));
        Usage tokens = usage(1, 0, 0, 1);
        tokens.reportedCost = Money::fromNanos(-5);
        QCOMPARE(dollars(computeCost(tokens, sonnet())), std::string("0"));
        const PriceList negative{Price{Money::fromNanos(-1'000'000)}, price("0"), std::nullopt, std::nullopt};
        QCOMPARE(dollars(computeCost(usage(1'000'000, 0, 0, 0), negative)), std::string("0"));
    }

    void pricesSoundAndPicturesApart()
    {
        Usage tokens = usage(1'000'000, 0, 0, 1'000'000);
        tokens.audioInputTokens = 400'000;
        tokens.imageInputTokens = 100'000;
        tokens.imageOutputTokens = 1'000'000;
        PriceList list;
        list.input = price("5");
        list.imageInput = price("10");
        list.imageOutput = price("40");
        // Sound has no price of its own here; other output was not used, so it needs none.
        QCOMPARE(dollars(computeCost(tokens, list)), std::string("45.5"));
        tokens.audioInputTokens = 5'000'000; // more than there was
        QCOMPARE(dollars(computeCost(tokens, list)), std::string("45"));
    }

    void pricesByThePiece()
    {
        const auto cost = [](const Usage& used, PriceUnit unit, const char* amount) {
            const std::vector<UnitPrice> units{{PriceUnit::ThousandSearches, *Money::parse("9")},
                                               {unit, *Money::parse(amount)}};
            Prices prices;
            prices.units = &units;
            return costBy(prices, used);
        };
        Usage used;
        QCOMPARE(cost(used, PriceUnit::Image, "0.04").source, CostSource::Unknown);
        used.images = 2;
        QCOMPARE(dollars(cost(used, PriceUnit::Image, "0.04")), std::string("0.08"));
        QCOMPARE(cost(used, PriceUnit::Image, "0.04").source, CostSource::Estimated);
        used.milliseconds = 2'500;
        QCOMPARE(dollars(cost(used, PriceUnit::Second, "0.1")), std::string("0.25"));
        QCOMPARE(cost(used, PriceUnit::Second, "0.1").source, CostSource::Computed);
        used.characters = 12;
        QCOMPARE(dollars(cost(used, PriceUnit::MillionCharacters, "15")), std::string("0.00018"));
        used.requests = 3;
        QCOMPARE(dollars(cost(used, PriceUnit::Request, "0.002")), std::string("0.006"));
        used.requests = kMost;
        QCOMPARE(cost(used, PriceUnit::Request, "5").amount.nanos(), kMost);
    }

    void pricesWhatIsWrittenForAnHour()
    {
        Usage used = usage(1'000'000, 0, 1'000'000, 0);
        used.cacheWriteHourTokens = 400'000;
        PriceList list{price("3"), price("15"), price("0.3"), price("3.75"), price("6")};
        const auto cost = [&used, &list] {
            Prices prices;
            prices.list = &list;
            return costBy(prices, used);
        };
        QCOMPARE(dollars(cost()), std::string("4.65"));
        QCOMPARE(cost().source, CostSource::Computed);
        // More than was written is all of it.
        used.cacheWriteHourTokens = 9'000'000;
        QCOMPARE(dollars(cost()), std::string("6"));
        // What nobody has a price for is a guess.
        list.cacheWriteHour.reset();
        QCOMPARE(dollars(cost()), std::string("3.75"));
        QCOMPARE(cost().source, CostSource::Estimated);
    }

    void pricesTheServiceThatServed()
    {
        const PriceList list{price("2"), price("8")};
        const PriceTiers tiers{{500'000, {price("4"), price("16")}}};
        std::vector<ServicePrices> services{{ServiceTier::Batch, {price("1"), price("4")}, {}},
                                            {ServiceTier::Priority, {price("3"), price("12")}, {}}};
        Prices prices;
        prices.list = &list;
        prices.services = &services;
        Usage used = usage(1'000'000, 0, 0, 1'000'000);
        const auto cost = [&](ServiceTier service) {
            used.service = service;
            const Cost found = costBy(prices, used);
            return dollars(found) + (found.source == CostSource::Estimated ? " estimated" : "");
        };
        QCOMPARE(cost(ServiceTier::Undecided), std::string("10"));
        QCOMPARE(cost(ServiceTier::Priority), std::string("15"));
        QCOMPARE(cost(ServiceTier::Batch), std::string("5"));
        // As batches cost, where nobody says otherwise.
        QCOMPARE(cost(ServiceTier::Flex), std::string("5 estimated"));
        services.erase(services.begin());
        QCOMPARE(cost(ServiceTier::Flex), std::string("10 estimated"));
        QCOMPARE(cost(ServiceTier::Batch), std::string("5 estimated"));
        // A size that the service has no price for.
        prices.tiers = &tiers;
        QCOMPARE(cost(ServiceTier::Undecided), std::string("20"));
        QCOMPARE(cost(ServiceTier::Priority), std::string("15 estimated"));
        // An owner's price holds however it was served.
        const OwnPrices own{{price("1"), price("1")}, {}};
        prices.own = &own;
        QCOMPARE(cost(ServiceTier::Priority), std::string("2"));
        QCOMPARE(cost(ServiceTier::Batch), std::string("2"));
    }

    void keepsTheStepsOfWhatAnOwnerLeavesOut()
    {
        const PriceList list = sonnet();
        const PriceTiers tiers = sonnetTiers();
        const std::vector<ServicePrices> services{
            {ServiceTier::Batch, {price("1.5"), price("7.5")}, {{200'000, {price("3"), price("11.25")}}}}};
        OwnPrices own;
        Prices prices;
        prices.list = &list;
        prices.tiers = &tiers;
        prices.services = &services;
        prices.own = &own;
        Usage used = usage(1'000'000, 0, 0, 1'000'000);
        const auto cost = [&prices, &used](bool isSum = false) {
            const Cost found = costBy(prices, used, isSum);
            return dollars(found) + (found.source == CostSource::Estimated ? " estimated" : "");
        };
        own.prices.cacheRead = price("0.1");
        QCOMPARE(cost(), std::string("28.5"));
        QCOMPARE(cost(true), std::string("18 estimated"));
        // What is stated does not step itself.
        own.prices.input = price("1");
        QCOMPARE(cost(), std::string("23.5"));
        used.service = ServiceTier::Batch;
        QCOMPARE(cost(), std::string("12.25"));
        used.service = ServiceTier::Undecided;
        // Both prices are all there is to know.
        own.prices.output = price("2");
        QCOMPARE(cost(), std::string("3"));
        QCOMPARE(cost(true), std::string("3"));
        used.cacheWriteTokens = 1'000'000;
        QCOMPARE(cost(), std::string("5.75"));
    }

    void addsWhatComesBesideTokens()
    {
        const PriceList list{price("2"), price("8")};
        std::vector<UnitPrice> units{{PriceUnit::ThousandSearches, *Money::parse("10")},
                                     {PriceUnit::Request, *Money::parse("0.005")},
                                     {PriceUnit::Image, *Money::parse("0.04")}};
        Prices prices;
        prices.list = &list;
        prices.units = &units;
        Usage used = usage(1'000'000, 0, 0, 0);
        QCOMPARE(dollars(costBy(prices, used)), std::string("2.005"));
        used.searches = 3;
        QCOMPARE(dollars(costBy(prices, used)), std::string("2.035"));
        QCOMPARE(costBy(prices, used).source, CostSource::Computed);
        used.images = 2; // they are what the tokens are
        QCOMPARE(dollars(costBy(prices, used)), std::string("2.035"));
        units.erase(units.begin());
        QCOMPARE(dollars(costBy(prices, used)), std::string("2.005"));
        QCOMPARE(costBy(prices, used).source, CostSource::Estimated);
    }

    void anOwnerPaysForThePieceAlone()
    {
        const PriceList list{price("2"), price("8")};
        OwnPrices own{{}, {{PriceUnit::Image, *Money::parse("0.05")}}};
        Prices prices;
        prices.list = &list;
        prices.own = &own;
        Usage used = usage(1'000'000, 0, 0, 0);
        used.images = 3;
        QCOMPARE(dollars(costBy(prices, used)), std::string("0.15"));
        QCOMPARE(costBy(prices, used).source, CostSource::Computed);
        own.units = {{PriceUnit::Request, *Money::parse("0.01")}};
        QCOMPARE(dollars(costBy(prices, used)), std::string("0.01"));
        own.prices.input = price("1");
        QCOMPARE(dollars(costBy(prices, used)), std::string("1.01"));
    }

    void takesTermsOfTheSumAndRoundsOnce()
    {
        const PriceList list{price("0.001"), price("0.001")};
        Prices prices;
        prices.list = &list;
        const auto nanos = [&prices](std::int64_t tokens, const char* discount, const char* margin) {
            prices.terms = termsOf(discount ? std::optional<std::string>(discount) : std::nullopt,
                                   margin ? std::optional<std::string>(margin) : std::nullopt);
            return costBy(prices, usage(tokens, 0, 0, 0)).amount.nanos();
        };
        QCOMPARE(nanos(1000, nullptr, nullptr), 1000);
        QCOMPARE(nanos(1000, "12.5", nullptr), 875);
        QCOMPARE(nanos(1000, nullptr, "3"), 1030);
        QCOMPARE(nanos(1000, "12.5", "3"), 901);  // 901.25
        QCOMPARE(nanos(999, "50", nullptr), 500); // 499.5
        QCOMPARE(nanos(333, "12.5", "3"), 300);   // 300.11625: rounded in between it would be 300.76
        QCOMPARE(nanos(1000, "100", "1000"), 0);
        QCOMPARE(nanos(1'000'000'000, "33.333333333", "0.000000001"), 666'666'667); // …66.677
        // A product of more than 128 bits.
        prices.terms = termsOf("0.000000001", "999.999999999");
        const PriceList dear{Price{Money::fromNanos(kMost / 1'000)}, std::nullopt};
        prices.list = &dear;
        QCOMPARE(costBy(prices, usage(1'000, 0, 0, 0)).amount.nanos(), 101'457'092'404'296);
        QCOMPARE(costBy(prices, usage(kMost, 0, 0, 0)).amount.nanos(), kMost);
        // What the provider reckoned with is not touched.
        Usage reported = usage(1, 0, 0, 0);
        reported.reportedCost = Money::fromNanos(7);
        QCOMPARE(costBy(prices, reported).amount.nanos(), 7);
    }

    void staysAtTheLargestAmountInsteadOfOverflowing()
    {
        const std::optional<Price> dear = Price{Money::fromNanos(kMost)};
        const Cost cost = computeCost(usage(kMost, kMost / 2, kMost / 2, kMost), {dear, dear, dear, dear});
        QCOMPARE(cost.amount.nanos(), kMost);
    }
};

QTEST_GUILESS_MAIN(CostTest)
#include "cost_test.moc"
