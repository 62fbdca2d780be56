// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include "main_window.h"
#include "ui/support/fake_link.h"

namespace ui {
namespace {

const QString kCanary = QStringLiteral("sk-ant-canary-9f3b1c");

// Every text that any widget of the program shows or holds.
QString everythingShown()
{
    QString all;
    for (QWidget* widget : QApplication::allWidgets()) {
        all += widget->windowTitle() + widget->toolTip() + widget->accessibleName() +
               widget->accessibleDescription();
        if (auto* label = qobject_cast<QLabel*>(widget)) all += label->text();
        if (auto* button = qobject_cast<QAbstractButton*>(widget)) all += button->text();
        if (auto* text = qobject_cast<QPlainTextEdit*>(widget)) all += text->toPlainText();
        if (auto* edit = qobject_cast<QLineEdit*>(widget)) all += edit->text();
    }
    // Last, because other texts change with what is undone.
    for (QWidget* widget : QApplication::allWidgets()) {
        auto* edit = qobject_cast<QLineEdit*>(widget);
        if (edit == nullptr || edit->isReadOnly()) continue;
        edit->undo();
        all += edit->text();
    }
    return all;
}

} // namespace

class AddProviderDialogTest : public QObject {
    Q_OBJECT

private:
    struct Opened {
        QTemporaryDir folder;
        FakeLink link;
        Preferences preferences{folder.filePath(QStringLiteral("p.ini"))};
        MainWindow window{link, preferences};

        QDialog* dialog()
        {
            window.show();
            window.openPage(QStringLiteral("providers"), QStringLiteral("add"));
            return window.findChild<QDialog*>();
        }
        template <class Widget>
        Widget* find(const char* name)
        {
            return window.findChild<QDialog*>()->findChild<Widget*>(QLatin1String(name));
        }
        QString chosen()
        {
            for (auto* chip :
                 window.findChild<QDialog*>()->findChildren<QPushButton*>(QStringLiteral("presetButton"))) {
                if (chip->isChecked()) return chip->accessibleName();
            }
            return {};
        }
        void choose(const char* preset)
        {
            for (auto* chip :
                 window.findChild<QDialog*>()->findChildren<QPushButton*>(QStringLiteral("presetButton"))) {
                if (chip->accessibleName() == QLatin1String(preset)) chip->click();
            }
        }
        // The fields for the parts of the address, with what they ask for.
        QStringList parts()
        {
            QStringList names;
            for (auto* edit :
                 window.findChild<QDialog*>()->findChildren<QLineEdit*>(QStringLiteral("addressPartEdit"))) {
                if (edit->isVisible()) names.append(edit->accessibleName());
            }
            return names;
        }
        void loseKeychain()
        {
            gateway::ActivitySnapshot activity = link.activity();
            activity.keychain = gateway::KeychainState::Unavailable;
            activity.keychainProblem = "No Secret Service answers.";
            link.setActivity(activity);
        }
    };

private slots:
    void initTestCase() { Theme::instance().apply(ThemeChoice::Dark); }

    void aKeyTellsWhoseItIs()
    {
        Opened at;
        QVERIFY(at.dialog() != nullptr);
        auto* key = at.find<QLineEdit>("keyEdit");
        QCOMPARE(key->echoMode(), QLineEdit::Password);
        key->setText(QStringLiteral("sk-ant-x"));
        QCOMPARE(at.chosen(), QStringLiteral("Anthropic"));
        QCOMPARE(at.find<QLineEdit>("nameEdit")->text(), QStringLiteral("anthropic"));
        key->setText(QStringLiteral("gsk_x"));
        QCOMPARE(at.chosen(), QStringLiteral("Groq"));
        QCOMPARE(at.find<QLineEdit>("baseUrlEdit")->text(), QStringLiteral("https://api.groq.com/openai/v1"));
    }

