// SPDX-License-Identifier: GPL-3.0-or-later
// Each strategy over many simulated choices: what it says it does, it does in these shares.
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <QTest>

#include "gateway/config_io.h"

#include "routing/strategy.h"

using namespace gateway;
using namespace gateway::routing;

namespace {

constexpr int kChoices = 10'000;

class NoFields : public FieldSource {
public:
    [[nodiscard]] FieldValue field(std::string_view name) const override
    {
        return name == "model" ? FieldValue::of(std::string_view("gpt-5")) : FieldValue();
    }
};

TargetView target(const char* name, std::uint32_t weight = 1)
{
    TargetView view;
    view.provider = "lab";
    view.model = name;
    view.weight = weight;
    return view;
}

struct Simulation {
    std::vector<TargetView> targets;
    std::minstd_rand random{42};
    std::uint64_t turn = 0;
    NoFields fields;
    double outputTokens = 100;

    Ranking rank(const char* strategy, std::string_view held = {})
    {
        return findStrategy(strategy)->rank({targets, fields, held, turn++, outputTokens, random});
    }
    /// How often each target was first.
    std::vector<int> firsts(const char* strategy, int choices = kChoices)
    {
        std::vector<int> counts(targets.size());
        for (int i = 0; i < choices; ++i)
            ++counts[rank(strategy).order.front()];
        return counts;
    }
};

/// Within four standard deviations of what the share should give.
bool isShare(int count, double share, int of = kChoices)
{
    return std::abs(count - share * of) <= 4 * std::sqrt(of * share * (1 - share)) + 1e-9;
}

using Order = std::vector<std::size_t>;

} // namespace

Q_DECLARE_METATYPE(Order)
Q_DECLARE_METATYPE(std::vector<double>)

class StrategiesTest : public QObject {
    Q_OBJECT

private slots:
    void namesEveryTargetOnce_data();
    void namesEveryTargetOnce();
    void areThoseThatAConfigurationMayName();
    void triesInOrder();
    void splitsByWeight();
    void drawsTheFallbacksByWeightToo();
    void takesTurns();
    void sparesTheBusy();
    void prefersTheFast();
    void prefersTheCheap();
    void prefersTheUnused();
    void holdsASession();
    void movesOnlyWhatATargetHeld();
    void obeysConditions();
    void goesByMeaning_data();
    void goesByMeaning();
    void learns();
    void drawsFromWhatIsLeftOpen_data();
    void drawsFromWhatIsLeftOpen();
};

void StrategiesTest::namesEveryTargetOnce_data()
{
    QTest::addColumn<QByteArray>("strategy");
    for (const std::string_view id : strategyIds())
        QTest::newRow(std::string(id).c_str()) << QByteArray(id.data(), qsizetype(id.size()));
}

void StrategiesTest::namesEveryTargetOnce()
{
    QFETCH(QByteArray, strategy);
    for (const std::size_t count : {0u, 1u, 2u, 7u}) {
        Simulation simulation;
        constexpr std::array kNames{"a", "b", "c", "d", "e", "f", "g"};
        for (std::size_t i = 0; i < count; ++i)
            simulation.targets.push_back(target(kNames[i], std::uint32_t(i % 3)));
        for (int turn = 0; turn < 50; ++turn) {
            const Ranking ranking = simulation.rank(strategy, turn % 2 ? "session" : "");
            QCOMPARE(ranking.order.size(), count);
            QCOMPARE((std::set<std::size_t>(ranking.order.begin(), ranking.order.end()).size()), count);
            QVERIFY(ranking.scores.empty() || ranking.scores.size() == count);
            QVERIFY(!ranking.draw || (*ranking.draw >= 0 && *ranking.draw < 1));
        }
    }
}

void StrategiesTest::areThoseThatAConfigurationMayName()
{
    std::set<std::string> ids;
    for (const std::string_view id : strategyIds())
        ids.emplace(id);
    const std::vector<std::string> names = gateway::strategyNames();
    QCOMPARE(ids, std::set<std::string>(names.begin(), names.end()));
    QVERIFY(!findStrategy("") && !findStrategy("Priority"));
}

void StrategiesTest::triesInOrder()
{
    Simulation simulation;
    simulation.targets = {target("a", 1), target("b", 9), target("c", 5)};
    QCOMPARE(simulation.rank("priority").order, (Order{0, 1, 2}));
}

