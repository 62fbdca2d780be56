// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "provider/sigv4.h"

using namespace gateway::provider;

namespace {

// Those of AWS's published test suite; good for nothing else.
const AwsKey kSuiteKey{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", {}};
const AwsScope kSuiteScope{"us-east-1", "service"};
constexpr std::string_view kSuiteTime = "20150830T123600Z";

struct Case {
    const char* name;
    const char* method;
    const char* target;
    Fields more; // beside Host and X-Amz-Date
    const char* body;
    const char* signedNames;
    const char* signature;
};

/// Requests of the suite as a table, each with the signature that the suite gives for it.
const std::vector<Case>& cases()
{
    static const char* const kPlain = "host;x-amz-date";
    static const char* const kOne = "host;my-header1;x-amz-date";
    static const char* const kVanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    static const std::string kUnreserved =
        "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    static const std::string kUnreservedQuery = "/?" + kUnreserved + "=" + kUnreserved;
    static const std::vector<Case> all{
        {"get-vanilla", "GET", "/", {}, "", kPlain, kVanilla},
        {"post-vanilla",
         "POST",
         "/",
         {},
         "",
         kPlain,
         "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
        {"get-vanilla-query-order-key-case",
         "GET",
         "/?Param2=value2&Param1=value1",
         {},
         "",
         kPlain,
         "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
        {"get-vanilla-query-order-encoded",
         "GET",
         "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
         {},
         "",
         kPlain,
         "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"},
        {"get-vanilla-query-unreserved",
         "GET",
         kUnreservedQuery.c_str(),
         {},
         "",
         kPlain,
         "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
        {"get-vanilla-utf8-query",
         "GET",
         "/?\xE1\x88\xB4=bar",
         {},
         "",
         kPlain,
         "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
        {"get-utf8",
         "GET",
         "/\xE1\x88\xB4",
         {},
         "",
         kPlain,
         "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
        {"get-space-normalized",
         "GET",
         "/example space/",
         {},
         "",
         kPlain,
         "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
        {"get-slashes-normalized",
         "GET",
         "//example//",
         {},
         "",
         kPlain,
         "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
        {"get-relative-relative-normalized", "GET", "/example1/example2/../..", {}, "", kPlain, kVanilla},
        {"get-header-value-trim",
         "GET",
         "/",
         {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
         "",
         "host;my-header1;my-header2;x-amz-date",
         "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
        {"get-header-key-duplicate",
         "GET",
         "/",
         {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
         "",
         kOne,
         "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
        {"get-header-value-order",
         "GET",
         "/",
         {{"My-Header1", "value4"},
          {"My-Header1", "value1"},
          {"My-Header1", "value3"},
          {"My-Header1", "value2"}},
         "",
         kOne,
         "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
        {"post-header-key-sort",
         "POST",
         "/",
         {{"My-Header1", "value1"}},
         "",
         kOne,
         "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
        {"post-x-www-form-urlencoded-parameters",
         "POST",
         "/",
         {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
          {"Content-Length", "13"},
          {"x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"}},
         "Param1=value1",
         "content-length;content-type;host;x-amz-content-sha256;x-amz-date",
         "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422"},
        {"get-vanilla-with-session-token",
         "GET",
         "/",
         {{"X-Amz-Security-Token", "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"}},
         "",
         "host;x-amz-date;x-amz-security-token",
         "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"},
    };
    return all;
}

Fields headersOf(const Case& one)
{
    Fields headers{{"Host", "example.amazonaws.com"}, {"X-Amz-Date", std::string(kSuiteTime)}};
    headers.insert(headers.end(), one.more.begin(), one.more.end());
    return headers;
}

} // namespace

class SigV4Test : public QObject {
    Q_OBJECT

private slots:
    void signsAsThePublishedSuiteDoes()
    {
        for (const Case& one : cases()) {
            const Fields headers = headersOf(one);
            const std::string value = sigV4Authorization({one.method, one.target, headers, one.body},
                                                         kSuiteTime, kSuiteKey, kSuiteScope);
            const std::string wanted =
                std::string("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/"
                            "service/aws4_request, SignedHeaders=") +
                one.signedNames + ", Signature=" + one.signature;
            QVERIFY2(value == wanted, (std::string(one.name) + ": " + value).c_str());
        }
    }

    void writesTheCanonicalRequest()
    {
        const Fields headers{{"X-Amz-Date", "20150830T123600Z"}, {"Host", "a.example"}, {"B", " x   y "}};
        QCOMPARE(canonicalRequest({"POST", "/model/m%3A0/converse?b=2&a", headers, "{}"}),
                 std::string("POST\n/model/m%253A0/converse\na=&b=2\nb:x y\nhost:a.example\n"
                             "x-amz-date:20150830T123600Z\n\nb;host;x-amz-date\n"
                             "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"));
        for (const char* path : {"", "/", "/.", "/..", "/a/..", "//"}) {
            const std::string written = canonicalRequest({"GET", path, headers, ""});
            QVERIFY2(written.starts_with("GET\n/\n\n"), path);
        }
        QVERIFY(canonicalRequest({"GET", "/a/./b/../c", headers, ""}).starts_with("GET\n/a/c\n"));
        QVERIFY(canonicalRequest({"GET", "/a//", headers, ""}).starts_with("GET\n/a/\n"));
    }

    void writesTimesAsAwsReadsThem()
    {
        QCOMPARE(awsTime(1'440'938'160), std::string(kSuiteTime));
        QCOMPARE(awsTime(0), std::string("19700101T000000Z"));
        QCOMPARE(awsTime(1'709'164'800 + 86'399), std::string("20240229T235959Z"));
    }
};

QTEST_GUILESS_MAIN(SigV4Test)
#include "sigv4_test.moc"
