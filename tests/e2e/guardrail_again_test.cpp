// SPDX-License-Identifier: GPL-3.0-or-later
// Conversations that are sent again and again, as agents do, and the guardrail that looks for secrets in all
// of them by itself.
#include <memory>

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "e2e/every_dialect.h"
#include "e2e/model_call.h"
#include "support/error_reply.h"

using namespace support;
using namespace e2e;

namespace {

const QString kLeak = QStringLiteral("export GITHUB_TOKEN=ghp_16C7e42F292c6912E7710c838347Ae178B4a");

/// With words in every message that secrets begin with, too.
QString messageText(int number)
{
    return QStringLiteral("Step %1: the access key is in the vault, and the token of step %1 expired.\n")
               .arg(number) +
           QString(400 + number * 53 % 700, QChar('a' + number % 26));
}

} // namespace

class GuardrailAgainTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void findsWhatIsNewInALongConversation_data();
    void findsWhatIsNewInALongConversation();
    void tellsOfItEachTime();
    void looksAnewWhenTheConfigurationChanges();

private:
    /// The verdicts in the row of a conversation with those messages.
    [[nodiscard]] QJsonArray verdicts(bool anthropic, const QStringList& messages) const;
    static QStringList conversation(int messages)
    {
        QStringList texts;
        for (int i = 1; i <= messages; ++i)
            texts.append(messageText(i));
        return texts;
    }

    FakeUpstream m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void GuardrailAgainTest::initTestCase()
{
    QVERIFY(m_upstream.start());
    m_gateway = std::make_unique<GatewayProcess>(m_upstream.url());
    QVERIFY2(m_gateway->start(), m_gateway->errors());
}

QJsonArray GuardrailAgainTest::verdicts(bool anthropic, const QStringList& messages) const
{
    QJsonArray list;
    for (qsizetype i = 0; i < messages.size(); ++i)
        list.append(QJsonObject{{"role", i % 2 == 0 ? "user" : "assistant"}, {"content", messages[i]}});
    const QJsonObject body{
        {"model", anthropic ? "ant/mock" : "lab/mock"}, {"max_tokens", 10}, {"messages", list}};
    const HttpReply reply =
        http(m_gateway->port(), "POST", anthropic ? "/v1/messages" : "/v1/chat/completions",
             {{"Authorization", QByteArray("Bearer ") + GatewayProcess::kKey},
              {"Content-Type", "application/json"}},
             QJsonDocument(body).toJson(QJsonDocument::Compact));
    if (reply.status != 200) qFatal("%s", reply.body.constData());
    const QString id = QString::fromUtf8(reply.header("x-request-id"));
    for (int tries = 0; tries < 100; ++tries) {
        for (const QJsonValue& row : m_gateway->rows()) {
            if (row["id"].toString() == id) return row["guardrails"].toArray();
        }
    }
    return {"no row"};
}

void GuardrailAgainTest::findsWhatIsNewInALongConversation_data()
{
    QTest::addColumn<bool>("anthropic");
    QTest::newRow("chat") << false;
    QTest::newRow("messages") << true;
}

void GuardrailAgainTest::findsWhatIsNewInALongConversation()
{
    QFETCH(bool, anthropic);
    QStringList texts = conversation(40);
    QCOMPARE(verdicts(anthropic, texts), QJsonArray());
    QCOMPARE(verdicts(anthropic, texts), QJsonArray());
    texts.append(messageText(41));
    QCOMPARE(verdicts(anthropic, texts), QJsonArray());

    // In the last message, in the first, and in one between, of the same size as what stood there.
    for (const int place : {41, 1, 20}) {
        QStringList others = texts;
        QString& text = others[place - 1];
        text.replace(text.size() - kLeak.size() - 1, kLeak.size() + 1, " " + kLeak);
        const QJsonArray found = verdicts(anthropic, others);
        QCOMPARE(found.size(), 1);
        const QJsonObject verdict = found.first().toObject();
        QCOMPARE(verdict["guardrail"].toString(), QStringLiteral("secrets"));
        QCOMPARE(verdict["mode"].toString(), QStringLiteral("observe"));
        QCOMPARE(verdict["spots"].toArray().size(), 1);
        const QJsonObject spot = verdict["spots"].toArray().first().toObject();
        QCOMPARE(spot["message"].toInt(), place);
        QCOMPARE(spot["size"].toInt(), 40);
    }
    QCOMPARE(verdicts(anthropic, texts), QJsonArray());
}

void GuardrailAgainTest::tellsOfItEachTime()
{
    QStringList texts = conversation(25);
    QCOMPARE(verdicts(false, texts), QJsonArray());
    texts.append("Look: " + kLeak);
    for (int turn = 0; turn < 3; ++turn) {
        texts.append(messageText(100 + turn));
        const QJsonArray found = verdicts(false, texts);
        QCOMPARE(found.size(), 1);
        QCOMPARE(found.first()["found"].toObject().size(), 1);
        QCOMPARE(found.first()["spots"].toArray().first()["message"].toInt(), 26);
    }
}

void GuardrailAgainTest::looksAnewWhenTheConfigurationChanges()
{
    const QStringList texts = conversation(30) + QStringList{"Call me: jane.doe@acme-corp.com"};
    QCOMPARE(verdicts(false, texts), QJsonArray());
    m_gateway->configure(
        {{"guardrails",
          QJsonObject{{"mail", QJsonObject{{"check", "pii"},
                                           {"action", "flag"},
                                           {"scope", QJsonObject{{"routes", QJsonArray{"*"}}}}}}}}});
    QVERIFY(m_gateway->writeConfig());
    QTRY_COMPARE(verdicts(false, texts).size(), 1);
    const QJsonArray found = verdicts(false, texts);
    QCOMPARE(found.first()["guardrail"].toString(), QStringLiteral("mail"));
    QCOMPARE(found.first()["spots"].toArray().first()["message"].toInt(), 31);
}

QTEST_GUILESS_MAIN(GuardrailAgainTest)
#include "guardrail_again_test.moc"
