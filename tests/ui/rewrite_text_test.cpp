// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QTest>

#include "models/request_summary.h"
#include "models/rewrite_text.h"

namespace ui {
namespace {

/// Easier to read, and moc stumbles over some raw strings.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

} // namespace

class RewriteTextTest : public QObject {
    Q_OBJECT

private slots:
    void textsAndParametersAreADifference()
    {
        const QString text = rewriteText(json(
            "[{'by':'preset/coach','change':'text','role':'system','where':'before','text':'Be\\nbrief.'},"
            "{'by':'smart','change':'text','role':'user','where':'after','text':'In English. 100%1'},"
            "{'by':'smart','change':'parameter','name':'temperature','before':1,'now':0.1},"
            "{'by':'smart','change':'parameter','name':'stop','now':['a','b']},"
            "{'by':'smart','change':'unsaid','name':'seed'}]"));
        QCOMPARE(text.split(QLatin1Char('\n')),
                 QStringList({QStringLiteral("+ system text before (preset/coach): Be"),
                              QStringLiteral("    brief."),
                              QStringLiteral("+ user text after (smart): In English. 100%1"),
                              QStringLiteral("temperature: 1 → 0.1 (smart)"),
                              QStringLiteral("+ stop: [\"a\",\"b\"] (smart)"),
                              QStringLiteral("seed: left out, the client's dialect has no words for it "
                                             "(smart)")}));
    }

    void whatIsNotUnderstoodIsLeftOut()
    {
        QCOMPARE(rewriteText(""), QString());
        QCOMPARE(rewriteText("broken"), QString());
        QCOMPARE(rewriteText(json("[7,{'change':'other'}]")), QString());
    }

    void aLongTextIsCut()
    {
        const QString text =
            rewriteText(json("[{'by':'a','change':'text','role':'user','where':'after','text':'" +
                             std::string(5000, 'x') + "'}]"));
        QVERIFY(text.endsWith(QStringLiteral("x…")));
        QVERIFY(text.size() < 2100);
    }

    void theDetailOfARequestHasIt()
    {
        gateway::LogRow row;
        const auto has = [&row] {
            const std::vector<Fact> facts = requestFacts(row);
            return std::any_of(facts.begin(), facts.end(), [](const Fact& fact) {
                return fact.first == QLatin1String("Added") &&
                       fact.second == QLatin1String("+ seed: 7 (smart)");
            });
        };
        QVERIFY(!has());
        row.rewritesJson = json("[{'by':'smart','change':'parameter','name':'seed','now':7}]");
        QVERIFY(has());
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::RewriteTextTest)
#include "rewrite_text_test.moc"
