// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <QTest>

#include "pipeline/feedback_exchange.h"

using namespace gateway;
using namespace gateway::pipeline;

namespace {

// With ' for ": moc loses its way in raw strings.
Result<std::vector<Feedback>> read(QByteArray body)
{
    return readFeedback(body.replace('\'', '"').toStdString());
}

} // namespace

class FeedbackTest : public QObject {
    Q_OBJECT

private slots:
    void readsOneAsPortkeyHasIt()
    {
        const auto one = read(" {'trace_id':'t-1','value':-10,'weight':0.5,'metadata':{'_user':'a'}} ");
        QVERIFY(one && one.value().size() == 1);
        QCOMPARE(one.value().front().trace, std::string("t-1"));
        QVERIFY(one.value().front().id.empty());
        QCOMPARE(one.value().front().value, -0.5);
    }

    void readsAList()
    {
        const std::string id = nextRequestId(1'741'305'600'000'000).text();
        const QByteArray ours = QByteArray::fromStdString(id);
        const auto list = read("[{'trace_id':'t','value':5},{'id':'" + ours + "','value':0},{'trace_id':'" +
                               ours + "','value':10,'weight':null}]");
        QVERIFY(list && list.value().size() == 3);
        QCOMPARE(list.value()[0].value, 0.5);
        QCOMPARE(list.value()[1].id, id);
        QCOMPARE(list.value()[2].id, id); // an id of ours under the other name
        QCOMPARE(list.value()[2].value, 1.0);
        QVERIFY(read("[]") && read("[]").value().empty());
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("member");
        const auto row = [](const char* body, const char* member) {
            QTest::addRow("%s", body) << QByteArray(body) << QByteArray(member);
        };
        row("5", "");
        row("'text'", "");
        row("[5]", "");
        row("{'value':1}", "trace_id");
        row("{'trace_id':5,'value':1}", "trace_id");
        row("{'trace_id':'','value':1}", "trace_id");
        row("{'id':'t','value':1}", "id");
        row("{'trace_id':'t'}", "value");
        row("{'trace_id':'t','value':11}", "value");
        row("{'trace_id':'t','value':-10.5}", "value");
        row("{'trace_id':'t','value':'5'}", "value");
        row("{'trace_id':'t','value':5,'weight':1.1}", "weight");
        row("{'trace_id':'t','value':5,'weight':'1'}", "weight");
        row("{'trace_id':'t','value':5,'metadata':[]}", "metadata");
    }

    void saysWhatIsWrong()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, member);
        const auto problem = read(body);
        QVERIFY(!problem);
        QCOMPARE(httpStatus(problem.error()), 400);
        QCOMPARE(QByteArray::fromStdString(problem.error().param), member);
    }

    void takesAHundredAtOnce()
    {
        const auto listOf = [](int count) {
            QByteArray list = "[";
            for (int i = 0; i < count; ++i)
                list += QByteArray(i == 0 ? "" : ",") + "{'trace_id':'t','value':1}";
            return list + "]";
        };
        QVERIFY(read(listOf(100)));
        QVERIFY(!read(listOf(101)));
    }
};

QTEST_APPLESS_MAIN(FeedbackTest)
#include "feedback_test.moc"
