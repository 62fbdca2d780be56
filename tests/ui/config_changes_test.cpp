// SPDX-License-Identifier: GPL-3.0-or-later
#include <optional>

#include <QTest>

#include "models/config_changes.h"
#include "models/config_edit.h"
#include "ui/support/fake_link.h"

namespace ui {
namespace {

ProviderDraft openAiDraft()
{
    ProviderDraft draft;
    draft.provider.id = gateway::ProviderId("openai");
    draft.provider.kind = "openai";
    gateway::ProviderKey key;
    key.id = gateway::ProviderKeyId("main");
    key.secret = {gateway::SecretKind::Keychain, "openai/main"};
    draft.provider.keys.push_back(key);
    draft.key = gateway::Secret("sk-proj-canary");
    return draft;
}

} // namespace

class ConfigChangesTest : public QObject {
    Q_OBJECT

private slots:
    void addingSavesTheKeyAndOnlyItsReference()
    {
        FakeLink link;
        ConfigChanges changes(link);
        std::optional<QString> problem;
        changes.addProvider(openAiDraft(), [&](const QString& text) { problem = text; });
        QTRY_VERIFY(problem.has_value());
        QCOMPARE(*problem, QString());
        QCOMPARE(link.secrets.at(QStringLiteral("openai/main")), std::string("sk-proj-canary"));
        const gateway::ProviderConfig* provider = link.config()->findProvider("openai");
        QVERIFY(provider != nullptr);
        QCOMPARE(provider->keys.front().secret.text(), std::string("keychain:openai/main"));
    }

    void aRefusedProviderLeavesNoKeyBehind()
    {
        FakeLink link;
        ConfigChanges changes(link);
        link.nextProblems = {{gateway::ConfigProblem::Weight::Error, "providers.openai", "is wrong", 0}};
        std::optional<QString> problem;
        changes.addProvider(openAiDraft(), [&](const QString& text) { problem = text; });
        QTRY_VERIFY(problem.has_value());
        QCOMPARE(*problem, QStringLiteral("providers.openai: is wrong"));
        QVERIFY(!link.secrets.contains(QStringLiteral("openai/main")));
    }

    void aLockedKeychainChangesNothing()
    {
        FakeLink link;
        ConfigChanges changes(link);
        link.nextSecretProblem = QStringLiteral("The keychain is locked.");
        std::optional<QString> problem;
        changes.addProvider(openAiDraft(), [&](const QString& text) { problem = text; });
        QTRY_VERIFY(problem.has_value());
        QCOMPARE(*problem, QStringLiteral("The keychain is locked."));
        QVERIFY(link.config()->providers.empty());
    }

    void removingAProviderForgetsItsKeys()
    {
        FakeLink link;
        link.makeUpData(0);
        link.secrets[QStringLiteral("openai/work")] = "a";
        link.secrets[QStringLiteral("openai/spare")] = "b";
        link.secrets[QStringLiteral("groq/main")] = "c";
        ConfigChanges changes(link);
        bool done = false;
        changes.removeProvider(gateway::ProviderId("openai"), [&](const QString&) { done = true; });
        QTRY_VERIFY(done);
        QVERIFY(link.config()->findProvider("openai") == nullptr);
        QVERIFY(!link.secrets.contains(QStringLiteral("openai/work")));
        QVERIFY(!link.secrets.contains(QStringLiteral("openai/spare")));
        QVERIFY(link.secrets.contains(QStringLiteral("groq/main")));
    }

    void namesAreMadeValidAndFree()
    {
        FakeLink link;
        link.makeUpData(0);
        QCOMPARE(freeProviderName(*link.config(), QStringLiteral("LM Studio!")), QStringLiteral("lm-studio"));
        QCOMPARE(freeProviderName(*link.config(), QStringLiteral("openai")), QStringLiteral("openai-2"));
        QCOMPARE(freeProviderName(*link.config(), QStringLiteral("sandbox")), QStringLiteral("sandbox-2"));
        QCOMPARE(freeProviderName(*link.config(), QStringLiteral("***")), QStringLiteral("provider"));
        QVERIFY(isValidName(freeProviderName(*link.config(), QString(500, QLatin1Char('x')))));
        QVERIFY(!isValidName(QStringLiteral("a b")));
        QVERIFY(!isValidName(QStringLiteral("a\n")));
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::ConfigChangesTest)
#include "config_changes_test.moc"
