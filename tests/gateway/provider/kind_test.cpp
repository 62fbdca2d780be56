// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <QTest>

#include "gateway/config_io.h"

#include "base/head_scan.h"
#include "base/strings.h"
#include "provider/kind.h"

using namespace gateway;
using namespace gateway::provider;

namespace gateway::provider {
#define PROVIDER_KIND(factory) const Kind& factory();
#include "provider/providers.def"
#undef PROVIDER_KIND
} // namespace gateway::provider

namespace {

std::vector<const Kind*> kinds()
{
    return {
#define PROVIDER_KIND(factory) &factory(),
#include "provider/providers.def"
#undef PROVIDER_KIND
    };
}

/// The kinds that are called over the network.
std::vector<const Kind*> served()
{
    std::vector<const Kind*> found = kinds();
    std::erase_if(found, [](const Kind* kind) { return kind->inProcess(); });
    return found;
}

constexpr std::string_view kBases[] = {"", "/v1", "/team/a", "/team/a/v1", "/v1/team", "/v10"};
constexpr Operation kOperations[] = {Operation::Chat, Operation::CountTokens};

bool isTarget(std::string_view path)
{
    return path.starts_with('/') && path.find("//") == std::string_view::npos &&
           path.find("/v1/v1") == std::string_view::npos &&
           std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::size_t countOf(std::string_view text, std::string_view part)
{
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

/// Stands for a client that sends every header there is; remembers which were looked at.
std::set<std::string>& asked()
{
    static std::set<std::string> names;
    return names;
}

std::string_view anyField(const void*, std::string_view name)
{
    const auto place = asked().insert(lowered(name)).first;
    return *place; // the value is the field's own name
}

std::string_view noField(const void*, std::string_view)
{
    return {};
}

Fields fieldsOf(const Kind& kind, ClientField client)
{
    Fields fields;
    kind.addFields(fields, nullptr, client);
    return fields;
}

std::string lineOf(const Kind& kind, const std::string& key)
{
    const Fields none;
    return kind.authLines(Secret(key), {"POST", "host", "/path", none, "{}", 1'790'000'000});
}

std::string valueOf(const Fields& fields, std::string_view name)
{
    for (const auto& [key, value] : fields) {
        if (equalsIgnoreCase(key, name)) return value;
    }
    return "(none)";
}

/// What carries a client's key, or belongs to one connection only.
const std::set<std::string> kNeverPassedOn = {"authorization",
                                              "x-api-key",
                                              "api-key",
                                              "x-goog-api-key",
                                              "x-portkey-api-key",
                                              "cookie",
                                              "host",
                                              "connection",
                                              "content-length",
                                              "transfer-encoding",
                                              "accept-encoding",
                                              "proxy-authorization"};

} // namespace

class KindTest : public QObject {
    Q_OBJECT

private slots:
    void isFoundByItsIdAndByNothingElse()
    {
        std::set<std::string> ids;
        for (const Kind* kind : kinds()) {
            QVERIFY(findKind(kind->id()) == kind);
            QVERIFY(ids.insert(std::string(kind->id())).second);
        }
        QVERIFY(findKind("") == nullptr);
        QVERIFY(findKind("OpenAI") == nullptr);
        // What the configuration takes is what can be called, and the other way round.
        const std::vector<std::string> configured = providerKinds();
        QCOMPARE(std::set<std::string>(configured.begin(), configured.end()), ids);
    }

    void makesPathsOfEveryBase()
    {
        for (const Kind* kind : served()) {
            for (const std::string_view base : kBases) {
                for (const Operation operation : kOperations) {
                    if (!kind->supports(operation)) continue;
                    const std::string path =
                        kind->path({base, operation, kind->dialect("model-1"), "model-1", false});
                    QVERIFY2(isTarget(path), path.c_str());
                }
                const std::string models = kind->modelsPath(base);
                QVERIFY2(models.empty() || isTarget(models), models.c_str());
            }
        }
    }

    void appendsWhatTheVendorsOwnSdkAppends_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QByteArray>("base");
        QTest::addColumn<QByteArray>("chat");
        QTest::addColumn<QByteArray>("models");
        const auto row = [](const char* kind, const char* base, const char* chat, const char* models) {
            QTest::addRow("%s %s", kind, base)
                << QByteArray(kind) << QByteArray(base) << QByteArray(chat) << QByteArray(models);
        };
        row("openai", "/v1", "/v1/chat/completions", "/v1/models");
        row("openai", "/proxy/openai/v1", "/proxy/openai/v1/chat/completions", "/proxy/openai/v1/models");
        row("openai-compatible", "/v1", "/v1/chat/completions", "/v1/models");
        row("openai-compatible", "", "/chat/completions", "/models");
        row("openai-compatible", "/api/paas/v4", "/api/paas/v4/chat/completions", "/api/paas/v4/models");
        row("anthropic", "", "/v1/messages", "/v1/models");
        row("anthropic", "/v1", "/v1/messages", "/v1/models");
        row("anthropic", "/team", "/team/v1/messages", "/team/v1/models");
        row("anthropic", "/team/v1", "/team/v1/messages", "/team/v1/models");
        row("anthropic", "/v10", "/v10/v1/messages", "/v10/v1/models");
    }

    void appendsWhatTheVendorsOwnSdkAppends()
    {
        QFETCH(QByteArray, kind);
        QFETCH(QByteArray, base);
        QFETCH(QByteArray, chat);
        QFETCH(QByteArray, models);
        const Kind* found = findKind(kind.toStdString());
        QVERIFY(found);
        QCOMPARE(found->path({base.toStdString(), Operation::Chat, found->dialect("m"), "m", false}),
                 chat.toStdString());
        QCOMPARE(found->modelsPath(base.toStdString()), models.toStdString());
    }

    void knowsWhatItsServersCanDo()
    {
        for (const Kind* kind : kinds()) {
            QVERIFY(kind->supports(Operation::Chat));
            QVERIFY(!kind->supports(Operation::Undecided));
        }
        QVERIFY(findKind("anthropic")->supports(Operation::CountTokens));
        QCOMPARE(findKind("anthropic")
                     ->path({"", Operation::CountTokens, DialectId::AnthropicMessages, "m", false}),
                 std::string("/v1/messages/count_tokens"));
        QVERIFY(!findKind("openai-compatible")->supports(Operation::CountTokens));
    }

    void speaksTheDialectOfItsVendor()
    {
        QCOMPARE(findKind("openai")->dialect("m"), DialectId::OpenAiChat);
        QCOMPARE(findKind("openai-compatible")->dialect("m"), DialectId::OpenAiChat);
        QCOMPARE(findKind("anthropic")->dialect("m"), DialectId::AnthropicMessages);
        for (const Kind* kind : served())
            QVERIFY(kind->dialect("m") != DialectId::Undecided);
    }

    void putsTheKeyIntoOneLineOnce()
    {
        const std::string key = "sk-canary-0123456789";
        for (const char* id : {"openai", "openai-compatible", "anthropic"}) {
            const Kind* kind = findKind(id);
            const std::string line = lineOf(*kind, key);
            QCOMPARE(countOf(line, key), std::size_t{1});
            QVERIFY(line.ends_with(key));
            HeaderField field;
            QVERIFY(!scanHeaderLine(line, field));
            QVERIFY(kNeverPassedOn.count(lowered(field.name)) != 0);
            QVERIFY(fieldsOf(*kind, noField).size() < 8);
            for (const auto& [name, value] : fieldsOf(*kind, noField))
                QVERIFY(value.find(key) == std::string::npos);
        }
        QCOMPARE(lineOf(*findKind("openai"), key), "Authorization: Bearer " + key);
        QCOMPARE(lineOf(*findKind("anthropic"), key), "x-api-key: " + key);
    }

    void knowsWhoNeedsAKeyAndWhereTheyLive()
    {
        for (const char* id : {"openai", "anthropic"}) {
            QVERIFY(findKind(id)->needsKey());
            QVERIFY(findKind(id)->defaultBaseUrl().starts_with("https://"));
        }
        QVERIFY(!findKind("openai-compatible")->needsKey());
        QVERIFY(findKind("openai-compatible")->defaultBaseUrl().empty());
        QVERIFY(findKind("sandbox")->inProcess());
        for (const Kind* kind : kinds())
            QVERIFY(!kind->inProcess() || !kind->needsKey());
    }

    void passesOnNoKeyAndNoConnectionFieldOfTheClient()
    {
        for (const Kind* kind : kinds()) {
            asked().clear();
            const Fields fields = fieldsOf(*kind, anyField);
            for (const std::string& name : asked())
                QVERIFY2(kNeverPassedOn.count(name) == 0, name.c_str());
            std::set<std::string> names;
            for (const auto& [name, value] : fields) {
                QVERIFY2(std::all_of(name.begin(), name.end(), isTokenByte), name.c_str());
                QVERIFY2(kNeverPassedOn.count(lowered(name)) == 0, name.c_str());
                QVERIFY2(names.insert(lowered(name)).second, name.c_str());
                QVERIFY(!value.empty());
            }
        }
    }

    void passesOnWhatMeansSomethingToTheProvider()
    {
        const Fields openAi = fieldsOf(*findKind("openai"), anyField);
        for (const char* name : {"openai-beta", "openai-organization", "openai-project"})
            QCOMPARE(valueOf(openAi, name), std::string(name));
        QCOMPARE(valueOf(openAi, "x-title"), std::string("(none)"));
        const Fields compatible = fieldsOf(*findKind("openai-compatible"), anyField);
        QCOMPARE(valueOf(compatible, "http-referer"), std::string("http-referer"));
        QCOMPARE(valueOf(compatible, "openai-organization"), std::string("(none)"));
        const Fields claude = fieldsOf(*findKind("anthropic"), anyField);
        QCOMPARE(valueOf(claude, "anthropic-version"), std::string("anthropic-version"));
        QCOMPARE(valueOf(claude, "anthropic-beta"), std::string("anthropic-beta"));
    }

    void saysAnthropicsVersionWhereTheClientDoesNot()
    {
        QCOMPARE(fieldsOf(*findKind("anthropic"), noField), (Fields{{"anthropic-version", "2023-06-01"}}));
        QVERIFY(fieldsOf(*findKind("openai"), noField).empty());
        QVERIFY(fieldsOf(*findKind("openai-compatible"), noField).empty());
    }

    void knowsVendorsByTheirModelsNames_data()
    {
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<QByteArray>("kind");
        const auto row = [](const char* model, const char* kind) {
            QTest::addRow("'%s'", model) << QByteArray(model) << QByteArray(kind);
        };
        row("claude-sonnet-4-5", "anthropic");
        row("claude-next", "anthropic");
        row("gemini-3-pro", "gemini");
        row("gpt-4.1", "openai");
        row("gpt-9-turbo", "openai");
        row("o1", "openai");
        row("o3-mini", "openai");
        row("o4-mini-2025-04-16", "openai");
        row("o1preview", "openai");
        row("claude", "");
        row("Claude-sonnet", "");
        row("gpt4", "");
        row("o", "");
        row("o0", "");
        row("o5", "");
        row("o-1", "");
        row("qwen3", "");
        row("", "");
        row("openai/gpt-4.1", "");
    }

    void knowsVendorsByTheirModelsNames()
    {
        QFETCH(QByteArray, model);
        QFETCH(QByteArray, kind);
        QCOMPARE(std::string(kindForModelName(model.toStdString())), kind.toStdString());
    }
};

QTEST_GUILESS_MAIN(KindTest)
#include "kind_test.moc"
