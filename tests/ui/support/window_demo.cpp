// SPDX-License-Identifier: GPL-3.0-or-later
// Shows the window with made-up data, or writes pictures of every page and state:
//   window_demo [FOLDER [WIDTHxHEIGHT…] [--long] [--only PART-OF-A-NAME]]
// --long makes every text of the window longer, as translations do.
#include <QApplication>
#include <QDir>
#include <QTemporaryDir>
#include <QTranslator>

#include "main_window.h"
#include "translation.h"
#include "ui/support/fake_link.h"
#include "ui/support/window_scenes.h"

namespace {

// Every text half as long again, in brackets: what is cut off misses its bracket.
class LongTexts : public QTranslator {
public:
    using QTranslator::QTranslator;
    [[nodiscard]] bool isEmpty() const override { return false; }
    [[nodiscard]] QString translate(const char* context, const char* source, const char* disambiguation,
                                    int n) const override
    {
        Q_UNUSED(context)
        Q_UNUSED(disambiguation)
        Q_UNUSED(n)
        const QString text = QString::fromUtf8(source);
        return QStringLiteral("[%1%2]").arg(text, QString(text.size() / 2, QLatin1Char('~')));
    }
};

int showWindow(ui::Preferences& preferences)
{
    ui::FakeLink link;
    link.makeUpData(240);
    ui::MainWindow window(link, preferences);
    QObject::connect(&window, &ui::MainWindow::quitWanted, qApp, &QCoreApplication::quit);
    window.show();
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    QCoreApplication::setApplicationVersion(QStringLiteral("0.1.0"));
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QStringList words = QCoreApplication::arguments().mid(1);
    QTranslator plurals;
    if (ui::loadTranslation(plurals)) QCoreApplication::installTranslator(&plurals);
    LongTexts longTexts;
    if (words.removeAll(QStringLiteral("--long")) > 0) QCoreApplication::installTranslator(&longTexts);
    ui::Theme::instance().apply(ui::ThemeChoice::Dark);
    const QTemporaryDir scratch;
    ui::Preferences preferences(scratch.filePath(QStringLiteral("window.ini")));
    QString only;
    if (const qsizetype at = words.indexOf(QStringLiteral("--only")); at >= 0 && at + 1 < words.size()) {
        only = words.takeAt(at + 1);
        words.removeAt(at);
    }
    if (words.isEmpty()) return showWindow(preferences);
    const QString folder = words.takeFirst();
    QDir().mkpath(folder);
    if (words.isEmpty()) words = {QStringLiteral("1000x640"), QStringLiteral("1440x900")};
    for (const QString& text : std::as_const(words)) {
        const QSize size(text.section(QLatin1Char('x'), 0, 0).toInt(),
                         text.section(QLatin1Char('x'), 1, 1).toInt());
        for (const ui::ThemeChoice choice : {ui::ThemeChoice::Dark, ui::ThemeChoice::Light}) {
            ui::Theme::instance().apply(choice);
            ui::shootEverything(ui::Album(folder, size, only), preferences);
        }
    }
    return 0;
}
