// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <memory>
#include <set>
#include <string>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "guardrail/check_kind.h"
#include "guardrail/secrets/secret_finder.h"
#include "secret_samples.h"

using namespace gateway::guardrail;

namespace QTest {
template <>
char* toString(const std::string& text)
{
    return qstrdup(text.c_str());
}
} // namespace QTest

namespace {

std::vector<Found> foundIn(std::string_view text)
{
    std::vector<Found> found;
    SecretFinder::shared().find(text, {}, found);
    return found;
}

/// "github_token:ghp_…|password:…"
std::string told(std::string_view text)
{
    std::string line;
    for (const Found& each : foundIn(text)) {
        if (!line.empty()) line += '|';
        line += std::string(each.kind) + ":" + std::string(text.substr(each.start, each.size));
    }
    return line;
}

/// How programs, files and command lines write a value under a name.
std::vector<std::string> written(const std::string& name, const std::string& value)
{
    return {name + "_token = \"" + value + "\"",
            "{\"" + name + "_token\": \"" + value + "\", \"x\": 1}",
            name + "Token := '" + value + "'",
            "export " + name + "_KEY=" + value,
            "export " + name + "_KEY=" + value + "\n",
            name + "-secret: " + value + "\nother: 1",
            "<" + name + "Key>" + value + "</" + name + "Key>",
            "'" + name + "Secret' => \"" + value + "\"",
            "System.setProperty(\"" + name + "_TOKEN\", \"" + value + "\")",
            "var " + name + "Token string = `" + value + "`",
            name + "_token: str = \"" + value + "\"",
            name + "_TOKEN ::= " + value + ";",
            "{\"config.ini\": \"" + name + "_TOKEN=" + value + "\\nBACKUP=true\"}",
            "- name: " + name + "_TOKEN\n  value: " + value + "\n",
            "[{\"name\": \"" + name + "_token\", \"value\": \"" + value + "\"}]",
            name + "_TOKEN ?= " + value + " # comment",
            "[DEBUG] " + name + " token: " + value + " was read",
            "$" + name + "Token .= \"" + value + "\""};
}

std::string block(SecretSamples& samples, const std::string& lineEnd)
{
    std::string text = std::string("-----BEGIN RSA PRIV") + "ATE KEY-----" + lineEnd;
    for (int line = 0; line < 4; ++line)
        text += samples.ofShape("b{64}") + lineEnd;
    return text + "-----END RSA PRIV" + "ATE KEY-----";
}

std::string webToken(SecretSamples& samples)
{
    return std::string("eyJ") + "hbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." + "eyJ" + samples.ofShape("w{60}") +
           "." + samples.ofShape("w{43}");
}

/// Texts with all sorts of secrets in them, and what is between.
std::vector<std::string> mixedTexts()
{
    SecretSamples samples(7);
    std::vector<std::string> texts;
    for (int i = 0; i < 12; ++i) {
        std::string text = "Hello, here is my configuration:\n";
        for (int part = 0; part < 6; ++part) {
            const auto rules = secretRules();
            const SecretRule& rule = rules[samples.below(static_cast<unsigned>(rules.size()))];
            const auto ways =
                written(std::string(rule.words.substr(0, rule.words.find(' '))), samples.ofRule(rule));
            text += ways[samples.below(static_cast<unsigned>(ways.size()))] + "\nand then ";
        }
        if (i % 3 == 0) text += block(samples, i % 2 == 0 ? "\n" : "\\n") + " after it ";
        if (i % 3 == 1) text += "Authorization: Bearer " + webToken(samples) + " done. ";
        if (i % 3 == 2) text += "postgres://app:" + samples.ofShape("a{16}") + "@db.internal:5432/app ";
        texts.push_back(text + "password = " + samples.ofShape("a{14}") + " end");
    }
    return texts;
}

} // namespace

