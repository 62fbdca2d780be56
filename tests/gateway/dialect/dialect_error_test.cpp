// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gateway/dialect/dialect_test_support.h"

using namespace gateway;
using namespace gateway::dialect::testing;

class DialectErrorTest : public QObject {
    Q_OBJECT

private slots:
    void writesBothShapes_data();
    void writesBothShapes();
    void putsAllFourMembersIntoOpenAis();
    void putsTheRequestIdIntoAnthropics();
    void writesPureAscii();
    void writesTheErrorEventOfEachStream();
    void readsProviderErrors_data();
    void readsProviderErrors();
    void namesTheDialects();
};

void DialectErrorTest::writesBothShapes_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("openAiType");
    QTest::addColumn<QString>("anthropicType");
    const auto row = [](const char* name, Code code, const char* openAiType, const char* anthropicType) {
        QTest::newRow(name) << static_cast<int>(code) << openAiType << anthropicType;
    };
    row("400", Code::InvalidRequest, "invalid_request_error", "invalid_request_error");
    row("401", Code::InvalidApiKey, "invalid_request_error", "authentication_error");
    row("402", Code::BudgetExceeded, "invalid_request_error", "billing_error");
    row("403", Code::ModelNotAllowed, "invalid_request_error", "permission_error");
    row("404", Code::ModelNotFound, "invalid_request_error", "not_found_error");
    row("413", Code::RequestTooLarge, "invalid_request_error", "request_too_large");
    row("429", Code::RateLimitExceeded, "rate_limit_error", "rate_limit_error");
    row("503 ours", Code::Overloaded, "server_error", "overloaded_error");
    row("503 no provider", Code::NoProviderConfigured, "server_error", "api_error");
    row("502", Code::UpstreamTlsError, "upstream_error", "api_error");
    row("504", Code::UpstreamTimeout, "upstream_error", "timeout_error");
}

void DialectErrorTest::writesBothShapes()
{
    QFETCH(int, code);
    QFETCH(QString, openAiType);
    QFETCH(QString, anthropicType);
    const Error error = gatewayError(static_cast<Code>(code), "Do this.");
    const Json one = Json::parse(openAi().encodeError(error, "req_1"));
    const Json other = Json::parse(anthropic().encodeError(error, "req_1"));
    QCOMPARE(one["error"]["type"].get<std::string>(), openAiType.toStdString());
    QCOMPARE(other["error"]["type"].get<std::string>(), anthropicType.toStdString());
    QCOMPARE(one["error"]["code"].get<std::string>(), std::string(codeName(error.code)));
    QCOMPARE(other["error"]["code"].get<std::string>(), std::string(codeName(error.code)));
}

void DialectErrorTest::putsAllFourMembersIntoOpenAis()
{
    const Json bare = Json::parse(openAi().encodeError(gatewayError(Code::Overloaded, "Wait."), {}));
    QCOMPARE(bare["error"].size(), std::size_t(4));
    QVERIFY(bare["error"]["param"].is_null());
    const Json named =
        Json::parse(openAi().encodeError(clientError(Code::InvalidRequest, "No.", "stream"), {}));
    QCOMPARE(named["error"]["param"].get<std::string>(), std::string("stream"));
}

void DialectErrorTest::putsTheRequestIdIntoAnthropics()
{
    const Json json = Json::parse(anthropic().encodeError(gatewayError(Code::Overloaded, "Wait."), "req_9"));
    QCOMPARE(json["type"].get<std::string>(), std::string("error"));
    QCOMPARE(json["request_id"].get<std::string>(), std::string("req_9"));
}

void DialectErrorTest::writesPureAscii()
{
    const std::string body =
        openAi().encodeError(gatewayError(Code::Internal, "Bücher \xE2\x80\xA8 \xFF"), {});
    QVERIFY(std::all_of(body.begin(), body.end(), [](char c) { return c >= 0x20 && c < 0x7F; }));
}

void DialectErrorTest::writesTheErrorEventOfEachStream()
{
    const Error error = upstreamError(Code::UpstreamTruncated, Retry::Never, "Cut.");
    const std::string one = openAi().encodeStreamError(error, context());
    const std::string other = anthropic().encodeStreamError(error, context());
    QVERIFY(one.starts_with("data: {\"error\":{") && one.ends_with("}\n\n"));
    QVERIFY(other.starts_with("event: error\ndata: {\"type\":\"error\"") && other.ends_with("}\n\n"));
}

void DialectErrorTest::readsProviderErrors_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("message");
    QTest::addColumn<bool>("shaped");
    QTest::addColumn<bool>("tooLong");
    const auto row = [](const char* body, const char* message, bool shaped, bool tooLong) {
        QTest::newRow(body) << body << message << shaped << tooLong;
    };
    row(R"({"error":{"message":"m","type":"invalid_request_error","param":null,"code":null}})", "m", true,
        false);
    row(R"({"error":{"message":"too big","code":"context_length_exceeded"}})", "too big", true, true);
    row(R"({"type":"error","error":{"type":"invalid_request_error","message":"Prompt is too long: 9 > 8"}})",
        "Prompt is too long: 9 > 8", true, true);
    row(R"({"error":"model not found"})", "model not found", false, false);
    row(R"({"object":"error","message":"bad","type":"BadRequestError"})", "bad", false, false);
    row(R"({"detail":"Not Found"})", "Not Found", false, false);
    row("<html>502</html>", "", false, false);
    row("", "", false, false);
    row("[1]", "", false, false);
}

void DialectErrorTest::readsProviderErrors()
{
    QFETCH(QString, body);
    QFETCH(QString, message);
    QFETCH(bool, shaped);
    QFETCH(bool, tooLong);
    for (const dialect::Dialect* dialect : {&openAi(), &anthropic()}) {
        const auto read = dialect->readError(body.toStdString());
        QCOMPARE(read.message, message.toStdString());
        QCOMPARE(read.shaped, shaped);
        QCOMPARE(read.code, tooLong ? Code::ContextLengthExceeded : Code::Undecided);
    }
}

void DialectErrorTest::namesTheDialects()
{
    QCOMPARE(dialectName(DialectId::OpenAiChat), std::string_view("openai"));
    QCOMPARE(dialectName(DialectId::AnthropicMessages), std::string_view("anthropic"));
    QCOMPARE(openAi().id(), DialectId::OpenAiChat);
    QCOMPARE(anthropic().id(), DialectId::AnthropicMessages);
}

QTEST_GUILESS_MAIN(DialectErrorTest)
#include "dialect_error_test.moc"
