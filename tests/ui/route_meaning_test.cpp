// SPDX-License-Identifier: GPL-3.0-or-later
// A route that goes by meaning, edited and tried in the window.
#include <string>
#include <vector>

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>

#include "models/route_text.h"
#include "ui/support/opened_routes.h"

namespace ui {
namespace {

void type(QLineEdit* edit, const QString& text)
{
    edit->selectAll();
    edit->del();
    QTest::keyClicks(edit, text);
    OpenedWindow::settle();
}

void type(QPlainTextEdit* edit, const QStringList& lines)
{
    edit->setFocus();
    edit->selectAll();
    QTest::keyClick(edit, Qt::Key_Delete);
    for (const QString& line : lines) {
        if (&line != &lines.constFirst()) QTest::keyClick(edit, Qt::Key_Return);
        QTest::keyClicks(edit, line);
    }
    OpenedWindow::settle();
}

const QStringList kCode{QStringLiteral("Why does this function return null?"),
                        QStringLiteral("Fix the segmentation fault in my program"),
                        QStringLiteral("Write a unit test for this class")};

} // namespace

class RouteMeaningTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void itsFieldsAreThereForThatStrategyAlone()
    {
        OpenedRoutes at;
        QVERIFY(at.all<QPlainTextEdit>("targetExamplesEdit").isEmpty());
        QVERIFY(at.all<QPlainTextEdit>("meaningTryEdit").isEmpty());
        at.setStrategy("semantic");
        const auto targets = static_cast<qsizetype>(at.route("smart")->targets.size());
        QCOMPARE(at.all<QPlainTextEdit>("targetExamplesEdit").size(), targets);
        QCOMPARE(at.all<QLineEdit>("targetDescriptionEdit").size(), targets);
        QCOMPARE(at.find<QPlainTextEdit>("targetExamplesEdit", 1)->accessibleName(),
                 QStringLiteral("Examples of target 2"));
        QVERIFY(cutTexts(at.window).isEmpty());
        at.setStrategy("priority");
        QVERIFY(at.all<QPlainTextEdit>("targetExamplesEdit").isEmpty());
    }

    void whatBelongsToATargetIsApplied()
    {
        OpenedRoutes at;
        at.setStrategy("semantic");
        type(at.find<QPlainTextEdit>("targetExamplesEdit"),
             QStringList{QStringLiteral(" one "), {}, QStringLiteral("two")});
        type(at.find<QLineEdit>("targetDescriptionEdit", 1), QStringLiteral("Letters and poems"));
        at.find<QSpinBox>("thresholdSpinBox")->setValue(60);
        OpenedWindow::settle();
        QVERIFY(at.press("applyButton"));
        const gateway::RouteConfig* route = at.route("smart");
        QCOMPARE(route->strategy, std::string("semantic"));
        QVERIFY(route->targets[0].examples == (std::vector<std::string>{"one", "two"}));
        QCOMPARE(route->targets[1].description, std::string("Letters and poems"));
        QVERIFY(route->semantic.threshold == std::string("0.6") && !route->semantic.margin);
    }

    void whatTheFileSaysStaysToTheLetter()
    {
        OpenedRoutes at;
        gateway::Config config = *at.link.config();
        config.routes[0].strategy = "semantic";
        config.routes[0].semantic.threshold = "0.456";
        config.routes[0].targets[0].examples = {" two\nlines", "one"};
        config.routes[0].targets[0].description = " kept ";
        at.link.setConfig(config);
        OpenedWindow::settle();
        auto* examples = at.find<QPlainTextEdit>("targetExamplesEdit");
        QCOMPARE(examples->toPlainText(), QStringLiteral(" two↵lines\none"));
        type(at.find<QLineEdit>("targetDescriptionEdit", 1), QStringLiteral("x"));
        QVERIFY(at.press("applyButton"));
        QVERIFY(at.route("smart")->targets[0] == config.routes[0].targets[0]);
        QVERIFY(at.route("smart")->semantic == config.routes[0].semantic);
        QCOMPARE(at.route("smart")->targets[1].description, std::string("x"));
    }

    void aRequestIsTriedWhileItIsTyped()
    {
        OpenedRoutes at;
        at.setStrategy("semantic");
        type(at.find<QPlainTextEdit>("targetExamplesEdit", 1), kCode);
        const gateway::RouteConfig& route = *at.route("smart");
        type(at.find<QPlainTextEdit>("meaningTryEdit"),
             {QStringLiteral("Why does my function return null?")});
        const QString there = QStringLiteral("It would go to %1.").arg(targetText(route.targets[1]));
        QTRY_VERIFY(shows(at.window, there));
        QVERIFY(shows(at.window, QStringLiteral("not compared – %1").arg(targetText(route.targets[0]))));
        type(at.find<QPlainTextEdit>("meaningTryEdit"), {QStringLiteral("Who won the football match?")});
        QTRY_VERIFY(
            shows(at.window, QStringLiteral("It would go to the default, %1: no target is like enough.")
                                 .arg(targetText(route.targets[0]))));
        // Other rules count at once.
        at.find<QSpinBox>("thresholdSpinBox")->setValue(0);
        QTRY_VERIFY(shows(at.window, there));
        type(at.find<QPlainTextEdit>("meaningTryEdit"), {QString()});
        QTRY_VERIFY(!shows(at.window, QStringLiteral("It would go to")));
    }

    void itsProblemsStandBesideTheTarget()
    {
        OpenedRoutes at;
        at.setStrategy("semantic");
        type(at.find<QLineEdit>("targetDescriptionEdit"), QString(2001, QLatin1Char('x')));
        QVERIFY(shows(at.window, QStringLiteral("description: Needs a text of at most 2000 bytes.")));
        QVERIFY(!at.find<QPushButton>("applyButton")->isEnabled());
    }

    void tabLeadsThroughTheFields()
    {
        OpenedRoutes at;
        at.setStrategy("semantic");
        auto* examples = at.find<QPlainTextEdit>("targetExamplesEdit");
        examples->setFocus();
        QTest::keyClick(examples, Qt::Key_Tab);
        QCOMPARE(at.window.focusWidget(), at.find<QLineEdit>("targetDescriptionEdit"));
    }
};

} // namespace ui

QTEST_MAIN(ui::RouteMeaningTest)
#include "route_meaning_test.moc"
