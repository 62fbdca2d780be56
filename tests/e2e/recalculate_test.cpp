// SPDX-License-Identifier: GPL-3.0-or-later
// Prices that come later reach the log and the budgets of a gateway that runs.
#include <memory>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "gateway/config_io.h"

#include "e2e/canned_chat.h"
#include "e2e/started_gateway.h"
#include "support/canned_server.h"

using namespace support;
using namespace e2e;

class RecalculateTest : public QObject {
    Q_OBJECT

private slots:
    void budgetsLearnOfPricesThatCameLater()
    {
        CannedServer provider([](const QByteArray&) { return CannedServer::json(200, completion()); });
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("config.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(quoted("{'providers':{'lab':{'kind':'openai-compatible','base_url':'") +
                   provider.url("/v1") + quoted("'}},'budgets':{'all':{'usd':1,'per':'day'}}}"));
        file.close();
        const auto door = startedGateway(folder);
        QVERIFY(door);
        const auto answer = door->sendTrial(QStringLiteral("lab/m"), QStringLiteral("Hi"));
        QTRY_VERIFY_WITH_TIMEOUT(answer.isFinished(), 20'000);
        QVERIFY2(answer.result().ok, answer.result().message.c_str());
        const auto spent = [&door] {
            const auto& budgets = door->activity().budgets;
            return budgets.empty() || !budgets.front().complete ? -1 : budgets.front().spentNanos;
        };
        QTRY_COMPARE(spent(), 0);

        gateway::Config config = *door->config();
        gateway::ModelConfig model;
        model.name = "m";
        model.price.emplace();
        model.price->input = "1000";
        model.price->output = "2000";
        config.providers.front().models.push_back(model);
        const auto applied = door->apply(config);
        QTRY_VERIFY_WITH_TIMEOUT(applied.isFinished(), 20'000);
        QVERIFY(applied.result().empty());

        const auto dry = door->recalculate(0, false);
        QTRY_VERIFY_WITH_TIMEOUT(dry.isFinished(), 20'000);
        QCOMPARE(dry.result().priced, std::uint64_t{1});
        QCOMPARE(spent(), 0);
        const auto done = door->recalculate(0, true);
        QTRY_VERIFY_WITH_TIMEOUT(done.isFinished(), 20'000);
        QCOMPARE(done.result().nanos, 3'000'000);
        QVERIFY(done.result().problem.empty());
        QTRY_COMPARE_WITH_TIMEOUT(spent(), 3'000'000, 20'000);
    }
};

QTEST_GUILESS_MAIN(RecalculateTest)
#include "recalculate_test.moc"
