// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "pipeline/token_estimate.h"

using namespace gateway::pipeline;

class TokenEstimateTest : public QObject {
    Q_OBJECT

private slots:
    void takesFourBytesForAToken()
    {
        QCOMPARE(estimatedTokens("{}"), 1);
        const std::string prose = "{\"text\":\"" + repeated("some words \\\"and more\\\" ", 1000) + "\"}";
        QCOMPARE(estimatedTokens(prose), static_cast<std::int64_t>((prose.size() + 3) / 4));
    }

    void countsAttachmentsByThePiece()
    {
        const std::string picture =
            "{\"url\":\"data:image/png;base64," + repeated("iVBORw0K", 200'000) + "\"}";
        const std::string text = "{\"text\":\"what is this\"}";
        const std::int64_t one = estimatedTokens("[" + text + "," + picture + "]");
        QVERIFY(one >= kAttachmentTokens && one < kAttachmentTokens + 50);
        const std::int64_t two = estimatedTokens("[" + picture + "," + text + "," + picture + "]");
        QVERIFY(two >= 2 * kAttachmentTokens && two < 2 * kAttachmentTokens + 50);
    }

    void readsAnything()
    {
        for (const std::string& tail :
             {std::string("\""), std::string("\\"), std::string("\"\\"), std::string("x\"y")})
            QVERIFY(estimatedTokens(repeated("ab \" ", 1000) + tail) > 0);
    }

private:
    static std::string repeated(const std::string& text, int times)
    {
        std::string all;
        for (int i = 0; i < times; ++i)
            all += text;
        return all;
    }
};

QTEST_APPLESS_MAIN(TokenEstimateTest)
#include "token_estimate_test.moc"