void StrategiesTest::splitsByWeight()
{
    Simulation simulation;
    simulation.targets = {target("a", 70), target("b", 0), target("c", 25), target("d", 5)};
    const auto firsts = simulation.firsts("weighted");
    QVERIFY2(isShare(firsts[0], 0.70), qPrintable(QString::number(firsts[0])));
    QCOMPARE(firsts[1], 0);
    QVERIFY2(isShare(firsts[2], 0.25), qPrintable(QString::number(firsts[2])));
    QVERIFY2(isShare(firsts[3], 0.05), qPrintable(QString::number(firsts[3])));
    QCOMPARE(simulation.rank("weighted").order.back(), std::size_t{1});
}

void StrategiesTest::drawsTheFallbacksByWeightToo()
{
    Simulation simulation;
    simulation.targets = {target("a", 1), target("b", 1), target("c", 2)};
    int afterA = 0, cAfterA = 0;
    for (int i = 0; i < kChoices; ++i) {
        const auto order = simulation.rank("weighted").order;
        if (order[0] != 0) continue;
        ++afterA;
        if (order[1] == 2) ++cAfterA;
    }
    QVERIFY(isShare(afterA, 0.25));
    QVERIFY(isShare(cAfterA, 2.0 / 3, afterA));
}

void StrategiesTest::takesTurns()
{
    Simulation simulation;
    simulation.targets = {target("a", 9), target("b"), target("c")};
    QCOMPARE(simulation.rank("round_robin").order, (Order{0, 1, 2}));
    QCOMPARE(simulation.rank("round_robin").order, (Order{1, 2, 0}));
    QCOMPARE(simulation.rank("round_robin").order, (Order{2, 0, 1}));
    QCOMPARE(simulation.firsts("round_robin", 9'999), (std::vector<int>{3333, 3333, 3333}));
}

void StrategiesTest::sparesTheBusy()
{
    Simulation simulation;
    simulation.targets = {target("a"), target("b"), target("c", 10)};
    simulation.targets[0].inFlight = 1;
    simulation.targets[1].inFlight = 3;
    simulation.targets[2].inFlight = 5; // of ten times the room
    QCOMPARE(simulation.rank("least_busy").order, (Order{2, 0, 1}));
    // Each request stays under way for 30 others: in the end every target has its share of them.
    simulation.targets = {target("a"), target("b", 2)};
    std::vector<std::size_t> underWay;
    std::array<int, 2> counts{};
    for (int i = 0; i < kChoices; ++i) {
        const std::size_t chosen = simulation.rank("least_busy").order.front();
        ++counts[chosen];
        ++simulation.targets[chosen].inFlight;
        underWay.push_back(chosen);
        if (underWay.size() < 30) continue;
        --simulation.targets[underWay.front()].inFlight;
        underWay.erase(underWay.begin());
    }
    QVERIFY2(std::abs(counts[0] * 2 - counts[1]) < kChoices / 20, qPrintable(QString::number(counts[0])));
}

void StrategiesTest::prefersTheFast()
{
    Simulation simulation;
    simulation.targets = {target("slow"), target("quick start"), target("quick tokens"), target("new")};
    const auto timed = [&](std::size_t place, double first, double token) {
        simulation.targets[place].firstTokenMicros = first;
        simulation.targets[place].tokenMicros = token;
    };
    timed(0, 900'000, 30'000);
    timed(1, 200'000, 20'000);
    timed(2, 800'000, 5'000);
    // Nobody knows the new one, so it is tried.
    QCOMPARE(simulation.rank("lowest_latency").order, (Order{3, 2, 1, 0}));
    QCOMPARE(simulation.rank("highest_throughput").order, (Order{3, 2, 1, 0}));
    simulation.outputTokens = 10;
    QCOMPARE(simulation.rank("lowest_latency").order, (Order{3, 1, 2, 0}));
}

void StrategiesTest::prefersTheCheap()
{
    Simulation simulation;
    simulation.targets = {target("dear"), target("unknown"), target("cheap"), target("free"),
                          target("also free")};
    simulation.targets[0].cost = Money::fromNanos(9'000'000);
    simulation.targets[2].cost = Money::fromNanos(400);
    simulation.targets[3].cost = simulation.targets[4].cost = Money();
    QCOMPARE(simulation.rank("lowest_cost").order, (Order{3, 4, 2, 0, 1}));
}

void StrategiesTest::prefersTheUnused()
{
    Simulation simulation;
    simulation.targets = {target("full"), target("half"), target("idle")};
    simulation.targets[0].usage = 1.1;
    simulation.targets[1].usage = 0.5;
    QCOMPARE(simulation.rank("lowest_usage").order, (Order{2, 1, 0}));
}

void StrategiesTest::holdsASession()
{
    Simulation simulation;
    simulation.targets = {target("a", 1), target("b", 3), target("c", 0)};
    std::array<int, 3> counts{};
    for (int i = 0; i < kChoices; ++i) {
        const std::string session = "session " + std::to_string(i);
        const Order order = simulation.rank("sticky", session).order;
        QCOMPARE(simulation.rank("sticky", session).order, order);
        ++counts[order.front()];
    }
    QVERIFY2(isShare(counts[1], 0.75), qPrintable(QString::number(counts[1])));
    QCOMPARE(counts[2], 0);
    QVERIFY(isShare(simulation.firsts("sticky")[1], 0.75)); // nothing to hold: drawn anew
}

void StrategiesTest::movesOnlyWhatATargetHeld()
{
    Simulation three, two;
    three.targets = {target("a"), target("b"), target("c")};
    two.targets = {target("a"), target("c")};
    int moved = 0;
    for (int i = 0; i < kChoices; ++i) {
        const std::string session = std::to_string(i);
        const std::string_view before = three.targets[three.rank("sticky", session).order.front()].model;
        const std::string_view after = two.targets[two.rank("sticky", session).order.front()].model;
        if (before != "b") QCOMPARE(after, before);
        moved += before == "b" ? 1 : 0;
    }
    QVERIFY(isShare(moved, 1.0 / 3));
}

void StrategiesTest::obeysConditions()
{
    const auto gpt = Condition::parse(R"({"model":{"$glob":"gpt-*"}})");
    const auto claude = Condition::parse(R"({"model":{"$glob":"claude-*"}})");
    QVERIFY(gpt.ok() && claude.ok());
    Simulation simulation;
    simulation.targets = {target("claude only"), target("gpt only"), target("else"), target("gpt too")};
    simulation.targets[0].when = &claude.value();
    simulation.targets[1].when = simulation.targets[3].when = &gpt.value();
    const Ranking ranking = simulation.rank("conditional");
    QCOMPARE(ranking.order, (Order{1, 2, 3, 0}));
    QCOMPARE(ranking.scores, (std::vector<double>{1, 0, 0, 0}));
}

void StrategiesTest::goesByMeaning_data()
{
    QTest::addColumn<std::vector<double>>("likenesses"); // 2: it has none, and no description
    QTest::addColumn<double>("threshold");
    QTest::addColumn<double>("margin");
    QTest::addColumn<Order>("order");
    QTest::addColumn<QByteArray>("why");
    const auto row = [](const char* name, std::vector<double> likenesses, Order order, const char* why = "",
                        double threshold = 0.45, double margin = 0.02) {
        QTest::newRow(name) << std::move(likenesses) << threshold << margin << std::move(order)
                            << QByteArray(why);
    };
    row("the nearest", {0.1, 0.7, 0.5}, {1, 2, 0});
    row("the nearest, the default last", {2, 0.5, 0.7}, {2, 1, 0});
    row("below the threshold", {0.3, 2, 0.4}, {1, 2, 0}, "no target is like enough");
    row("below another threshold", {0.3, 2, 0.7}, {1, 2, 0}, "no target is like enough", 0.8);
    row("at the threshold", {0.3, 2, 0.45}, {2, 0, 1});
    row("too near to the second", {0.69, 0.7, 2}, {2, 1, 0}, "two targets are about as like");
    row("no margin", {0.69, 0.7, 2}, {1, 0, 2}, "", 0.45, 0);
    row("a wide margin", {0.3, 0.7, 2}, {2, 1, 0}, "two targets are about as like", 0.45, 0.5);
    row("no default: the first", {0.1, 0.2, 0.3}, {0, 2, 1}, "no target is like enough");
    row("one alone", {0.7}, {0});
    row("the first of two defaults", {0.1, 2, 2}, {1, 0, 2}, "no target is like enough");
    row("nothing described", {2, 2, 2}, {0, 1, 2}, "no target is described");
}

void StrategiesTest::goesByMeaning()
{
    QFETCH(std::vector<double>, likenesses);
    QFETCH(double, threshold);
    QFETCH(double, margin);
    QFETCH(Order, order);
    QFETCH(QByteArray, why);
    Simulation simulation;
    for (const double likeness : likenesses) {
        TargetView& view = simulation.targets.emplace_back(target("m"));
        view.isDescribed = likeness < 2;
        if (view.isDescribed) view.likeness = likeness;
    }
    const NoFields fields;
    const Strategy& semantic = *findStrategy("semantic");
    const Ranking ranking = semantic.rank(
        {simulation.targets, fields, {}, 0, 100, simulation.random, {threshold, margin}, "no words"});
    QCOMPARE(ranking.order, order);
    QCOMPARE(QByteArray(ranking.why.data(), qsizetype(ranking.why.size())), why);
    for (std::size_t i = 0; i < ranking.scores.size(); ++i) {
        if (likenesses[i] < 2)
            QCOMPARE(ranking.scores[i], likenesses[i]);
        else
            QVERIFY(std::isnan(ranking.scores[i]));
    }
    // Where nothing could be measured, it goes to the default, too, and says why.
    for (TargetView& view : simulation.targets)
        view.likeness.reset();
    const Ranking unmeasured = semantic.rank(
        {simulation.targets, fields, {}, 0, 100, simulation.random, {threshold, margin}, "no words"});
    QCOMPARE(simulation.targets[unmeasured.order.front()].isDescribed,
             std::all_of(likenesses.begin(), likenesses.end(), [](double each) { return each < 2; }));
    const bool any = std::any_of(likenesses.begin(), likenesses.end(), [](double each) { return each < 2; });
    QCOMPARE(unmeasured.why, std::string_view(any ? "no words" : "no target is described"));
    QVERIFY(unmeasured.scores.empty());
}

void StrategiesTest::learns()
{
    // The first fails half of the time, the second one time in fifty, the third is as good but dear and slow.
    Simulation simulation;
    simulation.targets = {target("bad"), target("good"), target("good but dear")};
    simulation.targets[2].firstTokenMicros = 2'000'000;
    simulation.targets[1].firstTokenMicros = simulation.targets[0].firstTokenMicros = 200'000;
    simulation.targets[0].cost = simulation.targets[1].cost = Money::fromNanos(1'000'000);
    simulation.targets[2].cost = Money::fromNanos(30'000'000);
    std::array<int, 3> counts{};
    std::minstd_rand luck(7);
    for (int i = 0; i < kChoices; ++i) {
        const std::size_t chosen = simulation.rank("adaptive").order.front();
        TargetView& view = simulation.targets[chosen];
        ++counts[chosen];
        const bool well = drawn(luck) < (chosen == 0 ? 0.5 : 0.98);
        view.successes = view.successes * 0.98 + (well ? 1 : 0);
        view.failures = view.failures * 0.98 + (well ? 0 : 1);
    }
    QVERIFY2(counts[1] > kChoices * 85 / 100, qPrintable(QString::number(counts[1])));
    QVERIFY2(counts[0] > 0 && counts[0] < kChoices / 10, qPrintable(QString::number(counts[0])));
    // And finds out when the best becomes the worst.
    counts = {};
    for (int i = 0; i < kChoices; ++i) {
        const std::size_t chosen = simulation.rank("adaptive").order.front();
        TargetView& view = simulation.targets[chosen];
        ++counts[chosen];
        const bool well = drawn(luck) < (chosen == 1 ? 0.05 : 0.9);
        view.successes = view.successes * 0.98 + (well ? 1 : 0);
        view.failures = view.failures * 0.98 + (well ? 0 : 1);
    }
    QVERIFY2(counts[1] < kChoices / 10, qPrintable(QString::number(counts[1])));
}

void StrategiesTest::drawsFromWhatIsLeftOpen_data()
{
    QTest::addColumn<double>("good");
    QTest::addColumn<double>("bad");
    QTest::newRow("nothing known") << 0.0 << 0.0;
    QTest::newRow("next to nothing") << 1e-20 << 1e-20;
    QTest::newRow("all well") << 12.0 << 0.0;
    QTest::newRow("all ill") << 0.0 << 3.0;
    QTest::newRow("hardly ever ill") << 40.0 << 0.01;
    QTest::newRow("mostly well") << 40.0 << 9.5;
    QTest::newRow("half and half") << 0.5 << 0.5;
    QTest::newRow("mostly ill") << 1.5 << 30.0;
}

/// Mean and variance are those of the beta distribution with one more of each.
void StrategiesTest::drawsFromWhatIsLeftOpen()
{
    QFETCH(double, good);
    QFETCH(double, bad);
    Simulation simulation;
    simulation.targets = {target("one")};
    simulation.targets[0].successes = good;
    simulation.targets[0].failures = bad;
    constexpr int kDraws = 40'000;
    double sum = 0, squares = 0;
    for (int i = 0; i < kDraws; ++i) {
        const double draw = 1 - simulation.rank("adaptive").scores.front();
        QVERIFY(draw >= 0 && draw <= 1);
        sum += draw;
        squares += draw * draw;
    }
    const double left = good + 1, right = bad + 1, both = left + right;
    const double mean = sum / kDraws, variance = squares / kDraws - mean * mean;
    const double wanted = left * right / (both * both * (both + 1));
    QVERIFY2(std::abs(mean - left / both) < 5 * std::sqrt(wanted / kDraws),
             qPrintable(QString::number(mean)));
    QVERIFY2(std::abs(variance / wanted - 1) < 0.06, qPrintable(QString::number(variance / wanted)));
}

QTEST_APPLESS_MAIN(StrategiesTest)
#include "strategies_test.moc"
