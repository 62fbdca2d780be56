// SPDX-License-Identifier: GPL-3.0-or-later
// A text that comes in parts is masked as the whole of it, however it is cut.
#include <algorithm>
#include <memory>
#include <new>

#include <QTest>

#include "base/json_scan.h"
#include "guardrail/stream_guard.h"

using namespace gateway;
using namespace gateway::guardrail;

namespace {

constexpr std::size_t kMostHeld = 64;

GuardrailConfig ruleConfig(const char* action, bool restore = false)
{
    GuardrailConfig config;
    config.id = GuardrailId("hide");
    config.check = "pii";
    config.on = "both";
    config.action = action;
    config.restore = restore;
    config.paramsJson = R"({"entities":["email","payment_card","iban","national_id","phone","ip_address"]})";
    return config;
}

/// One rule, and what it makes of texts.
struct Fixture {
    explicit Fixture(const GuardrailConfig& config)
    {
        Config whole;
        whole.guardrails = {config};
        rules = std::make_unique<RuleSet>(whole);
        for (const Rule& rule : rules->rules()) {
            if (rule.config.id == config.id) those.push_back(&rule);
        }
    }
    [[nodiscard]] std::string whole(std::string_view text, bool json)
    {
        TextGuard guard(those, masks);
        const auto other =
            json ? guard.guardJson(text, Stage::Response, 1) : guard.guard(text, Stage::Response, 1);
        return other.value_or(std::string(text));
    }

    std::unique_ptr<RuleSet> rules;
    std::vector<const Rule*> those;
    Masks masks{"salt"};
};

std::string streamed(Fixture& fixture, const std::vector<std::string_view>& parts, bool json,
                     std::size_t& held)
{
    TextGuard guard(fixture.those, fixture.masks);
    StreamGuard stream(guard, nullptr, Stage::Response, 1, json);
    std::string out;
    for (const std::string_view part : parts) {
        out += stream.feed(part);
        held = std::max(held, stream.held());
    }
    return out + stream.finish();
}

std::vector<std::string_view> inPieces(std::string_view text, std::size_t size)
{
    std::vector<std::string_view> parts;
    for (; !text.empty(); text.remove_prefix(std::min(size, text.size())))
        parts.push_back(text.substr(0, size));
    return parts;
}

const std::string kProse =
    "Hello Jane, your mail jane.doe+test@mail.acme-corp.com was read. The card 4111 1111 1111 1111 (or "
    "5500-0000-0000-0004) is charged; the account is DE89 3704 0044 0532 0130 00, and GB29NWBK60161331926819 "
    "for "
    "the rest. Call +49 30 901820 or (415) 555-2671, social security number 078-05-1120. The machine is "
    "203.0.113.9 "
    "and the commit 9fceb02d0ae598e95dc970b74767f19372d61af8. Gr\xc3\xbc\xc3\x9f"
    "e an m\xc3\xbcller@example.org! "
    "int a[] = {1, 2, 3}; // 2024-01-02T03:04:05Z, version 1.2.3.4567\nLast: bob@example.net";

const std::string kArguments =
    "{\"to\":\"jane.doe@acme-corp.com\",\"card number\":\"4111 1111 1111 1111\",\"body\":\""
    "Hi \\\"Jane\\\",\\ncall +49 30 901820 or write m\\u00fcller@example.org. \\ud83d\\ude0"
    "0 bye\",\"n\":[1,2.5,null,true],\"bob@example.net\":\"key stays\"}";

/// Halves of characters, which some write.
const std::string kHalves = "{\"a\":\"\\ud83d, \\ud83d\\ud83d\\ude00 bob@example.net \\ude00 \\ud83d\\n"
                            "\\ud83d\",\"b\":\"\\ud83d\"}";

} // namespace

class StreamGuardTest : public QObject {
    Q_OBJECT

private slots:
    void isTheSameHoweverItIsCut_data();
    void isTheSameHoweverItIsCut();
    void losesNoHalfOfACharacter();
    void holdsSecretsHoweverTheyAreCut();
    void endsWhereAKeyNeverEnds();
    void closesWhereACheckFails();
    void masksWhatItShould();
    void changesStringsOnly();
    void holdsNothingWhereItOnlyLooks();
    void putsMasksBackHoweverTheyAreCut();
    void staysJsonWhereMasksArePutBack();
    void saysNothingBehindWhatIsRefused();
    void hidesWithoutTellingWhat();
};

void StreamGuardTest::isTheSameHoweverItIsCut_data()
{
    QTest::addColumn<bool>("json");
    QTest::newRow("text") << false;
    QTest::newRow("arguments") << true;
}

void StreamGuardTest::isTheSameHoweverItIsCut()
{
    QFETCH(bool, json);
    const std::string& text = json ? kArguments : kProse;
    Fixture fixture(ruleConfig("mask"));
    const std::string whole = fixture.whole(text, json);
    QVERIFY(whole != text);
    std::size_t held = 0;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        const std::string_view all = text;
        const std::string out = streamed(fixture, {all.substr(0, cut), all.substr(cut)}, json, held);
        QCOMPARE(QByteArray::fromStdString(out), QByteArray::fromStdString(whole));
    }
    for (std::size_t size = 1; size < 40; ++size) {
        held = 0;
        const std::string out = streamed(fixture, inPieces(text, size), json, held);
        QCOMPARE(QByteArray::fromStdString(out), QByteArray::fromStdString(whole));
        QVERIFY2(held <= kMostHeld, qPrintable(QStringLiteral("%1 held").arg(held)));
    }
}