class SecretsTest : public QObject {
    Q_OBJECT

private slots:
    void findsEveryRulesValuesHoweverTheyAreWritten()
    {
        SecretSamples samples(1);
        int all = 0;
        std::set<std::string> services;
        std::vector<std::string> missed;
        for (const SecretRule& rule : secretRules()) {
            services.emplace(rule.service);
            for (const std::string_view which : {"first", "second"}) {
                const std::string value = samples.ofRule(rule);
                const bool prefix = rule.by == SecretRule::By::Prefix;
                const std::string name =
                    prefix ? std::string("my") : std::string(rule.words.substr(0, rule.words.find(' ')));
                for (const std::string& text : written(name, value)) {
                    ++all;
                    const auto found = foundIn(text);
                    const std::size_t place = text.find(value);
                    const bool hit = std::any_of(found.begin(), found.end(), [&](const Found& each) {
                        return each.start <= place && each.start + each.size >= place + value.size();
                    });
                    if (!hit) missed.push_back(std::string(rule.id) + " " + std::string(which) + ": " + text);
                }
            }
        }
        for (std::size_t i = 0; i < std::min<std::size_t>(missed.size(), 40); ++i)
            qInfo("missed %s", missed[i].c_str());
        qInfo("%d samples of %d services, %d missed", all, int(services.size()), int(missed.size()));
        QVERIFY(services.size() >= 60);
        QVERIFY(static_cast<double>(missed.size()) <= 0.02 * all);
    }

    void findsTheValueAloneAndNamesIt()
    {
        SecretSamples samples(2);
        const std::string token = "ghp_" + samples.ofShape("a{36}");
        QCOMPARE(told("use " + token + ", please"), "github_token:" + token);
        QCOMPARE(told("x\\n" + token), "github_token:" + token);
        QCOMPARE(told("x" + token), std::string());
        QCOMPARE(told(token + "a"), std::string());
        const std::string webhook =
            std::string("hooks.slack.com/") + "services/" + samples.ofShape("a{9}'/'a{9}'/'a{24}");
        QCOMPARE(told("https://" + webhook), "slack_webhook:" + webhook);
        const std::string azure = samples.ofShape("a{3}d{1}'Q~'a{34}");
        QCOMPARE(told("secret " + azure), "azure_secret:" + azure);
        const std::string terraform = samples.ofShape("a{14}'.atlasv1.'a{67}");
        QCOMPARE(told("token \"" + terraform + "\""), "terraform_token:" + terraform);
    }

    void findsWholeBlocksOfPrivateKeys()
    {
        SecretSamples samples(3);
        for (const std::string lineEnd : {"\n", "\r\n", "\\n"}) {
            const std::string key = block(samples, lineEnd);
            QCOMPARE(told("key:\n" + key + "\nend"), "private_key:" + key);
            // Without its end, to where it breaks off.
            const std::string cut = key.substr(0, 150);
            QCOMPARE(told("key:\n" + cut), "private_key:" + cut);
        }
        const std::string armoured = std::string("-----BEGIN PGP PRIV") + "ATE KEY BLOCK-----\n" +
                                     "Version: GnuPG v2.0.22 (MingW32)\n\n" + samples.ofShape("b{64}") +
                                     "\n" + samples.ofShape("b{9}") + "\n=" + samples.ofShape("a{4}");
        QCOMPARE(told(armoured + "\n-----END PGP PRIV" + "ATE KEY BLOCK-----"),
                 "private_key:" + armoured + "\n-----END PGP PRIV" + "ATE KEY BLOCK-----");
        QCOMPARE(told(std::string("-----BEGIN PRIV") +
                      "ATE KEY----- begins what nobody but you may read, so keep it well."),
                 std::string());
        QCOMPARE(told(std::string("a file begins with -----BEGIN PRIV") + "ATE KEY----- and more"),
                 std::string());
        QCOMPARE(told("-----BEGIN CERTIFICATE-----\n" + samples.ofShape("a{64}")), std::string());
    }

    void findsPasswordsInAddresses()
    {
        SecretSamples samples(4);
        const std::string password = samples.ofShape("a{12}");
        for (const char* scheme :
             {"postgres", "mysql", "mongodb+srv", "redis", "amqp", "mssql", "ftp", "https"}) {
            QCOMPARE(told(std::string(scheme) + "://app:" + password + "@host.example/db"),
                     "connection_password:" + password);
        }
        for (const char* text :
             {"postgres://user:password@localhost/db", "postgres://user:${DB_PASSWORD}@host/db",
              "https://a.b/c:d@e", "http://localhost:8080/@scope", "redis://:@host",
              "postgres://postgres:postgres@localhost/app"})
            QCOMPARE(told(text), std::string());
    }

