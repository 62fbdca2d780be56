// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>
#include <string>

#include <QTest>

#include "base/condition.h"

using namespace gateway;

namespace {

std::string json(std::string text)
{
    for (char& byte : text) {
        if (byte == '\'') byte = '"';
    }
    return text;
}

/// A request whose fields are JSON values.
class MadeUp : public FieldSource {
public:
    explicit MadeUp(std::map<std::string, std::string, std::less<>> values)
    {
        for (auto& [name, value] : values)
            m_values.emplace(name, json(value));
    }
    [[nodiscard]] FieldValue field(std::string_view name) const override
    {
        const auto found = m_values.find(name);
        return found == m_values.end() ? FieldValue()
                                       : FieldValue::ofJson(found->second, m_decoded[found->first]);
    }

private:
    std::map<std::string, std::string, std::less<>> m_values;
    mutable std::map<std::string, std::string> m_decoded;
};

const MadeUp& request()
{
    static const MadeUp made({{"model", "'gpt-5-mini'"},
                              {"params.temperature", "0.5"},
                              {"params.stop", "['a', 'b\\n', 3]"},
                              {"params.seed", "null"},
                              {"metadata.plan", "'paid'"},
                              {"metadata.age", "'30'"},
                              {"headers.user-agent", "'claude-cli/2.0 (external)'"},
                              {"tools", "true"},
                              {"images", "false"},
                              {"input_tokens", "120000"},
                              {"text.last_user", "'Please fix the bug\\nnow'"}});
    return made;
}

} // namespace

class ConditionTest : public QObject {
    Q_OBJECT

private slots:
    void holds_data();
    void holds();
    void refuses_data();
    void refuses();
    void tellsWhatItSaw();
    void staysLinear();
};

void ConditionTest::holds_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("held");
    const auto yes = [](const char* text) { QTest::newRow(text) << QByteArray(text) << true; };
    const auto no = [](const char* text) { QTest::newRow(text) << QByteArray(text) << false; };
    yes("{}");
    yes("{'model':'gpt-5-mini'}");
    yes("{'model':{'$eq':'gpt-5-mini'}}");
    no("{'model':{'$ne':'gpt-5-mini'}}");
    yes("{'model':{'$glob':'gpt-*'}}");
    no("{'model':{'$glob':'gpt-?'}}");
    yes("{'model':{'$in':['a','gpt-5-mini']}}");
    yes("{'model':{'$nin':['a','b']}}");
    yes("{'model':{'$regex':'^gpt-\\\\d'}}");
    no("{'model':{'$regex':'^mini'}}");
    yes("{'params.temperature':{'$gt':0.4,'$lt':0.6}}");
    no("{'params.temperature':{'$gt':0.5}}");
    yes("{'params.temperature':{'$gte':0.5,'$lte':0.5}}");
    yes("{'input_tokens':{'$gt':100000},'tools':true}");
    no("{'input_tokens':{'$gt':100000},'tools':false}");
    yes("{'images':{'$ne':true}}");
    // Metadata and headers can only be texts.
    yes("{'metadata.age':{'$gte':18}}");
    yes("{'metadata.age':30}");
    yes("{'metadata.age':{'$lt':'100'}}");
    no("{'metadata.plan':{'$gt':5}}");
    yes("{'metadata.plan':{'$gt':'free'}}");
    // Nothing under the name.
    no("{'metadata.team':'a'}");
    yes("{'metadata.team':{'$ne':'a'}}");
    yes("{'metadata.team':{'$nin':['a']}}");
    yes("{'metadata.team':null}");
    no("{'metadata.team':{'$regex':'.*'}}");
    no("{'metadata.team':{'$lt':5}}");
    yes("{'params.seed':null}");
    yes("{'metadata.team':{'$not':{'$eq':'a'}}}");
    yes("{'text.last_user':{'$contains':'fix the bug\\nnow'}}");
    no("{'text.last_user':{'$contains':'Fix'}}");
    yes("{'text.last_user':{'$regex':'(?i)FIX'}}");
    yes("{'params.stop':{'$contains':'b\\n'}}");
    yes("{'params.stop':{'$contains':3}}");
    no("{'params.stop':{'$contains':'c'}}");
    no("{'params.stop':'a'}");
    yes("{'$and':[{'model':{'$glob':'gpt*'}},{'$or':[{'tools':false},{'metadata.plan':'paid'}]}]}");
    no("{'$not':{'model':'gpt-5-mini'}}");
    yes("{'$or':[{'model':'x'},{'headers.user-agent':{'$glob':'claude-cli/*'}}]}");
    no("{'$or':[{'model':'x'},{'model':'y'}]}");
}

