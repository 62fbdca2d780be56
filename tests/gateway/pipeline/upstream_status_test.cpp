// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>
#include <vector>

#include <QTest>

#include "pipeline/answers.h"
#include "pipeline/upstream_status.h"

using namespace gateway;
using namespace gateway::pipeline;
using std::chrono::milliseconds;

Q_DECLARE_METATYPE(gateway::Code)
Q_DECLARE_METATYPE(gateway::Retry)

namespace {

/// JSON is written with single quotes here.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

const std::string kOpenAiBody =
    json("{'error':{'message':'No such thing.','type':'invalid_request_error','param':null,'code':null}}");
const std::string kAnthropicBody =
    json("{'type':'error','error':{'type':'invalid_request_error','message':'No such thing.'}}");
constexpr const char* kKey = "sk-proj-0123456789abcdef";

/// A provider's refusal, told by the provider "lab" in the given dialect to a client of the same one or
/// another.
struct Refusal {
    int status = 400;
    std::string body = kOpenAiBody;
    bool sameDialect = true;
    std::vector<std::pair<std::string_view, std::string_view>> fields;
    DialectId dialect = DialectId::OpenAiChat;
    routing::RetryRules rules;
};

Error told(const Refusal& refusal)
{
    upstream::ReplyHead head;
    head.status = refusal.status;
    head.fields = refusal.fields;
    const RefusedReply reply{head, refusal.body, "lab", dialect::dialectOf(refusal.dialect),
                             refusal.sameDialect};
    return refusedReply(reply, refusal.rules, {kKey});
}

Error told(int status, const std::string& body = kOpenAiBody, bool sameDialect = true)
{
    Refusal refusal;
    refusal.status = status;
    refusal.body = body;
    refusal.sameDialect = sameDialect;
    return told(refusal);
}

listener::Answer answered(const Error& error, DialectId dialect = DialectId::OpenAiChat)
{
    return errorAnswer(dialect::dialectOf(dialect), error, "req_1");
}

std::string headerOf(const listener::Answer& answer, std::string_view name)
{
    std::string found;
    for (const auto& [key, value] : answer.headers) {
        if (key == name) found += (found.empty() ? "" : "+") + value;
    }
    return found;
}

bool holds(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

/// Everything of an error that anybody may see.
std::string allTextOf(const Error& error)
{
    return error.message + "\n" + error.detail + "\n" + error.upstreamBody + "\n" + answered(error).body;
}

} // namespace

class UpstreamStatusTest : public QObject {
    Q_OBJECT

private slots:
    void mapsEveryStatus_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("ours");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<Retry>("retry");
        const auto row = [](int status, int ours, const char* code, Retry retry) {
            QTest::addRow("%d", status) << status << ours << QByteArray(code) << retry;
        };
        // The request is at fault: it is told as it is, and nobody else is asked.
        for (const int status : {400, 413, 422})
            row(status, status, "upstream_refused", Retry::Never);
        row(404, 404, "upstream_refused", Retry::NextTarget);
        row(409, 409, "upstream_refused", Retry::SameTarget);
        row(429, 429, "rate_limit_exceeded", Retry::SameTarget);
        // A 401 would tell the user that the gateway's own key is wrong.
        for (const int status : {401, 403})
            row(status, 502, "provider_auth_failed", Retry::NextTarget);
        for (const int status : {402, 405, 406, 410, 411, 414, 415, 418, 426, 431, 451, 499})
            row(status, 502, "upstream_error", Retry::NextTarget);
        row(408, 504, "upstream_timeout", Retry::SameTarget);
        row(504, 504, "upstream_timeout", Retry::SameTarget);
        row(503, 503, "upstream_overloaded", Retry::SameTarget);
        row(529, 503, "upstream_overloaded", Retry::SameTarget);
        for (const int status : {500, 502})
            row(status, 502, "upstream_error", Retry::SameTarget);
        for (const int status : {501, 505, 507, 520, 524, 599, 600, 999})
            row(status, 502, "upstream_error", Retry::NextTarget);
        for (const int status : {300, 301, 302, 303, 304, 307, 308, 399})
            row(status, 502, "upstream_redirect", Retry::NextTarget);
    }

