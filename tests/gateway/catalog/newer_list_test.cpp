// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>

#include <QTest>

#include "catalog/newer_list.h"

using namespace gateway;
using namespace gateway::catalog;
using Kind = CatalogChange::Kind;

namespace {

/// JSON is written with single quotes here.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

std::string listText(const std::string& rows, const std::string& date = "2026-02-03")
{
    return json("{'schema':1,'date':'" + date + "','source':'a list','models':[" + rows + "]}");
}

Catalog builtIn()
{
    auto parsed = Catalog::parse(listText(
        "{'id':'big','kind':'openai','in':['text','image'],'input':'2','output':'8','cache_read':'0.5',"
        "'context':128000,'tools':true,'reasoning':true,'tiers':[{'above':200000,'input':'4'}],"
        "'batch':{'input':'1'},'per_1k_searches':'10','deprecated':'2027-01-01'},"
        "{'id':'gift','kind':'openai','in':['text'],'input':'0','output':'0','free':true}",
        "2026-01-01"));
    return parsed ? std::move(parsed.value()) : Catalog();
}

NewerList listOf(const std::string& rows)
{
    auto parsed = parseNewerList(listText(rows));
    return parsed ? std::move(parsed.value()) : NewerList();
}

std::string textOf(const std::optional<Price>& price)
{
    return price ? price->perMillion.toString() : "unknown";
}

std::string textOf(const CatalogChange& change)
{
    return change.provider + "/" + change.model + " " + change.field + ": " + change.before + " -> " +
           change.after;
}

constexpr const char* kSays =
    "{'id':'big','kind':'openai','in':['text','image'],'input':'3','tools':false,'context':200000},"
    "{'id':'new','kind':'openai','in':['text'],'input':'0.1','output':'0.2','json_schema':true}";

} // namespace

