// SPDX-License-Identifier: GPL-3.0-or-later
// The tabs of a provider: what they show, what they change, and how one takes that back.
#include <memory>

#include <QCheckBox>
#include <QDateTime>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTest>
#include <QTranslator>

#include "models/provider_keys_model.h"
#include "translation.h"
#include "ui/support/window_walk.h"

namespace ui {
namespace {

using Key = gateway::KeyHealth::State;

struct At : OpenedWindow {
    At() : OpenedWindow(40)
    {
        window.openPage(QStringLiteral("providers"));
        settle();
    }
    void tab(const char* name) { QVERIFY(press("segmentButton", QLatin1String(name))); }
    void provider(int row)
    {
        auto* list = window.findChild<QListView*>(QStringLiteral("providersList"));
        list->setCurrentIndex(list->model()->index(row, 0));
        settle();
    }
    [[nodiscard]] QTableView* keys() const
    {
        return window.findChild<QTableView*>(QStringLiteral("keysTable"));
    }
    [[nodiscard]] QString label(const char* described) const
    {
        for (const QLabel* each : window.findChildren<QLabel*>()) {
            if (each->isVisible() && each->accessibleDescription() == QLatin1String(described))
                return each->text();
        }
        return {};
    }
    [[nodiscard]] bool shows(const QString& text) const
    {
        for (const QLabel* each : window.findChildren<QLabel*>()) {
            if (each->isVisible() && each->text().contains(text)) return true;
        }
        return false;
    }
    void setKey(std::size_t provider, std::size_t key, const gateway::KeyHealth& health)
    {
        gateway::ActivitySnapshot activity = link.activity();
        activity.providers[provider].keys[key] = health;
        link.setActivity(activity);
        settle();
    }
    [[nodiscard]] const gateway::ProviderConfig& openai() const
    {
        return *link.config()->findProvider("openai");
    }
    void undo()
    {
        QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier);
        settle();
    }
};

std::int64_t now()
{
    return QDateTime::currentMSecsSinceEpoch() * 1000;
}

gateway::KeyHealth refused(const char* id)
{
    return {
        gateway::ProviderKeyId(id), Key::Refused, "…9f2a", "The provider refused this key (401).", now(), 0};
}

gateway::KeyHealth limited(const char* id, std::int64_t until)
{
    return {gateway::ProviderKeyId(id), Key::RateLimited, "…77c1", "Too many.", 0, until};
}

} // namespace

class ProviderDetailTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        Theme::instance().apply(ThemeChoice::Dark);
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        QVERIFY(loadTranslation(m_plurals));
        QCoreApplication::installTranslator(&m_plurals);
    }

    void theOverviewTellsOfTheLastDayAndOpensARequest()
    {
        At at;
        at.provider(2);
        QTRY_COMPARE(at.label("provider-requests"), QStringLiteral("10"));
        QVERIFY(at.label("provider-errors").toInt() > 0);
        QVERIFY(at.label("provider-p50").contains(QLatin1String("ms")) ||
                at.label("provider-p50").contains(QLatin1String(" s")));
        QCOMPARE(at.label("keys-ready"), QStringLiteral("1 of 1 ready"));
        auto* errors = at.window.findChild<QTableView*>(QStringLiteral("providerErrorsTable"));
        QVERIFY(errors->model()->rowCount() > 0);
        QVERIFY(errors->model()->index(0, 1).data().toString().startsWith(QLatin1String("429")));
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        errors->setFocus();
        errors->selectRow(0);
        QTest::keyClick(errors, Qt::Key_Return);
        OpenedWindow::settle();
        QCOMPARE(at.window.currentPage(), QStringLiteral("requests"));
        auto* detail = at.window.findChild<QPushButton*>(QStringLiteral("closeDetailButton"));
        QTRY_VERIFY(detail->isVisible());
    }

    void aProviderWithoutRequestsSaysSo()
    {
        At at;
        gateway::Config config = *at.link.config();
        config.providers.push_back(config.providers[3]);
        config.providers.back().id = gateway::ProviderId("quiet");
        at.link.setConfig(config);
        OpenedWindow::settle();
        at.provider(4);
        QTRY_VERIFY(at.label("errors-note").contains(QLatin1String("No request came")));
    }

    void eachKeyShowsItsEndAndState()
    {
        At at;
        at.setKey(0, 0, refused("work"));
        at.setKey(0, 1, limited("spare", now() + 3600000000LL));
        at.tab("Keys");
        const QAbstractItemModel& model = *at.keys()->model();
        const auto cell = [&model](int row, int column) {
            return model.index(row, column).data().toString();
        };
        QCOMPARE(cell(0, ProviderKeysModel::Ending), QStringLiteral("…9f2a"));
        QVERIFY(cell(0, ProviderKeysModel::State).startsWith(QLatin1String("Refused")));
        QVERIFY(cell(1, ProviderKeysModel::State).startsWith(QLatin1String("Limited until")));
        QCOMPARE(at.label("keys-summary"), QStringLiteral("0 of 2 ready"));
        QVERIFY(at.label("key-story").contains(QLatin1String("work: Set aside since")));
        at.keys()->selectRow(1);
        QVERIFY(at.label("key-story").contains(QLatin1String("Too many.")));
        QVERIFY(at.label("provider-state").startsWith(QLatin1String("Rate-limited")));
    }

    void aLimitEndsByItself()
    {
        At at;
        at.tab("Keys");
        at.setKey(0, 1, limited("spare", now() + 3000000));
        const QModelIndex state = at.keys()->model()->index(1, ProviderKeysModel::State);
        QVERIFY(state.data().toString().startsWith(QLatin1String("Limited")));
        QTRY_COMPARE(state.data().toString(), QStringLiteral("Ready"));
    }

    void testingAKeyPutsItBack()
    {
        At at;
        at.setKey(0, 0, refused("work"));
        QVERIFY(at.label("provider-state").contains(QLatin1String("1 of 2 keys is set aside")));
        at.tab("Keys");
        at.keys()->selectRow(0);
        QVERIFY(at.press("testKeyButton"));
        QCOMPARE(at.link.testedKeys, std::vector<std::string>{"openai/work"});
        QTRY_VERIFY(at.label("test-result").startsWith(QLatin1String("Key work: Answered in")));
        QCOMPARE(at.keys()->model()->index(0, ProviderKeysModel::State).data().toString(),
                 QStringLiteral("Ready"));
        QCOMPARE(at.keys()->selectionModel()->selectedRows().size(), 1); // Where one was, one still is.
    }

    void weightsAreChangedInPlaceAndTakenBack()
    {
        At at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.tab("Keys");
        at.keys()->setFocus();
        at.keys()->selectRow(1);
        QTest::keyClick(at.keys(), Qt::Key_F2);
        auto* box = at.window.findChild<QSpinBox*>(QStringLiteral("weightSpinBox"));
        QVERIFY(box != nullptr);
        box->setValue(5);
        QTest::keyClick(box, Qt::Key_Return);
        QTRY_COMPARE(at.openai().keys[1].weight, 5U);
        OpenedWindow::settle();
        at.undo();
        QTRY_COMPARE(at.openai().keys[1].weight, 1U);
    }

    void keysMoveByKeyboardAndByMouse()
    {
        At at;
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        at.tab("Keys");
        at.keys()->setFocus();
        at.keys()->selectRow(1);
        QTest::keyClick(at.keys(), Qt::Key_Up, Qt::AltModifier);
        OpenedWindow::settle();
        QCOMPARE(at.openai().keys[0].id.text, std::string("spare"));
        QCOMPARE(at.keys()->selectionModel()->selectedRows().front().row(), 0); // It stays the chosen one.
        at.undo();
        QCOMPARE(at.openai().keys[0].id.text, std::string("work"));

        QAbstractItemModel& model = *at.keys()->model();
        const std::unique_ptr<QMimeData> dragged(model.mimeData({model.index(0, 0)}));
        QVERIFY(model.canDropMimeData(dragged.get(), Qt::MoveAction, 2, 0, {}));
        model.dropMimeData(dragged.get(), Qt::MoveAction, 2, 0, {}); // below the last
        OpenedWindow::settle();
        QCOMPARE(at.openai().keys[1].id.text, std::string("work"));
        const std::unique_ptr<QMimeData> again(model.mimeData({model.index(1, 0)}));
        model.dropMimeData(again.get(), Qt::MoveAction, -1, -1, model.index(0, 0)); // onto the first
        OpenedWindow::settle();
        QCOMPARE(at.openai().keys[0].id.text, std::string("work"));
        QMimeData strange;
        strange.setData(model.mimeTypes().front(), "99");
        QVERIFY(!model.dropMimeData(&strange, Qt::MoveAction, 0, 0, {}));
        OpenedWindow::settle();
        QCOMPARE(at.openai().keys[0].id.text, std::string("work"));
    }

    void theKeysTakeTurnsAsChosen()
    {
        At at;
        at.tab("Keys");
        QVERIFY(!at.keys()->isColumnHidden(ProviderKeysModel::Weight));
        at.tab("In order");
        QCOMPARE(at.openai().keyOrder, gateway::KeyOrder::Listed);
        QVERIFY(at.keys()->isColumnHidden(ProviderKeysModel::Weight));
        QVERIFY(at.shows(QStringLiteral("The first key that is ready is used")));
        at.undo();
        QCOMPARE(at.openai().keyOrder, gateway::KeyOrder::Weight);
    }

    void thePolicyIsTheStatedOneUntilItIsChangedHere()
    {
        At at;
        gateway::Config config = *at.link.config();
        config.providers[0].dataPolicy = gateway::presetOf(config.providers[0])->dataPolicy;
        at.link.setConfig(config);
        at.tab("Data policy");
        QVERIFY(at.label("stated-policy").startsWith(QLatin1String("OpenAI states:")));
        QVERIFY(at.shows(QStringLiteral("Read on")));
        QCOMPARE(at.label("policy-mark"), QStringLiteral("as it states"));
        QVERIFY(at.label("policy-meaning").contains(QLatin1String("no training")));
        auto* days = at.window.findChild<QSpinBox*>(QStringLiteral("retentionSpinBox"));
        days->setValue(0);
        OpenedWindow::settle();
        QCOMPARE(at.openai().dataPolicy->retentionDays, std::optional<int>(0));
        QVERIFY(at.label("policy-mark").startsWith(QLatin1String("local")));
        QVERIFY(at.label("policy-meaning").contains(QLatin1String("or for nothing to be kept, may")));
        QVERIFY(at.press("resetPolicyButton"));
        QCOMPARE(at.openai().dataPolicy->retentionDays, std::optional<int>(30));
        QVERIFY(at.press("localCheckBox"));
        QVERIFY(at.openai().local);
        QVERIFY(at.label("policy-meaning").startsWith(QLatin1String("It runs here")));
        at.undo();
        QVERIFY(!at.openai().local);
    }

    void anUnknownPolicyCountsAsTheWorst()
    {
        At at;
        gateway::Config config = *at.link.config();
        config.providers[2].baseUrl = "https://llm.example.com/v1";
        config.providers[2].dataPolicy.reset();
        at.link.setConfig(config);
        at.provider(2);
        at.tab("Data policy");
        QVERIFY(at.label("stated-policy").contains(QLatin1String("not known")));
        QCOMPARE(at.label("policy-mark"), QStringLiteral("nothing is known"));
        QVERIFY(at.label("policy-meaning").contains(QLatin1String("counts as the worst")));
        at.tab("No");
        QCOMPARE(at.link.config()->findProvider("groq")->dataPolicy->trainsOnData,
                 std::optional<bool>(false));
        at.tab("Not known"); // The last thing that was known is gone, and so is the entry.
        QVERIFY(!at.link.config()->findProvider("groq")->dataPolicy.has_value());
    }

    void allAreTestedAndCanBeStopped()
    {
        At at;
        at.link.neverAnswers = true;
        QVERIFY(at.press("testAllButton", QStringLiteral("Test all")));
        QVERIFY(at.press("testAllButton", QStringLiteral("Stop, 0 of 4")));
        QCOMPARE(at.label("test-result"), QStringLiteral("Stopped."));
        at.link.neverAnswers = false;
        QVERIFY(at.press("testAllButton", QStringLiteral("Test all")));
        QTRY_VERIFY(at.shows(QStringLiteral("No good answer from anthropic")));
        at.provider(2);
        QVERIFY(at.label("test-result").startsWith(QLatin1String("Answered in"))); // What came of it is kept.
    }

    void aRefusedChangeIsToldAndNothingIsShownThatIsNot()
    {
        At at;
        at.tab("Data policy");
        at.link.nextProblems = {{gateway::ConfigProblem::Weight::Error, "providers.openai", "is wrong", 0}};
        at.window.findChild<QCheckBox*>(QStringLiteral("localCheckBox"))->click();
        OpenedWindow::settle();
        QVERIFY(at.shows(QStringLiteral("providers.openai: is wrong")));
        QVERIFY(!at.window.findChild<QCheckBox*>(QStringLiteral("localCheckBox"))->isChecked());
    }

private:
    QTranslator m_plurals;
};

} // namespace ui

QTEST_MAIN(ui::ProviderDetailTest)
#include "provider_detail_test.moc"