    void whoChoosesAnotherProviderIsNotOverruledByTheKey()
    {
        Opened at;
        at.dialog();
        at.find<QLineEdit>("keyEdit")->setText(QStringLiteral("sk-ant-x"));
        at.choose("OpenAI");
        QCOMPARE(at.chosen(), QStringLiteral("OpenAI"));
        QCOMPARE(at.find<QLineEdit>("nameEdit")->text(), QStringLiteral("openai"));
        QVERIFY(everythingShown().contains(QStringLiteral("does not look like a key of OpenAI")));
    }

    void anAmbiguousKeyAsks()
    {
        Opened at;
        at.dialog();
        at.find<QLineEdit>("keyEdit")->setText(QStringLiteral("sk-x"));
        QCOMPARE(at.chosen(), QString());
        at.find<QPushButton>("acceptButton")->click();
        QVERIFY(at.link.config()->providers.empty());
    }

    void theKeyGoesToTheKeychainAndNowhereElse()
    {
        Opened at;
        const QPointer<QDialog> dialog = at.dialog();
        at.find<QLineEdit>("keyEdit")->setText(QStringLiteral("  ") + kCanary + QStringLiteral("\n"));
        at.find<QPushButton>("acceptButton")->click();
        QTRY_VERIFY(!dialog || !dialog->isVisible());
        QCOMPARE(at.link.secrets.at(QStringLiteral("anthropic/main")), kCanary.toStdString());
        QCOMPARE(at.link.config()->findProvider("anthropic")->keys.front().secret.text(),
                 std::string("keychain:anthropic/main"));
        QVERIFY(!everythingShown().contains(QStringLiteral("canary")));
    }

    void cancellingForgetsTheKey()
    {
        Opened at;
        const QPointer<QDialog> dialog = at.dialog();
        auto* key = at.find<QLineEdit>("keyEdit");
        QTest::keyClicks(key, kCanary);
        dialog->reject();
        QVERIFY(!everythingShown().contains(QStringLiteral("canary")));
        QVERIFY(at.link.config()->providers.empty());
    }

    void aRefusalIsShownAndTheDialogStays()
    {
        Opened at;
        const QPointer<QDialog> dialog = at.dialog();
        at.link.nextSecretProblem = QStringLiteral("The keychain is locked.");
        at.find<QLineEdit>("keyEdit")->setText(kCanary);
        at.find<QPushButton>("acceptButton")->click();
        QTRY_VERIFY(everythingShown().contains(QStringLiteral("The keychain is locked.")));
        QVERIFY(dialog->isVisible());
        QVERIFY(at.find<QPushButton>("acceptButton")->isEnabled());
        dialog->reject();
    }

    void withoutAKeychainAVariableIsNamed()
    {
        Opened at;
        at.loseKeychain();
        const QPointer<QDialog> dialog = at.dialog();
        QVERIFY(everythingShown().contains(QStringLiteral("No Secret Service answers.")));
        QVERIFY(!at.find<QLineEdit>("keyEdit")->isVisible());
        for (auto* chip : dialog->findChildren<QPushButton*>(QStringLiteral("presetButton"))) {
            if (chip->accessibleName() == QLatin1String("Anthropic")) chip->click();
        }
        QCOMPARE(at.find<QLineEdit>("variableEdit")->text(), QStringLiteral("ANTHROPIC_API_KEY"));
        at.find<QPushButton>("acceptButton")->click();
        QTRY_VERIFY(!dialog || !dialog->isVisible());
        QCOMPARE(at.link.config()->findProvider("anthropic")->keys.front().secret.text(),
                 std::string("env:ANTHROPIC_API_KEY"));
        QCOMPARE(at.link.secrets.size(), 1U); // only the client's own key
    }