void StreamGuardTest::losesNoHalfOfACharacter()
{
    Fixture fixture(ruleConfig("mask"));
    const std::string whole = fixture.whole(kHalves, true);
    QVERIFY(whole != kHalves);
    std::size_t held = 0;
    for (std::size_t size = 1; size < kHalves.size(); ++size) {
        const std::string out = streamed(fixture, inPieces(kHalves, size), true, held);
        QCOMPARE(QByteArray::fromStdString(out), QByteArray::fromStdString(whole));
    }
    // All but the address is as it came.
    const std::string address = "bob@example.net";
    const std::size_t at = kHalves.find(address);
    QCOMPARE(whole.substr(0, at), kHalves.substr(0, at));
    const std::string rest = kHalves.substr(at + address.size());
    QVERIFY(whole.ends_with(rest));
}

void StreamGuardTest::holdsSecretsHoweverTheyAreCut()
{
    GuardrailConfig config = ruleConfig("mask");
    config.check = "secrets";
    config.paramsJson = {};
    Fixture fixture(config);
    // Made here, so that none stands in a file: a token, a password in an address, a block of several lines.
    std::string token = "ghp_", lines;
    const std::string_view letters = "aB3dE7fGh1JkLm9NoPq2RsT";
    for (std::size_t i = 0; i < 36; ++i)
        token += letters[i * 7 % letters.size()];
    for (std::size_t i = 0; i < 300; ++i)
        lines += i % 65 == 64 ? '\n' : letters[i * 11 % letters.size()];
    const std::string block = "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----";
    const std::string text = "The token is " + token + " and the base is postgres://joe:" + "Xk29dPq7Lm" +
                             "@db.example.com/x. The key:\n" + block + "\nThat is all, " +
                             std::string(200, 'w') + " bye.";
    const std::string whole = fixture.whole(text, false);
    QVERIFY2(whole.find(token) == std::string::npos && whole.find("Xk29dPq7Lm") == std::string::npos,
             whole.c_str());
    QVERIFY2(whole.find(lines.substr(0, 60)) == std::string::npos, whole.c_str());
    std::size_t held = 0;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        const std::string_view all = text;
        const std::string out = streamed(fixture, {all.substr(0, cut), all.substr(cut)}, false, held);
        QCOMPARE(QByteArray::fromStdString(out), QByteArray::fromStdString(whole));
    }
    for (const std::size_t size : {1U, 2U, 5U, 13U, 31U}) {
        const std::string out = streamed(fixture, inPieces(text, size), false, held);
        QCOMPARE(QByteArray::fromStdString(out), QByteArray::fromStdString(whole));
    }
}

void StreamGuardTest::endsWhereAKeyNeverEnds()
{
    GuardrailConfig config = ruleConfig("mask");
    config.check = "secrets";
    config.paramsJson = {};
    Fixture fixture(config);
    TextGuard guard(fixture.those, fixture.masks);
    StreamGuard stream(guard, nullptr, Stage::Response, 1, false);
    std::string out = stream.feed("Here: -----BEGIN PRIVATE KEY-----\n");
    for (int i = 0; i < 1000; ++i)
        out += stream.feed("Q2h1cmNoIGFuZCBzdGF0ZSBhcmUgdHdvIHRoaW5ncywgYXMgaXMgd2VsbCBrbm93\n");
    out += stream.finish();
    QVERIFY(stream.blocked());
    QVERIFY2(out.find("Q2h1") == std::string::npos, out.substr(0, 200).c_str());
    QVERIFY(guard.failedClosed());
}

void StreamGuardTest::closesWhereACheckFails()
{
    class Failing : public Check {
    public:
        void find(std::string_view, std::vector<Found>&) const override { throw std::bad_alloc(); }
    };
    Rule rule{ruleConfig("mask"), findCheckKind("pii"), std::make_shared<Failing>()};
    rule.action = Action::Mask;
    rule.ofRequest = rule.ofResponse = true;
    for (const bool open : {false, true}) {
        rule.failsOpen = open;
        Masks masks("salt");
        TextGuard guard({&rule}, masks);
        QVERIFY(!guard.guard("hello", Stage::Request, 1));
        QCOMPARE(guard.failedClosed() == nullptr, open);
        QVERIFY(guard.verdictsJson().find("\"failed\":true") != std::string::npos);
        StreamGuard stream(guard, nullptr, Stage::Response, 1, false);
        const std::string said =
            stream.feed("hello, this is a text that is long enough to go on at once. ") + stream.finish();
        QCOMPARE(stream.blocked(), !open);
        QCOMPARE(said.empty(), !open);
    }
}

