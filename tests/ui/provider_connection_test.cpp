// SPDX-License-Identifier: GPL-3.0-or-later
// How a provider is reached: a draft that is checked as it is written, saved, discarded and taken back.
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>

#include "pages/provider_connection.h"
#include "ui/support/window_walk.h"
#include "widgets/header_fields.h"

namespace ui {
namespace {

struct At : OpenedWindow {
    At() : OpenedWindow(5)
    {
        window.openPage(QStringLiteral("providers"));
        provider(2);
        press("segmentButton", QStringLiteral("Connection"));
    }
    void provider(int row)
    {
        auto* list = window.findChild<QListView*>(QStringLiteral("providersList"));
        list->setCurrentIndex(list->model()->index(row, 0));
        settle();
    }
    [[nodiscard]] QLineEdit* edit(const char* name) const
    {
        return window.findChild<QLineEdit*>(QLatin1String(name));
    }
    [[nodiscard]] QSpinBox* number(const char* name) const
    {
        return window.findChild<QSpinBox*>(QLatin1String(name));
    }
    void type(const char* name, const QString& text) { type(edit(name), text); }
    static void type(QLineEdit* field, const QString& text)
    {
        field->selectAll();
        QTest::keyClicks(field, text);
        settle();
    }
    [[nodiscard]] bool canSave() const
    {
        return window.findChild<QPushButton*>(QStringLiteral("saveConnectionButton"))->isEnabled();
    }
    [[nodiscard]] const gateway::ProviderConfig& groq() const { return *link.config()->findProvider("groq"); }
    [[nodiscard]] bool shows(const char* text) const
    {
        for (const QLabel* each : window.findChildren<QLabel*>()) {
            if (each->isVisible() && each->text().contains(QLatin1String(text))) return true;
        }
        return false;
    }
};

} // namespace

class ProviderConnectionTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(ThemeChoice::Dark); }

    void savesWhatWasWrittenAndUndoTakesItBack()
    {
        At at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        QVERIFY(!at.canSave());
        at.type("baseUrlEdit", QStringLiteral("https://eu.groq.example.com/v1"));
        at.type("proxyEdit", QStringLiteral("socks5://127.0.0.1:1080"));
        at.type("caFileEdit", QStringLiteral("/etc/ssl/groq.pem"));
        at.number("firstByteSpinBox")->setValue(400);
        at.number("attemptsSpinBox")->setValue(0);
        at.type("statusesEdit", QStringLiteral("429, 503"));
        QVERIFY(at.shows("Not saved yet"));
        QCOMPARE(at.groq().baseUrl, std::string("https://api.groq.com/openai/v1")); // Nothing before Save.
        QVERIFY(at.press("saveConnectionButton"));
        QCOMPARE(at.groq().baseUrl, std::string("https://eu.groq.example.com/v1"));
        QCOMPARE(at.groq().proxy, std::string("socks5://127.0.0.1:1080"));
        QCOMPARE(at.groq().caFile, std::string("/etc/ssl/groq.pem"));
        QVERIFY(at.groq().timeout.firstByte == gateway::milliseconds(400));
        QVERIFY(!at.groq().timeout.connect.has_value());
        QVERIFY(at.groq().retry.attempts == 0U);
        QVERIFY(at.groq().retry.onStatus == std::vector<int>({429, 503}));
        QVERIFY(!at.canSave());
        QVERIFY(!at.shows("Not saved yet"));
        QTest::keyClick(&at.window, Qt::Key_Z, Qt::ControlModifier);
        OpenedWindow::settle();
        QCOMPARE(at.groq().baseUrl, std::string("https://api.groq.com/openai/v1"));
        QCOMPARE(at.edit("baseUrlEdit")->text(), QStringLiteral("https://api.groq.com/openai/v1"));
        QCOMPARE(at.number("firstByteSpinBox")->value(), -1);
    }

    void problemsStandBesideTheirFields_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("problem");
        QTest::newRow("no address") << QByteArray("baseUrlEdit") << QStringLiteral("groq")
                                    << QByteArray("Needs an absolute http");
        QTest::newRow("a password") << QByteArray("baseUrlEdit")
                                    << QStringLiteral("https://me:pw@groq.com/v1")
                                    << QByteArray("Must not hold a user name");
        QTest::newRow("CA file") << QByteArray("caFileEdit") << QStringLiteral("ca.pem")
                                 << QByteArray("absolute path");
        QTest::newRow("proxy") << QByteArray("proxyEdit") << QStringLiteral("ftp://x")
                               << QByteArray("socks5");
        QTest::newRow("status") << QByteArray("statusesEdit") << QStringLiteral("429, often")
                                << QByteArray("100");
    }

    void problemsStandBesideTheirFields()
    {
        QFETCH(QByteArray, field);
        QFETCH(QString, text);
        QFETCH(QByteArray, problem);
        At at;
        at.type(field.constData(), text);
        QVERIFY(at.shows("Correct what is marked first"));
        QVERIFY(!at.canSave());
        bool told = false;
        for (const QLabel* each : at.window.findChildren<QLabel*>()) {
            const bool visible =
                each->isVisible() && each->accessibleDescription() == QLatin1String("problem");
            if (!visible) continue;
            told = told || each->text().contains(QLatin1String(problem), Qt::CaseInsensitive);
            QVERIFY(each->parentWidget()->isAncestorOf(at.edit(field.constData()))); // in the same row
        }
        QVERIFY(told);
        QVERIFY(at.press("discardConnectionButton"));
        QVERIFY(!at.shows("Correct what is marked first"));
    }

    void headersAreAddedMaskedAndRemoved()
    {
        At at;
        QVERIFY(at.press("addHeaderButton"));
        At::type(at.edit("headerNameEdit"), QStringLiteral("X-Team-Token"));
        At::type(at.edit("headerValueEdit"), QStringLiteral("hunter2"));
        emit at.edit("headerValueEdit")->editingFinished();
        QVERIFY(at.edit("headerValueEdit")->echoMode() != QLineEdit::Normal);
        QVERIFY(at.press("saveConnectionButton"));
        const HeaderFields::Fields wanted{{"X-Team-Token", "hunter2"}};
        QVERIFY(at.groq().headers == wanted);
        QVERIFY(at.press("removeHeaderButton"));
        QVERIFY(at.press("saveConnectionButton"));
        QVERIFY(at.groq().headers.empty());
        QVERIFY(at.press("addHeaderButton"));
        At::type(at.edit("headerNameEdit"), QStringLiteral("Authorization"));
        QVERIFY(at.shows("Must not be set here"));
        QVERIFY(!at.canSave());
    }

    void knowsWhatLooksSecret()
    {
        QVERIFY(looksSecret(QStringLiteral("X-Api-Key"), QStringLiteral("a")));
        QVERIFY(looksSecret(QStringLiteral("X-Custom"), QStringLiteral("Bearer abc")));
        QVERIFY(looksSecret(QStringLiteral("X-Custom"), QStringLiteral("sk-123")));
        QVERIFY(looksSecret(QStringLiteral("X-Custom"), QString(40, QLatin1Char('a'))));
        QVERIFY(!looksSecret(QStringLiteral("X-Title"), QStringLiteral("My editor")));
        QVERIFY(!looksSecret(QStringLiteral("HTTP-Referer"), QStringLiteral("https://example.com")));
    }

    void aDraftWaitsForItsProvider()
    {
        At at;
        at.type("proxyEdit", QStringLiteral("none"));
        at.provider(0);
        QCOMPARE(at.edit("proxyEdit")->text(), QString());
        QVERIFY(!at.canSave());
        at.provider(2);
        QCOMPARE(at.edit("proxyEdit")->text(), QStringLiteral("none"));
        QVERIFY(at.canSave());
        gateway::Config config = *at.link.config();
        config.providers[2].local = true; // A change from outside does not take the draft away,
        at.link.setConfig(config);
        OpenedWindow::settle();
        QVERIFY(at.press("saveConnectionButton"));
        QCOMPARE(at.groq().proxy, std::string("none"));
        QVERIFY(at.groq().local); // and the draft not the change.
    }

    void readsStatuses()
    {
        QCOMPARE(statusesIn(QStringLiteral(" 408,429;  503 ")), std::vector<int>({408, 429, 503}));
        QCOMPARE(statusesIn(QString()), std::vector<int>());
        QCOMPARE(statusesIn(QStringLiteral("5xx")), std::vector<int>({0}));
    }
};

} // namespace ui

QTEST_MAIN(ui::ProviderConnectionTest)
#include "provider_connection_test.moc"
