// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "base/strings.h"
#include "provider/kind.h"
#include "provider/sigv4.h"

using namespace gateway;
using namespace gateway::provider;

namespace {

const Kind& kind()
{
    return *findKind("bedrock");
}

std::string pathOf(std::string_view model, bool stream, std::string_view base = {})
{
    return kind().path({base, Operation::Chat, DialectId::Bedrock, model, stream});
}

const Fields kFields{{"Content-Type", "application/json"},
                     {"Accept", "application/json"},
                     {"X-Amzn-Bedrock-Trace", "ENABLED"},
                     {"X-Amz-Custom", "1"}};

std::string linesOf(std::string_view secret, std::string_view authority)
{
    const std::string target = pathOf("m:0", false);
    return kind().authLines(Secret(secret), {"POST", authority, target, kFields, "{}", 1'440'938'160});
}

} // namespace

class BedrockKindTest : public QObject {
    Q_OBJECT

private slots:
    void putsTheModelIntoThePath()
    {
        QCOMPARE(pathOf("anthropic.claude-sonnet-4-5-20250929-v1:0", false),
                 std::string("/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse"));
        QCOMPARE(pathOf("amazon.nova-pro-v1:0", true),
                 std::string("/model/amazon.nova-pro-v1%3A0/converse-stream"));
        QCOMPARE(
            pathOf("arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.x", false, "/proxy"),
            std::string("/proxy/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Ainference-profile%2F"
                        "eu.x/converse"));
    }

    void speaksConverseOnly()
    {
        QCOMPARE(kind().dialect("anthropic.claude-3-haiku"), DialectId::Bedrock);
        QVERIFY(!kind().speaks(DialectId::AnthropicMessages, "anthropic.claude-3-haiku"));
        QVERIFY(kind().supports(Operation::Chat) && !kind().supports(Operation::CountTokens));
        QVERIFY(kind().needsKey() && kind().defaultBaseUrl().empty() && kind().modelsPath("/x").empty());
    }

    void sendsItsOwnKeysAsTheyAre()
    {
        for (const char* key : {"ABSKQmVkcm9ja0FQSUtleS0=", "bedrock-api-key-YmVkcm9jaw==", "other"}) {
            QCOMPARE(linesOf(key, "bedrock-runtime.us-east-1.amazonaws.com"),
                     std::string("Authorization: Bearer ") + key);
        }
    }

    void signsWithTheKeysOfAws()
    {
        const std::string lines =
            linesOf("AKIDEXAMPLE:secret/KEY+1", "bedrock-runtime.eu-central-1.amazonaws.com");
        const Fields headers{{"host", "bedrock-runtime.eu-central-1.amazonaws.com"},
                             {"x-amz-date", "20150830T123600Z"},
                             {"content-type", "application/json"},
                             {"x-amz-custom", "1"}};
        const std::string wanted =
            sigV4Authorization({"POST", "/model/m%3A0/converse", headers, "{}"}, "20150830T123600Z",
                               {"AKIDEXAMPLE", "secret/KEY+1", {}}, {"eu-central-1", "bedrock"});
        QCOMPARE(lines, "X-Amz-Date: 20150830T123600Z\r\nAuthorization: " + wanted);
        QVERIFY(wanted.find("SignedHeaders=content-type;host;x-amz-custom;x-amz-date,") != std::string::npos);
        QVERIFY(lines.find("secret/KEY+1") == std::string::npos);
    }

    void signsTheTokenOfASession()
    {
        const std::string lines =
            linesOf("ASIAEXAMPLE:secret:to/ken==", "bedrock-runtime.us-east-1.amazonaws.com");
        QVERIFY(lines.ends_with("\r\nX-Amz-Security-Token: to/ken=="));
        QVERIFY(lines.find("x-amz-date;x-amz-security-token,") != std::string::npos);
    }

    void readsTheRegionFromTheHost_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("region");
        const auto row = [](const char* host, const char* region) {
            QTest::newRow(host) << QByteArray(host) << QByteArray(region);
        };
        row("bedrock-runtime.ap-south-1.amazonaws.com", "ap-south-1");
        row("bedrock-runtime-fips.us-gov-west-1.amazonaws.com:443", "us-gov-west-1");
        row("bedrock-runtime.cn-north-1.amazonaws.com.cn", "cn-north-1");
        row("vpce-1-2.bedrock-runtime.eu-west-3.vpce.amazonaws.com", "eu-west-3");
        row("127.0.0.1:9999", "us-east-1");
        row("bedrock-runtime", "us-east-1");
    }

    void readsTheRegionFromTheHost()
    {
        QFETCH(QByteArray, host);
        QFETCH(QByteArray, region);
        const std::string lines = linesOf("AKID:secret", host.toStdString());
        QVERIFY2(lines.find("/20150830/" + region.toStdString() + "/bedrock/aws4_request,") !=
                     std::string::npos,
                 lines.c_str());
    }

    void namesEveryPartOfAKeyAsSecret()
    {
        const Secret pair("AKIDEXAMPLE:the-secret-part:the-token-part");
        const auto parts = kind().secretParts(pair);
        QCOMPARE(parts.size(), std::size_t{3});
        QCOMPARE(parts[1], std::string_view("the-secret-part"));
        QCOMPARE(parts[2], std::string_view("the-token-part"));
        QCOMPARE(kind().secretParts(Secret("ABSKx")).size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(BedrockKindTest)
#include "bedrock_kind_test.moc"
