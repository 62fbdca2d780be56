// SPDX-License-Identifier: GPL-3.0-or-later
// Each check by itself, and what holds of all of them.
#include <QTest>

#include "guardrail/check_kind.h"

using namespace gateway;
using namespace gateway::guardrail;

namespace {

std::unique_ptr<Check> made(const char* id, const std::string& json)
{
    auto check = makeCheck(*findCheckKind(id), json);
    return check ? std::move(check.value()) : nullptr;
}

QByteArray foundIn(const Check& check, std::string_view text)
{
    std::vector<Found> found;
    check.find(text, found);
    QByteArray all;
    for (const Found& each : found) {
        if (!all.isEmpty()) all += "|";
        all += QByteArray(text.data() + each.start, static_cast<qsizetype>(each.size));
    }
    return all;
}

bool alarms(const Check& check, std::string_view text)
{
    Subject subject;
    subject.stage = Stage::Response;
    subject.text = text;
    subject.textBytes = text.size();
    return check.judge(subject).alarm;
}

struct Judged {
    const char* check;
    const char* parameters;
    const char* text;
    bool fails;
};

// As Portkey's checks of these names decide.
const Judged kJudged[] = {
    {"regex_match", R"({"rule":"^\\d+$"})", "123", false},
    {"regex_match", R"({"rule":"^\\d+$"})", "12a", true},
    {"regex_match", R"({"rule":"a","not":true})", "cat", true},
    {"regex_match", R"({"rule":"a","not":true})", "dog", false},
    {"contains", R"({"words":["a","z"]})", "cat", false},
    {"contains", R"({"words":["A","z"]})", "cat", true},
    {"contains", R"({"words":["c","t"],"operator":"all"})", "cat", false},
    {"contains", R"({"words":["c","x"],"operator":"all"})", "cat", true},
    {"contains", R"({"words":["x"],"operator":"none"})", "cat", false},
    {"contains", R"({"words":["x","a"],"operator":"none"})", "cat", true},
    {"contains", R"({"words":[],"operator":"any"})", "cat", true},
    {"contains", R"({"words":[],"operator":"all"})", "cat", false},
    {"ends_with", R"({"suffix":"bye"})", "so, bye", false},
    {"ends_with", R"({"suffix":"bye"})", "so, bye.", false},
    {"ends_with", R"({"suffix":"bye"})", "bye!", true},
    {"ends_with", R"({"suffix":"bye","not":true})", "bye", true},
    {"ends_with", R"({"suffix":"bye"})", "", true},
    {"word_count", R"({"min":2,"max":3})", " two  words\n", false},
    {"word_count", R"({"min":2,"max":3})", "one", true},
    {"word_count", R"({"min":2,"max":3})", "one two three four", true},
    {"word_count", R"({"min":2,"max":3,"not":true})", "one", false},
    {"sentence_count", R"({"min":1,"max":2})", "One. Two!", false},
    {"sentence_count", R"({"min":1,"max":2})", "None", true},
    {"sentence_count", R"({"min":1,"max":2})", "A. B? C!", true},
    {"character_count", R"({"min":3,"max":3})", "\xc3\xa4\xc3\xb6\xc3\xbc", false},
    {"character_count", R"({"min":3,"max":3})", "four", true},
    {"all_uppercase", "{}", "SHOUT 1!", false},
    {"all_uppercase", "{}", "Shout", true},
    {"all_uppercase", R"({"not":true})", "Shout", false},
    {"not_null", "{}", "x", false},
    {"not_null", "{}", "", true},
    {"json_keys", R"({"keys":["a","b"]})", R"(so: {"a":1,"b":2} ok)", false},
    {"json_keys", R"({"keys":["a","b"]})", R"({"a":1})", true},
    {"json_keys", R"({"keys":["a","b"],"operator":"any"})", R"({"a":1})", false},
    {"json_keys", R"({"keys":["a"],"operator":"none"})", R"({"b":1})", false},
    {"json_keys", R"({"keys":["a"]})", "```json\n{\"a\":{\"b\":1}}\n```", false},
    {"json_keys", R"({"keys":["a"]})", "no JSON", true},
    {"length", R"({"max_bytes":3})", "abc", false},
    {"length", R"({"max_bytes":3})", "abcd", true},
    {"length", R"({"max_tokens":1})", "abcdefgh", true},
    {"all_lowercase", "{}", "quiet 1!", false},
    {"all_lowercase", "{}", "Quiet", true},
};

struct Refused {
    const char* check;
    const char* parameters;
    const char* at;
};

const Refused kRefused[] = {
    {"regex", R"({"patterns":["[a"]})", "patterns"},
    {"regex", R"({"patterns":[]})", "patterns"},
    {"regex", "{}", "patterns"},
    {"words", R"({"words":"a"})", "words"},
    {"words", R"({"words":["a"],"wole_words":true})", "wole_words"},
    {"regex_match", R"({"rule":"(?=a)x"})", "rule"},
    {"contains", R"({"words":["a"],"operator":"some"})", "operator"},
    {"ends_with", R"({"suffix":""})", "suffix"},
    {"word_count", R"({"min":-1})", "min"},
    {"regex_replace", R"({"rule":"("})", "rule"},
    {"regex_replace", R"({"rule":""})", "rule"},
    {"regex_replace", R"({"rule":"/a/y"})", "rule"},
    {"log", R"({"url":"ftp://a"})", "url"},
    {"log", R"({"url":"http://a","headers":{"Host":"b"}})", "headers"},
    {"word_count", R"({"max":1.5})", "max"},
    {"pii", R"({"entities":["mail"]})", "entities"},
};

} // namespace

class ChecksTest : public QObject {
    Q_OBJECT

private slots:
    void judges();
    void judgesWhatIsAskedFor();
    void refusesWrongParameters();
    void findsByExpression();
    void findsWhatIsReplaced();
    void findsWords();
    void noExpressionTakesLong();
    void placesLieInTheText();
};

void ChecksTest::judges()
{
    for (const Judged& row : kJudged) {
        const auto check = made(row.check, row.parameters);
        QVERIFY2(check, row.check);
        const QByteArray name = QByteArray(row.check) + " " + row.parameters + " " + row.text;
        QVERIFY2(alarms(*check, row.text) == row.fails, name.constData());
    }
}

void ChecksTest::judgesWhatIsAskedFor()
{
    Subject subject;
    subject.stage = Stage::Request;
    subject.model = "gpt-4.1";
    subject.metadataJson = "{\"team\":\"a\",\"env\":\"b\"}";
    const auto fails = [&](const char* id, const char* parameters) {
        return made(id, parameters)->judge(subject).alarm;
    };
    QVERIFY(!fails("model_whitelist", "{\"models\":[\"gpt-4.1\"]}"));
    QVERIFY(!fails("model_whitelist", "{\"models\":[\"gpt-*\"]}"));
    QVERIFY(fails("model_whitelist", "{\"models\":[\"gpt-4\"]}"));
    QVERIFY(fails("model_whitelist", "{\"models\":[\"gpt-4.1\"],\"not\":true}"));
    QVERIFY(!fails("required_metadata_keys", "{\"keys\":[\"team\",\"env\"]}"));
    QVERIFY(fails("required_metadata_keys", "{\"keys\":[\"team\",\"x\"]}"));
    QVERIFY(!fails("required_metadata_keys", "{\"keys\":[\"team\",\"x\"],\"operator\":\"any\"}"));
    QVERIFY(fails("required_metadata_keys", "{\"keys\":[\"team\"],\"operator\":\"none\"}"));
    subject.metadataJson = {};
    QVERIFY(fails("required_metadata_keys", "{\"keys\":[\"team\"]}"));
}

void ChecksTest::refusesWrongParameters()
{
    for (const Refused& row : kRefused) {
        const auto check = makeCheck(*findCheckKind(row.check), row.parameters);
        QVERIFY2(!check, row.parameters);
        QCOMPARE(check.error().param, std::string(row.at));
    }
}

void ChecksTest::findsByExpression()
{
    const auto check =
        made("regex", R"({"patterns":["\\bab+","b{3}","x*"],"ignore_case":true,"name":"thing"})");
    QVERIFY(check);
    QCOMPARE(foundIn(*check, "ABB and cabbb and xx"), QByteArray("ABB|bbb|xx"));
    std::vector<Found> found;
    check->find("ab", found);
    QCOMPARE(std::string(found.front().kind), std::string("thing"));
}

void ChecksTest::findsWhatIsReplaced()
{
    const auto plain = made("regex_replace", R"({"rule":"b+"})");
    QVERIFY(plain);
    QCOMPARE(foundIn(*plain, "abba B b"), QByteArray("bb|b"));
    QCOMPARE(QString::fromStdString(std::string(plain->replacement().value_or(""))), QString("[REDACTED]"));
    const auto flagged = made("regex_replace", R"({"rule":"/^b.c$/gims","with":""})");
    QVERIFY(flagged);
    QCOMPARE(foundIn(*flagged, "a\nB\nC\nbxcd"), QByteArray("B\nC"));
    QVERIFY(flagged->replacement() == std::string_view());
    const auto slashed = made("regex_replace", R"({"rule":"/a/b"})"); // `b` is no flag
    QCOMPARE(foundIn(*slashed, "a /a/b"), QByteArray("/a/b"));
}

void ChecksTest::findsWords()
{
    const auto whole = made("words", R"({"words":["Project Blue","blue","C++"]})");
    QCOMPARE(foundIn(*whole, "project blue, blues, Blue. In c++ \xc3\xa4"
                             "blue"),
             QByteArray("project blue|Blue|c++"));
    const auto parts = made("words", R"({"words":["blue"],"whole_words":false,"ignore_case":false})");
    QCOMPARE(foundIn(*parts, "blues Blue"), QByteArray("blue"));
}

void ChecksTest::noExpressionTakesLong()
{
    // A backtracking engine would not come back from this.
    const auto check = made("regex", R"({"patterns":["(a+)+$","(a|aa)+b","^(([a-z])+.)+[A-Z]([a-z])+$"]})");
    QVERIFY(check);
    std::vector<Found> found;
    check->find(std::string(100'000, 'a') + "!", found);
    QVERIFY(found.size() <= 1);
}

void ChecksTest::placesLieInTheText()
{
    const std::string texts[] = {"", std::string(100'000, 'a'), std::string("a\0b\0@c.de", 9),
                                 "\xff\xfe\x80 1 \xc3",
                                 "a@b.de 4111 1111 1111 1111 password=Xk29dPq7LmQ2 " + std::string(200, '9')};
    for (const CheckKind* kind : checkKinds()) {
        if (!kind->places) continue;
        std::string parameters;
        if (kind->id == "regex") parameters = R"({"patterns":["a.?","[0-9]+"]})";
        if (kind->id == "regex_replace") parameters = R"({"rule":"/a.?|[0-9]+/gi"})";
        if (kind->id == "words") parameters = R"({"words":["a","9"],"whole_words":false})";
        const auto check = makeCheck(*kind, parameters);
        QVERIFY2(check, std::string(kind->id).c_str());
        for (const std::string& text : texts) {
            std::vector<Found> found;
            check.value()->find(text, found);
            std::size_t end = 0;
            for (const Found& each : found) {
                QVERIFY(each.start >= end && each.size > 0 && each.start + each.size <= text.size());
                QVERIFY(!each.kind.empty());
                end = each.start + each.size;
            }
            QVERIFY(check.value()->openSince(text) <= text.size());
        }
    }
}

QTEST_APPLESS_MAIN(ChecksTest)
#include "checks_test.moc"