    void findsWebTokensByTheirHeader()
    {
        SecretSamples samples(5);
        const std::string token = webToken(samples);
        QCOMPARE(told("Bearer " + token + "\n"), "jwt:" + token);
        QCOMPARE(told("eyJmb28iOiJiYXIifQ." + samples.ofShape("a{40}'.'a{43}")), std::string());
    }

    void findsValuesThatOnlyLookLikeSecrets()
    {
        SecretSamples samples(6);
        for (int i = 0; i < 40; ++i) {
            const std::string value = samples.ofShape("a{32}");
            for (const char* begin :
                 {"API_KEY=", "\"apiKey\": \"", "secret_key: ", "auth_token := \"", "--api-key="})
                QCOMPARE(told(begin + value + "\"\n"), "generic_secret:" + value);
            QCOMPARE(told("- name: API_KEY\n  value: " + value + "\n"), "generic_secret:" + value);
            QCOMPARE(told("curl -H 'Authorization: Bearer " + value + "'"), "generic_secret:" + value);
            QCOMPARE(told("{\"name\":\"API_KEY\",\"value\":\"" + value + "\"}"), "generic_secret:" + value);
        }
        for (const char* password : {"hunter2!x", "Tr0ub4dor&3", "S3cure#Pa55w0r"}) {
            QCOMPARE(told(std::string("DB_PASSWORD=") + password + "\n"),
                     std::string("password:") + password);
            QCOMPARE(told(std::string("\"passwd\": \"") + password + "\""),
                     std::string("password:") + password);
        }
    }

    void findsThreeSamplesOfEveryService();
    void lookAlikesGiveFewAlarms();
    void intentsGiveNone();
    void bothEnginesFindTheSame();

    void leavesOutWhatIsNotWanted()
    {
        SecretSamples samples(8);
        const std::string text = "ghp_" + samples.ofShape("a{36}") + " API_KEY=" + samples.ofShape("a{32}");
        const CheckKind* kind = findCheckKind("secrets");
        QVERIFY(kind != nullptr);
        const auto count = [&](const char* parameters) {
            const auto check = makeCheck(*kind, parameters);
            std::vector<Found> found;
            if (check) check.value()->find(text, found);
            return check ? int(found.size()) : -1;
        };
        QCOMPARE(count(""), 2);
        QCOMPARE(count(R"({"except": ["github_token"]})"), 1);
        QCOMPARE(count(R"({"entropy": false})"), 1);
        const auto wrong = makeCheck(*kind, R"({"except": ["github_tokn"]})");
        QVERIFY(!wrong);
        QVERIFY(wrong.error().message.find("github_token") != std::string::npos);
    }

    void mayFindIsNeverWrongOfAText()
    {
        for (const std::string& text : mixedTexts())
            QVERIFY(foundIn(text).empty() || SecretFinder::shared().mayFind(text));
        QVERIFY(!SecretFinder::shared().mayFind("The weather is fine today."));
        QVERIFY(SecretFinder::shared().mayFind("a\\u002dnother"));
    }

    void whatIsBeforeTheOpenPlaceStays()
    {
        for (const std::string& text : mixedTexts()) {
            const auto whole = foundIn(text);
            for (std::size_t size = 0; size <= text.size(); ++size) {
                const std::string_view prefix = std::string_view(text).substr(0, size);
                const std::size_t open = openSince(prefix);
                QVERIFY(open <= size);
                const auto part = foundIn(prefix);
                for (const Found& each : whole) {
                    const bool later = each.start >= open;
                    if (!later && std::find(part.begin(), part.end(), each) == part.end())
                        QFAIL((std::to_string(size) + " of " + text).c_str());
                }
                for (const Found& each : part) {
                    const bool closed = each.start + each.size <= open && each.start < open;
                    if (closed && std::find(whole.begin(), whole.end(), each) == whole.end())
                        QFAIL(("only in the first " + std::to_string(size) + " of " + text).c_str());
                }
            }
        }
    }

    void proseIsNotHeldBack()
    {
        QCOMPARE(openSince("The weather is fine. "), std::size_t(21));
        QCOMPARE(openSince("The weather is fi"), std::size_t(15));
        QCOMPARE(openSince("{\"password\": \""), std::size_t(14));
        QCOMPARE(openSince(std::string("x -----BEGIN RSA PRIV") + "ATE KEY-----\nabc def"), std::size_t(2));
    }
};

