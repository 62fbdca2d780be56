// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <random>
#include <string>

#include <QTest>

#include "guardrail/personal/scan.h"

using namespace gateway;
using namespace gateway::guardrail;

namespace {

/// The plain way to tell whether a word stands in a part of a text.
bool plainlyHolds(const std::string& part, std::string_view word)
{
    const std::string small = lowered(part);
    for (std::size_t at = small.find(word); at != std::string::npos; at = small.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool begins = at == 0 || !isAsciiLetter(small[at - 1]);
        if (begins && (end == small.size() || !isAsciiLetter(small[end]) || small[end] == 's')) return true;
    }
    return false;
}

} // namespace

/// What stands around a number.
class PersonalScanTest : public QObject {
    Q_OBJECT

private slots:
    void readsWordsAroundAPlace()
    {
        const CalledBy names("phone|d.o.b|né le|個人番号");
        const std::string text =
            "Telephone (phones): 12345, \xE5\x80\x8B\xE4\xBA\xBA\xE7\x95\xAA\xE5\x8F\xB7 7";
        const Scan scan = scanned(text);
        const std::size_t start = text.find("12345");
        QVERIFY(scan.isCalled(start, start + 5, names));
        QVERIFY(scan.isFollowedBy(start + 5, names));
        QVERIFY(!scan.isFollowedBy(text.size(), names));
        QVERIFY(!scan.isCalled(0, text.find(' '), CalledBy("telephone")));
        // Not within a word, but where the reach ends in one.
        QVERIFY(!scanned("microphone 1").isCalled(11, 12, names));
        QVERIFY(scanned("microphone" + std::string(35, ' ') + "1").isCalled(45, 46, names));
    }

    void readsThemAsThePlainWayDoes()
    {
        const std::vector<std::string_view> words{"tax id",       "phone", "d.o.b",
                                                  "n\xC3\xA9 le", "x",     "\xE5\x80\x8B"};
        const CalledBy names("tax id|phone|d.o.b|n\xC3\xA9 le|x|\xE5\x80\x8B");
        const std::vector<std::string_view> pieces{
            "tax id",       "TAX",  " ",  "12", "Phone", "phones", "d.o.b",
            "n\xC3\xA9 le", "\xC3", "x",  "X",  "s",     ".",      "\xE5\x80\x8B",
            "micro",        "a",    "  ", "\n", "z{",    "@[`",    std::string_view("\0", 1)};
        std::minstd_rand random(3);
        int held = 0;
        for (int round = 0; round < 4000; ++round) {
            std::string text;
            for (std::size_t i = random() % 60; i > 0; --i)
                text += pieces[random() % pieces.size()];
            const Scan scan = scanned(text);
            const std::size_t start = random() % (text.size() + 1);
            const std::size_t end = start + random() % (text.size() - start + 1);
            const std::size_t from = start > 40 ? start - 40 : 0;
            const std::string before = text.substr(from, start - from), behind = text.substr(end, 16);
            const bool wanted = std::any_of(words.begin(), words.end(), [&](std::string_view word) {
                return plainlyHolds(before, word) || plainlyHolds(behind, word);
            });
            Around around(scan);
            QCOMPARE(scan.isCalled(start, end, names), wanted);
            QCOMPARE(around.calls(start, end, names), wanted);
            QVERIFY(!wanted || around.mayCall(start, end, names));
            held += wanted ? 1 : 0;
        }
        QVERIFY(held > 400 && held < 3900);
    }
};

QTEST_GUILESS_MAIN(PersonalScanTest)
#include "personal_scan_test.moc"
