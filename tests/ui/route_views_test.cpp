// SPDX-License-Identifier: GPL-3.0-or-later
// A route's versions, its picture, its real traffic and dragged targets, as a user sees them.
#include <algorithm>

#include <QAccessible>
#include <QComboBox>
#include <QDateTime>
#include <QLabel>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

#include "models/route_list_model.h"
#include "pages/route_failure_card.h"
#include "pages/route_versions.h"
#include "ui/support/opened_routes.h"
#include "widgets/drag_grip.h"
#include "widgets/fitting_stack.h"
#include "widgets/route_picture.h"
#include "widgets/route_picture_items.h"
#include "widgets/target_mark.h"

namespace ui {
namespace {

struct Routes : OpenedRoutes {
    using OpenedRoutes::OpenedRoutes;
    [[nodiscard]] QStringList models() const
    {
        QStringList texts;
        for (const QComboBox* combo : all<QComboBox>("targetModelComboBox")) {
            texts.append(combo->currentText());
        }
        return texts;
    }
};

QStringList lines(const QPlainTextEdit& edit, QLatin1Char mark)
{
    QStringList found;
    for (const QString& line : edit.toPlainText().split(QLatin1Char('\n'))) {
        if (line.startsWith(mark)) found.append(line);
    }
    return found;
}

} // namespace

class RouteViewsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void everyApplyIsAVersionToGoBackTo()
    {
        Routes at;
        at.setStrategy("weighted");
        QVERIFY(at.press("applyButton"));
        QVERIFY(at.press("segmentButton", QStringLiteral("Versions")));
        auto* table = at.find<QTableView>("versionsTable");
        QCOMPARE(table->model()->rowCount(), 2);
        QCOMPARE(table->model()->index(0, 2).data().toString(),
                 QStringLiteral("Strategy In order → Weighted split"));
        QVERIFY(!at.find<QPushButton>("rollBackButton")->isEnabled()); // It is what the draft says.
        table->selectRow(1);
        OpenedWindow::settle();
        auto* difference = at.find<QPlainTextEdit>("versionDifferenceEdit");
        QVERIFY(!lines(*difference, QLatin1Char('-')).filter(QStringLiteral("weighted")).isEmpty());
        QVERIFY(!difference->extraSelections().isEmpty());
        QVERIFY(at.press("rollBackButton"));
        QCOMPARE(at.find<QComboBox>("strategyComboBox")->currentData().toString(),
                 QStringLiteral("priority"));
        QCOMPARE(at.route("smart")->strategy, std::string("weighted")); // Nothing is in force before Apply.
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QCOMPARE(at.find<QComboBox>("strategyComboBox")->currentData().toString(),
                 QStringLiteral("weighted"));
        QVERIFY(at.press("segmentButton", QStringLiteral("Versions")));
        at.find<QTableView>("versionsTable")->selectRow(1);
        QVERIFY(at.press("rollBackButton"));
        QVERIFY(at.press("applyButton"));
        QCOMPARE(at.route("smart")->strategy, std::string("priority"));
    }

    void aVersionIsComparedWithTheDraftToo()
    {
        Routes at;
        at.setStrategy("sticky");
        QVERIFY(at.press("segmentButton", QStringLiteral("Versions")));
        QVERIFY(shows(at.window, QStringLiteral("This is what is in force.")));
        auto* difference = at.find<QPlainTextEdit>("versionDifferenceEdit");
        QVERIFY(lines(*difference, QLatin1Char('-')).isEmpty());
        QVERIFY(at.press("segmentButton", QStringLiteral("Draft")));
        QVERIFY(!lines(*difference, QLatin1Char('-')).filter(QStringLiteral("sticky")).isEmpty());
    }

    void aVersionWithAProviderThatIsGoneSaysSo()
    {
        Routes at;
        gateway::RouteConfig old = *at.route("local");
        old.targets[0].provider = gateway::ProviderId("gone");
        at.link.versions.insert(at.link.versions.begin(), {old.id, 1, "file", gateway::routeText(old)});
        at.find<QListView>("routesList")
            ->setCurrentIndex(at.find<QListView>("routesList")->model()->index(2, 0));
        OpenedWindow::settle();
        QVERIFY(at.press("segmentButton", QStringLiteral("Versions")));
        auto* table = at.find<QTableView>("versionsTable");
        table->selectRow(table->model()->rowCount() - 1);
        QVERIFY(at.press("rollBackButton"));
        QVERIFY(shows(at.window, QStringLiteral("There is no provider")));
        QVERIFY(!at.find<QPushButton>("applyButton")->isEnabled());
    }

