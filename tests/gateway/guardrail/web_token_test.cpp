// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <QTest>

#include "guardrail/check_kind.h"
#include "guardrail/web_token.h"
#include "support/token_key.h"

using namespace gateway::guardrail;
using std::chrono::seconds;
using support::TokenKey;

namespace {

constexpr std::int64_t kNow = 1'800'000'000;

QByteArray times(std::int64_t issued, const QByteArray& more = {})
{
    return R"({"sub":"ann","iat":)" + QByteArray::number(static_cast<qint64>(issued)) + more + "}";
}

QByteArray listOf(const QByteArray& keys)
{
    return R"({"keys":[)" + keys + "]}";
}

std::string_view viewOf(const QByteArray& bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

/// Why it is refused; empty: it is not.
QByteArray refusal(const QByteArray& token, const QByteArray& list, const TokenTimes& allowed = {})
{
    const Opinion opinion = judgeWebToken(viewOf(token), viewOf(list), allowed, kNow);
    return opinion.alarm ? QByteArray::fromStdString(opinion.reason) : QByteArray();
}

} // namespace

class WebTokenTest : public QObject {
    Q_OBJECT

private slots:
    void takesWhatIsSigned_data();
    void takesWhatIsSigned();
    void refusesWhatWasChanged();
    void refusesOtherKeys();
    void refusesAlgorithms_data();
    void refusesAlgorithms();
    void refusesKeysForSomethingElse_data();
    void refusesKeysForSomethingElse();
    void refusesWeakAndBrokenKeys();
    void holdsToTimes_data();
    void holdsToTimes();
    void saysThatAKeyIsUnknown();
    void hostileTokensDoNoHarm();
    void readsTimeSpans_data();
    void readsTimeSpans();
    void obeysItsParameters_data();
    void obeysItsParameters();

private:
    TokenKey m_rsa{"RSA"}, m_p256{"P-256"}, m_p384{"P-384"};
};

void WebTokenTest::takesWhatIsSigned_data()
{
    QTest::addColumn<QByteArray>("algorithm");
    for (const char* name : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"})
        QTest::newRow(name) << QByteArray(name);
}

void WebTokenTest::takesWhatIsSigned()
{
    QFETCH(QByteArray, algorithm);
    const TokenKey& key = algorithm == "ES256" ? m_p256 : algorithm == "ES384" ? m_p384 : m_rsa;
    const QByteArray token = key.token(algorithm, "k1", times(kNow - 10));
    QCOMPARE(refusal(token, listOf(m_rsa.jwk("k0") + "," + key.jwk("k1"))), QByteArray());
    QCOMPARE(refusal(token, listOf(key.jwk("k1", R"(,"use":"sig","key_ops":["verify"],"alg":")" + algorithm +
                                                     "\""))),
             QByteArray());
    // Of none of the other algorithms.
    for (const char* other : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"}) {
        if (algorithm == other) continue;
        const QByteArray claimed =
            key.signedText(algorithm, QByteArray(R"({"kid":"k1","alg":")") + other + "\"}", times(kNow - 10));
        QVERIFY2(!refusal(claimed, listOf(key.jwk("k1"))).isEmpty(), other);
    }
}

void WebTokenTest::refusesWhatWasChanged()
{
    const QByteArray list = listOf(m_rsa.jwk("k") + "," + m_p256.jwk("e"));
    for (const QByteArray& token :
         {m_rsa.token("RS256", "k", times(kNow)), m_p256.token("ES256", "e", times(kNow))}) {
        QVERIFY(refusal(token, list).isEmpty());
        const QByteArrayList parts = token.split('.');
        const QByteArray forged = TokenKey::base64(times(kNow, R"(,"admin":true)"));
        QVERIFY(!refusal(parts[0] + "." + forged + "." + parts[2], list).isEmpty());
        QVERIFY(!refusal(parts[0] + "." + parts[1] + ".", list).isEmpty());
        QVERIFY(!refusal(parts[0] + "." + parts[1], list).isEmpty());
        QByteArray other = token;
        other[other.size() - 10] = other[other.size() - 10] == 'A' ? 'B' : 'A';
        QVERIFY(!refusal(other, list).isEmpty());
        QVERIFY(!refusal(token + "AA", list).isEmpty());
        QVERIFY(!refusal(token + ".x", list).isEmpty());
    }
}

void WebTokenTest::refusesOtherKeys()
{
    const TokenKey other("RSA");
    const QByteArray token = other.token("RS256", "k", times(kNow));
    QVERIFY(!refusal(token, listOf(m_rsa.jwk("k"))).isEmpty());
    QVERIFY(refusal(token, listOf(other.jwk("k"))).isEmpty());
}

void WebTokenTest::refusesAlgorithms_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::newRow("none") << QByteArray(R"({"kid":"k","alg":"none"})");
    QTest::newRow("None") << QByteArray(R"({"kid":"k","alg":"None"})");
    QTest::newRow("HS256") << QByteArray(R"({"kid":"k","alg":"HS256"})");
    QTest::newRow("no algorithm") << QByteArray(R"({"kid":"k"})");
    QTest::newRow("a number") << QByteArray(R"({"kid":"k","alg":256})");
    QTest::newRow("critical") << QByteArray(R"({"kid":"k","alg":"RS256","crit":["b64"],"b64":false})");
    QTest::newRow("two algorithms") << QByteArray(R"({"kid":"k","alg":"RS256","alg":"none"})");
}

