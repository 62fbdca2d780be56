// SPDX-License-Identifier: GPL-3.0-or-later
// Taking over another gateway's routes in the window, over a made-up gateway.
#include <QAbstractItemModelTester>
#include <QDialog>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QTableView>
#include <QTest>

#include "dialogs/import_dialog.h"
#include "models/import_entry_model.h"
#include "ui/support/window_walk.h"

namespace ui {
namespace {

constexpr const char* kKey = "not-a-real-key-openrouter-0001";

QByteArray liteLlm()
{
    return QByteArray("model_list:\n"
                      "  - {model_name: smart, litellm_params: {model: openrouter/a, api_key: ") +
           kKey +
           "}}\n"
           "  - {model_name: smart, litellm_params: {model: openrouter/b, api_key: " +
           kKey +
           "}}\n"
           "  - {model_name: big, litellm_params: {model: mistral/large, temperature: 0.1}}\n"
           "  - {model_name: quick, litellm_params: {model: mistral/small}}\n"
           "router_settings: {fallbacks: [{big: [smart]}]}\n"
           "litellm_settings: {cache: true}\n";
}

struct Importing : OpenedWindow {
    Importing() : OpenedWindow(40, QSize(1440, 900))
    {
        window.openPage(QStringLiteral("routes"));
        settle();
        if (!press("importRoutesButton")) qFatal("no button");
        asked = qobject_cast<ImportDialog*>(dialog());
    }
    [[nodiscard]] QString file(const QByteArray& text, const char* name = "config.yaml") const
    {
        QFile made(folder.filePath(QLatin1String(name)));
        if (!made.open(QIODevice::WriteOnly)) qFatal("no file");
        made.write(text);
        return made.fileName();
    }
    void choose(const QString& path)
    {
        asked->chooseFile(path);
        QTRY_VERIFY(!isReading());
        settle();
    }
    [[nodiscard]] bool isReading() const { return shows(*asked, QStringLiteral("Reading the file")); }
    [[nodiscard]] QPushButton* accept() const
    {
        return asked->findChild<QPushButton*>(QStringLiteral("acceptButton"));
    }
    [[nodiscard]] QAbstractItemModel* entries() const
    {
        return asked->findChild<QTableView*>(QStringLiteral("importEntriesTable"))->model();
    }
    [[nodiscard]] int rowOf(const char* name) const
    {
        for (int row = 0; row < entries()->rowCount(); ++row) {
            if (entries()->index(row, 0).data().toString() == QLatin1String(name)) return row;
        }
        return -1;
    }
    void uncheck(const char* name) const
    {
        entries()->setData(entries()->index(rowOf(name), 0), Qt::Unchecked, Qt::CheckStateRole);
    }
    [[nodiscard]] QString everythingShown() const
    {
        QString text;
        for (const QLabel* label : asked->findChildren<QLabel*>()) {
            text += label->text() + QLatin1Char('\n');
        }
        for (const QTableView* table : asked->findChildren<QTableView*>()) {
            for (int row = 0; row < table->model()->rowCount(); ++row) {
                for (int column = 0; column < table->model()->columnCount(); ++column) {
                    text += table->model()->index(row, column).data().toString() + QLatin1Char('\n');
                }
            }
        }
        return text;
    }

    ImportDialog* asked = nullptr;
};

} // namespace

class ImportDialogTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void addsWhatWasChosenAndSavesItsKeys()
    {
        Importing at;
        QVERIFY(at.asked != nullptr && !at.accept()->isEnabled());
        at.choose(at.file(liteLlm()));
        QVERIFY(at.accept()->isEnabled());
        QVERIFY(at.rowOf("smart-2") >= 0); // "smart" is there already.
        QVERIFY(at.everythingShown().contains(QLatin1String("smart is there already")));
        QVERIFY(at.everythingShown().contains(QLatin1String("openrouter/imported")));
        QVERIFY(!at.everythingShown().contains(QLatin1String(kKey)));
        QVERIFY(at.everythingShown().contains(QLatin1String("litellm_settings.cache")));
        at.uncheck("quick");
        QVERIFY(at.press("acceptButton"));
        QTRY_VERIFY(at.link.config()->findRoute("smart-2") != nullptr);
        QVERIFY(at.link.config()->findRoute("big") != nullptr);
        QVERIFY(at.link.config()->findProvider("openrouter") != nullptr);
        QVERIFY(at.link.config()->aliases.empty());
        QCOMPARE(at.link.config()->findRoute("smart")->targets.size(), std::size_t{3});
        QTRY_COMPARE(at.link.secrets[QStringLiteral("openrouter/imported")], std::string(kKey));
        OpenedWindow::settle();
        QVERIFY(at.dialog() == nullptr);
        QVERIFY(at.press("toastActionButton", QStringLiteral("Undo")));
        QVERIFY(at.link.config()->findRoute("smart-2") == nullptr);
        QVERIFY(at.link.config()->findProvider("openrouter") == nullptr);
        QVERIFY(at.link.secrets.count(QStringLiteral("openrouter/imported")) == 0);
        QCOMPARE(at.link.config()->routes.size(), std::size_t{3});
    }

