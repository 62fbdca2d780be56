// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include "gateway/config_io.h"

using gateway::Config;
using gateway::ConfigProblem;
using gateway::parseConfig;
using gateway::ParsedConfig;

namespace {

std::string providers(const std::string& body)
{
    return "{\"providers\": {\"p\": " + body + "}}";
}

std::string targets(const std::string& body)
{
    return "{\"providers\": {\"lab\": {\"kind\": \"openai-compatible\", \"base_url\": "
           "\"http://127.0.0.1:1\"}}, "
           "\"routes\": {\"r\": {\"targets\": " +
           body + "}}}";
}

/// A route with one test that has these members.
std::string routeTest(const std::string& members)
{
    return targets(R"([{"provider": "lab", "model": "m"}], "tests": [{)" + members + "}]");
}

/// A text that is refused: the path of the problem, and what its message must say.
struct BadText {
    const char* name;
    std::string text;
    const char* path;
    const char* says;
};

const std::vector<BadText> kBadBasics = {
    {"no object", "[]", "", "one JSON object"},
    {"syntax", "{\n \"server\": }", "", "line 2"},
    {"duplicate", R"({"keys": {}, "keys": {}})", "", "keys"},
    {"unknown", R"({"sever": {}})", "sever", "Did you mean \"server\"?"},
    {"unknown below", R"({"server": {"prot": 1}})", "server.prot", "Did you mean \"port\"?"},
    {"nothing near", R"({"server": {"qqqqqqqq": 1}})", "server.qqqqqqqq", "Known here: host"},
    {"version", R"({"version": 2})", "version", "Found 2"},
    {"wrong type", R"({"server": {"port": "4777"}})", "server.port", "found a text"},
    {"null", R"({"server": null})", "server", "found null"},
    {"port range", R"({"server": {"port": 70000}})", "server.port", "found 70000"},
    {"fraction", R"({"server": {"port": 1.5}})", "server.port", "whole number"},
    {"host name", R"({"server": {"host": "example.com"}})", "server.host", "IP address"},
    {"open without key", R"({"server": {"host": "0.0.0.0", "require_key": false}})", "server.require_key",
     "ask for a key"},
    {"body size", R"({"server": {"max_body_bytes": 1}})", "server.max_body_bytes", "1024"},
    {"origin", R"({"server": {"allowed_origins": ["http://a/"]}})", "server.allowed_origins[0]",
     "exact origin"},
    {"origin star", R"({"server": {"allowed_origins": ["http://*.a"]}})", "server.allowed_origins[0]",
     "exact origin"},
    {"allowed host", R"({"server": {"allowed_hosts": ["http://a"]}})", "server.allowed_hosts[0]",
     "host name"},
    {"log bodies", R"({"server": {"log_bodies": "al"}})", "server.log_bodies", "Did you mean \"all\"?"},
    {"threads", R"({"server": {"io_threads": 0}})", "server.io_threads", "1 to 64"},
    {"limit", R"({"server": {"limits": {"header_ms": 0}}})", "server.limits.header_ms", "Found 0"},
    {"pasted admin key", R"({"server": {"admin_key": "sk-hidden-1234567890"}})", "server.admin_key",
     "keychain:NAME"},
    {"proxy", R"({"network": {"proxy": "ftp://x"}})", "network.proxy", "socks5"},
};

const std::vector<BadText> kBadProviders = {
    {"kind missing", providers("{}"), "providers.p.kind", "Is missing"},
    {"kind near", providers(R"({"kind": "openia"})"), "providers.p.kind", "Did you mean \"openai\"?"},
    {"key order", providers(R"({"kind": "sandbox", "key_order": "list"})"), "providers.p.key_order",
     "allowed are \"weight\" and \"listed\""},
    {"base url missing", providers(R"({"kind": "openai-compatible"})"), "providers.p.base_url", "Is missing"},
    {"base url scheme", providers(R"({"kind": "openai", "base_url": "ftp://x"})"), "providers.p.base_url",
     "http://"},
    {"base url relative", providers(R"({"kind": "openai", "base_url": "/v1"})"), "providers.p.base_url",
     "absolute"},
    {"base url user", providers(R"({"kind": "openai", "base_url": "https://a:b@x"})"), "providers.p.base_url",
     "password"},
    {"base url query", providers(R"({"kind": "openai", "base_url": "https://x?k=1"})"),
     "providers.p.base_url", "query"},
    {"key id", providers(R"({"kind": "openai", "keys": [{"secret": "env:A"}]})"), "providers.p.keys[0].id",
     "1 to 64"},
    {"secret missing", providers(R"({"kind": "openai", "keys": [{"id": "a"}]})"),
     "providers.p.keys[0].secret", "Is missing"},
    {"two key ids",
     providers(
         R"({"kind": "openai", "keys": [{"id": "a", "secret": "env:A"}, {"id": "a", "secret": "env:B"}]})"),
     "providers.p.keys[1].id", "two keys"},
    {"header auth", providers(R"({"kind": "openai", "headers": {"Authorization": "x"}})"),
     "providers.p.headers.Authorization", "Must not"},
    {"header host", providers(R"({"kind": "openai", "headers": {"Host": "x"}})"), "providers.p.headers.Host",
     "Must not"},
    {"header name", providers(R"({"kind": "openai", "headers": {"a b": "x"}})"),
     "providers.p.headers[\"a b\"]", "header field"},
    {"header value", providers(R"({"kind": "openai", "headers": {"a": "x\r\nb: c"}})"),
     "providers.p.headers.a", "control"},
    {"price", providers(R"({"kind": "openai", "models": {"gpt-4.1": {"price": {"input": -1}}}})"),
     "providers.p.models[\"gpt-4.1\"].price.input", "US dollars"},
    {"provider name", R"({"providers": {"a b": {"kind": "openai"}}})", "providers[\"a b\"]", "1 to 64"},
    {"sandbox of another kind", R"({"providers": {"sandbox": {"kind": "openai"}}})", "providers.sandbox.kind",
     "built-in"},
    {"sandbox route", R"({"routes": {"sandbox": {"targets": [{"provider": "sandbox", "model": "echo"}]}}})",
     "routes.sandbox", "built-in"},
};

const std::vector<BadText> kBadRoutesAndKeys = {
    {"no targets", targets("[]"), "routes.r.targets", "at least one"},
    {"empty target", targets("[{}]"), "routes.r.targets[0]", "provider and a model"},
    {"unknown provider", targets(R"([{"provider": "labb", "model": "m"}])"), "routes.r.targets[0].provider",
     "Did you mean \"lab\"?"},
    {"model missing", targets(R"([{"provider": "lab"}])"), "routes.r.targets[0].model", "model name"},
    {"both", targets(R"([{"provider": "lab", "model": "m", "route": "r"}])"), "routes.r.targets[0]",
     "either"},
    {"unknown route", targets(R"([{"route": "rr"}])"), "routes.r.targets[0].route", "Did you mean \"r\"?"},
    {"circle of one", targets(R"([{"route": "r"}])"), "routes.r.targets[0].route", "r → r"},
    {"weight", targets(R"([{"provider": "lab", "model": "m", "weight": 1000001}])"),
     "routes.r.targets[0].weight", "from 0 to 1000000"},
    {"condition", targets(R"([{"provider": "lab", "model": "m", "when": {"a": 1}}])"),
     "routes.r.targets[0].when.a", "no field"},
    {"condition within", targets(R"([{"route": "rr", "when": {"$and": [{"model": {"$in": 1}}]}}])"),
     "routes.r.targets[0].when.$and[0].model.$in", "a list of values"},
    {"limits", targets(R"([{"provider": "lab", "model": "m", "limits": {"tpm": 0}}])"),
     "routes.r.targets[0].limits.tpm", "at least 1"},
    {"semantic cache later",
     R"({"routes": {"r": {"targets": [{"provider": "sandbox", "model": "echo"}], "cache": {"semantic": {}}}}})",
     "routes.r.cache.semantic", "not in this version"},
    {"cache time",
     R"({"routes": {"r": {"targets": [{"provider": "sandbox", "model": "echo"}], "cache": {"ttl_seconds": 0}}}})",
     "routes.r.cache.ttl_seconds", "from 1 to 31536000"},
    {"cache scope",
     R"({"routes": {"r": {"targets": [{"provider": "sandbox", "model": "echo"}], "cache": {"scope": "keys"}}}})",
     "routes.r.cache.scope", "key"},
    {"cache never",
     R"({"routes": {"r": {"targets": [{"provider": "sandbox", "model": "echo"}], "cache": {"never": ["tool"]}}}})",
     "routes.r.cache.never[0]", "tools"},
    {"cache size", R"({"cache": {"max_mb": 0}})", "cache.max_mb", "from 1 to 1048576"},
    {"empty example", targets(R"([{"provider": "lab", "model": "m", "examples": ["a", " "]}])"),
     "routes.r.targets[0].examples[1]", "1 to 2000 bytes"},
    {"threshold", R"({"routes": {"r": {"targets": [{"provider": "sandbox", "model": "echo"}],
                                       "semantic": {"threshold": 1.5}}}})",
     "routes.r.semantic.threshold", "from 0 to 1"},
    {"margin", R"({"routes": {"r": {"targets": [{"provider": "sandbox", "model": "echo"}],
                                    "semantic": {"margin": -1}}}})",
     "routes.r.semantic.margin", "from 0 to 1"},
    {"override type", targets(R"([{"provider": "lab", "model": "m", "override": 1}])"),
     "routes.r.targets[0].override", "an object"},
    {"override model", targets(R"([{"provider": "lab", "model": "m", "override": {"model": "x"}}])"),
     "routes.r.targets[0].override.model", "Must not"},
    {"alias", R"({"aliases": {"a": "nowhere"}})", "aliases.a", "no route"},
    {"alias provider", R"({"aliases": {"gpt-4.1": "sandbx/echo"}})", "aliases[\"gpt-4.1\"]",
     "Did you mean \"sandbox\"?"},
    {"hash", R"({"keys": {"k": {"sha256": "abc"}}})", "keys.k.sha256", "64 hex digits"},
    {"hash missing", R"({"keys": {"k": {}}})", "keys.k.sha256", "64 hex digits"},
    {"budget without an amount", R"({"keys": {"k": {"budget": {"per": "day"}}}})", "keys.k.budget.usd",
     "Is missing"},
    {"budget without a time", R"({"budgets": {"all": {"usd": 5}}})", "budgets.all.per", "Is missing"},
    {"budget of less than nothing", R"({"budgets": {"all": {"usd": -1, "per": "day"}}})", "budgets.all.usd",
     "from 0 to 1000000"},
    {"budget for a year", R"({"budgets": {"all": {"usd": 1, "per": "year"}}})", "budgets.all.per",
     "rolling_day"},
    {"budget that leads nowhere", R"({"budgets": {"all": {"usd": 1, "per": "day", "at_limit": "reroute"}}})",
     "budgets.all.route", "Is missing"},
    {"budget that leads to no route",
     R"({"budgets": {"all": {"usd": 1, "per": "day", "at_limit": "reroute", "route": "x"}}})",
     "budgets.all.route", "There is no route"},
    {"warning beyond all", R"({"budgets": {"all": {"usd": 1, "per": "day", "warn_at": [120]}}})",
     "budgets.all.warn_at[0]", "1 to 100"},
    {"no requests", R"({"keys": {"k": {"limits": {"rpm": 0}}}})", "keys.k.limits.rpm", "1 to 1000000000"},
    {"limit that there is not", R"({"routes": {"r": {"limits": {"rps": 1}}}})", "routes.r.limits.rps", "rpm"},
    {"dialect near", R"({"keys": {"k": {"dialects": ["coher"]}}})", "keys.k.dialects[0]",
     "Did you mean \"cohere\"?"},
    {"expires", R"({"keys": {"k": {"expires": "tomorrow"}}})", "keys.k.expires", "2026-12-31"},
    {"status", R"({"routes": {"r": {"retry": {"on_status": [200, 600]}}}})", "routes.r.retry.on_status[1]",
     "100 to 599"},
    {"guardrail without a check", R"({"guardrails": {"a": {}}})", "guardrails.a.check", "Is missing"},
    {"unknown check", R"({"guardrails": {"a": {"check": "pi"}}})", "guardrails.a.check", "\"pii\""},
    {"unknown stage", R"({"guardrails": {"a": {"check": "pii", "on": "answer"}}})", "guardrails.a.on",
     "allowed is"},
    {"unknown action", R"({"guardrails": {"a": {"check": "pii", "action": "hide"}}})", "guardrails.a.action",
     "allowed is"},
    {"answer that is rerouted",
     R"({"guardrails": {"a": {"check": "pii", "on": "response", "action": "reroute"}}})",
     "guardrails.a.action", "is there already"},
    {"rewriting a whole",
     R"({"guardrails": {"a": {"check": "contains", "action": "rewrite", "params": {"words": ["x"]}}}})",
     "guardrails.a.action", "nothing to mask"},
    {"putting back what was replaced",
     R"({"guardrails": {"a": {"check": "regex_replace", "action": "rewrite", "restore": true, "params": {"rule": "a"}}}})",
     "guardrails.a.restore", "cannot be told"},
    {"refusing what is only told",
     R"({"guardrails": {"a": {"check": "log", "action": "block", "params": {"url": "http://a"}}}})",
     "guardrails.a.action", "only tells"},
    {"failing closed where it only tells",
     R"({"guardrails": {"a": {"check": "log", "on_error": "closed", "params": {"url": "http://a"}}}})",
     "guardrails.a.on_error", "has to be open"},
    {"asking about both", R"({"guardrails": {"a": {"check": "pii", "on": "both", "action": "ask"}}})",
     "guardrails.a.action", "is there already"},
    {"restoring what was refused",
     R"({"guardrails": {"a": {"check": "pii", "action": "block", "restore": true}}})", "guardrails.a.restore",
     "masked"},
    {"unknown parameter", R"({"guardrails": {"a": {"check": "pii", "params": {"entitys": []}}}})",
     "guardrails.a.params.entitys", "\"entities\""},
    {"parameter of another type",
     R"({"guardrails": {"a": {"check": "pii", "params": {"entities": "email"}}}})",
     "guardrails.a.params.entities", "list out of"},
    {"exception in the clear", R"({"guardrails": {"a": {"check": "pii", "exceptions": ["a@b.de"]}}})",
     "guardrails.a.exceptions[0]", "SHA-256"},
    {"guardrail's test without a text", R"({"guardrails": {"a": {"check": "pii", "tests": [{}]}}})",
     "guardrails.a.tests[0].text", "1 to 16384"},
    {"guardrail's test of nothing",
     R"({"guardrails": {"a": {"check": "pii", "tests": [{"text": "x", "expect": "hits"}]}}})",
     "guardrails.a.tests[0].expect", "\"hit\""},
    {"guardrail's test of another stage",
     R"({"guardrails": {"a": {"check": "pii", "tests": [{"text": "x", "on": "both"}]}}})",
     "guardrails.a.tests[0].on", "request or response"},
    {"guardrail's test twice",
     R"({"guardrails": {"a": {"check": "pii", "tests": [{"text": "x"}, {"text": "x", "expect": "pass"}]}}})",
     "guardrails.a.tests[1].text", "two tests"},
    {"asking anew for what a mask finds",
     R"({"guardrails": {"a": {"check": "pii", "on": "response", "action": "block", "retries": 1}}})",
     "guardrails.a.retries", "judged as a whole"},
    {"asking anew for ever",
     R"({"guardrails": {"a": {"check": "not_null", "on": "response", "action": "block", "retries": 9}}})",
     "guardrails.a.retries", "at most 5"},
    {"secret for nobody", R"({"guardrails": {"a": {"check": "pii", "secret": "env:A"}}})",
     "guardrails.a.secret", "shows it to nobody"},
    {"preset without a model", R"({"presets": {"a": {"system": "x"}}})", "presets.a.model", "Is missing"},
    {"preset of a preset", R"({"presets": {"a": {"model": "preset/b"}}})", "presets.a.model",
     "lead to a preset"},
    {"unknown variable", R"({"presets": {"a": {"model": "m", "system": "on {{dat}}"}}})", "presets.a.system",
     "Did you mean \"date\""},
    {"added by nobody", R"({"presets": {"a": {"model": "m", "before": [{"role": "tool", "text": "x"}]}}})",
     "presets.a.before[0].role", "\"system\" or \"user\""},
    {"pinned model", R"({"presets": {"a": {"model": "m", "pinned": {"model": "x"}}}})",
     "presets.a.pinned.model", "Cannot be set"},
    {"pinned heat", R"({"presets": {"a": {"model": "m", "pinned": {"temperature": "hot"}}}})",
     "presets.a.pinned.temperature", "Needs a number"},
    {"cached for ever", R"({"presets": {"a": {"model": "m", "cache_prefix": "2h"}}})",
     "presets.a.cache_prefix", "\"5m\" or \"1h\""},
    {"tool without a name", R"({"presets": {"a": {"model": "m", "tools": [{"type": "function"}]}}})",
     "presets.a.tools[0]", "Needs a tool"},
    {"alias of a preset that is not there", R"({"aliases": {"a": "preset/b"}})", "aliases.a",
     "There is no preset"},
    {"route with a guardrail that is not there",
     R"({"providers": {"lab": {"kind": "openai"}}, "routes": {"r": {"targets": [{"provider": "lab", "model": "m"}], "guardrails": ["x"]}}})",
     "routes.r.guardrails[0]", "There is no guardrail"},
    {"test without a name", routeTest(R"("request": {}, "expect": {"target": "lab"})"),
     "routes.r.tests[0].name", "1 to 100"},
    {"test without a request", routeTest(R"("name": "t", "expect": {"target": "lab"})"),
     "routes.r.tests[0].request", "Is missing"},
    {"test request type", routeTest(R"("name": "t", "request": 1, "expect": {"target": "lab"})"),
     "routes.r.tests[0].request", "an object"},
    {"test without expectation", routeTest(R"("name": "t", "request": {})"), "routes.r.tests[0].expect",
     "target, not or max_cost_usd"},
    {"test unknown key", routeTest(R"("name": "t", "request": {}, "expect": {"targt": "lab"})"),
     "routes.r.tests[0].expect.targt", "Did you mean \"target\"?"},
    {"test cost", routeTest(R"("name": "t", "request": {}, "expect": {"max_cost_usd": -1})"),
     "routes.r.tests[0].expect.max_cost_usd", "0 or more"},
    {"test name of nobody", routeTest(R"("name": "t", "request": {}, "expect": {"not": ["lab/"]})"),
     "routes.r.tests[0].expect.not[0]", "provider/model"},
    {"two tests", routeTest(R"("name": "t", "request": {}, "expect": {"target": "lab"}},
                               {"name": "t", "request": {}, "expect": {"target": "lab"})"),
     "routes.r.tests[1].name", "two tests"},
};