void SecretsTest::bothEnginesFindTheSame()
{
    const SecretFinder portable({}, PatternSet::Engine::Portable);
    QVERIFY(!portable.hyperscan());
    for (const std::string& text : mixedTexts()) {
        std::vector<Found> found;
        portable.find(text, {}, found);
        QVERIFY(found == foundIn(text));
        QVERIFY(found.size() >= 4);
    }
}

void SecretsTest::findsThreeSamplesOfEveryService()
{
    SecretSamples samples(17);
    int all = 0, seen = 0;
    for (const SecretRule& rule : secretRules()) {
        const std::string name(rule.words.substr(0, rule.words.find(' ')));
        const std::string given = rule.by == SecretRule::By::Name ? name + "_key" : std::string("key");
        for (const char* form : {"=", ": \"", " = '"}) {
            const std::string value = samples.ofRule(rule);
            const std::string_view mark = form;
            const std::string quote = mark.back() == '=' ? "\n" : std::string(1, mark.back());
            const auto found = foundIn("Here it is: " + given + form + value + quote);
            ++all;
            const bool whole = std::any_of(found.begin(), found.end(), [&](const Found& each) {
                return each.size >= value.size() * 9 / 10;
            });
            if (whole)
                ++seen;
            else
                qInfo("missed: %s", std::string(rule.id).c_str());
        }
    }
    qInfo("%d of %d samples", seen, all);
    QVERIFY(all >= 300);
    QVERIFY(seen * 100 >= all * 95);
}

void SecretsTest::intentsGiveNone()
{
    // Sentences that people say to assistants, and all of the reference's where it is there.
    for (const char* text : {"What is my account balance?", "I forgot my passcode, can you reset it",
                             "please tell me the key ingredients: salt, pepper and 250g of butter",
                             "How do I activate my card? The token: does it expire in 2024?"})
        QCOMPARE(told(text), std::string());
    const QByteArray folder = qgetenv("TURNPIKE_REFERENCE");
    for (const char* name : {"intents_banking77.jsonl", "intents_clinc150.jsonl"}) {
        QFile file(QString::fromLocal8Bit(folder) + "/" + name);
        if (folder.isEmpty() || !file.open(QIODevice::ReadOnly)) continue;
        QCOMPARE(told(file.readAll().toStdString()), std::string());
    }
}

void SecretsTest::lookAlikesGiveFewAlarms()
{
    SecretSamples samples(9);
    std::vector<std::string> texts{
#define LOOK_ALIKE(text) text,
#include "secret_look_alikes.def"
#undef LOOK_ALIKE
    };
    for (int i = 0; i < 20; ++i) {
        texts.push_back("commit " + samples.ofShape("h{40}") + "\nAuthor: A");
        texts.push_back("sha256:" + samples.ofShape("h{64}"));
        texts.push_back("\"integrity\": \"sha512-" + samples.ofShape("b{86}") + "==\"");
        texts.push_back("id: " + samples.ofShape("h{8}'-'h{4}'-4'h{3}'-a'h{3}'-'h{12}"));
        texts.push_back("data:image/png;base64,iVBORw0KGgo" + samples.ofShape("b{400}"));
        texts.push_back("github.com/x/y v1.2.3 h1:" + samples.ofShape("b{43}") + "=");
        texts.push_back("cache_key = \"" + samples.ofShape("h{32}") + "\"");
        texts.push_back("public_key: \"" + samples.ofShape("a{44}") + "\"");
        texts.push_back("var " + samples.ofShape("a{3}") + "=function(t,e){return t." +
                        samples.ofShape("a{6}") + "(e)}");
        texts.push_back("etag: W/\"" + samples.ofShape("h{40}") + "\"");
    }
    int alarms = 0;
    for (const std::string& text : texts) {
        if (foundIn(text).empty()) continue;
        ++alarms;
        qInfo("alarm: %s", told(text).c_str());
    }
    qInfo("%d alarms on %d look-alikes", alarms, int(texts.size()));
    QVERIFY(texts.size() >= 300);
    QVERIFY(alarms * 100 <= int(texts.size()) * 5);
}

QTEST_GUILESS_MAIN(SecretsTest)
#include "secrets_test.moc"
