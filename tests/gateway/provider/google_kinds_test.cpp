// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include <nlohmann/json.hpp>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <QTest>

#include "base/base64.h"
#include "provider/kind.h"

using namespace gateway;
using provider::CallShape;
using Json = nlohmann::json;

class GoogleKindsTest : public QObject {
    Q_OBJECT

private slots:
    void buildsGeminisPaths_data();
    void buildsGeminisPaths();
    void buildsVertexPaths_data();
    void buildsVertexPaths();
    void listsModels();
    void speaksTheDialectOfTheModelsMaker();
    void changesBodiesForAnthropicsModelsOnly();
    void asksForTheBetasThatGoogleHas_data();
    void asksForTheBetasThatGoogleHas();
    void sendsEachSortOfKeyInItsField_data();
    void sendsEachSortOfKeyInItsField();
    void exchangesAnAccountFileForAToken();
    void sendsTheClaimToGoogleOnly_data();
    void sendsTheClaimToGoogleOnly();
    void refusesFilesThatAreNone_data();
    void refusesFilesThatAreNone();
    void readsTokens();
    void findsPricesOfWhatVertexResells();
};

namespace {

constexpr std::int64_t kNow = 1'790'000'000;

const provider::Kind& gemini()
{
    return *provider::findKind("gemini");
}

const provider::Kind& vertex()
{
    return *provider::findKind("vertex");
}

struct KeyPair {
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_RSA_gen(2048), EVP_PKEY_free};
    std::string pem;

    KeyPair()
    {
        const std::unique_ptr<BIO, decltype(&BIO_free)> out{BIO_new(BIO_s_mem()), BIO_free};
        PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        char* text = nullptr;
        const long size = BIO_get_mem_data(out.get(), &text);
        pem.assign(text, static_cast<std::size_t>(size));
    }
};

const KeyPair& keyPair()
{
    static const KeyPair pair;
    return pair;
}

Json accountFile()
{
    return {{"type", "service_account"},
            {"project_id", "lab"},
            {"private_key_id", "k1"},
            {"private_key", keyPair().pem},
            {"client_email", "bot@lab.iam.gserviceaccount.com"},
            {"token_uri", "https://oauth2.googleapis.com/token"}};
}

bool verifies(EVP_PKEY& key, std::string_view text, std::string_view signature)
{
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest{EVP_MD_CTX_new(), EVP_MD_CTX_free};
    return EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, &key) == 1 &&
           EVP_DigestVerify(digest.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                            signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                            text.size()) == 1;
}

CallShape shape(std::string_view base, std::string_view model, Operation operation, bool stream = false,
                bool batch = true)
{
    CallShape call;
    call.basePath = base;
    call.model = model;
    call.operation = operation;
    call.stream = stream;
    call.batch = batch;
    return call;
}

std::string authOf(const provider::Kind& kind, std::string_view key)
{
    const provider::Fields none;
    return kind.authLines(Secret(key), {"POST", "h", "/", none, {}, kNow});
}

} // namespace

void GoogleKindsTest::buildsGeminisPaths_data()
{
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("operation");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<bool>("batch");
    QTest::addColumn<QString>("path");
    const auto row = [](const char* name, const char* base, const char* model, Operation operation,
                        bool stream, bool batch, const char* path) {
        QTest::newRow(name) << base << model << static_cast<int>(operation) << stream << batch << path;
    };
    row("plain", "", "gemini-3.5-flash", Operation::Chat, false, true,
        "/v1beta/models/gemini-3.5-flash:generateContent");
    row("stream", "/v1beta", "gemini-3.5-flash", Operation::Chat, true, true,
        "/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse");
    row("v1", "/proxy/v1", "models/gemini-3.5-flash", Operation::CountTokens, false, true,
        "/proxy/v1beta/models/gemini-3.5-flash:countTokens");
    row("one text", "", "e", Operation::Embed, false, false, "/v1beta/models/e:embedContent");
    row("many texts", "", "e", Operation::Embed, false, true, "/v1beta/models/e:batchEmbedContents");
    row("tuned", "", "tunedModels/mine", Operation::Chat, false, true,
        "/v1beta/tunedModels/mine:generateContent");
    row("odd name", "", "a b?c#d%", Operation::Chat, false, true,
        "/v1beta/models/a%20b%3Fc%23d%25:generateContent");
}

