// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog that compares with a provider's own account.
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTest>
#include <QUrl>

#include "models/reconcile_model.h"
#include "ui/support/window_walk.h"

namespace ui {
namespace {

struct OpenedReconcile : OpenedWindow {
    explicit OpenedReconcile(int rows = 40) : OpenedWindow(rows)
    {
        window.openPage(QStringLiteral("usage"));
        settle();
        if (!press("reconcileButton")) qFatal("no such button");
    }
    [[nodiscard]] QPlainTextEdit* text() const
    {
        return dialog()->findChild<QPlainTextEdit*>(QStringLiteral("csvPlainTextEdit"));
    }
    [[nodiscard]] QTableView* table() const
    {
        return dialog()->findChild<QTableView*>(QStringLiteral("reconcileTable"));
    }
    QString write(const QByteArray& bytes)
    {
        const QString path = folder.filePath(QStringLiteral("export.csv"));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("not written");
        return path;
    }
    void drop(const QString& path) const
    {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(dialog(), &enter);
        if (!enter.isAccepted()) qFatal("not taken");
        QDropEvent event(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(dialog(), &event);
    }
};

} // namespace

class ReconcileDialogTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsTooLargeIsNotPasted()
    {
        OpenedReconcile at;
        const QString line = QStringLiteral("x").repeated(1023) + QLatin1Char('\n');
        QMimeData* large = new QMimeData;
        large->setText(line.repeated(17 << 10));
        QGuiApplication::clipboard()->setMimeData(large);
        at.text()->paste();
        QVERIFY(at.text()->toPlainText().isEmpty());
        QVERIFY(shows(*at.dialog(), QStringLiteral("The text is larger than 16 MiB. Export fewer days")));
        QGuiApplication::clipboard()->setText(QStringLiteral("date,model\n"));
        at.text()->paste();
        QCOMPARE(at.text()->toPlainText(), QStringLiteral("date,model\n"));
        // Put in piece by piece it is no smaller.
        at.text()->setPlainText(line.repeated(17 << 10));
        QVERIFY(at.press("acceptButton"));
        QVERIFY(shows(*at.dialog(), QStringLiteral("The text is larger than 16 MiB.")));
        QVERIFY(at.link.reconciled.empty());
    }

    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void nothingIsNotCompared()
    {
        OpenedReconcile at;
        QVERIFY(at.press("acceptButton"));
        QVERIFY(shows(*at.dialog(), QStringLiteral("There is nothing to compare")));
        QVERIFY(at.link.reconciled.empty());
        at.dialog()->reject();
    }

    void whatIsPastedIsComparedAndShown()
    {
        OpenedReconcile at;
        at.text()->setPlainText(QStringLiteral("date,model\n2026-11-20,gpt-4.1\n"));
        QVERIFY(at.press("acceptButton"));
        QTRY_VERIFY(at.table()->isVisible());
        QCOMPARE(at.link.reconciled.back().provider.text, std::string("openai"));
        QCOMPARE(at.link.reconciled.back().csv, std::string("date,model\n2026-11-20,gpt-4.1\n"));
        QVERIFY(shows(*at.dialog(), QStringLiteral("Read as OpenAI's usage by day.")));
        QVERIFY(shows(*at.dialog(), QStringLiteral("of which 3 differ")));
        QVERIFY(shows(*at.dialog(), QStringLiteral("were skipped")));
        QCOMPARE(at.table()->model()->rowCount(), 5); // Summed up by model.
        QVERIFY(at.table()->isColumnHidden(ReconcileModel::Day));
        QVERIFY(at.press("segmentButton", QStringLiteral("Day by day")));
        QCOMPARE(at.table()->model()->rowCount(), 15);
        QVERIFY(!at.table()->isColumnHidden(ReconcileModel::Day));
        QVERIFY(at.press("differencesOnlyButton"));
        QCOMPARE(at.table()->model()->rowCount(), 3);
        QVERIFY(at.press("copyReconcileButton"));
        QCOMPARE(QGuiApplication::clipboard()->text().count(QLatin1Char('\n')), 4);
        QVERIFY(at.press("otherExportButton"));
        QVERIFY(at.text()->isVisible());
        at.dialog()->reject();
    }

    void aDroppedFileIsComparedAtOnce()
    {
        OpenedReconcile at;
        at.drop(at.write("\xEF\xBB\xBF"
                         "date,model\n"));
        QTRY_VERIFY(at.table()->isVisible());
        QCOMPARE(at.link.reconciled.back().csv, std::string("date,model\n"));
        at.dialog()->reject();
    }

    void aFileThatIsNoTextIsRefused()
    {
        OpenedReconcile at;
        at.drop(at.write(QByteArray("PK\x03\x04\x00\x00\xff", 7)));
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("export.csv is not a text file")));
        QVERIFY(at.link.reconciled.empty());
        at.drop(at.folder.filePath(QStringLiteral("missing.csv")));
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("missing.csv cannot be read")));
        at.dialog()->reject();
    }

    void aProblemIsToldAndTheTextStays()
    {
        OpenedReconcile at;
        at.link.nextReconciliation.problem =
            "Its first line names no column for tokens. Export usage by day.";
        at.text()->setPlainText(QStringLiteral("what is this"));
        QVERIFY(at.press("acceptButton"));
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("names no column for tokens")));
        QCOMPARE(at.text()->toPlainText(), QStringLiteral("what is this"));
        QVERIFY(at.text()->isEnabled());
        at.dialog()->reject();
    }

    void whatIsAllEqualSaysSo()
    {
        OpenedReconcile at;
        at.link.nextReconciliation.rows = {{"2026-11-20", "gpt", "input", 5, 5}};
        at.text()->setPlainText(QStringLiteral("x"));
        QVERIFY(at.press("acceptButton"));
        QTRY_VERIFY(shows(*at.dialog(), QStringLiteral("all equal")));
        QVERIFY(at.press("differencesOnlyButton"));
        QVERIFY(shows(*at.dialog(), QStringLiteral("Nothing differs.")));
        at.dialog()->reject();
    }

    void closingForgetsTheAnswer()
    {
        OpenedReconcile at;
        at.link.neverAnswers = true;
        at.text()->setPlainText(QStringLiteral("x"));
        QVERIFY(at.press("acceptButton"));
        QVERIFY(shows(*at.dialog(), QStringLiteral("Adding up the log")));
        QVERIFY(at.press("cancelButton"));
        QVERIFY(at.dialog() == nullptr);
    }

    void withoutAProviderThereIsNothingToCompareWith()
    {
        OpenedReconcile at(0);
        QVERIFY(shows(*at.dialog(), QStringLiteral("No provider is set up yet")));
        QVERIFY(!at.dialog()->findChild<QPushButton*>(QStringLiteral("acceptButton"))->isEnabled());
        at.dialog()->reject();
    }
};

} // namespace ui

QTEST_MAIN(ui::ReconcileDialogTest)
#include "reconcile_dialog_test.moc"
