// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <QTest>

#include "catalog/near_names.h"

using gateway::catalog::nearNames;

namespace {

using Names = std::vector<std::string>;

const std::vector<std::string_view> kKnown{"gpt-4.1",           "gpt-4.1-mini",     "gpt-4o", "gpt-5",
                                           "claude-sonnet-4-5", "claude-haiku-4-5", "o3"};

} // namespace

class NearNamesTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheNameBehindASlip()
    {
        QCOMPARE(nearNames("claude-sonnet-4.5", kKnown).front(), std::string("claude-sonnet-4-5"));
        QCOMPARE(nearNames("gpt-4.1-mni", kKnown).front(), std::string("gpt-4.1-mini"));
        QCOMPARE(nearNames("gtp-4o", kKnown).front(), std::string("gpt-4o"));
        QCOMPARE(nearNames("GPT-4O", kKnown).front(), std::string("gpt-4o"));
    }

    void findsTheNameOfWhichOnlyAPartWasWritten()
    {
        QCOMPARE(nearNames("haiku", kKnown), Names{"claude-haiku-4-5"});
    }

    void namesAtMostThreeNearestFirst()
    {
        const std::vector<std::string_view> many{"model-aa", "model-ab", "model-b", "model-ccc", "model-a"};
        QCOMPARE(nearNames("model-a", many), (Names{"model-a", "model-aa", "model-ab"}));
    }

    void namesEachOnce()
    {
        const std::vector<std::string_view> twice{"gpt-5", "gpt-5"};
        QCOMPARE(nearNames("gpt-6", twice), Names{"gpt-5"});
    }

    void isSilentWhereNothingIsNear()
    {
        QVERIFY(nearNames("llama-guard", kKnown).empty());
        QVERIFY(nearNames("", kKnown).empty());
        QVERIFY(nearNames("gpt-5", {}).empty());
        QVERIFY(nearNames(std::string(1'000'000, 'g'), kKnown).empty());
    }
};

QTEST_GUILESS_MAIN(NearNamesTest)
#include "near_names_test.moc"