void WebTokenTest::refusesAlgorithms()
{
    QFETCH(QByteArray, head);
    const QByteArray list = listOf(m_rsa.jwk("k"));
    QVERIFY(!refusal(m_rsa.signedText("RS256", head, times(kNow)), list).isEmpty());
    // Nothing behind the last dot, and a secret that is in the list itself.
    const QByteArray text = TokenKey::base64(head) + "." + TokenKey::base64(times(kNow));
    QVERIFY(!refusal(text + ".", list).isEmpty());
    QVERIFY(!refusal(text + ".AAAA", listOf(R"({"kid":"k","kty":"oct","k":"c2VjcmV0"})")).isEmpty());
}

void WebTokenTest::refusesKeysForSomethingElse_data()
{
    QTest::addColumn<QByteArray>("more");
    QTest::newRow("encryption") << QByteArray(R"(,"use":"enc")");
    QTest::newRow("another algorithm") << QByteArray(R"(,"alg":"RS512")");
    QTest::newRow("signing only") << QByteArray(R"(,"key_ops":["sign"])");
    QTest::newRow("no uses") << QByteArray(R"(,"key_ops":"verify")");
}

void WebTokenTest::refusesKeysForSomethingElse()
{
    QFETCH(QByteArray, more);
    QVERIFY(!refusal(m_rsa.token("RS256", "k", times(kNow)), listOf(m_rsa.jwk("k", more))).isEmpty());
}

void WebTokenTest::refusesWeakAndBrokenKeys()
{
    const TokenKey weak("RSA", 1024);
    QVERIFY(!refusal(weak.token("RS256", "k", times(kNow)), listOf(weak.jwk("k"))).isEmpty());
    const QByteArray token = m_p256.token("ES256", "k", times(kNow));
    // A point that is on no curve, and one of another.
    QByteArray jwk = m_p256.jwk("k");
    const qsizetype at = jwk.indexOf("\"x\":\"") + 8;
    jwk[at] = jwk[at] == 'A' ? 'B' : 'A';
    QVERIFY(!refusal(token, listOf(jwk)).isEmpty());
    QVERIFY(!refusal(token, listOf(m_p384.jwk("k"))).isEmpty());
    QVERIFY(!refusal(token, listOf(m_p256.jwk("k").replace("P-256", "P-384"))).isEmpty());
    for (const char* list :
         {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[1,null,"k",[]]})", R"({"keys":[{"kid":"k"}]})",
          R"({"keys":[{"kid":"k","kty":"EC"}]})", R"({"keys":[{"kid":"k","kty":"RSA","n":"","e":""}]})"})
        QVERIFY2(!refusal(token, list).isEmpty(), list);
}