class NewerListTest : public QObject {
    Q_OBJECT

private slots:
    void replacesWhatTheListSaysAndKeepsTheRest()
    {
        const Catalog laid = builtIn().withFacts(listOf(kSays));
        QCOMPARE(laid.date(), std::string("2026-01-01"));
        QCOMPARE(laid.updateDate(), std::string("2026-02-03"));
        QCOMPARE(laid.updateSource(), std::string("a list"));
        const CatalogModel* big = laid.find("openai", "big");
        QVERIFY(big);
        QCOMPARE(textOf(big->prices.input), std::string("3"));
        QCOMPARE(textOf(big->prices.output), std::string("8"));
        QCOMPARE(textOf(big->prices.cacheRead), std::string("0.5"));
        QCOMPARE(big->context.value_or(0), 200'000);
        QVERIFY(!big->tools && big->reasoning); // said to be false; not spoken of
        QCOMPARE(big->tiers.size(), std::size_t{1});
        QCOMPARE(big->services.size(), std::size_t{1});
        QCOMPARE(big->units.size(), std::size_t{1});
        QCOMPARE(big->deprecated, std::string("2027-01-01"));
        QVERIFY(big->updated && big->pricesUpdated && big->contextUpdated);
        const CatalogModel* fresh = laid.find("openai", "new");
        QVERIFY(fresh && fresh->jsonSchema && !fresh->tools && fresh->outputs.text);
        const CatalogModel* gift = laid.find("openai", "gift");
        QVERIFY(gift && gift->free && !gift->updated);
        QCOMPARE(laid.models().size(), std::size_t{3});
    }

    void isFreeOnlyWhileItIs()
    {
        const Catalog laid = builtIn().withFacts(
            listOf("{'id':'gift','kind':'openai','in':['text'],'output':'1'},"
                   "{'id':'big:free','kind':'openai','in':['text'],'input':'0','output':'0'}"));
        QVERIFY(!laid.find("openai", "gift")->free);
        QVERIFY(laid.find("openai", "big:free")->free);
    }

    void aDatedNameInheritsFromTheBareOne()
    {
        const Catalog laid =
            builtIn().withFacts(listOf("{'id':'big-20260201','kind':'openai','in':['text'],'input':'1'}"));
        const CatalogModel* dated = laid.find("openai", "big-20260201");
        QVERIFY(dated);
        QCOMPARE(dated->id, std::string("big-20260201"));
        QCOMPARE(textOf(dated->prices.input), std::string("1"));
        QCOMPARE(textOf(dated->prices.output), std::string("8"));
        QCOMPARE(textOf(laid.find("openai", "big")->prices.input), std::string("2"));
    }

    void tellsWhatIsDifferent()
    {
        const Comparison found = compare(builtIn(), listOf(kSays).models, 100);
        std::vector<std::string> texts;
        for (const CatalogChange& change : found.changes)
            texts.push_back(textOf(change));
        QCOMPARE(texts,
                 (std::vector<std::string>{"openai/big input: 2 -> 3", "openai/big context: 128000 -> 200000",
                                           "openai/big tools: true -> false", "openai/new :  -> "}));
        QVERIFY(found.changes[0].kind == Kind::Price && found.changes[1].kind == Kind::Context);
        QVERIFY(found.changes[2].kind == Kind::Ability && found.changes[3].kind == Kind::NewModel);
        QCOMPARE(found.models.size(), std::size_t{2});
        QCOMPARE(found.moreChanges, std::size_t{0});
    }

    void tellsAndKeepsSteps()
    {
        const NewerList said = listOf("{'id':'big','kind':'openai','in':['text'],"
                                      "'tiers':[{'above':100000,'input':'4','output':'9'}]}");
        const Comparison found = compare(builtIn(), said.models, 100);
        QCOMPARE(textOf(found.changes.front()),
                 std::string("openai/big tiers: > 200000: input 4 -> > 100000: input 4, output 9"));
        const auto again = parseNewerList(newerListText({"2026-02-03", "x", found.models}));
        QVERIFY(again && again->models.front().row.tiers == said.models.front().row.tiers);
        const Catalog laid = builtIn().withFacts(*again);
        QCOMPARE(laid.find("openai", "big")->tiers.front().above, 100'000);
    }

    void leavesOutWhatSaysNothingNew()
    {
        const NewerList same =
            listOf("{'id':'big','kind':'openai','in':['text','image'],'input':'2','tools':true},"
                   "{'id':'big-2026-02-01','kind':'openai','in':['text','image'],'output':'8'}");
        const Comparison found = compare(builtIn(), same.models, 100);
        QVERIFY(found.models.empty() && found.changes.empty());
        const Catalog laid = builtIn().withFacts(listOf(kSays));
        QVERIFY(compare(laid, listOf(kSays).models, 100).changes.empty());
    }

    void countsTheChangesItDoesNotTell()
    {
        const Comparison found = compare(builtIn(), listOf(kSays).models, 1);
        QCOMPARE(found.changes.size(), std::size_t{1});
        QCOMPARE(found.moreChanges, std::size_t{3});
        QCOMPARE(found.models.size(), std::size_t{2});
    }

    void readsBackWhatItWrote()
    {
        const NewerList list{"2026-02-03", "a \"list\"", compare(builtIn(), listOf(kSays).models, 9).models};
        const std::string text = newerListText(list);
        const auto again = parseNewerList(text);
        QVERIFY(again.ok());
        QCOMPARE(again->source, list.source);
        QCOMPARE(newerListText(*again), text);
        const ModelFacts& big = again->models.front();
        QVERIFY(big.tools == false && !big.reasoning && !big.jsonSchema && !big.row.prices.output);
        QVERIFY(big.row.tiers.empty() && big.row.deprecated.empty());
    }

    void refusesADamagedText()
    {
        for (const std::string& text :
             {std::string(), json("{}"), listText("{'id':'a'}"), listText("{'id':'a','kind':'b'}"),
              listText(std::string(kSays), "soon"), listText(kSays).substr(0, 100),
              listText("{'id':'a','kind':'b','in':['text'],'input':'-1'}"),
              listText("{'id':'a','kind':'b','in':['text'],'input':1}")})
            QVERIFY2(!parseNewerList(text), text.c_str());
    }

    void joinsTwoListsByName()
    {
        const NewerList older =
            listOf("{'id':'a','kind':'k','in':['text'],'input':'1','output':'2','tools':true}");
        NewerList newer = listOf("{'id':'a','kind':'k','in':['text'],'input':'3','tools':false},"
                                 "{'id':'a','kind':'other','in':['text'],'input':'9'}");
        newer.date = "2026-03-04";
        const NewerList both = joined(older, newer);
        QCOMPARE(both.date, newer.date);
        QCOMPARE(both.models.size(), std::size_t{2});
        QCOMPARE(textOf(both.models[0].row.prices.input), std::string("3"));
        QCOMPARE(textOf(both.models[0].row.prices.output), std::string("2"));
        QVERIFY(both.models[0].tools == false);
        QCOMPARE(both.models[1].row.kind, std::string("other"));
    }
};

QTEST_GUILESS_MAIN(NewerListTest)
#include "newer_list_test.moc"