    void anAddressIsPutTogetherFromItsParts()
    {
        Opened at;
        const QPointer<QDialog> dialog = at.dialog();
        at.find<QLineEdit>("keyEdit")->setText(QStringLiteral("a"));
        at.choose("Amazon Bedrock");
        QCOMPARE(at.parts(), QStringList(QStringLiteral("Region")));
        at.find<QPushButton>("acceptButton")->click();
        QVERIFY(everythingShown().contains(QStringLiteral("one more thing: Region")));
        QVERIFY(at.link.config()->providers.empty());
        at.find<QLineEdit>("keyEdit")->setText(QStringLiteral("AKIDEXAMPLE:canary+secret/key"));
        QTest::keyClicks(at.find<QLineEdit>("addressPartEdit"), QStringLiteral("eu-central-1"));
        QCOMPARE(at.find<QLineEdit>("baseUrlEdit")->text(),
                 QStringLiteral("https://bedrock-runtime.eu-central-1.amazonaws.com"));
        at.find<QPushButton>("acceptButton")->click();
        QTRY_VERIFY(!dialog || !dialog->isVisible());
        const gateway::ProviderConfig* added = at.link.config()->findProvider("bedrock");
        QVERIFY(added != nullptr);
        QCOMPARE(added->kind, std::string("bedrock"));
        QCOMPARE(added->baseUrl, std::string("https://bedrock-runtime.eu-central-1.amazonaws.com"));
        QCOMPARE(at.link.secrets.at(QStringLiteral("bedrock/main")),
                 std::string("AKIDEXAMPLE:canary+secret/key"));
    }

    void anAddressWrittenByHandNeedsNoParts()
    {
        Opened at;
        const QPointer<QDialog> dialog = at.dialog();
        at.choose("Azure OpenAI");
        QCOMPARE(at.parts(), QStringList(QStringLiteral("Resource")));
        at.find<QLineEdit>("keyEdit")->setText(QStringLiteral("azure-canary"));
        at.find<QLineEdit>("baseUrlEdit")
            ->setText(QStringLiteral("https://x.services.ai.azure.com/openai/v1"));
        at.find<QPushButton>("acceptButton")->click();
        QTRY_VERIFY(!dialog || !dialog->isVisible());
        QCOMPARE(at.link.config()->findProvider("azure")->baseUrl,
                 std::string("https://x.services.ai.azure.com/openai/v1"));
    }

    void everyPresetAsksOnlyForWhatItsAddressLacks()
    {
        Opened at;
        at.dialog();
        for (const gateway::ProviderPreset& preset : gateway::providerPresets()) {
            at.choose(preset.name.c_str());
            QCOMPARE(at.chosen().toStdString(), preset.name);
            const QString address = QString::fromStdString(preset.baseUrl);
            QCOMPARE(at.find<QLineEdit>("baseUrlEdit")->text(), address);
            QCOMPARE(at.parts().size(), address.count(QLatin1Char('{')));
        }
    }

    void aServiceAccountIsPastedWhole()
    {
        Opened at;
        const QPointer<QDialog> dialog = at.dialog();
        at.choose("Google Vertex AI");
        QVERIFY(everythingShown().contains(QStringLiteral("service account")));
        const QString file = QStringLiteral("{\n  \"type\": \"service_account\",\n  \"private_key\": "
                                            "\"-----BEGIN\\nKEY\\n\"\n}\n");
        at.find<QLineEdit>("keyEdit")->setText(file.chopped(4));
        at.find<QPushButton>("acceptButton")->click();
        QVERIFY(everythingShown().contains(QStringLiteral("Copy the whole file")));
        QApplication::clipboard()->setText(file);
        at.find<QLineEdit>("keyEdit")->selectAll();
        at.find<QLineEdit>("keyEdit")->paste();
        QTest::keyClicks(at.find<QLineEdit>("addressPartEdit"), QStringLiteral("my-project"));
        at.find<QPushButton>("acceptButton")->click();
        QTRY_VERIFY(!dialog || !dialog->isVisible());
        const std::string saved = at.link.secrets.at(QStringLiteral("vertex/main"));
        QVERIFY2(saved.find('\n') == std::string::npos, saved.c_str()); // What is kept is one line,
        const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(saved)).object();
        QCOMPARE(object.value(QLatin1String("private_key")).toString(), // and says the same.
                 QStringLiteral("-----BEGIN\nKEY\n"));
        QCOMPARE(at.link.config()->findProvider("vertex")->baseUrl,
                 std::string("https://aiplatform.googleapis.com/v1/projects/my-project/locations/global"));
    }