void GoogleKindsTest::buildsGeminisPaths()
{
    QFETCH(QString, base);
    QFETCH(QString, model);
    QFETCH(int, operation);
    QFETCH(bool, stream);
    QFETCH(bool, batch);
    QFETCH(QString, path);
    const std::string where = base.toStdString();
    const std::string name = model.toStdString();
    QCOMPARE(gemini().path(shape(where, name, static_cast<Operation>(operation), stream, batch)),
             path.toStdString());
}

void GoogleKindsTest::buildsVertexPaths_data()
{
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("operation");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<QString>("path");
    const auto row = [](const char* name, const char* base, const char* model, Operation operation,
                        bool stream, const char* path) {
        QTest::newRow(name) << base << model << static_cast<int>(operation) << stream << path;
    };
    const char* const project = "/v1/projects/lab/locations/global";
    row("google", project, "gemini-3.5-flash", Operation::Chat, false,
        "/v1/projects/lab/locations/global/publishers/google/models/gemini-3.5-flash:generateContent");
    row("google stream", project, "google/gemini-3.5-flash", Operation::Chat, true,
        "/v1/projects/lab/locations/global/publishers/google/models/"
        "gemini-3.5-flash:streamGenerateContent?alt=sse");
    row("claude", project, "claude-sonnet-4-5@20250929", Operation::Chat, false,
        "/v1/projects/lab/locations/global/publishers/anthropic/models/"
        "claude-sonnet-4-5@20250929:rawPredict");
    row("claude stream", project, "anthropic/claude-opus-5", Operation::Chat, true,
        "/v1/projects/lab/locations/global/publishers/anthropic/models/claude-opus-5:streamRawPredict");
    row("claude count", project, "claude-opus-5", Operation::CountTokens, false,
        "/v1/projects/lab/locations/global/publishers/anthropic/models/count-tokens:rawPredict");
    row("express", "/v1", "gemini-3.5-flash", Operation::CountTokens, false,
        "/v1/publishers/google/models/gemini-3.5-flash:countTokens");
    row("bare", "", "gemini-3.5-flash", Operation::Chat, false,
        "/v1/publishers/google/models/gemini-3.5-flash:generateContent");
    row("endpoint", project, "endpoints/123", Operation::Chat, false,
        "/v1/projects/lab/locations/global/endpoints/123:generateContent");
}

void GoogleKindsTest::buildsVertexPaths()
{
    QFETCH(QString, base);
    QFETCH(QString, model);
    QFETCH(int, operation);
    QFETCH(bool, stream);
    QFETCH(QString, path);
    const std::string where = base.toStdString();
    const std::string name = model.toStdString();
    QCOMPARE(vertex().path(shape(where, name, static_cast<Operation>(operation), stream)),
             path.toStdString());
}

void GoogleKindsTest::listsModels()
{
    QCOMPARE(gemini().modelsPath("/v1beta"), std::string("/v1beta/models?pageSize=1000"));
    QCOMPARE(vertex().modelsPath("/v1/projects/lab/locations/global"),
             std::string("/v1beta1/publishers/google/models?pageSize=300"));
    QCOMPARE(vertex().modelsPath("/v1"), std::string("/v1beta1/publishers/google/models?pageSize=300"));
}

void GoogleKindsTest::speaksTheDialectOfTheModelsMaker()
{
    QVERIFY(gemini().dialect("gemini-3.5-flash") == DialectId::Gemini);
    QVERIFY(vertex().dialect("gemini-3.5-flash") == DialectId::Gemini);
    QVERIFY(vertex().dialect("claude-opus-5") == DialectId::AnthropicMessages);
    QVERIFY(vertex().speaks(DialectId::AnthropicMessages, "anthropic/claude-opus-5"));
    QVERIFY(!vertex().speaks(DialectId::Gemini, "claude-opus-5"));
    QVERIFY(gemini().supports(Operation::Embed) && !vertex().supports(Operation::Embed));
}