    void aSmallWindowShowsSomeVersionsAndTheirDifference()
    {
        Routes at(QSize(1000, 640));
        const gateway::RouteConfig route = *at.route("smart");
        for (int i = 1; i <= 9; ++i) {
            at.link.versions.insert(at.link.versions.begin(), {route.id, 1000 - i, "file", "{}"});
        }
        QVERIFY(at.press("segmentButton", QStringLiteral("Versions")));
        auto* table = at.find<QTableView>("versionsTable");
        QVERIFY2(table->viewport()->height() >= 3 * table->rowHeight(0),
                 qPrintable(QString::number(table->viewport()->height())));
        const auto* difference = at.find<QPlainTextEdit>("versionDifferenceEdit");
        const auto* all = at.window.findChild<RouteVersions*>();
        QVERIFY(difference->viewport()->height() >= difference->fontMetrics().height());
        const QPoint end = difference->mapTo(all, difference->rect().bottomLeft()); // Nothing of it is cut.
        QVERIFY2(end.y() < all->height(), qPrintable(QString::number(end.y())));
        QVERIFY(table->viewport()->height() < 10 * table->rowHeight(0));
    }

    void theCardOfFailuresIsAsHighAsItsPage()
    {
        for (const QSize size : {QSize(1440, 900), QSize(1000, 640)}) {
            Routes at(size);
            auto* pages = at.window.findChild<RouteFailureCard*>()->findChild<FittingStack*>();
            QVERIFY(pages != nullptr);
            for (const char* tab : {"Go to", "Slow", "Time-outs", "Go to", "Set aside", "Retries"}) {
                QVERIFY(at.press("segmentButton", QLatin1String(tab)));
                OpenedWindow::settle();
                const QWidget* page = pages->currentWidget();
                QVERIFY2(pages->height() == page->heightForWidth(pages->width()), tab);
            }
        }
    }

    void aRouteWithoutVersionsSaysWhatTheyAre()
    {
        Routes at;
        QVERIFY(at.press("duplicateRouteButton"));
        QVERIFY(at.press("segmentButton", QStringLiteral("Versions")));
        QVERIFY(shows(at.window, QStringLiteral("No versions yet")));
        QVERIFY(at.find<QTableView>("versionsTable") == nullptr);
    }

    void thePictureLeadsToTheRowsOfTheEditor()
    {
        Routes at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        auto* picture = at.find<RoutePicture>("routePictureView");
        QVERIFY(picture != nullptr); // In a wide window it is there from the start.
        QCOMPARE(picture->nodes().size(), std::size_t{6});
        picture->setFocus();
        QTest::keyClick(picture, Qt::Key_Down);
        QTest::keyClick(picture, Qt::Key_Down);
        QTest::keyClick(picture, Qt::Key_Down);
        QCOMPARE(picture->current(), 3);
        QTest::keyClick(picture, Qt::Key_Left);
        QCOMPARE(picture->current(), 1);
        QTest::keyClick(picture, Qt::Key_Right);
        QCOMPARE(picture->current(), 2);
        QTest::keyClick(picture, Qt::Key_End);
        QCOMPARE(picture->current(), 5);
        QTest::keyClick(picture, Qt::Key_Return);
        OpenedWindow::settle();
        QVERIFY(at.find<QComboBox>("targetProviderComboBox", 2)->hasFocus());
        const RouteNodeItem* second = picture->nodes()[3];
        const QPoint place = picture->mapFromScene(second->sceneBoundingRect().center());
        QTest::mouseClick(picture->viewport(), Qt::LeftButton, {}, place);
        OpenedWindow::settle();
        QVERIFY(at.find<QComboBox>("targetProviderComboBox", 1)->hasFocus());
    }

    void aTargetThatIsSetAsideSaysSo()
    {
        using Circuit = gateway::TargetHealth::Circuit;
        Routes at;
        auto* first = at.find<TargetMarkView>("targetMark");
        QVERIFY(
            first->toolTip().contains(QLatin1String("Cannot be called now: ANTHROPIC_API_KEY is not set.")));
        QCOMPARE(at.all<TargetMarkView>("targetMark").size(), 2); // A route has none.
        QVERIFY(!shows(at.window, QStringLiteral("Set aside")));
        gateway::ActivitySnapshot activity = at.link.activity();
        const std::int64_t now = QDateTime::currentMSecsSinceEpoch() * 1000;
        activity.targets = {
            {gateway::ProviderId("openai"), "gpt-4.1", Circuit::Open, 4, 80, now, now + 60'000'000}};
        at.link.setActivity(activity);
        OpenedWindow::settle();
        QVERIFY(shows(at.window, QStringLiteral("Set aside since ")));
        auto* second = at.find<TargetMarkView>("targetMark", 1);
        QVERIFY(second->toolTip().contains(QLatin1String("4 request(s) in a row failed")) ||
                second->toolTip().contains(QLatin1String("4 requests in a row failed")));
        QVERIFY(second->toolTip().contains(QLatin1String("tried again at ")));
        QVERIFY(at.find<QComboBox>("targetProviderComboBox", 1)
                    ->accessibleDescription()
                    .startsWith(QLatin1String("Set aside since ")));
        const auto* picture = at.find<RoutePicture>("routePictureView");
        QVERIFY(picture->nodes()[3]->toolTip().contains(QLatin1String("set aside since ")));
        activity.targets[0].circuit = Circuit::HalfOpen;
        at.link.setActivity(activity);
        OpenedWindow::settle();
        QVERIFY(shows(at.window, QStringLiteral("the next request finds out")));
        activity.targets[0] = {gateway::ProviderId("openai"), "gpt-4.1", Circuit::Closed, 0, 10, 0, 0};
        at.link.setActivity(activity);
        OpenedWindow::settle();
        QVERIFY(!shows(at.window, QStringLiteral("Set aside")));
        QCOMPARE(second->toolTip(), QStringLiteral("Ready"));
    }

