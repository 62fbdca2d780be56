// SPDX-License-Identifier: GPL-3.0-or-later
// Prices, sizes and entries of models as text and figures.
#include <limits>

#include <QLocale>
#include <QTest>

#include "models/catalog_change_model.h"
#include "models/model_compare.h"
#include "models/model_edit.h"
#include "models/model_text.h"
#include "ui/support/fake_link.h"
#include "ui/support/fake_models.h"

namespace ui {
namespace {

constexpr std::int64_t kDollar = 1000000000;

gateway::ModelRow modelOf(const char* provider, const char* model)
{
    gateway::ModelRow row;
    row.provider = gateway::ProviderId(provider);
    row.model = model;
    row.known = true;
    return row;
}

gateway::Config twoProviders()
{
    FakeLink link;
    link.makeUpData(1);
    gateway::Config config = *link.config();
    gateway::ModelConfig named;
    named.name = "claude-sonnet-4-5";
    named.alias = "clever";
    config.providers[1].models.push_back(named);
    config.aliases.emplace_back("quick", "groq/gpt-oss-20b");
    gateway::RouteConfig route;
    route.id = gateway::RouteId("fallback");
    config.routes.push_back(route);
    return config;
}

QString cell(const QAbstractItemModel& model, const QString& line, int column)
{
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.index(row, 0).data().toString() == line) return model.index(row, column).data().toString();
    }
    return QStringLiteral("no such line");
}

} // namespace

class ModelTextTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void unknownIsNotFree()
    {
        QCOMPARE(priceText({}), QStringLiteral("–"));
        QCOMPARE(priceText(std::int64_t{0}), QStringLiteral("free"));
        QCOMPARE(priceText(kDollar * 5 / 2), QStringLiteral("2.50"));
        QCOMPARE(priceWithCurrency(std::int64_t{75000000}), QStringLiteral("$0.075"));
        QCOMPARE(priceWithCurrency({}), QStringLiteral("–"));
        QCOMPARE(exactDollars(1), QStringLiteral("0.000000001"));
        QCOMPARE(exactDollars(1234567 * kDollar), QStringLiteral("1,234,567.00"));
        QCOMPARE(tokensText({}), QStringLiteral("–"));
    }

    void sizesAreShort()
    {
        QCOMPARE(tokensText(512), QStringLiteral("512"));
        QCOMPARE(tokensText(8191), QStringLiteral("8.19k"));
        QCOMPARE(tokensText(131'072), QStringLiteral("131k"));
        QCOMPARE(tokensText(200'000), QStringLiteral("200k"));
        QCOMPARE(tokensText(999'999), QStringLiteral("1M"));
        QCOMPARE(tokensText(1047576), QStringLiteral("1.05M"));
    }

    void onlyDecimalsAreDollars_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<qlonglong>("nanos"); // -1: refused
        QTest::newRow("whole") << "3" << qlonglong{3 * kDollar};
        QTest::newRow("fraction") << " 2.50 " << qlonglong{kDollar * 5 / 2};
        QTest::newRow("currency") << "$0.075" << qlonglong{75000000};
        QTest::newRow("no whole") << ".5" << qlonglong{kDollar / 2};
        QTest::newRow("zero") << "0" << qlonglong{0};
        QTest::newRow("nine decimals") << "0.000000001" << qlonglong{1};
        QTest::newRow("ten decimals") << "0.0000000001" << qlonglong{-1};
        QTest::newRow("the most") << "1000000" << qlonglong{1000000 * kDollar};
        QTest::newRow("too much") << "1000000.01" << qlonglong{-1};
        QTest::newRow("far too much") << "99999999999999999999" << qlonglong{-1};
        QTest::newRow("negative") << "-1" << qlonglong{-1};
        QTest::newRow("exponent") << "1e3" << qlonglong{-1};
        QTest::newRow("words") << "cheap" << qlonglong{-1};
        QTest::newRow("point alone") << "." << qlonglong{-1};
        QTest::newRow("two points") << "1.2.3" << qlonglong{-1};
        QTest::newRow("groups") << "1,000" << qlonglong{-1};
        QTest::newRow("other digits") << QStringLiteral("\u0661") << qlonglong{-1};
        QTest::newRow("nothing") << "" << qlonglong{-1};
    }
    void onlyDecimalsAreDollars()
    {
        QFETCH(QString, typed);
        QFETCH(qlonglong, nanos);
        const auto parsed = parseDollars(typed);
        QCOMPARE(static_cast<qlonglong>(parsed.value_or(-1)), nanos);
        if (parsed) QCOMPARE(parseDollars(QString::fromStdString(configDollars(*parsed))), parsed);
    }

    void aCommaIsAPointWhereItIsWrittenSo()
    {
        QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
        QCOMPARE(parseDollars(QStringLiteral("2,5")), std::optional(kDollar * 5 / 2));
        QCOMPARE(parseDollars(QStringLiteral("2.5")), std::optional(kDollar * 5 / 2));
        QCOMPARE(exactDollars(kDollar * 5 / 2), QStringLiteral("2,50"));
        gateway::ModelConfig entry;
        entry.price = gateway::PriceOverride{"0.075", {}, {}, {}};
        QCOMPARE(draftOf(entry).input, QStringLiteral("0,075"));
        QCOMPARE(configOf(draftOf(entry), "").price, entry.price);
    }

    void costIsExactAndRoundedOnce()
    {
        gateway::ModelPrices prices;
        prices.input = 3 * kDollar;
        prices.output = 15 * kDollar;
        QCOMPARE(costOf(prices, {1000, 500}), std::optional<std::int64_t>(3000000 + 7500000));
        // 0.4 + 0.4 nano-dollars are one when they are added first, none when each is rounded.
        prices.input = 400'000;
        prices.output = 400'000;
        QCOMPARE(costOf(prices, {1, 1}), std::optional<std::int64_t>(1));
        QCOMPARE(costOf(prices, {0, 0}), std::optional<std::int64_t>(0));
        prices.input = 1000000 * kDollar;
        prices.output = prices.input;
        QCOMPARE(costOf(prices, {5000000000, 5000000000}), std::nullopt); // beyond what can be told
        prices.input = 75000000;
        QCOMPARE(costOf(prices, {2000000000, 0}), std::optional<std::int64_t>(150000000000));
    }

    void noCostWithoutThePriceItNeeds()
    {
        gateway::ModelPrices prices;
        prices.input = kDollar;
        QCOMPARE(costOf(prices, {1000, 1}), std::nullopt);
        QCOMPARE(costOf(prices, {1000000, 0}), std::optional(kDollar)); // An embedding gives no tokens out.
        QCOMPARE(costOf({}, {1, 0}), std::nullopt);
    }

    void theBetterValueIsMarkedInItsText()
    {
        gateway::ModelRow dear = modelOf("a", "dear");
        dear.prices.input = 3 * kDollar;
        dear.prices.output = 15 * kDollar;
        dear.context = 200'000;
        gateway::ModelRow cheap = modelOf("b", "cheap");
        cheap.prices.input = kDollar;
        cheap.prices.output = 15 * kDollar;
        cheap.context = 128'000;
        gateway::ModelRow dark = modelOf("c", "dark");
        ModelCompare compare({dear, cheap, dark});
        QCOMPARE(cell(compare, QStringLiteral("Context"), 1), QStringLiteral("200k  ✓"));
        QCOMPARE(cell(compare, QStringLiteral("Context"), 2), QStringLiteral("128k"));
        QCOMPARE(cell(compare, QStringLiteral("Input, $/M"), 2), QStringLiteral("1.00  ✓"));
        QCOMPARE(cell(compare, QStringLiteral("Output, $/M"), 1), QStringLiteral("15.00")); // alike: no mark
        QCOMPARE(cell(compare, QStringLiteral("Input, $/M"), 3), QStringLiteral("–"));
        compare.setRequest({1000000, 0});
        QCOMPARE(cell(compare, QStringLiteral("This request"), 1), QStringLiteral("$3.00"));
        QCOMPARE(cell(compare, QStringLiteral("This request"), 2), QStringLiteral("$1.00  ✓"));
        QCOMPARE(cell(compare, QStringLiteral("This request"), 3), QStringLiteral("–"));
    }

    void aTakenAliasIsRefusedInWords_data()
    {
        QTest::addColumn<QString>("alias");
        QTest::addColumn<QString>("says");
        QTest::newRow("free") << "brisk"
                              << "";
        QTest::newRow("its own") << "clever"
                                 << "";
        QTest::newRow("a route") << "fallback"
                                 << "route";
        QTest::newRow("an alias of the file") << "quick"
                                              << "groq/gpt-oss-20b";
        QTest::newRow("its name") << "claude-sonnet-4-5"
                                  << "already";
        QTest::newRow("a provider's name") << "openai/fast"
                                           << "provider's name";
    }
    void aTakenAliasIsRefusedInWords()
    {
        QFETCH(QString, alias);
        QFETCH(QString, says);
        ModelDraft draft;
        draft.alias = alias;
        const FieldProblems problems =
            problemsOf(draft, modelOf("anthropic", "claude-sonnet-4-5"), twoProviders());
        QCOMPARE(problems.count(ModelField::Alias), says.isEmpty() ? 0U : 1U);
        if (!says.isEmpty()) QVERIFY2(problems.at(ModelField::Alias).contains(says), qPrintable(says));
    }

    void anAliasOfAnotherModelIsRefused()
    {
        ModelDraft draft;
        draft.alias = QStringLiteral("clever");
        const FieldProblems problems =
            problemsOf(draft, modelOf("anthropic", "claude-haiku-4-5"), twoProviders());
        QVERIFY(problems.at(ModelField::Alias).contains(QLatin1String("anthropic/claude-sonnet-4-5")));
        // Models of two providers may share one.
        QVERIFY(problemsOf(draft, modelOf("openai", "gpt-4.1"), twoProviders()).empty());
    }

    void everyFieldHasItsOwnProblem()
    {
        ModelDraft draft;
        draft.context = QStringLiteral("0");
        draft.input = QStringLiteral("-1");
        draft.cacheWrite = QStringLiteral("x");
        const FieldProblems problems = problemsOf(draft, modelOf("openai", "gpt-4.1"), twoProviders());
        QCOMPARE(problems.size(), 3U);
        QCOMPARE(problems.count(ModelField::Context), 1U);
        QCOMPARE(problems.count(ModelField::Input), 1U);
        QCOMPARE(problems.count(ModelField::CacheWrite), 1U);
    }

    void theEnginesProblemsFindTheirField()
    {
        using Weight = gateway::ConfigProblem::Weight;
        const FieldProblems problems =
            byField({{Weight::Error, "providers.openai.models[\"gpt-4.1\"].price.cache_read", "Too dear.", 0},
                     {Weight::Warning, "providers.lab", "Unencrypted.", 0},
                     {Weight::Error, "routes.smart", "Has no target.", 0}});
        QCOMPARE(problems.at(ModelField::CacheRead), QStringLiteral("Too dear."));
        QCOMPARE(problems.at(ModelField::Undecided), QStringLiteral("routes.smart: Has no target."));
        QCOMPARE(problems.size(), 2U);
    }

    void anEntryThatSaysNothingGoes()
    {
        const gateway::Config config = twoProviders();
        gateway::ModelRow row = modelOf("anthropic", "claude-sonnet-4-5");
        gateway::ModelConfig bare;
        bare.name = row.model;
        QVERIFY(!entryFor(row, bare).entry.has_value());
        const gateway::Config without = withEntries(config, {entryFor(row, bare)});
        QVERIFY(without.providers[1].models.empty());
        // Nobody else speaks of this one: its bare entry is why the provider serves it.
        row.known = row.listed = false;
        QVERIFY(entryFor(row, bare).entry.has_value());
    }

    void whatWasThereComesBack()
    {
        const gateway::Config config = twoProviders();
        const ModelEntry before = entryNow(config, gateway::ProviderId("anthropic"), "claude-sonnet-4-5");
        const ModelEntry none = entryNow(config, gateway::ProviderId("openai"), "gpt-4.1");
        QVERIFY(before.entry.has_value() && !none.entry.has_value());
        gateway::ModelConfig own;
        own.name = "gpt-4.1";
        own.hidden = true;
        const gateway::Config changed = withEntries(
            config, {{before.provider, before.model, std::nullopt}, {none.provider, none.model, own}});
        QVERIFY(changed != config);
        QVERIFY(withEntries(changed, {before, none}) == config);
    }

    void differencesAreSaidInWords()
    {
        using Change = gateway::CatalogChange;
        CatalogChangeModel model;
        model.setChanges(
            {Change{Change::Kind::Price, "p", "steps", "tiers", "> 200000: input 2.5, cache_read 0",
                    "> 100000: input 5; > 200000: output 15", false},
             Change{Change::Kind::Ability, "p", "kinds", "in", "text", "text, image", false},
             Change{Change::Kind::Price, "p", "odd", "tiers", "", "something else", false}});
        QCOMPARE(cell(model, QStringLiteral("steps"), CatalogChangeModel::Before),
                 QStringLiteral("over 200,000 tokens: input 2.50, cache read free"));
        QCOMPARE(cell(model, QStringLiteral("steps"), CatalogChangeModel::After),
                 QStringLiteral("over 100,000 tokens: input 5.00; over 200,000 tokens: output 15.00"));
        QCOMPARE(cell(model, QStringLiteral("kinds"), CatalogChangeModel::What), QStringLiteral("takes"));
        QCOMPARE(cell(model, QStringLiteral("kinds"), CatalogChangeModel::After),
                 QStringLiteral("text, pictures"));
        QCOMPARE(cell(model, QStringLiteral("odd"), CatalogChangeModel::After),
                 QStringLiteral("something else"));
    }

    void differencesAreGroupedByKind()
    {
        CatalogChangeModel model;
        model.setChanges(madeUpUpdate().changes);
        QCOMPARE(model.changeCount(), 8);
        QCOMPARE(model.rowCount(), 8 + 5);
        QCOMPARE(cell(model, QStringLiteral("gpt-4.1"), CatalogChangeModel::Before), QStringLiteral("2.00"));
        QCOMPARE(cell(model, QStringLiteral("gpt-4.1"), CatalogChangeModel::After), QStringLiteral("1.80"));
        QCOMPARE(cell(model, QStringLiteral("o4-mini"), CatalogChangeModel::After),
                 QStringLiteral("400,000"));
        QStringList notes;
        for (int line = 0; line < model.rowCount(); ++line) {
            notes.append(model.index(line, CatalogChangeModel::Note).data().toString());
        }
        QCOMPARE(notes.count(QStringLiteral("yours stays")), 1);
        FakeLink link;
        link.makeUpData(1);
        const auto own = catalogNames(*link.config(), link.presets());
        QVERIFY(own.count("openai") == 1 && own.count("groq") == 1 && own.count("mistral") == 0);
        model.setProviders(own);
        QCOMPARE(model.changeCount(), 7); // Mistral is not configured.
    }
};

} // namespace ui

QTEST_MAIN(ui::ModelTextTest)
#include "model_text_test.moc"
