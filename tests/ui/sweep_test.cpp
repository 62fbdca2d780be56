// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for every page, dialog and state of the window.
#include <QAbstractButton>
#include <QApplication>
#include <QDialog>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTest>

#include "pages/page_table.h"
#include "ui/support/window_walk.h"
#include "widgets/build.h"

namespace ui {
namespace {

QString mnemonicOf(const QWidget& widget)
{
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    const auto* label = qobject_cast<const QLabel*>(&widget);
    if (label != nullptr && label->buddy() == nullptr) return {};
    const QString text = button != nullptr ? button->text() : label != nullptr ? label->text() : QString();
    return QKeySequence::mnemonic(text).toString();
}

// Where Tab goes, from where the focus is, until it comes back to a place it has been.
QSet<QWidget*> tabStops(QWidget& root)
{
    QSet<QWidget*> stops;
    for (int i = 0; i < 400; ++i) {
        QTest::keyClick(&root, Qt::Key_Tab);
        QWidget* focus = QApplication::focusWidget();
        if (focus == nullptr || stops.contains(focus)) break;
        stops.insert(focus);
    }
    return stops;
}

// Of the buttons that exclude each other only the chosen one, else the first, is a stop; the arrows do the
// rest.
bool isStop(const QWidget& widget)
{
    return widget.isVisible() && widget.isEnabled() && (widget.focusPolicy() & Qt::TabFocus) == Qt::TabFocus;
}

// Notes every window that appears and is neither the main one nor a dialog.
class WindowWatch : public QObject {
public:
    WindowWatch() { qApp->installEventFilter(this); }
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        const auto* widget = qobject_cast<QWidget*>(watched);
        if (event->type() == QEvent::Show && widget != nullptr && widget->isWindow() &&
            qobject_cast<const MainWindow*>(widget) == nullptr &&
            qobject_cast<const QDialog*>(widget) == nullptr) {
            strangers.append(describe(*widget));
        }
        return false;
    }
    QStringList strangers;
};

} // namespace

class SweepTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        Theme::instance().apply(ThemeChoice::Dark);
    }

    void everythingOneCanGoToHasAName()
    {
        for (const int rows : {0, 40}) {
            OpenedWindow at(rows);
            QSet<QString> nameless;
            visitEverything(at, [&](QWidget& shown, const QString& where) {
                for (const QWidget* widget : interactiveWidgets(shown)) {
                    if (widget->isVisible() && widget->accessibleName().isEmpty())
                        nameless.insert(where + QStringLiteral(": ") + describe(*widget));
                }
            });
            QVERIFY2(nameless.isEmpty(), qPrintable(nameless.values().join(QLatin1Char('\n'))));
        }
    }

    void noTextIsCutInTheSmallestWindow()
    {
        for (const int rows : {0, 40}) {
            OpenedWindow at(rows, QSize(1000, 640));
            QStringList cut;
            visitEverything(at, [&](QWidget& shown, const QString& where) {
                for (const QString& text : cutTexts(shown)) {
                    cut.append(where + QStringLiteral(": ") + text);
                }
            });
            QVERIFY2(cut.isEmpty(), qPrintable(cut.join(QLatin1Char('\n'))));
        }
    }

    void noLetterPressesTwoThings()
    {
        for (const int rows : {0, 40}) {
            OpenedWindow at(rows);
            QStringList twice;
            visitEverything(at, [&](QWidget& shown, const QString& where) {
                QHash<QString, const QWidget*> taken;
                for (const QWidget* widget : shown.findChildren<QWidget*>()) {
                    const QString key =
                        widget->isVisible() && widget->window() == &shown ? mnemonicOf(*widget) : QString();
                    if (key.isEmpty()) continue;
                    if (taken.contains(key)) twice.append(where + QStringLiteral(": ") + key);
                    taken.insert(key, widget);
                }
            });
            QVERIFY2(twice.isEmpty(), qPrintable(twice.join(QLatin1Char('\n'))));
        }
    }

    void tabReachesEverything()
    {
        OpenedWindow at(40);
        QVERIFY(QTest::qWaitForWindowActive(&at.window));
        QStringList missed;
        visitEverything(at, [&](QWidget& shown, const QString& where) {
            shown.activateWindow(); // After a dialog, the offscreen platform leaves that to us.
            QVERIFY(QTest::qWaitForWindowActive(&shown));
            const QSet<QWidget*> stops = tabStops(shown);
            for (QWidget* widget : interactiveWidgets(shown)) {
                if (isStop(*widget) && !stops.contains(widget))
                    missed.append(where + QStringLiteral(": ") + describe(*widget));
            }
        });
        QVERIFY2(missed.isEmpty(), qPrintable(missed.join(QLatin1Char('\n'))));
    }

    void aMessageLiesOnNothingThatCanBePressed()
    {
        for (const QSize size : {QSize(1000, 640), QSize(1440, 900)}) {
            OpenedWindow at(40, size);
            for (const PageEntry& page : pageTable()) {
                at.window.openPage(page.id);
                OpenedWindow::settle();
                for (QScrollArea* area : at.window.findChildren<QScrollArea*>()) {
                    area->verticalScrollBar()->setValue(area->verticalScrollBar()->maximum());
                }
                at.window.commands().copyBaseUrl->trigger();
                OpenedWindow::settle();
                QWidget* message = at.window.findChild<QPushButton*>(QStringLiteral("toastDismissButton"));
                message = message->parentWidget();
                QVERIFY(message->isVisible());
                const QRect covered(message->mapTo(&at.window, QPoint(0, 0)), message->size());
                QVERIFY(at.window.rect().contains(covered));
                for (const QWidget* widget : interactiveWidgets(at.window)) {
                    if (!widget->isVisible() || message->isAncestorOf(widget)) continue;
                    const QRegion seen =
                        widget->visibleRegion().translated(widget->mapTo(&at.window, QPoint(0, 0)));
                    QVERIFY2(!seen.intersects(covered), qPrintable(page.id + describe(*widget)));
                }
            }
        }
    }

    void noPartOfThePagesIsAWindowForAMoment()
    {
        WindowWatch watch;
        OpenedWindow at(40);
        visitEverything(at, [](QWidget&, const QString&) {});
        QVERIFY2(watch.strangers.isEmpty(), qPrintable(watch.strangers.join(QLatin1Char('\n'))));
    }

    void everyPluralHasItsEnglish()
    {
        QFile file(QFINDTESTDATA("../../resources/translations/turnpike_en.ts"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(!text.contains("unfinished"));
        QVERIFY(!text.contains("<numerusform></numerusform>"));
        QVERIFY(!text.contains("(s)</numerusform>"));
    }

    void noTextIsReadAsMarkup()
    {
        OpenedWindow at(40);
        QStringList rich;
        visitEverything(at, [&](QWidget& shown, const QString& where) {
            for (const QLabel* label : shown.findChildren<QLabel*>()) {
                if (!label->text().isEmpty() && label->textFormat() != Qt::PlainText)
                    rich.append(where + QStringLiteral(": ") + label->text());
            }
        });
        QVERIFY2(rich.isEmpty(), qPrintable(rich.join(QLatin1Char('\n'))));
        QVERIFY(!Qt::mightBeRichText(plainToolTip(QStringLiteral("a < b"))));
        QVERIFY(plainToolTip(QStringLiteral("<img src=x>\nend"))
                    .contains(QLatin1String("&lt;img src=x&gt;<br>end")));
    }
};

} // namespace ui

QTEST_MAIN(ui::SweepTest)
#include "sweep_test.moc"