const ConfigProblem* problemAt(const ParsedConfig& parsed, std::string_view path)
{
    for (const ConfigProblem& problem : parsed.problems) {
        if (problem.path == path) return &problem;
    }
    return nullptr;
}

} // namespace

class ConfigParseTest : public QObject {
    Q_OBJECT

private slots:
    void nothingIsAValidConfiguration()
    {
        for (const char* text : {"", "  \n", "{}", "\xEF\xBB\xBF{}", " {} "}) {
            const ParsedConfig parsed = parseConfig(text);
            QVERIFY(parsed.problems.empty());
            QVERIFY(parsed.config == Config());
        }
    }

    void readsEveryField();

    void takesTheContractsExample()
    {
        QFile file(QStringLiteral(TURNPIKE_FIXTURES "/config/contract_example.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const ParsedConfig parsed = parseConfig(file.readAll().toStdString());
        QVERIFY(parsed.usable());
        QCOMPARE(parsed.problems.size(), std::size_t(0));
        const gateway::RouteConfig& smart = *parsed.config.findRoute("smart");
        QVERIFY(smart.cache && smart.cache->exact);
        QCOMPARE(smart.cache->ttlSeconds, 3600U);
        QCOMPARE(parsed.config.keys.front().budget->usd, std::optional<std::string>("10"));
        QCOMPARE(parsed.config.keys.front().limits.rpm, std::optional<std::uint32_t>(60));
    }

    void saysWhereAndWhat_data();

    void saysWhereAndWhat()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, says);
        const ParsedConfig parsed = parseConfig(text.toStdString());
        QVERIFY(!parsed.usable());
        const ConfigProblem* found = problemAt(parsed, path.toStdString());
        QByteArray all;
        for (const ConfigProblem& problem : parsed.problems)
            all += QByteArray::fromStdString(problem.path + ": " + problem.message + "\n");
        QVERIFY2(found, all.constData());
        QVERIFY2(found->weight == ConfigProblem::Weight::Error, all.constData());
        QVERIFY2(found->message.find(says.toStdString()) != std::string::npos, all.constData());
        QVERIFY(found->line >= 1);
    }