void GoogleKindsTest::changesBodiesForAnthropicsModelsOnly()
{
    CallShape call = shape("/v1", "claude-opus-5", Operation::Chat);
    call.dialect = DialectId::AnthropicMessages;
    QCOMPARE(vertex().bodyRules(call).addJson, std::string(R"({"anthropic_version":"vertex-2023-10-16"})"));
    QVERIFY(vertex().bodyRules(call).remove == std::vector<std::string>{"model"});
    call.operation = Operation::CountTokens;
    QVERIFY(vertex().bodyRules(call).remove.empty());
    call.dialect = DialectId::Gemini;
    QVERIFY(vertex().bodyRules(call).addJson.empty());
}

void GoogleKindsTest::asksForTheBetasThatGoogleHas_data()
{
    QTest::addColumn<QByteArray>("wanted");
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("none") << QByteArray() << QByteArray();
    QTest::newRow("unknown") << QByteArray("claude-code-20250219,files-api-2025-04-14") << QByteArray();
    QTest::newRow("some") << QByteArray(
                                 "claude-code-20250219, context-management-2025-06-27,,effort-2025-11-24,"
                                 "interleaved-thinking-2025-05-14")
                          << QByteArray("context-management-2025-06-27,interleaved-thinking-2025-05-14");
    QTest::newRow("renamed") << QByteArray("advanced-tool-use-2025-11-20")
                             << QByteArray("tool-search-tool-2025-10-19");
}

void GoogleKindsTest::asksForTheBetasThatGoogleHas()
{
    QFETCH(QByteArray, wanted);
    QFETCH(QByteArray, sent);
    const std::string header = wanted.toStdString();
    provider::Fields fields;
    vertex().addFields(fields, &header, [](const void* request, std::string_view name) -> std::string_view {
        return name == "anthropic-beta" ? *static_cast<const std::string*>(request) : std::string_view();
    });
    provider::Fields expected;
    if (!sent.isEmpty()) expected = {{"anthropic-beta", sent.toStdString()}};
    QVERIFY(fields == expected);
}

void GoogleKindsTest::sendsEachSortOfKeyInItsField_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("line");
    QTest::newRow("token") << "ya29.abc"
                           << "Authorization: Bearer ya29.abc";
    QTest::newRow("API key") << "AIzaabc"
                             << "x-goog-api-key: AIzaabc";
    QTest::newRow("express key") << "AQ.abc"
                                 << "x-goog-api-key: AQ.abc";
}

void GoogleKindsTest::sendsEachSortOfKeyInItsField()
{
    QFETCH(QString, key);
    QFETCH(QString, line);
    QCOMPARE(authOf(vertex(), key.toStdString()), line.toStdString());
    QVERIFY(!vertex().wantsToken(Secret(key.toStdString())));
    QCOMPARE(authOf(gemini(), "abc"), std::string("x-goog-api-key: abc"));
}

