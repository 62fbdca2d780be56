// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <string>

#include <QTest>

#include "pipeline/inline_config.h"

using namespace gateway;
using namespace gateway::pipeline;

namespace {

/// JSON is written with single quotes here.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

Config sample()
{
    Config config;
    for (const char* id : {"openai", "lab", "ant"}) {
        ProviderConfig provider;
        provider.id = ProviderId(id);
        config.providers.push_back(provider);
    }
    return config;
}

Result<InlineRoutes> read(const std::string& text, std::string_view model = "gpt-4o")
{
    static const Config s_config = sample();
    return readPortkeyConfig(json(text), s_config, model);
}

InlineRoutes good(const std::string& text, std::string_view model = "gpt-4o")
{
    auto routes = read(text, model);
    if (!routes) {
        qWarning("%s", routes.error().message.c_str());
        return {{RouteConfig{}}, {{}}, {}};
    }
    return std::move(*routes);
}

std::string problem(const std::string& text, std::string_view model = "gpt-4o")
{
    const auto routes = read(text, model);
    if (routes) return "accepted";
    const Error& error = routes.error();
    if (error.code != Code::InvalidRequest || error.param != "x-portkey-config") return "another error";
    return error.message;
}

std::string joinedNames(const InlineRoutes& routes)
{
    std::string names;
    for (const std::string& name : routes.names)
        names += (names.empty() ? "" : " ") + name;
    return names;
}

class Fields : public FieldSource {
public:
    std::map<std::string, std::string, std::less<>> texts;
    [[nodiscard]] FieldValue field(std::string_view name) const override
    {
        const auto found = texts.find(name);
        return found == texts.end() ? FieldValue() : FieldValue::of(std::string_view(found->second));
    }
};

std::string nested(int depth)
{
    std::string text = "{'provider':'lab'}";
    for (int i = 1; i < depth; ++i)
        text.insert(0, "{'strategy':{'mode':'single'},'targets':[").append("]}");
    return text;
}

std::string wide(int targets)
{
    std::string text = "{'strategy':{'mode':'fallback'},'targets':[{'provider':'lab'}";
    for (int i = 1; i < targets; ++i)
        text += ",{'provider':'lab'}";
    return text + "]}";
}

/// A row of a test: what stands at that place is refused for that reason.
void refusal(const QByteArray& config, const QByteArray& place, const char* why)
{
    QTest::newRow(config.constData()) << config << "`" + place + "`" << QByteArray(why);
}

/// The same for a member of the whole and of a target deep inside.
void inside(const QByteArray& member, const QByteArray& name, const char* why)
{
    refusal("{" + member + "}", "config." + name, why);
    refusal("{'strategy':{'mode':'fallback'},'targets':[{'provider':'lab'},{'strategy':{'mode':'single'},"
            "'targets':[{" +
                member + "}]}]}",
            "config.targets[1].targets[0]." + name, why);
}

} // namespace

class InlineConfigTest : public QObject {
    Q_OBJECT

private slots:
    void readsOneTarget()
    {
        const InlineRoutes routes = good("{'provider':'@openai','override_params':{'temperature':0.5,'model':"
                                         "'gpt-4.1','stop':['a']},'cache':{'mode':'simple','max_age':60}}");
        QCOMPARE(routes.routes.size(), std::size_t(1));
        const RouteConfig& root = routes.routes.front();
        QCOMPARE(root.id.text, std::string("x-portkey-config"));
        QCOMPARE(root.targets.front().provider.text, std::string("openai"));
        QCOMPARE(root.targets.front().model, std::string("gpt-4.1"));
        QCOMPARE(root.targets.front().overrideJson, json("{'temperature':0.5,'stop':['a']}"));
        QCOMPARE(joinedNames(routes), std::string("openai/gpt-4.1"));
        QVERIFY(!routes.findInner("x-portkey-config"));
    }