    void warnsButGoesOn_data();

    void warnsButGoesOn()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, path);
        const ParsedConfig parsed = parseConfig(text.toStdString());
        QVERIFY(parsed.usable());
        QCOMPARE(parsed.problems.size(), std::size_t(1));
        QCOMPARE(parsed.problems[0].path, path.toStdString());
    }

    void aTestThatNamesNobodyIsAWarningWithANearName()
    {
        const auto said = [](const char* path, const char* name) {
            const std::string names =
                std::string("\"expect\": {\"target\": \"lab\"}, \"down\": [\"") + name + "\"]";
            const ParsedConfig parsed = parseConfig(routeTest(R"("name": "t", "request": {}, )" + names));
            const ConfigProblem* found = problemAt(parsed, path);
            return parsed.usable() && found ? found->message : std::string();
        };
        const char* const path = "routes.r.tests[0].down[0]";
        QVERIFY(said(path, "labb").find("Did you mean \"lab\"?") != std::string::npos);
        QVERIFY(said(path, "lab/n").find("Did you mean \"lab/m\"?") != std::string::npos);
        QVERIFY(said(path, "lab").empty());
        QVERIFY(said(path, "lab/m").empty());
    }

    void plainHttpNearbyIsFine()
    {
        for (const char* host : {"localhost:1", "127.0.0.1:1", "[::1]:1", "192.168.1.2", "10.0.0.1", "box",
                                 "box.local", "[fd00::1]"}) {
            const std::string text = providers(R"({"kind": "openai-compatible", "base_url": "http://)" +
                                               std::string(host) + "/v1\"}");
            QVERIFY2(parseConfig(text).problems.empty(), host);
        }
    }

    void findsCircles()
    {
        const ParsedConfig parsed = parseConfig(R"({"routes": {
            "a": {"targets": [{"route": "b"}]},
            "b": {"targets": [{"provider": "sandbox", "model": "echo"}, {"route": "c"}]},
            "c": {"targets": [{"route": "d"}, {"route": "b"}]},
            "d": {"targets": [{"provider": "sandbox", "model": "echo"}]}}})");
        QCOMPARE(parsed.problems.size(), std::size_t(1));
        QCOMPARE(parsed.problems[0].path, std::string("routes.c.targets[1].route"));
        QVERIFY(parsed.problems[0].message.find("b → c → b") != std::string::npos);
        QCOMPARE(parsed.problems[0].line, std::size_t(4));
    }

    void neverRepeatsWhatMayBeAKey();

    void ownerKeysAreNoProblem()
    {
        const ParsedConfig parsed =
            parseConfig(R"({"x-note": 1, "server": {"x-a": []}, "providers": {"x-old": {"kind": 1},
            "p": {"kind": "sandbox", "x-b": null}}, "routes": {"x-r": 1}, "keys": {"x-k": 2}})");
        QVERIFY(parsed.problems.empty());
        QCOMPARE(parsed.config.providers.size(), std::size_t(1));
        QVERIFY(parsed.config.routes.empty());
    }

    void hostileFilesEndQuickly()
    {
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!parseConfig(std::string(100'000, '[')).usable());
        QVERIFY(!parseConfig(std::string((1 << 20) + 1, ' ')).usable());
        std::string unknown = "{";
        for (int i = 0; i < 60'000; ++i)
            unknown += "\"serv" + std::to_string(i) + "\":1,";
        unknown += "\"a\":1}";
        const ParsedConfig many = parseConfig(unknown);
        QVERIFY(!many.usable());
        QVERIFY(many.problems.size() <= 201);
        std::string keys = R"({"keys": {)";
        for (int i = 0; i < 80'000; ++i)
            keys += "\"" + std::to_string(i) + "\":{},";
        QVERIFY(!parseConfig(keys + "\"a\":{}}}").usable());
        std::string deep = R"({"x-a": )";
        deep.append(40, '[').append(40, ']').append("}");
        QVERIFY(!parseConfig(deep).usable());
    }
};

// Outside of the class: moc stumbles over // in a raw string inside of one.

void ConfigParseTest::readsEveryField()
{
    const ParsedConfig parsed = parseConfig(R"({
        "server": {"host": "::1", "port": 0, "require_key": false, "admin_key": "file:/a", "max_body_bytes": 2048,
            "allowed_origins": ["http://localhost:3000"], "allowed_hosts": ["box:1"], "drain_seconds": 3, "log_bodies": "all",
            "io_threads": 2, "limits": {"request_line_bytes": 1000, "header_bytes": 2000, "header_fields": 50, "connections": 7,
            "header_ms": 1, "body_idle_ms": 2, "body_ms": 3, "keepalive_idle_ms": 4,
            "websocket_idle_ms": 5}},
        "network": {"proxy": "socks5://127.0.0.1:1080", "no_proxy": ["a.b"]},
        "providers": {"p.q": {"kind": "openai", "base_url": "https://x.y/v1", "local": true,
            "keys": [{"id": "k", "secret": "env:A_B", "weight": 5}], "key_order": "listed",
            "models": {"x-ai/grok": {"price": {"input": 2.50, "output": 1e1, "cache_read": 0, "cache_write": 0.000000001},
                "context": 128000, "alias": "g", "hidden": true}},
            "headers": {"x-team": "a"}, "data_policy": {"trains_on_data": true, "retention_days": 30, "region": "eu"},
            "proxy": "none", "ca_file": "/ca.pem", "retry": {"attempts": 0}, "timeout": {"total_ms": 9},
            "health_check": {"every_seconds": 30}}},
        "routes": {"r": {"targets": [{"provider": "p.q", "model": "m", "override": {"a" : [1, 2.50]}, "weight": 0,
            "when": {"model": "x"}, "limits": {"rpm": 5, "tpm": 6},
            "description": "d", "examples": ["e", "f"]}, {"route": "s"}], "sticky_by": "metadata.user",
            "semantic": {"threshold": 0.50, "margin": 0},
            "circuit": {"failures": 1, "error_percent": 2, "minimum_requests": 3, "recover": 4, "wait_ms": 5},
            "retry": {"attempts": 1, "on_status": [500], "backoff_ms": 1, "max_backoff_ms": 2, "honor_retry_after": false},
            "timeout": {"connect_ms": 1, "first_byte_ms": 2, "idle_ms": 3, "total_ms": 4}, "unsupported": "error",
            "data_policy": {"local": true, "no_training": true, "zero_retention": true, "regions": ["eu", "ch"]},
            "shadow": {"provider": "p.q", "model": "n", "share": 0.25},
            "tests": [{"name": "t", "request": {"model" : "r"}, "expect": {"target": "p.q/m", "not": ["sandbox"],
                "max_cost_usd": 0.050}, "down": ["sandbox"], "limited": ["p.q"], "slow": ["p.q/m"]}]},
            "s": {"targets": [{"provider": "sandbox", "model": "echo"}]}},
        "aliases": {"gpt-4*": "r", "b": "p.q/m/n"},
        "keys": {"k": {"sha256": "ABCDEF6789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "models": ["gpt-*"],
            "expires": "2026-12-31", "tags": ["t"], "dialects": ["openai"], "paused": true,
            "budget": {"usd": 0.50, "per": "rolling_day"}, "limits": {"rpm": 1, "rph": 2, "rpd": 3, "tpm": 4, "tph": 5,
                "tpd": 6, "concurrent": 7, "queue_ms": 8}}},
        "budgets": {"b": {"usd": 1e2, "per": "month", "warn_at": [50], "at_limit": "reroute", "route": "s", "scope":
            {"provider": "p*", "model": "m", "route": "r", "key": "k", "tag": "t", "client": "c"}}}})");
    for (const ConfigProblem& problem : parsed.problems)
        QVERIFY2(problem.weight == ConfigProblem::Weight::Warning, problem.message.c_str());
    const Config& config = parsed.config;
    QCOMPARE(config.server.host, std::string("::1"));
    QCOMPARE(config.server.port, std::uint16_t(0));
    QCOMPARE(config.server.limits.keepaliveIdle.count(), 4);
    QCOMPARE(config.server.limits.webSocketIdle.count(), 5);
    QVERIFY(config.server.logBodies == gateway::LogBodies::All);
    const auto* provider = config.findProvider("p.q");
    QVERIFY(provider);
    QCOMPARE(*provider->models[0].price->input, std::string("2.50"));
    QCOMPARE(provider->models[0].name, std::string("x-ai/grok"));
    QCOMPARE(provider->keys[0].secret.text(), std::string("env:A_B"));
    QVERIFY(provider->keyOrder == gateway::KeyOrder::Listed);
    QCOMPARE(provider->headers[0].first, std::string("x-team"));
    QCOMPARE(*provider->retry.attempts, 0U);
    QCOMPARE(config.findRoute("r")->targets[0].overrideJson, std::string(R"({"a":[1,2.50]})"));
    QCOMPARE(config.findRoute("r")->timeout.total->count(), 4);
    QVERIFY(config.findRoute("r")->unsupported == gateway::Unsupported::Error);
    const gateway::TargetConfig& first = config.findRoute("r")->targets[0];
    QCOMPARE(first.weight, 0u);
    QCOMPARE(first.whenJson, std::string(R"({"model":"x"})"));
    QVERIFY(first.limits == (gateway::TargetLimits{5, 6}));
    QCOMPARE(first.description, std::string("d"));
    QVERIFY(first.examples == (std::vector<std::string>{"e", "f"}));
    QVERIFY(config.findRoute("r")->semantic ==
            (gateway::SemanticConfig{std::string("0.50"), std::string("0")}));
    QCOMPARE(config.findRoute("r")->stickyBy, std::string("metadata.user"));
    QVERIFY(config.findRoute("r")->tests[0] ==
            (gateway::RouteTest{
                "t", R"({"model":"r"})", {"p.q/m", {"sandbox"}, "0.050"}, {"sandbox"}, {"p.q"}, {"p.q/m"}}));
    QVERIFY(config.findRoute("r")->circuit ==
            (gateway::CircuitConfig{1, 2, 3, 4, std::chrono::milliseconds(5)}));
    QVERIFY(provider->healthCheck && provider->healthCheck->every == std::chrono::seconds(30));
    QVERIFY(config.findRoute("r")->dataPolicy == (gateway::DataRules{true, true, true, {"eu", "ch"}}));
    QVERIFY(config.findRoute("r")->shadow ==
            (gateway::ShadowConfig{gateway::ProviderId("p.q"), "n", std::string("0.25")}));
    QCOMPARE(config.aliases[1].second, std::string("p.q/m/n"));
    QCOMPARE(config.findKey("k")->sha256.substr(0, 6), std::string("abcdef"));
    QVERIFY(config.findKey("k")->paused);
    QVERIFY(config.findKey("k")->budget == (gateway::KeyBudget{"0.50", gateway::BudgetPeriod::RollingDay}));
    QVERIFY(config.findKey("k")->limits ==
            (gateway::RateLimits{1, 2, 3, 4, 5, 6, 7, std::chrono::milliseconds(8)}));
    QVERIFY(config.budgets == (std::vector<gateway::BudgetConfig>{{gateway::BudgetId("b"),
                                                                   "1e2",
                                                                   gateway::BudgetPeriod::Month,
                                                                   {"p*", "m", "r", "k", "t", "c"},
                                                                   {50},
                                                                   gateway::AtLimit::Reroute,
                                                                   gateway::RouteId("s")}}));
    QVERIFY(!config.findKey("nobody"));
}

void ConfigParseTest::saysWhereAndWhat_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("says");
    for (const auto* table : {&kBadBasics, &kBadProviders, &kBadRoutesAndKeys}) {
        for (const BadText& bad : *table)
            QTest::newRow(bad.name) << QByteArray::fromStdString(bad.text) << QByteArray(bad.path)
                                    << QByteArray(bad.says);
    }
}

void ConfigParseTest::warnsButGoesOn_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("open") << QByteArray(R"({"server": {"host": "0.0.0.0"}})") << QByteArray("server.host");
    QTest::newRow("no key") << QByteArray(R"({"server": {"require_key": false}})")
                            << QByteArray("server.require_key");
    QTest::newRow("plain http")
        << QByteArray(
               R"({"providers": {"p": {"kind": "openai-compatible", "base_url": "http://example.com"}}})")
        << QByteArray("providers.p.base_url");
    QTest::newRow("provider without key")
        << QByteArray(R"({"providers": {"p": {"kind": "openai"}}})") << QByteArray("providers.p");
}

void ConfigParseTest::neverRepeatsWhatMayBeAKey()
{
    const std::string key = "sk-proj-abcdefghijklmnop";
    for (const std::string& text :
         {R"({"server": {"admin_key": ")" + key + "\"}}",
          providers(R"({"kind": "openai", "keys": [{"id": "a", "secret": ")" + key + "\"}]}"),
          providers(R"({"kind": "openai", "keys": ")" + key + "\"}"),
          R"({"keys": {"k": {"sha256": ")" + key + "\"}}}"}) {
        const ParsedConfig parsed = parseConfig(text);
        QVERIFY(!parsed.usable());
        for (const ConfigProblem& problem : parsed.problems)
            QVERIFY2(problem.message.find(key) == std::string::npos, problem.message.c_str());
    }
}

QTEST_GUILESS_MAIN(ConfigParseTest)
#include "config_parse_test.moc"