    void mapsEveryStatus()
    {
        QFETCH(int, status);
        QFETCH(int, ours);
        QFETCH(QByteArray, code);
        QFETCH(Retry, retry);
        for (const bool sameDialect : {true, false}) {
            const Error error = told(status, kOpenAiBody, sameDialect);
            QCOMPARE(httpStatus(error), ours);
            QCOMPARE(std::string(codeName(error.code)), code.toStdString());
            QCOMPARE(error.retry, retry);
            QCOMPARE(error.source, Source::Upstream);
            QVERIFY(holds(error.detail, std::to_string(status)));
            QCOMPARE(error.upstreamBody.empty(), ours != status || !sameDialect || status >= 500);
            QCOMPARE(answered(error).status, ours);
        }
    }

    void triesAgainOnTheStatusesOfTheRules()
    {
        Refusal refusal;
        refusal.rules.onStatus = {400, 418};
        for (const auto& [status, retry] : {std::pair{400, Retry::SameTarget},
                                            {418, Retry::SameTarget},
                                            {503, Retry::NextTarget},
                                            {429, Retry::NextTarget}}) {
            refusal.status = status;
            QCOMPARE(told(refusal).retry, retry);
        }
    }

    void passesOnAnAnswerInTheClientsOwnDialect()
    {
        QCOMPARE(told(400).upstreamBody, kOpenAiBody);
        QCOMPARE(answered(told(400)).body, kOpenAiBody);
        Refusal refusal;
        refusal.dialect = DialectId::AnthropicMessages;
        refusal.body = kAnthropicBody;
        QCOMPARE(answered(told(refusal), DialectId::AnthropicMessages).body, kAnthropicBody);
    }

    void tellsAForeignAnswerInTheClientsDialect()
    {
        Refusal refusal;
        refusal.status = 429;
        refusal.sameDialect = false;
        const Error error = told(refusal);
        const std::string body = answered(error, DialectId::AnthropicMessages).body;
        QVERIFY(holds(body, "\"type\":\"rate_limit_error\"") && holds(body, "No such thing."));
        QVERIFY(holds(body, "\"request_id\":\"req_1\""));
    }

    void replacesWhatIsNoErrorOfTheDialect_data()
    {
        QTest::addColumn<QByteArray>("body");
        const std::vector<std::string> bodies = {"",
                                                 "<html><h1>400 Bad Request</h1>nginx</html>",
                                                 "null",
                                                 "[]",
                                                 json("'no'"),
                                                 "{}",
                                                 "{",
                                                 json("{'error':null}"),
                                                 json("{'error':'text'}"),
                                                 json("{'error':{'message':7}}"),
                                                 json("{'detail':'nothing here'}"),
                                                 json("{'error':{'message':'\xff'}}"),
                                                 json("{'error':{'message':'a'},'error':{'message':'b'}}"),
                                                 json("{'error':{'message':'x','a':") +
                                                     std::string(200, '[') + std::string(200, ']') + "}}"};
        for (const std::string& body : bodies)
            QTest::newRow(body.c_str()) << QByteArray(body.c_str());
    }

    void replacesWhatIsNoErrorOfTheDialect()
    {
        QFETCH(QByteArray, body);
        for (const int status : {400, 404, 429, 500, 503}) {
            const Error error = told(status, body.toStdString());
            QVERIFY(error.upstreamBody.empty());
            QVERIFY(!error.message.empty());
            QVERIFY(!holds(error.message, "<html>"));
            const std::string ours = answered(error).body;
            QVERIFY(ours.starts_with("{\"error\":{\"message\":\"") && ours.ends_with("}}"));
        }
    }

    void recognizesALongContext()
    {
        const Error error = told(400,
                                 json("{'error':{'message':'The model has a maximum context length of 8192 "
                                      "tokens.','code':'context_length_exceeded'}}"),
                                 false);
        QCOMPARE(error.code, Code::ContextLengthExceeded);
        QCOMPARE(httpStatus(error), 400);
        // The status that the provider chose stays.
        QCOMPARE(httpStatus(told(413, json("{'error':{'message':'prompt is too long'}}"), false)), 413);
    }