    void namesModelsInEveryWay_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<QByteArray>("name");
        const auto row = [](const char* config, const char* model, const char* name) {
            QTest::addRow("%s, %s", config, model)
                << QByteArray(config) << QByteArray(model) << QByteArray(name);
        };
        row("{'provider':'lab'}", "m", "lab/m");
        row("{'virtual_key':'lab'}", "m", "lab/m");
        row("{'provider':'lab','virtual_key':'@lab'}", "m", "lab/m");
        row("{'provider':'sandbox'}", "echo", "sandbox/echo");
        row("{'provider':'lab'}", "lab/m", "lab/m");
        row("{'provider':'lab'}", "openai/m", "lab/openai/m");
        row("{'provider':'lab'}", "@lab/m", "lab/m");
        row("{}", "@lab/m", "lab/m");
        row("{}", "m", "m");
        row("{'override_params':{'model':'@ant/claude'}}", "m", "ant/claude");
        row("{'provider':'lab','override_params':{'model':'lab/own'}}", "m", "lab/lab/own");
        row("{'provider':null,'override_params':{'model':'x'}}", "", "x");
    }

    void namesModelsInEveryWay()
    {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, model);
        QFETCH(QByteArray, name);
        QCOMPARE(joinedNames(good(config.toStdString(), model.toStdString())), name.toStdString());
    }

    void takesOverWhatStandsAround()
    {
        const InlineRoutes routes =
            good("{'strategy':{'mode':'fallback','on_status_codes':[429,503]},'provider':'lab',"
                 "'retry':{'attempts':1,'on_status_codes':[500],'use_retry_after_header':false},"
                 "'request_timeout':5000,'override_params':{'a':1,'b':2},'targets':["
                 "{'override_params':{'b':3}},{'provider':'openai','retry':{'attempts':9},"
                 "'request_timeout':20000}]}");
        QCOMPARE(routes.routes.size(), std::size_t(3));
        QCOMPARE(routes.routes[0].targets[1].route.text, std::string("config.targets[1]"));
        QCOMPARE(*routes.nextOn(routes.routes[0]), (std::vector<int>{429, 503}));
        QVERIFY(!routes.nextOn(routes.routes[1]));
        const RouteConfig& first = *routes.findInner("config.targets[0]");
        QCOMPARE(first.targets.front().provider.text, std::string("lab"));
        QCOMPARE(first.targets.front().overrideJson, json("{'a':1,'b':3}"));
        QCOMPARE(*first.retry.attempts, 1U);
        QCOMPARE(*first.retry.onStatus, std::vector<int>{500});
        QCOMPARE(*first.retry.honorRetryAfter, false);
        QCOMPARE(*first.timeout.firstByte, milliseconds(5000));
        QCOMPARE(*first.timeout.connect, milliseconds(5000));
        const RouteConfig& second = *routes.findInner("config.targets[1]");
        QCOMPARE(*second.retry.attempts, 5U); // Portkey's most
        QVERIFY(!second.retry.onStatus);
        QCOMPARE(*second.timeout.firstByte, milliseconds(20'000));
        QVERIFY(!second.timeout.connect);
    }

    void balancesByWeight()
    {
        InlineRoutes routes = good("{'strategy':{'mode':'loadbalance'},'targets':[{'provider':'lab','weight':"
                                   "0.7},{'provider':'ant'},{'provider':'openai','weight':0}]}");
        QCOMPARE(routes.routes[0].strategy, std::string("weighted"));
        QCOMPARE(routes.routes[0].targets.size(), std::size_t(2));
        QCOMPARE(routes.routes[0].targets[0].weight, 700U);
        QCOMPARE(routes.routes[0].targets[1].weight, 1000U);
        routes = good("{'strategy':{'mode':'loadbalance','sticky_session':{'hash_fields':['metadata.user'],"
                      "'ttl':60}},'targets':[{'provider':'lab'}]}");
        QCOMPARE(routes.routes[0].strategy, std::string("sticky"));
        QCOMPARE(routes.routes[0].stickyBy, std::string("metadata.user"));
        routes = good("{'strategy':{'mode':'loadbalance','sticky_session':{'hash_fields':['metadata.user',"
                      "'url.pathname']}},'targets':[{'provider':'lab'}]}");
        QCOMPARE(routes.routes[0].stickyBy, std::string("metadata.user,url.pathname"));
        routes = good("{'strategy':{'mode':'loadbalance','sticky':{'enabled':false}},"
                      "'targets':[{'provider':'lab'}]}");
        QCOMPARE(routes.routes[0].strategy, std::string("weighted"));
    }

    void choosesByConditions()
    {
        const std::string config =
            "{'strategy':{'mode':'conditional','conditions':[{'query':{'metadata.plan':'paid'},'then':'big'},"
            "{'query':{'$or':[{'metadata.plan':{'$eq':'paid'}},{'model':'m'}]},'then':'mid'}],"
            "'default':'small'},'targets':[{'name':'small','provider':'lab'},{'name':'mid','provider':'ant'},"
            "{'name':'big','provider':'openai'}]}";
        const auto chosen = [&config](const Fields& fields) {
            InlineRoutes routes = good(config);
            routes.choose(fields);
            std::string text;
            for (const TargetConfig& target : routes.routes[0].targets)
                text += routes.findInner(target.route.text)->targets.front().provider.text + " ";
            return text;
        };
        Fields fields;
        QCOMPARE(chosen(fields), std::string("lab "));
        fields.texts["model"] = "m";
        QCOMPARE(chosen(fields), std::string("ant lab "));
        fields.texts["metadata.plan"] = "paid";
        QCOMPARE(chosen(fields), std::string("openai ant lab "));
    }

    void leavesNothingWhereNoConditionHolds()
    {
        InlineRoutes routes =
            good("{'strategy':{'mode':'conditional','conditions':[{'query':{'model':'x'},'then':'a'},"
                 "{'query':{'model':'y'},'then':'a'}]},'targets':[{'name':'a','provider':'lab'}]}");
        QCOMPARE(routes.routes[0].targets.size(), std::size_t(2));
        Fields fields;
        InlineRoutes other = routes;
        other.choose(fields);
        QVERIFY(other.routes[0].targets.empty());
        fields.texts["model"] = "y";
        routes.choose(fields);
        QCOMPARE(routes.routes[0].targets.size(), std::size_t(1));
    }

    void takesTheFirstOfASingle()
    {
        const InlineRoutes routes =
            good("{'strategy':{'mode':'single'},'targets':[{'provider':'lab'},{'provider':'ant'}]}");
        QCOMPARE(routes.routes[0].targets.size(), std::size_t(1));
        // Permission is asked for all of them.
        QCOMPARE(joinedNames(routes), std::string("lab/gpt-4o ant/gpt-4o"));
    }

    void hasBounds()
    {
        QCOMPARE(problem(nested(16)), std::string("accepted"));
        QVERIFY(problem(nested(17)).find("nested too deeply") != std::string::npos);
        QCOMPARE(problem(wide(64)), std::string("accepted"));
        QVERIFY(problem(wide(65)).find("more than 64 targets") != std::string::npos);
        std::string rules;
        for (int i = 0; i < 33; ++i)
            rules += std::string(i == 0 ? "" : ",") + "{'query':{'model':{'$\\u0072egex':'a'}},'then':'a'}";
        QVERIFY(problem("{'strategy':{'mode':'conditional','conditions':[" + rules +
                        "]},'targets':[{'name':'a','provider':'lab'}]}")
                    .find("too many patterns") != std::string::npos);
    }

    void refusesDestinationsAndStrangers_data()
    {
        addColumns();
        for (const char* name : {"custom_host", "api_key", "forward_headers"}) {
            for (const char* value : {"'http://evil.test'", "null", "[]"})
                inside("'provider':'lab','" + QByteArray(name) + "':" + value, name, "saved configuration");
            inside("'provider':'lab','override_params':{'" + QByteArray(name) + "':'x'}",
                   QByteArray("override_params.") + name, "saved configuration");
        }
        inside("'provider':'lab','\\u0061pi_key':'x'", "api_key", "saved configuration");
        inside("'provider':'nobody'", "provider", "names no provider");
        inside("'virtual_key':'openai-1234'", "virtual_key", "names no provider");
        inside("'provider':'lab','virtual_key':'ant'", "virtual_key", "contradicts");
        for (const char* name :
             {"input_guardrails", "output_guardrails", "before_request_hooks", "input_mutators"})
            inside("'provider':'lab','" + QByteArray(name) + "':['x']", name, "not in this version");
        inside("'provider':'lab','retries':3", "retries", "unknown");
        inside("'provider':'lab','aws_region':'x'", "aws_region", "unknown");
    }

    void refusesDestinationsAndStrangers() { checkRefusal(); }

    void refusesValuesThatMakeNoSense_data()
    {
        addColumns();
        inside("'retry':{'attempts':1,'wait':3}", "retry.wait", "unknown");
        inside("'retry':{'on_status_codes':[500]}", "retry.attempts", "missing");
        inside("'retry':{'attempts':-1}", "retry.attempts", "whole number");
        inside("'retry':{'attempts':1,'on_status_codes':[]}", "retry.on_status_codes", "list of HTTP");
        inside("'retry':{'attempts':1,'on_status_codes':[99]}", "retry.on_status_codes", "list of HTTP");
        inside("'request_timeout':'1s'", "request_timeout", "whole number");
        inside("'override_params':[]", "override_params", "object");
        inside("'override_params':{'stream':true}", "override_params.stream", "client chooses");
        inside("'override_params':{'models':['x']}", "override_params.models", "targets");
        inside("'override_params':{'base_url':'x'}", "override_params.base_url", "saved configuration");
        inside("'override_params':{'model':'../x'}", "override_params.model", "letters");
        inside("'cache':{'mode':'best'}", "cache.mode", "simple or semantic");
        inside("'weight':'much'", "weight", "number");
        inside("'name':''", "name", "text");
    }

    void refusesValuesThatMakeNoSense() { checkRefusal(); }

    void refusesStrategiesThatMakeNoSense_data()
    {
        addColumns();
        inside("'strategy':{'mode':'race'},'targets':[{}]", "strategy.mode", "single, loadbalance");
        inside("'strategy':{},'targets':[{}]", "strategy.mode", "single, loadbalance");
        inside("'strategy':{'mode':'fallback','cb_config':{}},'targets':[{}]", "strategy.cb_config",
               "needs a failure_threshold");
        inside("'strategy':{'mode':'loadbalance','on_status_codes':[500]},'targets':[{}]",
               "strategy.on_status_codes", "no meaning");
        inside("'strategy':{'mode':'fallback'}", "targets", "missing");
        inside("'strategy':{'mode':'fallback'},'targets':[]", "targets", "empty");
        inside("'strategy':{'mode':'fallback'},'targets':{}", "targets", "list");
        inside("'targets':[{}]", "strategy", "missing");
        inside("'strategy':{'mode':'conditional'},'targets':[{}]", "strategy.conditions", "missing");
        inside("'strategy':{'mode':'conditional','conditions':[{'query':{}}]},'targets':[{}]",
               "strategy.conditions[0]", "needs");
        inside("'strategy':{'mode':'conditional','conditions':[{'query':{'url.host':'/'},'then':'a'}]},"
               "'targets':[{'name':'a'}]",
               "strategy.conditions[0].query", "no field");
        inside("'strategy':{'mode':'conditional','conditions':[{'query':{},'then':'b'}]},"
               "'targets':[{'name':'a'}]",
               "strategy.conditions", "not in `targets`");
        inside("'strategy':{'mode':'conditional','conditions':[{'query':{},'then':'a'}],'default':'b'},"
               "'targets':[{'name':'a'}]",
               "strategy.default", "not in `targets`");
        inside("'strategy':{'mode':'loadbalance','sticky':{'hash_fields':['metadata.a','colour']}},"
               "'targets':[{}]",
               "strategy.sticky.hash_fields", "fields of the request");
        inside("'strategy':{'mode':'loadbalance','sticky':{'hash_fields':['metadata.a,session']}},'targets':["
               "{}]",
               "strategy.sticky.hash_fields", "fields of the request");
    }

    void refusesStrategiesThatMakeNoSense() { checkRefusal(); }

    void refusesTreesThatMakeNoSense_data()
    {
        addColumns();
        refusal("{'provider':'lab','override_params':{'model':'@ant/m'}}", "config", "another provider");
        refusal("{'override_params':{'model':'@gone/m'}}", "config", "saved configuration");
        refusal("{'strategy':{'mode':'loadbalance'},'targets':[{'weight':0}]}", "config", "weights of 0");
        refusal("{'provider':'lab','provider':'ant'}", "config", "not valid JSON");
        refusal("{'provider':'lab'} x", "config", "not valid JSON");
        refusal("[]", "config", "object");
        refusal("{'strategy':{'mode':'fallback'},'targets':['lab']}", "config.targets[0]", "object");
    }

    void refusesTreesThatMakeNoSense() { checkRefusal(); }

    void needsAModel()
    {
        QVERIFY(problem("{'provider':'lab'}", "").find("has no model") != std::string::npos);
        QCOMPARE(problem("{'provider':'lab','override_params':{'model':'m'}}", ""), std::string("accepted"));
    }

private:
    static void addColumns()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("place");
        QTest::addColumn<QByteArray>("why");
    }

    static void checkRefusal()
    {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, place);
        QFETCH(QByteArray, why);
        const std::string message = problem(config.toStdString());
        QVERIFY2(message.starts_with(place.toStdString() + " "), message.c_str());
        QVERIFY2(message.find(why.toStdString()) != std::string::npos, message.c_str());
    }
};

QTEST_APPLESS_MAIN(InlineConfigTest)
#include "inline_config_test.moc"