void GoogleKindsTest::exchangesAnAccountFileForAToken()
{
    const Secret key(accountFile().dump());
    QVERIFY(vertex().wantsToken(key));
    const auto call = vertex().tokenCall(key, kNow);
    QVERIFY(call.ok());
    QCOMPARE(call->url, std::string("https://oauth2.googleapis.com/token"));
    QCOMPARE(call->contentType, std::string("application/x-www-form-urlencoded"));
    const std::string begin = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
    QVERIFY(call->body.starts_with(begin));
    const std::string jwt = call->body.substr(begin.size());
    const std::size_t first = jwt.find('.');
    const std::size_t second = jwt.rfind('.');
    QVERIFY(first != second && second != std::string::npos);
    const Json header = Json::parse(*fromBase64(jwt.substr(0, first)));
    QVERIFY(header == (Json{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", "k1"}}));
    const Json claims = Json::parse(*fromBase64(jwt.substr(first + 1, second - first - 1)));
    QVERIFY(claims == (Json{{"iss", "bot@lab.iam.gserviceaccount.com"},
                            {"scope", "https://www.googleapis.com/auth/cloud-platform"},
                            {"aud", "https://oauth2.googleapis.com/token"},
                            {"iat", kNow},
                            {"exp", kNow + 3600}}));
    QVERIFY(verifies(*keyPair().key, jwt.substr(0, second), *fromBase64(jwt.substr(second + 1))));
}

void GoogleKindsTest::sendsTheClaimToGoogleOnly_data()
{
    QTest::addColumn<QString>("uri");
    QTest::addColumn<QString>("url");
    const char* const usual = "https://oauth2.googleapis.com/token";
    QTest::newRow("another of Google's") << "https://sts.googleapis.com/v1/token"
                                         << "https://sts.googleapis.com/v1/token";
    QTest::newRow("a stranger's") << "https://evil.example/token" << usual;
    QTest::newRow("alike") << "https://evilgoogleapis.com/token" << usual;
    QTest::newRow("as a user name") << "https://x.googleapis.com@evil.example/" << usual;
    QTest::newRow("in the path") << "https://evil.example/.googleapis.com" << usual;
    QTest::newRow("unencrypted") << "http://oauth2.googleapis.com/token" << usual;
    QTest::newRow("none") << "" << usual;
}

void GoogleKindsTest::sendsTheClaimToGoogleOnly()
{
    QFETCH(QString, uri);
    QFETCH(QString, url);
    Json file = accountFile();
    file["token_uri"] = uri.toStdString();
    const auto call = vertex().tokenCall(Secret(file.dump()), kNow);
    QVERIFY(call.ok());
    QCOMPARE(call->url, url.toStdString());
}

void GoogleKindsTest::refusesFilesThatAreNone_data()
{
    QTest::addColumn<QString>("key");
    const auto row = [](const char* name, const Json& file) {
        QTest::newRow(name) << QString::fromStdString(file.dump());
    };
    QTest::newRow("no JSON") << "{nonsense";
    row("empty", Json::object());
    Json file = accountFile();
    file["type"] = "authorized_user";
    row("a person's", file);
    file = accountFile();
    file["private_key"] = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    row("broken key", file);
    file["private_key"] = 1;
    row("key of a wrong type", file);
}

void GoogleKindsTest::refusesFilesThatAreNone()
{
    QFETCH(QString, key);
    const auto call = vertex().tokenCall(Secret(key.toStdString()), kNow);
    QVERIFY(!call.ok());
    QVERIFY(call.error().code == Code::ProviderKeyUnavailable);
    QVERIFY(call.error().message.find("AAAA") == std::string::npos);
}

void GoogleKindsTest::readsTokens()
{
    const auto token =
        vertex().readToken(R"({"access_token":"ya29.t","expires_in":3599,"token_type":"Bearer"})");
    QVERIFY(token.ok());
    QCOMPARE(token->secret.reveal(), std::string_view("ya29.t"));
    QCOMPARE(token->validSeconds, 3599);
    QVERIFY(!vertex().readToken(R"({"error":"invalid_grant"})").ok());
    QVERIFY(!vertex().readToken(R"({"access_token":"a\r\nX: y"})").ok());
    QVERIFY(!vertex().readToken("<html>").ok());
}

void GoogleKindsTest::findsPricesOfWhatVertexResells()
{
    const auto name = [](std::string_view model) {
        const auto found = vertex().catalogName(model);
        return std::string(found.kind) + ' ' + std::string(found.model);
    };
    QCOMPARE(name("claude-sonnet-4-5@20250929"), std::string("anthropic claude-sonnet-4-5"));
    QCOMPARE(name("google/gemini-2.5-pro"), std::string("gemini gemini-2.5-pro"));
    QVERIFY(gemini().catalogName("gemini-2.5-pro").kind.empty());
}

QTEST_GUILESS_MAIN(GoogleKindsTest)
#include "google_kinds_test.moc"