    void aKeyMayStayInAFileOfItsOwner()
    {
        Opened at;
        const QPointer<QDialog> dialog = at.dialog();
        at.choose("Cohere");
        for (auto* choice : dialog->findChildren<QPushButton*>(QStringLiteral("segmentButton"))) {
            if (choice->accessibleName() == QLatin1String("File")) choice->click();
        }
        at.find<QLineEdit>("keyPathEdit")->setText(QStringLiteral("cohere.key"));
        at.find<QPushButton>("acceptButton")->click();
        QVERIFY(everythingShown().contains(QStringLiteral("the whole path")));
        at.find<QLineEdit>("keyPathEdit")->setText(QStringLiteral("/home/ada/cohere.key"));
        at.find<QPushButton>("acceptButton")->click();
        QTRY_VERIFY(!dialog || !dialog->isVisible());
        const gateway::ProviderConfig* added = at.link.config()->findProvider("cohere");
        QCOMPARE(added->keys.front().secret.text(), std::string("file:/home/ada/cohere.key"));
        QVERIFY(added->baseUrl.empty()); // Its kind knows the address.
    }

    void aLocalServerNeedsNoKey()
    {
        Opened at;
        const QPointer<QDialog> dialog = at.dialog();
        at.choose("Ollama");
        at.find<QPushButton>("acceptButton")->click();
        QTRY_VERIFY(!dialog || !dialog->isVisible());
        const gateway::ProviderConfig* added = at.link.config()->findProvider("ollama");
        QVERIFY(added->local && added->keys.empty());
        QCOMPARE(added->kind, std::string("ollama"));
    }

    void aProviderIsFoundByItsName()
    {
        Opened at;
        const QPointer<QDialog> dialog = at.dialog();
        auto* find = at.find<QLineEdit>("findPresetEdit");
        QTest::keyClicks(find, QStringLiteral("bedr"));
        QTest::keyClick(find, Qt::Key_Return);
        QVERIFY(dialog->isVisible()); // Enter took it and did not submit.
        QCOMPARE(at.chosen(), QStringLiteral("Amazon Bedrock"));
        // A key that says whose it is wins over what is looked for.
        at.find<QLineEdit>("keyEdit")->setText(kCanary);
        QCOMPARE(at.chosen(), QStringLiteral("Anthropic"));
        QVERIFY(find->text().isEmpty());
        dialog->reject();
    }

    void wrongNamesAndKeysAreRefusedHere_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("name");
        QTest::newRow("blank in the name") << kCanary << QStringLiteral("my provider");
        QTest::newRow("the built-in's name") << kCanary << QStringLiteral("sandbox");
        QTest::newRow("no name") << kCanary << QString();
        QTest::newRow("blank in the key") << QStringLiteral("sk-ant-a b") << QStringLiteral("anthropic");
        QTest::newRow("accent in the key") << QStringLiteral("sk-ant-é") << QStringLiteral("anthropic");
    }

    void wrongNamesAndKeysAreRefusedHere()
    {
        QFETCH(QString, key);
        QFETCH(QString, name);
        Opened at;
        const QPointer<QDialog> dialog = at.dialog();
        at.find<QLineEdit>("keyEdit")->setText(key);
        at.find<QLineEdit>("nameEdit")->setText(name);
        at.find<QPushButton>("acceptButton")->click();
        QTest::qWait(0);
        QVERIFY(dialog->isVisible());
        QVERIFY(at.link.config()->providers.empty());
        QCOMPARE(at.link.secrets.size(), 1U);
        dialog->reject();
    }
};

} // namespace ui

QTEST_MAIN(ui::AddProviderDialogTest)
#include "add_provider_dialog_test.moc"