    void keepsHowLongToWait()
    {
        Refusal refusal;
        for (const int status : {429, 503, 500, 400}) {
            refusal.status = status;
            refusal.fields = {{"Retry-After", "7"}};
            const Error error = told(refusal);
            QVERIFY(error.retryAfter == milliseconds(7000));
            QCOMPARE(headerOf(answered(error), "retry-after"), std::string("7"));
            refusal.fields = {{"Retry-After-Ms", "1"}};
            QCOMPARE(headerOf(answered(told(refusal)), "retry-after"), std::string("1")); // rounded up
            refusal.fields = {};
            QVERIFY(!told(refusal).retryAfter);
            // Google says it in the error, and in a list of one where a stream was refused.
            const std::string delay =
                json("{'error':{'code':429,'message':'Slow.','details':[{'@type':"
                     "'type.googleapis.com/google.rpc.RetryInfo','retryDelay':'1.5s'}]}}");
            for (const std::string& body : {delay, '[' + delay + ']'}) {
                refusal.body = body;
                QVERIFY(told(refusal).retryAfter == milliseconds(1500));
            }
            for (const char* odd : {"'soon'", "'-1s'", "'1e300s'", "'s'", "7"}) {
                refusal.body = json("{'error':{'details':[{'retryDelay':" + std::string(odd) + "}]}}");
                QVERIFY2(!told(refusal).retryAfter, odd);
            }
            QVERIFY(headerOf(answered(told(refusal)), "retry-after").empty());
        }
    }