void WebTokenTest::holdsToTimes_data()
{
    QTest::addColumn<QByteArray>("claims");
    QTest::addColumn<QByteArray>("why");
    const auto at = [](std::int64_t time) { return QByteArray::number(static_cast<qint64>(kNow + time)); };
    const auto row = [](const char* name, const QByteArray& claims, const char* why) {
        QTest::newRow(name) << claims << QByteArray(why);
    };
    row("fresh", times(kNow), "");
    row("without iat", R"({"sub":"x"})", "issued");
    row("a text for a time", R"({"iat":"now"})", "times");
    row("a day old", times(kNow - 86'405), "");
    row("older", times(kNow - 86'406), "too old");
    row("a little early", times(kNow + 5), "");
    row("from the future", times(kNow + 6), "future");
    row("expires later", times(kNow - 1, R"(,"exp":)" + at(1)), "");
    row("expired within the tolerance", times(kNow - 100, R"(,"exp":)" + at(-4)), "");
    row("expired", times(kNow - 100, R"(,"exp":)" + at(-5)), "expired");
    row("expires as a text", times(kNow, R"(,"exp":"never")"), "times");
    row("holds soon", times(kNow - 1, R"(,"nbf":)" + at(5)), "");
    row("holds later", times(kNow - 1, R"(,"nbf":)" + at(6)), "not hold yet");
    row("expires at null", times(kNow, R"(,"exp":null)"), "times");
    row("expires twice", times(kNow, R"(,"exp":1,"exp":)" + at(50)), "no signed");
    row("a fraction", times(kNow, R"(,"exp":)" + at(1) + ".5"), "");
    row("no object", "[1]", "no signed");
}

void WebTokenTest::holdsToTimes()
{
    QFETCH(QByteArray, claims);
    QFETCH(QByteArray, why);
    const QByteArray refused = refusal(m_p256.token("ES256", "k", claims), listOf(m_p256.jwk("k")));
    if (why.isEmpty())
        QCOMPARE(refused, QByteArray());
    else
        QVERIFY2(refused.contains(why), refused.constData());
}

void WebTokenTest::saysThatAKeyIsUnknown()
{
    const QByteArray token = m_p256.token("ES256", "new", times(kNow));
    const Opinion opinion = judgeWebToken(viewOf(token), viewOf(listOf(m_p256.jwk("old"))), {}, kNow);
    QVERIFY(opinion.alarm);
    QVERIFY(opinion.unknownKey);
    const QByteArray nameless = m_p256.signedText("ES256", R"({"alg":"ES256"})", times(kNow));
    QVERIFY(!refusal(nameless, listOf(m_p256.jwk(""))).isEmpty());
    const Opinion forged = judgeWebToken(viewOf(token), viewOf(listOf(m_p384.jwk("new"))), {}, kNow);
    QVERIFY(forged.alarm);
    QVERIFY(!forged.unknownKey); // to ask again would not help
}

void WebTokenTest::hostileTokensDoNoHarm()
{
    const QByteArray list = listOf(m_rsa.jwk("k"));
    const QByteArray token = m_rsa.token("RS256", "k", times(kNow));
    for (qsizetype size = 0; size < token.size(); size += 3)
        QVERIFY(!refusal(token.left(size), list).isEmpty());
    QVERIFY(!refusal(QByteArray(100'000, '.'), list).isEmpty());
    QVERIFY(!refusal(QByteArray(100'000, 'a') + ".a.a", list).isEmpty());
    const QByteArray deep(4000, '[');
    QVERIFY(!refusal(TokenKey::base64(deep) + "." + TokenKey::base64(deep) + ".AA", list).isEmpty());
    QVERIFY(!refusal(token, QByteArray(100'000, '[')).isEmpty());
    QByteArray many;
    for (int i = 0; i < 200; ++i)
        many += R"({"kid":"other"},)";
    QVERIFY(!refusal(token, listOf(many + m_rsa.jwk("k"))).isEmpty()); // nobody has so many
    QVERIFY(!refusal(QByteArray(token).replace('.', QByteArray("\0.", 2)), list).isEmpty());
    QVERIFY(!refusal(" " + token, list).isEmpty());
}

void WebTokenTest::readsTimeSpans_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("expected");
    const auto row = [](const char* text, int expected) {
        QTest::newRow(text) << QByteArray(text) << expected;
    };
    row("1d", 86'400);
    row("90s", 90);
    row("15 min", 900);
    row("2 Hours", 7200);
    row(" 3 weeks ", 1'814'400);
    for (const char* wrong :
         {"", "d", "1", "-1d", "0d", "1.5h", "1 x", "1d 2h", "9223372036854775807w", "1d ago", "s s"})
        row(wrong, 0);
}

void WebTokenTest::readsTimeSpans()
{
    QFETCH(QByteArray, text);
    QFETCH(int, expected);
    const auto span = parseTimeSpan(viewOf(text));
    QCOMPARE(span.value_or(seconds(0)), seconds(expected));
}

void WebTokenTest::obeysItsParameters_data()
{
    QTest::addColumn<QByteArray>("parameters");
    QTest::addColumn<QByteArray>("wrong");
    const auto row = [](const char* address, const char* more, const char* wrong) {
        QTest::addRow("%s %s", address, more)
            << QByteArray(R"({"jwks_uri":")") + address + "\"" + more + "}" << QByteArray(wrong);
    };
    row("https://id.example.com/keys.json", "", "");
    row("http://127.0.0.1:8080/keys",
        R"(,"header_key":"x-user-token","max_token_age":"2h","cache_max_age":600)", "");
    row("http://localhost/keys", R"(,"clock_tolerance":0)", "");
    row("http://[::1]:80/keys", "", "");
    for (const char* address :
         {"http://id.example.com/keys", "http://127.evil.com/", "http://localhost.evil.com/",
          "http://127.0.0.1@evil.com/", "http://evil.com/127.0.0.1", "https://a@b.com/", "ftp://127.0.0.1/",
          "https://", "", "https:///x", "https://a.com/?x=1"})
        row(address, "", "jwks_uri");
    row("https://a.com/k", R"(,"header_key":"")", "header_key");
    row("https://a.com/k", R"(,"header_key":"a b")", "header_key");
    row("https://a.com/k", R"(,"max_token_age":"soon")", "max_token_age");
    row("https://a.com/k", R"(,"cache_max_age":0)", "cache_max_age");
    row("https://a.com/k", R"(,"clock_tolerance":-1)", "clock_tolerance");
}

void WebTokenTest::obeysItsParameters()
{
    QFETCH(QByteArray, parameters);
    QFETCH(QByteArray, wrong);
    const auto check = makeCheck(*findCheckKind("jwt"), viewOf(parameters));
    QCOMPARE(static_cast<bool>(check), wrong.isEmpty());
    if (!check) QCOMPARE(QByteArray::fromStdString(check.error().param), wrong);
}

QTEST_APPLESS_MAIN(WebTokenTest)
#include "web_token_test.moc"