void StreamGuardTest::masksWhatItShould()
{
    Fixture fixture(ruleConfig("mask"));
    const std::string whole = fixture.whole(kProse, false);
    for (const char* gone :
         {"jane.doe", "4111", "5500-0000", "DE89", "GB29", "901820", "078-05", "203.0", "bob@"})
        QVERIFY2(whole.find(gone) == std::string::npos, gone);
    for (const char* left :
         {"Hello Jane", "9fceb02d0ae598e95dc970b74767f19372d61af8", "version 1.2.3.4567", "[EMAIL]"})
        QVERIFY2(whole.find(left) != std::string::npos, left);
}

void StreamGuardTest::changesStringsOnly()
{
    Fixture fixture(ruleConfig("mask"));
    const std::string whole = fixture.whole(kArguments, true);
    JsonDocument document;
    QVERIFY(!scanJson(whole, document));
    QVERIFY(document.find("bob@example.net"));
    QCOMPARE(std::string(document.find("to")->value), std::string("\"[EMAIL]\""));
    QVERIFY(whole.find("901820") == std::string::npos);
    QVERIFY(whole.find("\\\"Jane\\\",\\n") != std::string::npos); // escapes stay as they were
}

void StreamGuardTest::holdsNothingWhereItOnlyLooks()
{
    GuardrailConfig config = ruleConfig("mask");
    config.mode = "observe";
    Fixture fixture(config);
    TextGuard guard(fixture.those, fixture.masks);
    StreamGuard stream(guard, nullptr, Stage::Response, 1, false);
    for (const std::string_view part : inPieces(kProse, 3))
        QCOMPARE(stream.feed(part), std::string(part));
    QCOMPARE(stream.finish(), std::string());
    QVERIFY(guard.anyAlarm());
    QCOMPARE(guard.verdicts().front().kinds.at("email"), 3U);
}

void StreamGuardTest::putsMasksBackHoweverTheyAreCut()
{
    Fixture fixture(ruleConfig("mask", true));
    const std::string masked = fixture.whole(kProse, false);
    QVERIFY(masked.find("jane.doe") == std::string::npos);
    TextGuard nothing({}, fixture.masks);
    for (std::size_t size = 1; size < 30; ++size) {
        StreamGuard stream(nothing, &fixture.masks, Stage::Response, 1, false);
        std::string out;
        for (const std::string_view part : inPieces(masked, size)) {
            out += stream.feed(part);
            QVERIFY(stream.held() <= kMostHeld);
        }
        QCOMPARE(out + stream.finish(), kProse);
    }
}

void StreamGuardTest::staysJsonWhereMasksArePutBack()
{
    // What is put back may hold what JSON has to escape.
    Fixture fixture(ruleConfig("mask", true));
    const Rule& rule = *fixture.those.front();
    const std::string quotes = fixture.masks.maskOf(rule, "email", "\"a\\b\"\n@example.com");
    const std::string json = "{\"to\":\"" + quotes + "\",\"cc\":\"x" + quotes + "\"}";
    TextGuard nothing({}, fixture.masks);
    for (std::size_t size = 1; size < json.size(); ++size) {
        StreamGuard stream(nothing, &fixture.masks, Stage::ToolCall, 1, true);
        std::string out;
        for (const std::string_view part : inPieces(json, size))
            out += stream.feed(part);
        out += stream.finish();
        JsonDocument document;
        QVERIFY(!scanJson(out, document));
        QCOMPARE(std::string(document.find("to")->value), std::string("\"\\\"a\\\\b\\\"\\n@example.com\""));
    }
}

void StreamGuardTest::saysNothingBehindWhatIsRefused()
{
    Fixture fixture(ruleConfig("block"));
    for (std::size_t size = 1; size < 30; ++size) {
        TextGuard guard(fixture.those, fixture.masks);
        StreamGuard stream(guard, nullptr, Stage::Response, 1, false);
        std::string out;
        for (const std::string_view part : inPieces(kProse, size))
            out += stream.feed(part);
        out += stream.finish();
        QVERIFY(stream.blocked());
        QCOMPARE(out, std::string("Hello Jane, your mail "));
    }
}

void StreamGuardTest::hidesWithoutTellingWhat()
{
    GuardrailConfig config = ruleConfig("mask", true);
    config.maskAs = {{"payment_card", "last4"}, {"email", "synthetic"}, {"iban", "hash"}};
    Fixture fixture(config);
    const std::string masked =
        fixture.whole("a jane@acme.com b 4111 1111 1111 1111 c GB29NWBK60161331926819 d", false);
    QVERIFY2(masked.find("**** **** **** 1111") != std::string::npos, masked.c_str());
    QVERIFY2(masked.find("@example.com") != std::string::npos, masked.c_str());
    QVERIFY2(masked.find("[IBAN:") != std::string::npos, masked.c_str());
    QVERIFY2(masked.find("jane") == std::string::npos, masked.c_str());
    QCOMPARE(fixture.whole("GB29NWBK60161331926819", false), masked.substr(masked.find("[IBAN:"), 23));
}

QTEST_APPLESS_MAIN(StreamGuardTest)
#include "stream_guard_test.moc"