void ConditionTest::holds()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, held);
    const auto condition = Condition::parse(json(text.toStdString()));
    QVERIFY2(condition.ok(), condition.ok() ? "" : condition.error().message.c_str());
    QCOMPARE(condition->holds(request()), held);
    std::vector<ConditionStep> steps;
    QCOMPARE(condition->explain(request(), steps), held);
}

void ConditionTest::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("where");
    const auto row = [](const char* text, const char* where) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(where);
    };
    row("", "not valid JSON");
    row("[]", "$ has to be an object");
    row("{'colour':'red'}", "$.colour is no field");
    row("{'params.':1}", "$.params. is no field");
    row("{'model':{'$like':'x'}}", "$.model.$like is no operator");
    row("{'model':{}}", "$.model needs an operator");
    row("{'model':['a']}", "$.model has to be a text");
    row("{'$and':{}}", "$.$and has to be a list");
    row("{'$and':[]}", "$.$and needs at least one");
    row("{'$and':[{'model':'x'},{'model':{'$in':'x'}}]}", "$.$and[1].model.$in has to be a list");
    row("{'$xor':[]}", "$.$xor is no operator");
    row("{'model':{'$regex':'('}}", "$.model.$regex cannot be used");
    row("{'model':{'$regex':5}}", "$.model.$regex has to be a text");
    row("{'model':{'$gt':true}}", "$.model.$gt has to be a number or a text");
    row("{'model':{'$eq':{'a':1}}}", "$.model.$eq has to be a text");
}

void ConditionTest::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, where);
    const auto condition = Condition::parse(json(text.toStdString()));
    QVERIFY(!condition.ok());
    const QByteArray message = QByteArray::fromStdString(condition.error().message);
    QVERIFY2(message.contains(where), message);
}

void ConditionTest::tellsWhatItSaw()
{
    const auto condition = Condition::parse(
        json("{'model':{'$glob':'gpt*'},'metadata.team':'a','params.temperature':{'$lt':1}}"));
    QVERIFY(condition.ok());
    std::vector<ConditionStep> steps;
    QVERIFY(!condition->explain(request(), steps));
    QCOMPARE(steps.size(), std::size_t{2}); // What came after the first that failed was not asked.
    QCOMPARE(steps[0].field, std::string("model"));
    QCOMPARE(steps[0].op, std::string("$glob"));
    QCOMPARE(steps[0].seen, std::string("gpt-5-mini"));
    QVERIFY(steps[0].held && !steps[1].held);
    QCOMPARE(steps[1].wanted, std::string("\"a\""));
    QVERIFY(steps[1].seen.empty());
}

/// Neither the pattern of a configuration nor the text of a prompt can make an evaluation run away.
void ConditionTest::staysLinear()
{
    std::string deep;
    for (int i = 0; i < 200; ++i)
        deep += "{\"$not\":";
    deep += "{}" + std::string(200, '}');
    QVERIFY(!Condition::parse(deep).ok());
    const auto condition = Condition::parse(json("{'text.last_user':{'$regex':'(a*)*b'}}"));
    QVERIFY(condition.ok());
    const MadeUp long_({{"text.last_user", "'" + std::string(1 << 20, 'a') + "'"}});
    QVERIFY(!condition->holds(long_));
    QVERIFY(!Condition::parse(json("{'model':{'$regex':'(((a{100}){100}){100}){100}'}}")).ok());
}

QTEST_APPLESS_MAIN(ConditionTest)
#include "condition_test.moc"