    void screenReadersFindTheBoxesOfThePicture()
    {
        Routes at;
        auto* picture = at.find<RoutePicture>("routePictureView");
        QAccessibleInterface* list = QAccessible::queryAccessibleInterface(picture);
        QVERIFY(list != nullptr);
        QCOMPARE(list->role(), QAccessible::List);
        QCOMPARE(list->childCount(), 6);
        QAccessibleInterface* box = list->child(2);
        QCOMPARE(box->text(QAccessible::Name), QStringLiteral("claude-sonnet-4-5"));
        QVERIFY(box->text(QAccessible::Description).contains(QLatin1String("cannot be called now")));
        QCOMPARE(list->indexOfChild(box), 2);
        QCOMPARE(box->parent()->object(), picture);
        QVERIFY(box->rect().isValid());
    }

    void thePictureFollowsTheDraft()
    {
        Routes at;
        auto* picture = at.find<RoutePicture>("routePictureView");
        for (int i = 0; i < 5; ++i) {
            QVERIFY(at.press("addTargetButton"));
        }
        QCOMPARE(picture->nodes().size(), std::size_t{11});
        QVERIFY(!picture->horizontalScrollBar()->isVisible());
    }

    void inANarrowWindowThePictureIsATab()
    {
        Routes at({1000, 640});
        QVERIFY(at.find<RoutePicture>("routePictureView") == nullptr);
        QVERIFY(at.press("segmentButton", QStringLiteral("Picture")));
        auto* picture = at.find<RoutePicture>("routePictureView");
        QVERIFY(picture != nullptr);
        picture->setFocus();
        QTest::keyClick(picture, Qt::Key_End);
        QTest::keyClick(picture, Qt::Key_Return);
        OpenedWindow::settle();
        QVERIFY(at.find<RoutePicture>("routePictureView") == nullptr);
        QVERIFY(at.find<QComboBox>("targetProviderComboBox", 2)->hasFocus());
    }

    void aWeightStandsBesideWhatReallyCame()
    {
        Routes at;
        at.setStrategy("weighted");
        at.find<QSpinBox>("weightSpinBox", 0)->setValue(2);
        OpenedWindow::settle();
        QVERIFY(shows(at.window, QStringLiteral("wanted 50% · real 100% (of 10)")));
        QVERIFY(shows(at.window, QStringLiteral("wanted 25% · real 0% (of 10)")));
    }

    void aTargetIsDraggedWithTheMouse()
    {
        Routes at;
        QCOMPARE(at.models(), QStringList({QStringLiteral("claude-sonnet-4-5"), QStringLiteral("gpt-4.1")}));
        QList<DragGrip*> grips = at.window.findChildren<DragGrip*>();
        grips.removeIf([](const DragGrip* grip) { return !grip->isVisible(); });
        std::sort(grips.begin(), grips.end(), [](const DragGrip* a, const DragGrip* b) {
            return a->mapToGlobal(QPoint()).y() < b->mapToGlobal(QPoint()).y();
        });
        QCOMPARE(grips.size(), 3);
        DragGrip* grip = grips[0];
        const QPoint middle = grip->rect().center();
        const QPoint goal =
            grip->mapFromGlobal(grips[1]->mapToGlobal(QPoint(middle.x(), grips[1]->height())));
        QTest::mousePress(grip, Qt::LeftButton, {}, middle);
        QTest::mouseMove(grip, (middle + goal) / 2);
        QTest::mouseMove(grip, goal + QPoint(0, 8));
        QTest::mouseRelease(grip, Qt::LeftButton, {}, middle);
        OpenedWindow::settle();
        QCOMPARE(at.models(), QStringList({QStringLiteral("gpt-4.1"), QStringLiteral("claude-sonnet-4-5")}));
        QVERIFY(at.press("applyButton"));
        const auto& targets = at.route("smart")->targets;
        QCOMPARE(targets[0].model, std::string("gpt-4.1"));
        QVERIFY(!targets[0].overrideJson.empty()); // What belongs to it went along.
        QCOMPARE(targets[2].route.text, std::string("local"));
    }
};

} // namespace ui

QTEST_MAIN(ui::RouteViewsTest)
#include "route_views_test.moc"