    void saysNoKey_data()
    {
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* name, const std::string& text) {
            QTest::newRow(name) << QByteArray(text.c_str());
        };
        row("in clear", json("{'error':{'message':'Wrong key sk-proj-0123456789abcdef given'}}"));
        row("base64", json("{'error':{'message':'Basic c2stcHJvai0wMTIzNDU2Nzg5YWJjZGVm'}}"));
        row("elsewhere", json("{'error':{'message':'no','param':'sk-proj-0123456789abcdef'},'sk-proj-"
                              "0123456789abcdef':1}"));
        row("escaped", json("{'error':{'message':'\\u0073k-proj-0123456789abcde\\u0066'}}"));
        row("escaped elsewhere", json("{'error':{'message':'no','\\u0073k-proj-0123456789abcdef':1}}"));
        row("html", "<html>sk-proj-0123456789abcdef</html>");
        // Where the message is cut, half a key must not stay behind.
        for (const std::size_t before : {570, 580, 590, 599, 600}) {
            const std::string text = std::string(before, 'x') + kKey;
            row(std::to_string(before).c_str(), json("{'error':{'message':'" + text + "'}}"));
        }
    }

    void saysNoKey()
    {
        QFETCH(QByteArray, body);
        for (const int status : {400, 401, 403, 404, 429, 500}) {
            for (const bool sameDialect : {true, false}) {
                const std::string all = allTextOf(told(status, body.toStdString(), sameDialect));
                QVERIFY2(!holds(all, "sk-proj-"), all.c_str());
                QVERIFY2(!holds(all, "0123456789abcde"), all.c_str());
                QVERIFY2(!holds(all, "c2stcHJvai0"), all.c_str());
            }
        }
    }

    void namesTheProviderWhoseKeyWasRefused()
    {
        for (const int status : {401, 403}) {
            const Error error = told(status, json("{'error':{'message':'Incorrect API key.'}}"));
            QVERIFY(error.message.starts_with("lab refused the key"));
            QVERIFY(holds(error.message, "Incorrect API key."));
        }
        QVERIFY(holds(told(302, "").message, "base_url"));
        QVERIFY(holds(told(500, "").message, "lab answered with status 500"));
    }

    void boundsAndCleansWhatItQuotes()
    {
        const std::string longText(100'000, 'x');
        const Error error = told(500, "{\"error\":{\"message\":\"" + longText + "\"}}");
        QVERIFY(error.message.size() < 700);
        const Error control = told(500, json("{'error':{'message':'a\\r\\n\\u0000b'}}"));
        QCOMPARE(control.message, std::string("a???b"));
    }

    void tellsOneCandidatesOwnError()
    {
        const Error error = finalError({told(503)});
        QCOMPARE(error.code, Code::UpstreamOverloaded);
        QCOMPARE(error.message, std::string("No such thing."));
    }

    void tellsTheLastErrorWhereAllShareAStatus()
    {
        Error last = told(529);
        last.message = "the last";
        QCOMPARE(finalError({told(503), told(503), last}).message, std::string("the last"));
        QCOMPARE(finalError({told(500), told(401)}).code,
                 Code::ProviderAuthFailed); // both are 502 to the client
    }

    void sumsUpWhereTheyDiffer()
    {
        const Error error = finalError({told(503), told(401), told(429)});
        QCOMPARE(error.code, Code::AllTargetsFailed);
        QCOMPARE(httpStatus(error), 502);
        QCOMPARE(error.retry, Retry::Never);
        for (const char* part : {"All 3 targets", "[503 upstream_overloaded]", "[502 provider_auth_failed]",
                                 "[429 rate_limit_exceeded]"})
            QVERIFY2(holds(error.message, part), part);
        QVERIFY(error.upstreamBody.empty());
    }

    void tellsTheVerdictOnTheRequestItself()
    {
        const Error error = finalError({told(503), told(400)});
        QCOMPARE(httpStatus(error), 400);
        QCOMPARE(error.upstreamBody, kOpenAiBody);
    }

    void writesTheHeadersThatGoWithAnError()
    {
        const listener::Answer refused = answered(clientError(Code::InvalidApiKey, "No."));
        QCOMPARE(refused.status, 401);
        QCOMPARE(headerOf(refused, "WWW-Authenticate"), std::string("Bearer"));
        QCOMPARE(headerOf(refused, "x-should-retry"), std::string("false"));
        QCOMPARE(headerOf(refused, "x-request-id"), std::string("req_1"));
        QCOMPARE(refused.contentType, std::string("application/json"));

        Error method = clientError(Code::MethodNotAllowed, "No.");
        method.allow = "GET, HEAD";
        QCOMPARE(headerOf(answered(method), "Allow"), std::string("GET, HEAD"));
        QCOMPARE(headerOf(answered(gatewayError(Code::Overloaded, "Full.")), "retry-after"),
                 std::string("1"));
        QCOMPARE(headerOf(answered(gatewayError(Code::GatewayPaused, "Paused.")), "retry-after"),
                 std::string("30"));
        QVERIFY(!headerOf(answered(clientError(Code::UpgradeRequired, "No.")), "Upgrade").empty());
        QCOMPARE(headerOf(answered(clientError(Code::InvalidRequest, "No."), DialectId::AnthropicMessages),
                          "request-id"),
                 std::string("req_1"));
    }

    void tellsClientsNotToRepeatWhatIsFinal()
    {
        for (const Code code : {Code::InvalidApiKey, Code::BudgetExceeded, Code::ModelNotAllowed,
                                Code::HostNotAllowed, Code::DataPolicy})
            QCOMPARE(headerOf(answered(gatewayError(code, "No.")), "x-should-retry"), std::string("false"));
        for (const int status : {429, 500, 503, 401})
            QVERIFY(headerOf(answered(told(status)), "x-should-retry").empty());
    }

    void closesWhereTheEndOfTheRequestIsNotSure()
    {
        for (const Code code : {Code::BadRequest, Code::LengthRequired, Code::RequestTimeout,
                                Code::NotImplemented, Code::HeadersTooLarge, Code::UriTooLong})
            QVERIFY(answered(clientError(code, "No.")).close);
        for (const Code code :
             {Code::InvalidJson, Code::ModelNotFound, Code::InvalidApiKey, Code::UpstreamError})
            QVERIFY(!answered(clientError(code, "No.")).close);
    }
};

QTEST_GUILESS_MAIN(UpstreamStatusTest)
#include "upstream_status_test.moc"