    void whatAChosenRouteNeedsComesAlong()
    {
        Importing at;
        at.choose(at.file(liteLlm()));
        at.uncheck("smart-2");
        const QModelIndex pool = at.entries()->index(at.rowOf("smart-2"), 0);
        QCOMPARE(pool.data(Qt::CheckStateRole).toInt(), int(Qt::Checked)); // "big" falls back to it.
        at.uncheck("big");
        QCOMPARE(pool.data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
        at.uncheck("quick");
        QVERIFY(at.press("acceptButton") || !at.accept()->isEnabled());
        OpenedWindow::settle();
        QCOMPARE(at.link.config()->routes.size(), std::size_t{3});
        QVERIFY(at.link.secrets.count(QStringLiteral("openrouter/imported")) == 0);
    }

    void aFileThatIsNoneSaysWhatToDo_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("said");
        QTest::newRow("unknown") << QByteArray("{\"a\": 1}") << "none that can be taken over";
        QTest::newRow("empty") << QByteArray() << "is empty";
        QTest::newRow("large") << QByteArray((1 << 20) + 1, 'x') << "larger than 1 MiB";
        QTest::newRow("broken") << QByteArray("{\"strategy\": ") << "line 1";
    }

    void aFileThatIsNoneSaysWhatToDo()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, said);
        Importing at;
        at.choose(at.file(text));
        QVERIFY2(shows(*at.asked, said), qPrintable(at.everythingShown()));
        QVERIFY(!at.accept()->isEnabled());
        at.choose(at.folder.path()); // A folder.
        QVERIFY(shows(*at.asked, QStringLiteral("Choose the file itself")));
        at.choose(at.folder.filePath(QStringLiteral("nowhere.yaml")));
        QVERIFY(!at.accept()->isEnabled());
        at.choose(at.file(liteLlm()));
        QVERIFY(at.accept()->isEnabled());
    }

    void aFileIsDroppedOntoIt()
    {
        Importing at;
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(at.file("{\"strategy\": {\"mode\": \"fallback\"}, \"targets\": "
                                                  "[{\"provider\": \"openai\", \"override_params\": "
                                                  "{\"model\": \"gpt-4.1\"}}]}",
                                                  "portkey.json"))});
        QDragEnterEvent enter(QPoint(20, 20), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(at.asked, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(20, 20), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(at.asked, &drop);
        QTRY_VERIFY(at.accept()->isEnabled());
        QVERIFY(at.everythingShown().contains(QLatin1String("Portkey")));
    }

    void theFileIsChosenWithoutStoppingTheWindow()
    {
        Importing at;
        QVERIFY(at.press("chooseFileButton"));
        auto* files = at.window.findChild<QFileDialog*>(QStringLiteral("importFileDialog"));
        QVERIFY(files != nullptr && files->isVisible());
        emit files->fileSelected(at.file(liteLlm()));
        files->close();
        QTRY_VERIFY(at.accept()->isEnabled());
    }

    void aRefusalStaysAndNoKeyIsSaved()
    {
        Importing at;
        at.choose(at.file(liteLlm()));
        at.link.nextProblems = {
            {gateway::ConfigProblem::Weight::Error, "", "The file cannot be written.", 0}};
        QVERIFY(at.press("acceptButton"));
        QVERIFY(shows(*at.asked, QStringLiteral("The file cannot be written.")));
        QVERIFY(at.accept()->isEnabled());
        QVERIFY(at.link.secrets.count(QStringLiteral("openrouter/imported")) == 0);
    }

    void aKeyThatCannotBeSavedIsToldAndStays()
    {
        Importing at;
        at.choose(at.file(liteLlm()));
        at.link.nextSecretProblem = QStringLiteral("The keychain is locked.");
        QVERIFY(at.press("acceptButton"));
        QTRY_VERIFY(shows(at.window, QStringLiteral("openrouter/imported: The keychain is locked.")));
        QVERIFY(at.link.config()->findRoute("big") != nullptr);
        QVERIFY(!shows(at.window, QLatin1String(kKey)));
    }

    void aConfigurationThatChangedMeanwhileIsLookedAtAgain()
    {
        Importing at;
        at.choose(at.file(liteLlm()));
        gateway::Config config = *at.link.config();
        config.aliases = {{"big", "openai/gpt-4.1"}};
        at.link.setConfig(config);
        QVERIFY(at.press("acceptButton"));
        QTRY_VERIFY(shows(*at.asked, QStringLiteral("read again")));
        QVERIFY(at.rowOf("big-2") >= 0);
        QVERIFY(at.press("acceptButton"));
        QTRY_VERIFY(at.link.config()->findRoute("big-2") != nullptr);
    }

    void cancellingChangesNothing()
    {
        Importing at;
        const gateway::Config before = *at.link.config();
        at.asked->chooseFile(at.file(liteLlm()));
        at.asked->reject(); // While the file is still being read.
        OpenedWindow::settle();
        QVERIFY(at.dialog() == nullptr);
        QVERIFY(*at.link.config() == before);
    }

    void theModelsKeepTheirPromises()
    {
        ImportReading reading;
        auto current = std::make_shared<gateway::Config>();
        reading.current = current;
        reading.imported = gateway::importConfig(*current, liteLlm().toStdString()).value();
        ImportEntryModel entries;
        const QAbstractItemModelTester entryTester(&entries);
        entries.setReading(reading);
        QVERIFY(entries.rowCount() >= 5);
        QVERIFY(entries.setData(entries.index(0, 0), Qt::Unchecked, Qt::CheckStateRole));
        QVERIFY(!entries.setData(entries.index(0, 1), Qt::Unchecked, Qt::CheckStateRole));
        ImportReportModel report;
        const QAbstractItemModelTester reportTester(&report);
        report.setLines(reading.imported.lines);
        QVERIFY(report.mappedCount() > 0 && report.mappedCount() < report.rowCount());
    }
};

} // namespace ui

QTEST_MAIN(ui::ImportDialogTest)
#include "import_dialog_test.moc"
